"""Three games by hand, as they land, and the correction of the first one: see `test_three_games`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_assets_tests.handmade import Drops, Game, player_id, player_name

ADAM = player_id("BOS", 0)
FIRST = Game(
    "0022400101",
    dt.date(2024, 11, 1),
    "BOS",
    "NYK",
    {"BOS": [22, 15, 12, 11, 10, 10, 10, 10], "NYK": [25, 15, 12, 11, 10, 10, 10, 10]},
)
SECOND = Game(
    "0022400102",
    dt.date(2024, 11, 3),
    "DEN",
    "BOS",
    {"DEN": [20, 15, 12, 11, 10, 10, 10, 10], "BOS": [30, 15, 12, 11, 10, 10, 10, 10]},
)
THIRD = Game(
    "0022400103",
    dt.date(2024, 11, 8),
    "BOS",
    "LAL",
    {"BOS": [16, 15, 12, 11, 10, 10, 10, 10], "LAL": [21, 15, 12, 11, 10, 10, 10, 10]},
)
GAMES = (FIRST, SECOND, THIRD)
CORRECTED_AT = dt.datetime(2024, 11, 5, 12, tzinfo=dt.UTC)
LINES = {player_name("BOS", 0): 20.5, player_name("BOS", 1): 14.5}


def season(folder: Path) -> Path:
    """The three games as they land live."""
    drops = Drops(folder)
    for game in GAMES:
        drops.before(game, LINES)
        drops.after(game)
    return folder


def correction(folder: Path) -> Path:
    """The corrected gamebook of the first game."""
    corrected = Game(
        FIRST.game_id, FIRST.day, FIRST.away, FIRST.home, FIRST.points | {"BOS": [20, 17, 12, 11, 10, 10, 10, 10]}
    )
    Drops(folder).gamebook(corrected, stamp=f"{CORRECTED_AT:%Y%m%d_%H%M%S}")
    return folder
