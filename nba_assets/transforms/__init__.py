"""From raw rows to facts and as-of features (Phases 3 and 4): pure functions from frames to frames.

`TRANSFORMS[table](inputs, dates, scope)` builds a table of nba_analytics or nba_precompute; each is one module of
the table's name.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

Inputs = Mapping[str, pd.DataFrame]
"""Input frames by bare table name: history frames of the spans that the contract declares."""

Dates = Sequence[pd.Timestamp]
"""The game dates whose rows are wanted, as naive midnights."""

TABLES = (
    "player_game_summary",
    "team_offense_game_summary",
    "team_defense_game_summary",
    "upcoming_team_game_context",
    "upcoming_player_game_context",
    "player_daily_cache",
    "player_shot_zone_analysis",
    "team_defense_zone_analysis",
    "player_composite_factors",
    "team_rating",
    "player_rating",
    "ml_feature_store",
)


class _Transforms(Mapping[str, Callable[..., pd.DataFrame]]):
    """`build` functions by table name; a module is imported when its table is first asked for."""

    def __getitem__(self, name: str) -> Callable[..., pd.DataFrame]:
        if name not in TABLES:
            raise KeyError(name)
        build: Any = importlib.import_module(f"{__name__}.{name}").build
        return build  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


TRANSFORMS: Mapping[str, Callable[..., pd.DataFrame]] = _Transforms()
