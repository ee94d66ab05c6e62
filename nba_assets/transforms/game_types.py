"""What kinds of games count for what, by the first three digits of the game id."""

from __future__ import annotations

from typing import Any

import pandas as pd

STATS = ("002",)
"""Regular season, Cup group games included: season averages, records and the league's baselines."""

FORM = ("002", "004", "005", "006")
"""With playoffs, play-in and the Cup final: last-N windows and workload. Never preseason (001) or All-Star (003)."""

POSTSEASON = ("004", "005")
"""Playoffs and play-in."""


def is_type(rows: pd.DataFrame, types: tuple[str, ...]) -> pd.Series[Any]:
    """A mask of the rows whose `game_id` is of one of the types."""
    return rows["game_id"].str[:3].isin(types).astype(bool)
