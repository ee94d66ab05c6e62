"""Three games by hand: what a stat correction moves, and what it never moves.

1 November: Boston at New York. 3 November: Denver at Boston. 8 November: Boston at Los Angeles.
On 5 November at 12:00 UTC a corrected gamebook of the first game lands: Adam Bostwicka has 20 points, not 22
(Boris Bostwickb has the two he lost, so the score stands).
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pandas as pd
import pytest

from nba_assets.contracts import tables
from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.seasons import DATASETS
from nba_assets.engine.step import run_step
from nba_assets.errors import PlatformError
from nba_assets_tests.engine.conftest import Home, Kept, kept, rows, take_in
from nba_assets_tests.engine.three_games import (
    ADAM,
    CORRECTED_AT,
    FIRST,
    GAMES,
    LINES,
    SECOND,
    THIRD,
    correction,
    season,
)
from nba_assets_tests.handmade import Drops, Game


@pytest.fixture(scope="module")
def three_games(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("three_games")
    with kept(postgres, folder / "home", lambda platform: take_in(platform, season(folder / "drops"))) as platform:
        yield platform


@pytest.fixture
def played(three_games: Kept, copied: Callable[[Kept], Platform], tmp_path: Path) -> Platform:
    """The three games, taken in; their drops are in `tmp_path / "drops"`."""
    season(tmp_path / "drops")
    return copied(three_games)


@pytest.fixture(scope="module")
def three_games_corrected(three_games: Kept, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("corrected")
    more = correction(folder / "more")
    with kept(postgres, folder / "home", lambda platform: take_in(platform, more), three_games) as platform:
        yield platform


@pytest.fixture
def regraded(three_games_corrected: Kept, copied: Callable[[Kept], Platform]) -> Platform:
    """The same after the correction."""
    return copied(three_games_corrected)


def form(platform: Platform, game: Game) -> pd.Series:  # type: ignore[type-arg]
    """Adam's feature row of a game."""
    found = rows(platform, "ml_feature_store", game.day)
    return found[found["player_id"] == ADAM].iloc[0]


def test_the_numbers_by_hand(played: Platform) -> None:
    box = rows(played, "player_game_summary")
    assert box.loc[box["player_id"] == ADAM, "points"].tolist() == [22, 30, 16]
    assert form(played, SECOND)["points_avg_last_5"] == 22.0
    assert form(played, THIRD)["points_avg_last_5"] == 26.0
    said = rows(played, "player_points_predictions", THIRD.day)
    said = said[said["player_id"] == ADAM]
    assert said["line_value"].tolist() == [20.5]
    assert said["decision"].tolist() == ["PASS"]
    grades = rows(played, "prediction_grades", THIRD.day)
    assert grades.loc[grades["player_id"] == ADAM, "outcome"].tolist() == ["pending", "under"]


def test_a_correction_keeps_the_old_version_and_says_when_it_ended(regraded: Platform) -> None:
    box = rows(regraded, "player_game_summary", FIRST.day)
    box = box[box["player_id"] == ADAM].sort_values("known_at")
    assert box["points"].tolist() == [22, 20]
    assert box["superseded_at"].iloc[0] == box["known_at"].iloc[1] == pd.Timestamp(CORRECTED_AT)
    assert pd.isna(box["superseded_at"].iloc[1])
    before = regraded.warehouse.read("player_game_summary", as_of=CORRECTED_AT - dt.timedelta(seconds=1))
    assert before.loc[before["player_id"] == ADAM, "points"].iloc[0] == 22
    now = regraded.warehouse.read("player_game_summary")
    assert now.loc[now["player_id"] == ADAM, "points"].iloc[0] == 20


def test_a_correction_moves_what_was_decided_after_it_and_nothing_before(played: Platform, regraded: Platform) -> None:
    features = {game.day: rows(played, "ml_feature_store", game.day) for game in GAMES}
    for game in (FIRST, SECOND):
        decided = rows(played, "player_points_predictions", game.day)
        pd.testing.assert_frame_equal(rows(regraded, "player_points_predictions", game.day), decided)
        pd.testing.assert_frame_equal(rows(regraded, "ml_feature_store", game.day), features[game.day])
    assert form(regraded, THIRD)["points_avg_last_5"] == 25.0, "(20 + 30) / 2"
    changed = rows(regraded, "ml_feature_store", THIRD.day).compare(features[THIRD.day])
    assert not changed.empty


def test_a_correction_regrades_and_leaves_the_prediction_alone(played: Platform, regraded: Platform) -> None:
    for platform in (played, regraded):
        said = rows(platform, "player_points_predictions", FIRST.day)
        assert said.loc[said["player_id"] == ADAM, "line_value"].tolist() == [20.5]
    grades = rows(regraded, "prediction_grades", FIRST.day)
    grades = grades[grades["player_id"] == ADAM].sort_values("known_at")
    assert grades["outcome"].tolist() == ["pending", "over", "under"]
    assert grades["grade_version"].tolist() == [1, 1, 2], "only a correction of a settled grade counts"


@pytest.mark.long
def test_any_order_and_any_batches_give_equal_tables(home: Home, tmp_path: Path) -> None:
    whole = home("whole")
    folder = season(tmp_path / "drops")
    correction(folder)
    take_in(whole, folder)
    pieces = home("pieces")
    files = sorted(path for path in folder.rglob("*.json"))
    for number, batch in enumerate((files[5::2], [*files[4::-1], *files[6::2]])):
        part = tmp_path / f"part{number}"
        for path in batch:
            target = part / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        take_in(pieces, part)
    for table in ("nbac_schedule", "player_game_summary", "ml_feature_store", "prediction_grades"):
        pd.testing.assert_frame_equal(rows(pieces, table), rows(whole, table))
        assert pieces.warehouse.versions(table) == whole.warehouse.versions(table)


def test_the_same_drops_again_change_nothing(played: Platform, tmp_path: Path) -> None:
    release = played.published.get("v1/manifest.json")
    again = take_in(played, tmp_path / "drops")
    assert (again.received, again.duplicates) == (0, 21)
    assert played.published.get("v1/manifest.json") == release
    counts = played.ledger.counts()
    assert counts["received_total"] == counts["applied"] + counts["duplicate"] == 42


def test_the_same_bytes_on_another_date_are_a_drop_of_their_own(played: Platform, tmp_path: Path) -> None:
    before = {table: played.warehouse.versions(table) for table in ("nbac_schedule", "player_game_summary")}
    original = next((tmp_path / "drops").rglob("20241102_060000.json"))
    copy = tmp_path / "copy" / original.relative_to(tmp_path / "drops").with_name("20241104_060000.json")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(original.read_bytes())
    result = take_in(played, tmp_path / "copy")
    assert (result.received, result.duplicates, result.quarantined) == (1, 0, [])
    assert played.ledger.counts()["applied"] == 22
    assert {table: played.warehouse.versions(table) for table in before} == before


YEARS = (2023, 2024, 2025)


def three_seasons(platform: Platform, folder: Path) -> list[pd.Timestamp]:
    """A game in each of three seasons, taken in; the dates."""
    drops = Drops(folder)
    games = [Game(f"002{year % 100}00101", dt.date(year, 11, 1), "BOS", "NYK", FIRST.points) for year in YEARS]
    for game in games:
        drops.before(game, LINES)
        drops.after(game)
    take(platform, scan(folder))
    return [pd.Timestamp(game.day) for game in games]


@pytest.mark.long
def test_seasons_side_by_side_or_each_alone_are_those_one_after_another(home: Home, tmp_path: Path) -> None:
    """Three seasons in two processes, or where a table knows no such thing in a run for each, and in one run in one."""
    together, other = home("together"), home("other")
    together.settings.seasons_at_once, other.settings.seasons_at_once = 1, 2
    days, _ = [three_seasons(platform, tmp_path / "drops") for platform in (together, other)]
    for name in build_order():
        one = run_step(together, name, days)
        if tables()[name].dataset in DATASETS:
            two = run_step(other, name, days)
            for told in ("rows", "outcomes", "null_rates", "waiting"):
                assert getattr(two, told) == getattr(one, told), (name, told)
            pd.testing.assert_frame_equal(two.preview, one.preview)
            assert len(other.seasons.pids()) == 2
        else:
            each = [run_step(other, name, [day]) for day in days]
            assert one.rows == sum(result.rows for result in each), name
            assert one.outcomes == each[0].outcomes | each[1].outcomes | each[2].outcomes, name
        assert other.warehouse.versions(name) == together.warehouse.versions(name), name
    for platform in (together, other):
        assert set(run_step(platform, "player_game_summary", days).outcomes.values()) == {"skipped"}
    waiting = [platform.ledger.frames("waiting").drop(columns="since") for platform in (other, together)]
    pd.testing.assert_frame_equal(*waiting)


def test_a_killed_season_is_told_and_made_by_the_next_run(home: Home, tmp_path: Path) -> None:
    platform = home("killed")
    platform.settings.seasons_at_once = 2
    days = three_seasons(platform, tmp_path / "drops")
    for name in ("player_identity", "nbac_schedule", "nbac_gamebook_player_stats", "bdl_player_boxscores"):
        run_step(platform, name, days)
    killed: set[int] = set()
    stop = Event()
    killer = Thread(target=kill_all, args=(platform, killed, stop))
    killer.start()
    with pytest.raises(PlatformError, match="was killed"):
        run_step(platform, "player_game_summary", days)
    stop.set()
    killer.join()
    assert killed
    assert set(run_step(platform, "player_game_summary", days).outcomes.values()) == {"completed"}


def kill_all(platform: Platform, killed: set[int], stop: Event) -> None:
    """Kill every one of the platform's processes as it starts, until `stop`: none of them makes a season."""
    until = time.monotonic() + 60
    while not stop.is_set() and time.monotonic() < until:
        for pid in set(platform.seasons.pids()) - killed:
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        time.sleep(0.01)
