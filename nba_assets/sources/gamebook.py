"""A gamebook in either of its forms before its men become rows, and what the two forms of one book say together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nba_assets.sources.pairs import Pair
from nba_assets.sources.versions import ORDER

TWIN = {
    "fgm": "field_goals_made",
    "fga": "field_goals_attempted",
    "fg3m": "three_pointers_made",
    "fg3a": "three_pointers_attempted",
    "ftm": "free_throws_made",
    "fta": "free_throws_attempted",
    "oreb": "offensive_rebounds",
    "dreb": "defensive_rebounds",
    "reb": "total_rebounds",
    "ast": "assists",
    "stl": "steals",
    "blk": "blocks",
    "tov": "turnovers",
    "pf": "personal_fouls",
    "pts": "points",
}
"""The twin's names of the statistics."""
MAN = ["unit", "team_tricode", "player_lookup"]
Men = list[tuple[str, dict[str, Any]]]
"""(place, record) of each man, the record as the parsed twin has it; a PDF's has `jersey` and `position` too."""


@dataclass(frozen=True)
class Book:
    """One gamebook. `totals`: the team lines by tricode; `overtimes`: None where the form does not say."""

    pair: Pair
    active: Men
    dnp: Men
    inactive: Men
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    overtimes: int | None = None


def merge_forms(rows: pd.DataFrame, spoken: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` with what the twin leaves out, starters and shirt numbers, as the book's newest PDF by then has them.

    `rows`: of both forms, with `unit` and the columns of `ORDER`; `spoken`: their captures, as they were.
    """
    ordered = rows.sort_values(["unit", *ORDER], kind="stable")
    status = ordered["player_status"]
    for column, known in (("is_starter", status == "active"), ("jersey_number", status != "inactive")):
        filled = ordered[column].groupby([ordered[name] for name in MAN]).ffill()
        ordered[column] = ordered[column].where(~known | ordered[column].notna(), filled)
    return ordered.reindex(rows.index), spoken
