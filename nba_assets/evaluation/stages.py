"""The stage models of a walk-forward: those that the platform holds, and those that it would fit in their place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Refit, Versioning
from nba_assets.engine.graph import read_range
from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.stages import STAGES
from nba_assets.refits import refit_date

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import Warehouse

TABLE = contracts.table("stage_models")


def stage_models(
    warehouse: Warehouse, first: dt.date, last: dt.date, fitting: Callable[[int, int], None] = lambda done, of: None
) -> pd.DataFrame:
    """Rows of stage_models for every season with a game date of first .. last; nothing is written.

    `fitting` is told how many of how many seasons are there.
    """
    stored = warehouse.read(TABLE.name, dates=(first - dt.timedelta(days=366), last))
    found = []
    seasons = _first_dates(warehouse, first, last)
    for number, (at, day) in enumerate(seasons.items()):
        fitting(number, len(seasons))
        there = stored[stored["refit_at"].dt.date == at]
        found.append(there if _is_current(there) else _fitted(warehouse, day))
    parts = [part for part in found if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else empty(TABLE)


def _first_dates(warehouse: Warehouse, first: dt.date, last: dt.date) -> dict[dt.date, dt.date]:
    """By refit the first date with a game that it serves."""
    days = [dt.date.fromisoformat(day) for day in sorted(warehouse.versions("nbac_schedule"))]
    wanted = {refit_date(Refit.SEASON, day) for day in days if first <= day <= last}
    return {at: min(day for day in days if day >= at) for at in sorted(wanted)}


def _is_current(models: pd.DataFrame) -> bool:
    """Whether the stages are all there and of today's features."""
    features = dict(zip(models["stage"], models["feature_names"].map(tuple), strict=True))
    return all(features.get(stage.name) == stage.features for stage in STAGES)


def _fitted(warehouse: Warehouse, day: dt.date) -> pd.DataFrame:
    inputs = {
        entry.table: warehouse.read(
            entry.table,
            dates=read_range(entry, [day]),
            columns=entry.columns or None,
            history=contracts.table(entry.table).versioning is Versioning.CLOSED,
        )
        for entry in TABLE.inputs
    }
    return TRANSFORMS[TABLE.name](inputs, [pd.Timestamp(day)])
