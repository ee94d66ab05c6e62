"""What a walk-forward reads: the inputs of the tables that it makes anew, each once for the whole span."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.model import Input, Versioning
from nba_assets.contracts.nba_predictions.points_model import SERVED
from nba_assets.data_origin import DataOrigin, origins
from nba_assets.engine.graph import read_range
from nba_assets.errors import PlatformError
from nba_assets.evaluation.stages import stage_models
from nba_assets.modeling import TABLES, Inputs

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import Warehouse

MADE = ("points_model", "player_points_predictions", "prediction_grades")
"""Tables that a walk-forward makes itself; whose inputs it reads."""


def read(
    warehouse: Warehouse, days: Sequence[dt.date], fitting: Callable[[int, int], None] = lambda done, of: None
) -> Inputs:
    """The inputs of `MADE` for the dates (game dates and refit dates), all versions, as a step reads them.

    With the stage models of every season read, and the models that served before the first date, where there are any.
    """
    found = {
        name: warehouse.read(
            name,
            dates=span,
            columns=columns or None,
            history=contracts.table(name).versioning is Versioning.CLOSED,
        )
        for name, (span, columns) in spans(days).items()
    }
    first, last = spans(days)["ml_feature_store"][0]
    served = (min(days) - dt.timedelta(days=SERVED.before), min(days) - dt.timedelta(days=1))
    return found | {
        "stage_models": stage_models(warehouse, first, last, fitting),
        "points_model": warehouse.read("points_model", dates=served),
    }


def spans(days: Sequence[dt.date]) -> dict[str, tuple[tuple[dt.date, dt.date], tuple[str, ...]]]:
    """By input: first and last date that any of `MADE` reads of it for the dates, and the columns (none: all)."""
    entries: dict[str, list[Input]] = {}
    for table in MADE:
        for entry in contracts.table(table).inputs:
            if entry.table not in TABLES:
                entries.setdefault(entry.table, []).append(entry)
    found = {}
    for name, asks in entries.items():
        ranges = [read_range(entry, days) for entry in asks]
        columns = dict.fromkeys(column for entry in asks for column in entry.columns)
        some = () if any(not entry.columns for entry in asks) else tuple(columns)
        found[name] = ((min(first for first, _ in ranges), max(last for _, last in ranges)), some)
    return found


def origin(warehouse: Warehouse, days: Sequence[dt.date]) -> DataOrigin:
    """Where the games of the dates, and of the history that models of them learn from, are from.

    Raises `PlatformError` if some are real and some simulated: no figure of both together means anything.
    """
    ranges = [span for span, _ in spans(days).values()]
    whole = (min(first for first, _ in ranges), max(last for _, last in ranges))
    schedule = warehouse.read("nbac_schedule", dates=whole, columns=["game_date", "arena_name"])
    by_date = pd.Series(origins(schedule), dtype="object")
    kinds = sorted(set(by_date))
    if len(kinds) > 1:
        told = "; ".join(
            f"{kind} {min(on):%Y-%m-%d} to {max(on):%Y-%m-%d}" for kind, on in by_date.groupby(by_date).groups.items()
        )
        raise PlatformError(
            f"the dates and their training history hold real and simulated games: {told}",
            "keep a simulated league in a home of its own: set NBA_ASSETS_HOME",
        )
    return "simulated" if kinds == ["simulated"] else "real"
