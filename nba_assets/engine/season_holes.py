"""Holes in the schedule: more days in a row without a game than a regular season has."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

LONGEST_BREAK = 9
"""Days in a row without a game that a regular season may have; the All-Star break takes at most 8."""


def season_holes(platform: Platform, span: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """Every hole that ends on a date of the span, also one that begins before it (see `holes`)."""
    earlier = [day for day in platform.warehouse.versions("nbac_schedule") if day < span[0].isoformat()]
    first = dt.date.fromisoformat(max(earlier)) if earlier else span[0]
    columns = ["game_date", "season", "season_type", "is_postponed"]
    return holes(platform.warehouse.read("nbac_schedule", dates=(first, span[1]), columns=columns))


def holes(schedule: pd.DataFrame) -> pd.DataFrame:
    """Stretches of more than LONGEST_BREAK days without a game between two dates of the same regular season.

    schedule: current rows. Columns: season, last_game, next_game (the dates around the stretch), days_without. Games
    of other kinds and postponed ones do not count. Sorted by date.
    """
    games = schedule[(schedule["season_type"] == "regular") & ~schedule["is_postponed"].fillna(False)]
    dates = games[["season", "game_date"]].drop_duplicates().sort_values("game_date", ignore_index=True)
    dates["last_game"] = dates.groupby("season")["game_date"].shift()
    dates["days_without"] = (dates["game_date"] - dates["last_game"]).dt.days - 1
    found = dates[dates["days_without"] > LONGEST_BREAK].rename(columns={"game_date": "next_game"})
    found["days_without"] = found["days_without"].astype("int64")
    return found[["season", "last_game", "next_game", "days_without"]].reset_index(drop=True)
