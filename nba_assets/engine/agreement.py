"""Where the sources of a finished game disagree, as the tables stand now."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Versioning
from nba_assets.transforms.box_conflicts import conflicts
from nba_assets.transforms.play_by_play_sums import differences

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

Span = tuple[dt.date, dt.date]

BOX = ("nbac_schedule", "nbac_gamebook_player_stats", "bdl_player_boxscores")
PLAYS = {
    "player_game_summary": ("game_date", "game_id", "team", "points", "fga"),
    "nbac_play_by_play": (
        "game_date",
        "game_id",
        "team_tricode",
        "is_field_goal",
        "is_made",
        "shot_value",
        "shot_zone",
    ),
    "bigdataball_play_by_play": ("game_date", "game_id", "team_tricode", "event_type", "pts"),
}
"""What is read of each table to compare play-by-play with the box score."""


def box_conflicts(platform: Platform, span: Span) -> pd.DataFrame:
    """Every value of the dates' games in which gamebook and BallDontLie differ (see `transforms.box_conflicts`)."""
    inputs = {
        name: platform.warehouse.read(name, dates=span, history=tables()[name].versioning is Versioning.CLOSED)
        for name in BOX
    }
    return conflicts(inputs, _dates(span))


def play_by_play_differences(platform: Platform, span: Span) -> pd.DataFrame:
    """Every sum of play-by-play that is not the box score's (see `transforms.play_by_play_sums`)."""
    inputs = {
        name: platform.warehouse.read(name, dates=span, columns=[*columns, "superseded_at"])
        for name, columns in PLAYS.items()
    }
    return differences(inputs, _dates(span))


def _dates(span: Span) -> list[pd.Timestamp]:
    return list(pd.date_range(*span))
