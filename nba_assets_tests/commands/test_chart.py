"""`chart`: a team's zones as a picture, and what it refuses."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from nba_assets.contracts.shot_zones import ZONES
from nba_assets.engine.platform import Platform
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST, SECOND

TABLE = "team_offense_game_summary"
DAYS = [FIRST.day, SECOND.day]
AFTER = SECOND.day + dt.timedelta(days=1)


def located(command: Command, fga: int, fgm: int) -> None:
    """Every team game of the home has so many attempts and makes in every zone."""
    platform = Platform.open(command.settings)
    rows = platform.warehouse.read(TABLE, history=True)
    counts = {f"{zone}_{count}": number for zone in ZONES for count, number in (("fga", fga), ("fgm", fgm))}
    for name, number in counts.items():
        rows[name] = pd.array([number] * len(rows), dtype="Int64")
    with platform.ledger.lock(TABLE, DAYS):
        platform.warehouse.replace(TABLE, DAYS, rows)
    platform.close()


def test_a_picture_is_written_and_its_numbers_are_told(mine: Command, tmp_path: Path) -> None:
    located(mine, fga=8, fgm=4)
    out = tmp_path / "boston.png"
    said = mine("chart", out, "--team", "BOS", "--date", AFTER, "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["games"] == {"shoots": 2, "allows": 2} and said.json["data_origin"] == "real"
    rim = said.json["zones"]["shoots"][0]
    assert rim == {"zone": "ra", "fga": 16.0, "share": 0.2, "fg_pct": 0.5, "diff_pp": 0.0}
    with Image.open(out) as picture:
        assert picture.format == "PNG" and picture.size == (900, 520)
    table = mine("chart", out, "--team", "BOS", "--date", AFTER)
    assert table.out == f"{out}: BOS shoots 80 located attempts in 2 games, allows 80 in 2. Data: real.\n"


def test_only_games_before_the_date_count(mine: Command, tmp_path: Path) -> None:
    said = mine("chart", tmp_path / "boston.png", "--team", "BOS", "--date", SECOND.day, "--json")
    assert said.json["games"] == {"shoots": 1, "allows": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("x.png", "--team", "SEA", "--date", AFTER), 2, "no game of 'SEA' in the season before 2024-11-04"),
        (("x.jpg", "--team", "BOS", "--date", AFTER), 2, "x.jpg is not a PNG's name"),
        (("x.png", "--team", "BOS", "--date", FIRST.day), 1, "no final game in the year before 2024-11-01"),
        (("none/x.png", "--team", "BOS", "--date", AFTER), 1, "write none/x.png"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(
    mine: Command, arguments: tuple[object, ...], code: int, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = mine("chart", *arguments)
    assert said.code == code and line in said.error
    assert not list(tmp_path.iterdir())


def test_games_without_located_shots_are_named(mine: Command, tmp_path: Path) -> None:
    platform = Platform.open(mine.settings)
    rows = platform.warehouse.read(TABLE, history=True)
    zones = [name for name in rows.columns if name.endswith(("_fga", "_fgm")) and name.rpartition("_")[0] in ZONES]
    rows[zones] = pd.NA
    with platform.ledger.lock(TABLE, DAYS):
        platform.warehouse.replace(TABLE, DAYS, rows.astype(dict.fromkeys(zones, "Int64")))
    platform.close()
    said = mine("chart", tmp_path / "boston.png", "--team", "BOS", "--date", AFTER)
    assert said.code == 1 and "no shot of BOS's games before 2024-11-04 was located" in said.error
