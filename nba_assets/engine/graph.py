"""The graph of tables, read off the contracts."""

from __future__ import annotations

import datetime as dt
import functools
import graphlib
from collections.abc import Iterable

from nba_assets.contracts import tables
from nba_assets.contracts.model import Input, Refit, Role, Table
from nba_assets.refits import last_seen, refit_date

STEP_DATASETS = ("nba_raw", "nba_analytics", "nba_precompute", "nba_predictions")
PHASES = {"nba_raw": 2, "nba_analytics": 3, "nba_precompute": 4, "nba_predictions": 5, "published": 6}
"""Phase number by dataset; the landing zone is phase 1."""
SERVES_DAYS = {None: 0, Refit.WEEK: 7, Refit.SEASON: 366}
"""How long a refit serves."""


@functools.cache
def build_order() -> tuple[str, ...]:
    """Every table that a step builds, inputs before consumers; ties in contract order."""
    step_tables = {name: table for name, table in tables().items() if table.dataset in STEP_DATASETS}
    sorter = graphlib.TopologicalSorter(
        {
            name: [i.table for i in table.inputs if i.table in step_tables and i.table != name]
            for name, table in step_tables.items()
        }
    )
    rank = {name: number for number, name in enumerate(step_tables)}
    order: list[str] = []
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=rank.__getitem__)
        order.extend(ready)
        sorter.done(*ready)
    return tuple(order)


def input_dates(entry: Input, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last date of an input that one date of the table depends on (`^`: the date itself is not)."""
    back = dt.timedelta(days=entry.span.before)
    if entry.span.refit is not None:
        return refit_date(entry.span.refit, day) - back, last_seen(entry.span.refit, day)
    last = day - dt.timedelta(days=1) if entry.role is Role.HISTORY else day + dt.timedelta(days=entry.span.after)
    return day - back, last


def read_range(entry: Input, days: Iterable[dt.date]) -> tuple[dt.date, dt.date]:
    """The one range of an input that a set of dates needs."""
    wanted = sorted(days)
    return input_dates(entry, wanted[0])[0], input_dates(entry, wanted[-1])[1]


def horizon() -> dt.timedelta:
    """How long after a date a change on it can still move rows (the longest span of any input, along the graph).

    Spans that end at a refit count as long as they are: until the next one, their models serve.
    """
    spans = [entry.span for table in _step_tables() for entry in table.inputs]
    return dt.timedelta(days=max(span.before + SERVES_DAYS[span.refit] for span in spans))


def lead(*, decided: bool = True) -> dt.timedelta:
    """How long before a date a change on it can move rows; without those that are decided before their games."""
    tables_ = [table for table in _step_tables() if decided or "decision_at" not in table.column_names]
    return dt.timedelta(days=max(entry.span.after for table in tables_ for entry in table.inputs))


@functools.cache
def read_ahead() -> frozenset[str]:
    """Tables of which one that is decided before its games reads later dates."""
    decided = [table for table in _step_tables() if "decision_at" in table.column_names]
    return frozenset(entry.table for table in decided for entry in table.inputs if entry.span.after)


@functools.cache
def needed() -> frozenset[str]:
    """Tables without which some other has no rows of a date."""
    inputs = (entry for table in _step_tables() for entry in table.inputs)
    return frozenset(entry.table for entry in inputs if entry.role is Role.CRITICAL)


def _step_tables() -> list[Table]:
    return [tables()[name] for name in build_order()]
