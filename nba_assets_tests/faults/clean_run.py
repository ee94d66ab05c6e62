"""Tables of a run over drops without any trouble: in order, from nothing, in memory.

A table is what its captures and input tables make of it, so what was made of the same ones is not made again: tests
that share most of their drops share most of their clean tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

import pandas as pd
import pyarrow as pa

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform, empty, to_arrow
from nba_assets.contracts.model import Role, Table
from nba_assets.engine.graph import build_order
from nba_assets_tests.laws.drops import Drop, captures, listed
from nba_assets_tests.laws.tables import SCHEDULE, Frames, refreshed

_made: dict[str, tuple[pd.DataFrame, str]] = {}
"""By hash of all that was read: the rows, and their hash."""


class CleanRun:
    """Tables by name in `frames`, each empty until it is made; inputs before what reads them."""

    def __init__(self, drops: Sequence[Drop]) -> None:
        self._drops = drops
        self.frames: Frames = {name: empty(tables()[name]) for name in build_order()}
        self._keys = dict.fromkeys(build_order(), "")

    def make(self, name: str, days: Sequence[pd.Timestamp]) -> None:
        """The table's rows on these dates, if there are any."""
        table = tables()[name]
        key = self._key(table, days)
        if key not in _made:
            rows = refreshed(table, self.frames, self._drops, days)
            _made[key] = rows, _content(rows, table)
        self.frames[name], self._keys[name] = _made[key]

    def add(self, name: str, rows: pd.DataFrame) -> None:
        """The same with rows that no drop makes, after the others."""
        table = tables()[name]
        parts = [part for part in (self.frames[name], rows) if len(part)]
        if parts:
            self.frames[name] = conform(pd.concat(parts, ignore_index=True), table)
            self._keys[name] = _content(self.frames[name], table)

    def is_ready(self, name: str, day: pd.Timestamp) -> bool:
        """Whether the date has rows of each critical input, or of one of those that are as good."""
        there: dict[str, bool] = {}
        for entry in tables()[name].inputs:
            if entry.role is Role.CRITICAL:
                group = entry.any_of or entry.table
                there[group] = there.get(group, False) or bool((self.frames[entry.table]["game_date"] == day).any())
        return all(there.values())

    def _key(self, table: Table, days: Sequence[pd.Timestamp]) -> str:
        """Of all that `refreshed` reads."""
        found = [table.name, *map(str, days)]
        read = {entry.table for entry in table.inputs}
        if table.dataset == "nba_raw":
            read.add(SCHEDULE)
            pairs = listed(self.frames[SCHEDULE])
            for one in captures(table, self._drops, [day.date() for day in days], pairs):
                found.append(f"{one.object_name} {one.content_hash} {one.known_at} {one.known_at_assumed}")
        return _hash(*found, *(self._keys[name] for name in sorted(read)))


def clean_run(drops: Sequence[Drop], days: Sequence[pd.Timestamp], names: Collection[str] = ()) -> Frames:
    """The named tables, or all, of these dates."""
    run = CleanRun(drops)
    for name in names or build_order():
        run.make(name, days)
    return run.frames


def _content(rows: pd.DataFrame, table: Table) -> str:
    found, sink = to_arrow(rows.reset_index(drop=True), table), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, found.schema) as stream:
        stream.write_table(found)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
