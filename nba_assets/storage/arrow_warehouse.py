"""What both warehouses share: a read is Arrow rows of some dates, filtered; an upsert is a read, then a replace."""

from __future__ import annotations

import abc
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Table, Versioning
from nba_assets.errors import UsageError
from nba_assets.scope import TEAM_COLUMNS, Scope, in_scope
from nba_assets.storage.records import iso_date
from nba_assets.storage.row_hash import row_hashes
from nba_assets.storage.write_rules import checked, outside


@dataclass(frozen=True)
class Wanted:
    """Which rows of a table: a range of dates or single days (ISO), some columns, and what the reader filters by.

    A back end may leave out rows that `scope`, `as_of` and `history` exclude; what it gives is filtered anyway.
    """

    dates: tuple[dt.date, dt.date] | None = None
    days: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    scope: Scope | None = None
    as_of: dt.datetime | None = None
    history: bool = True


@dataclass(frozen=True)
class Prepared:
    """Rows that keep the rules of writing, in canonical order: the dates to be written, each date's version."""

    days: list[str]
    data: pa.Table
    bounds: dict[str, tuple[int, int]]
    versions: dict[str, str]

    @classmethod
    def of(cls, contract: Table, dates: Sequence[dt.date], frame: pd.DataFrame) -> Prepared:
        """Raises `PlatformError` as `write_rules.checked`."""
        days = sorted({iso_date(day) for day in dates})
        rows = checked(contract, days, frame)
        data = frames.to_arrow(rows, contract)
        bounds = bounds_of(rows["game_date"])
        return cls(days, data, bounds, dict(zip(bounds, row_hashes(data, list(bounds.values())), strict=True)))

    def part(self, day: str) -> pa.Table:
        """The rows of a date."""
        start, stop = self.bounds[day]
        return self.data.slice(start, stop - start)

    def outcome(self) -> dict[str, str]:
        """What `replace` returns."""
        return {day: self.versions.get(day, "") for day in self.days}


class ArrowWarehouse(abc.ABC):
    """`read` and `upsert` of the `Warehouse` interface over rows in Arrow."""

    def read(
        self,
        table: Table | str,
        dates: tuple[dt.date, dt.date] | None = None,
        columns: Sequence[str] | None = None,
        scope: Scope | None = None,
        as_of: dt.datetime | None = None,
        history: bool = False,
        seen: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        contract = contract_of(table)
        chosen = _known_columns(contract, columns)
        if as_of is not None and as_of.tzinfo is None:
            raise UsageError(f"as_of {as_of} has no time zone", "give an aware datetime")
        closed = contract.versioning is Versioning.CLOSED
        looked_at = {*(chosen or ()), *_filter_columns(scope, as_of)}
        needed = tuple(n for n in contract.column_names if n in looked_at) if chosen is not None else None
        rows = self._rows(contract, Wanted(dates, None, needed, scope, as_of, history), seen)
        if as_of is not None:
            rows = _known_by(rows, as_of, closed, history)
        elif closed and not history:
            rows = rows.filter(pc.is_null(rows["superseded_at"]))
        frame = frames.from_arrow(rows, contract)
        if scope is not None:
            frame = frame[in_scope(frame, scope)].reset_index(drop=True)
        return frame[chosen] if chosen is not None else frame

    def upsert(self, table: Table | str, frame: pd.DataFrame, dates: Sequence[dt.date], scope: Scope) -> dict[str, str]:
        contract = contract_of(table)
        days = sorted({iso_date(day) for day in dates})
        rows = checked(contract, days, frame)
        there = self._rows(contract, Wanted(days=tuple(days)))
        kept = outside(frames.from_arrow(there, contract), scope, rows, contract)
        parts = [part for part in (kept, rows) if len(part)]
        return self.replace(contract, dates, pd.concat(parts) if parts else rows)

    @abc.abstractmethod
    def replace(self, table: Table | str, dates: Sequence[dt.date], frame: pd.DataFrame) -> dict[str, str]: ...

    @abc.abstractmethod
    def _rows(self, contract: Table, wanted: Wanted, seen: dict[str, str] | None = None) -> pa.Table:
        """All versions of the stored rows, in canonical order, at least the wanted columns; `seen`: see `read`."""


def contract_of(table: Table | str) -> Table:
    """The contract itself or by name. Raises `UsageError` with the nearest names for one there is not."""
    if isinstance(table, Table):
        return table
    try:
        return contracts.table(table)
    except KeyError:
        known = {t.full_name for t in contracts.tables().values()}
        raise UsageError(f"no table {table!r}", _nearest(table, known)) from None


def bounds_of(game_dates: pd.Series[pd.Timestamp]) -> dict[str, tuple[int, int]]:
    """First and last row (exclusive) of each date in sorted rows."""
    days, starts = np.unique(game_dates.to_numpy(), return_index=True)
    stops = np.append(starts, len(game_dates))[1:]
    return {
        str(day)[:10]: (int(start), int(stop))
        for day, start, stop in zip(days.astype("datetime64[D]"), starts, stops, strict=True)
    }


def _nearest(name: str, known: Collection[str]) -> str:
    from nba_assets.storage.sql import nearest

    return nearest(name, known)


def _known_columns(contract: Table, columns: Sequence[str] | None) -> list[str] | None:
    if columns is None:
        return None
    for name in columns:
        if name not in contract.column_names:
            raise UsageError(f"{contract.full_name} has no column {name!r}", _nearest(name, contract.column_names))
    return list(columns)


def _filter_columns(scope: Scope | None, as_of: dt.datetime | None) -> tuple[str, ...]:
    """Columns that a read looks at besides those asked for (where the table has them)."""
    return (
        "superseded_at",
        *(("known_at",) if as_of is not None else ()),
        *(("player_id", "game_id", *TEAM_COLUMNS) if scope is not None else ()),
    )


def _known_by(rows: pa.Table, as_of: dt.datetime, closed: bool, history: bool) -> pa.Table:
    """The versions known at a time, `superseded_at` as it was then; without history each key's newest."""
    if "known_at" not in rows.column_names:
        return rows
    moment = pa.scalar(pd.Timestamp(as_of).tz_convert("UTC").to_pydatetime(), rows["known_at"].type)
    rows = rows.filter(pc.less_equal(rows["known_at"], moment))
    if not closed:
        return rows
    ended = pc.less_equal(rows["superseded_at"], moment)
    then = pc.if_else(ended, rows["superseded_at"], pa.scalar(None, rows["superseded_at"].type))
    rows = rows.set_column(rows.column_names.index("superseded_at"), "superseded_at", then)
    return rows if history else rows.filter(pc.is_null(then))
