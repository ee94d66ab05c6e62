"""Every table of a world of drops, built as the engine builds it: inputs by the contracts' spans, frames conformed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform, empty, to_arrow
from nba_assets.contracts.model import Table
from nba_assets.engine.builders import build_table
from nba_assets.engine.graph import build_order, input_dates, read_range
from nba_assets.scope import Scope
from nba_assets_tests.laws.drops import Drop, captures, fed_dates, listed

Frames = dict[str, pd.DataFrame]

SCHEDULE = "nbac_schedule"
SHOWN = 8
"""Differences that a failure prints."""


class MovedError(AssertionError):
    """Rows that a law says are equal are not."""


@dataclass(frozen=True, repr=False)
class World:
    """Drops, and every table that they make on the dates."""

    drops: tuple[Drop, ...]
    dates: tuple[pd.Timestamp, ...]
    frames: Frames

    def __repr__(self) -> str:
        return f"<{len(self.drops)} drops>"


def build(drops: Iterable[Drop], dates: Sequence[pd.Timestamp]) -> World:
    """Every table from nothing, each in one call for all dates that have something to build."""
    nothing = {name: empty(tables()[name]) for name in build_order()}
    return rebuilt(World((), tuple(dates), nothing), drops)


def rebuilt(world: World, drops: Iterable[Drop]) -> World:
    """The world of other drops: of each table just the dates whose captures or input rows are not what they were."""
    drops = tuple(drops)
    days = {date.date() for date in world.dates}
    turned = set(world.drops) ^ set(drops)
    changed: dict[str, set[dt.date]] = {}
    frames: Frames = {}
    for name in build_order():
        table = tables()[name]
        pairs = listed(frames.get(SCHEDULE, world.frames[SCHEDULE]))
        due = fed_dates(table, turned, days, pairs) | {day for day in days if _touched(table, day, changed)}
        if due and name in {entry.table for entry in table.inputs}:
            due |= {day for day in days if day > min(due)}
        frames[name], changed[name] = world.frames[name], set()
        if due:
            rows = refreshed(table, frames, drops, [date for date in world.dates if date.date() in due])
            frames[name], changed[name] = _replaced(table, world.frames[name], rows, due)
    return World(drops, world.dates, frames)


def refreshed(
    table: Table, frames: Frames, drops: Iterable[Drop], dates: Sequence[pd.Timestamp], scope: Scope | None = None
) -> pd.DataFrame:
    """The rows of one table on the dates (in scope), from the other tables' frames and the drops."""
    days = [date.date() for date in dates]
    inputs = {}
    for entry in table.inputs:
        first, last = read_range(entry, days)
        rows = frames[entry.table]
        inside = rows["game_date"].between(pd.Timestamp(first), pd.Timestamp(last))
        inputs[entry.table] = rows[inside].reset_index(drop=True)
    pairs = listed(frames[SCHEDULE]) if SCHEDULE in frames else {}
    found = captures(table, drops, days, pairs) if table.dataset == "nba_raw" else []
    return conform(build_table(table, inputs, list(dates), scope, found).frame, table)


def assert_same(table: Table, found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Equal to the byte, in equal order; else a `MovedError` that names table, key, column and both values."""
    one, other = (to_arrow(frame.reset_index(drop=True), table) for frame in (found, expected))
    if one.equals(other):
        return
    lines = _differences(table, one.to_pylist(), other.to_pylist())
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    raise MovedError("\n".join([f"{table.full_name}: found, then expected", *lines[:SHOWN], *more]))


def _touched(table: Table, day: dt.date, changed: dict[str, set[dt.date]]) -> bool:
    spans = ((changed.get(entry.table, set()), input_dates(entry, day)) for entry in table.inputs)
    return any(first <= other <= last for dates, (first, last) in spans for other in dates)


def _replaced(
    table: Table, before: pd.DataFrame, rows: pd.DataFrame, due: set[dt.date]
) -> tuple[pd.DataFrame, set[dt.date]]:
    """The table with the due dates' rows replaced, and the dates on which that made a difference."""
    kept = before[~before["game_date"].dt.date.isin(due)]
    found, former = _by_date(table, rows), _by_date(table, before)
    changed = {day for day in due if found.get(day) != former.get(day)}
    return (conform(pd.concat([kept, rows], ignore_index=True), table) if len(kept) else rows), changed


def _by_date(table: Table, rows: pd.DataFrame) -> dict[dt.date, pa.Table]:
    """The rows of every date that has some."""
    every = to_arrow(rows.reset_index(drop=True), table)
    places = rows.reset_index(drop=True).groupby("game_date", sort=False).indices
    return {pd.Timestamp(day).date(): every.take(place) for day, place in places.items()}


def _differences(table: Table, found: list[dict[str, object]], expected: list[dict[str, object]]) -> list[str]:
    one, other = (_by_key(table, rows) for rows in (found, expected))
    lines = [f"{_label(table, key)}: not expected" for key in one.keys() - other.keys()]
    lines += [f"{_label(table, key)}: missing" for key in other.keys() - one.keys()]
    for key in one.keys() & other.keys():
        lines += [
            f"{_label(table, key)}: {name} {_shown(value)} != {_shown(other[key][name])}"
            for name, value in one[key].items()
            if value != other[key][name]
        ]
    return sorted(lines) or ["the same rows in another order"]


def _by_key(table: Table, rows: list[dict[str, object]]) -> dict[tuple[object, ...], dict[str, object]]:
    """Rows by their sort key, and a number among the rows that it does not tell apart."""
    alike: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows:
        key = tuple(row[name] for name in table.sort_key)
        found[(*key, alike[key])] = row
        alike[key] += 1
    return found


def _label(table: Table, key: tuple[object, ...]) -> str:
    named = zip(table.sort_key, key, strict=False)
    return " ".join(f"{name}={_shown(value)}" for name, value in named)


def _shown(value: object) -> str:
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
