"""From features to distributions and decisions: training, gates, grades and track record (Phase 5).

`TRANSFORMS[table](inputs, dates, scope)` builds a table of nba_predictions: a pure function of its input frames,
with no clock and no randomness beyond fixed seeds.
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
    "stage_models",
    "points_model",
    "player_points_predictions",
    "game_predictions",
    "prediction_grades",
    "model_performance_daily",
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
