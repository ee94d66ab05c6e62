"""A seed fixes every byte; the drops of a date do not know how long the league goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from nba_assets.errors import UsageError
from nba_assets.simulator import simulate

from .conftest import Drops

START = dt.date(2025, 10, 21)
FIRST_DATES = "e455297fd0acee21c413b27ada4eadab3de353948d5f36cec3220a0d0e518fe6"
"""Hash over names and bytes of the first three dates. To be set anew whenever the simulator is meant to change."""


def tree(folder: Path) -> dict[str, str]:
    """Object name to hash of its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def simulated(folder: Path, *, seed: int = 7, days: int = 5, start: dt.date = START) -> dict[str, str]:
    """The drops of so many dates."""
    simulate(folder, seed=seed, start=start, end=start + dt.timedelta(days=days - 1))
    return tree(folder)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, first_dates: Drops) -> None:
    assert simulated(tmp_path, days=3) == tree(first_dates.folder)


def test_another_seed_gives_another_league(tmp_path: Path) -> None:
    one, two = simulated(tmp_path / "one", days=1), simulated(tmp_path / "two", days=1, seed=8)
    lists = [name for name in one if name.startswith("nba-com/player-list/")]
    assert lists
    assert all(one[name] != two[name] for name in lists)


def test_the_drops_of_a_date_do_not_depend_on_the_end(tmp_path: Path) -> None:
    short, long = simulated(tmp_path / "short", days=2), simulated(tmp_path / "long", days=5)
    assert len(short) < len(long)
    assert short.items() <= long.items()


def test_the_bytes_are_these_on_every_python_and_numpy(first_dates: Drops) -> None:
    digests = "".join(f"{name} {digest}\n" for name, digest in sorted(tree(first_dates.folder).items()))
    assert hashlib.sha256(digests.encode()).hexdigest() == FIRST_DATES


def test_the_counts_are_those_of_the_folder_by_source(tmp_path: Path) -> None:
    counts = simulate(tmp_path, seed=7, start=START, end=START)
    games = counts["nbac_gamebook_player_stats"]
    assert list(counts) == sorted(counts)
    assert counts["nbac_schedule"] == 2 and counts["nbac_player_list"] == counts["bdl_player_boxscores"] == 1
    assert counts["nbac_team_boxscore"] == games + 1 and counts["odds_api_player_points_props"] == 3 * games
    assert sum(counts.values()) == len(tree(tmp_path))


def test_thirty_dates_are_some_fifteen_hundred_files(first_dates: Drops) -> None:
    assert 900 < sum(first_dates.counts.values()) * 10 < 2_000


def test_nobody_plays_in_summer(tmp_path: Path) -> None:
    counts = simulate(tmp_path, seed=7, start=dt.date(2026, 7, 1), end=dt.date(2026, 7, 10))
    assert counts == tree(tmp_path) == {}


def test_a_negative_seed_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--seed -1 is negative"):
        simulate(tmp_path, seed=-1, start=START, end=START)
