"""A table from one warehouse into another: whole partitions, all versions of their rows, verified by their hashes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import frames
from nba_assets.contracts.model import Table
from nba_assets.errors import PlatformError
from nba_assets.migration.parts import Part, Tell
from nba_assets.storage.arrow_warehouse import bounds_of
from nba_assets.storage.row_hash import row_hashes
from nba_assets.storage.sql import HISTORY

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import Warehouse

MOST_DAYS, MOST_ROWS = 60, 200_000
"""Of one read and write; a date with more rows goes alone."""


@dataclass(frozen=True)
class Difference:
    """Of a table in two warehouses: the source's versions by ISO date, and the dates that are not the same."""

    versions: Mapping[str, str]
    missing: list[str]
    changed: list[str]
    alone: list[str]

    @property
    def to_copy(self) -> list[str]:
        return sorted([*self.missing, *self.changed])

    @property
    def same(self) -> int:
        """Dates whose version is the same."""
        return len(self.versions) - len(self.missing) - len(self.changed)


def compare(table: Table, source: Warehouse, target: Warehouse) -> Difference:
    """What differs, by the partitions' versions."""
    ours, theirs = source.versions(table), target.versions(table)
    missing = [day for day in ours if day not in theirs]
    changed = [day for day in ours if day in theirs and theirs[day] != ours[day]]
    return Difference(ours, missing, changed, [day for day in theirs if day not in ours])


def refuse_others(table: Table, found: Difference) -> None:
    """Raises `PlatformError` for partitions of the target that are not the source's."""
    if others := sorted([*found.changed, *found.alone]):
        more = f" and {len(others) - 1} more dates" if len(others) > 1 else ""
        raise PlatformError(
            f"the target's {table.full_name} {others[0]}{more} is not the source's",
            "migrate into an empty installation; what is in this one stays as it is",
        )


def planned(table: Table, found: Difference, counts: Mapping[str, int]) -> Part:
    """What would be copied."""
    return Part(table.full_name, len(found.to_copy), found.same, rows=sum(counts[day] for day in found.to_copy))


def row_counts(tables: Sequence[Table], warehouse: Warehouse) -> dict[str, dict[str, int]]:
    """Rows, all versions, of each table by ISO date, in one query."""
    each = [
        f"SELECT '{table.full_name}' AS name, game_date, COUNT(*) AS n FROM {table.full_name}{HISTORY}"
        " WHERE game_date >= DATE '1900-01-01' GROUP BY game_date"
        for table in tables
    ]
    counts: dict[str, dict[str, int]] = {table.full_name: {} for table in tables}
    if each:
        found = warehouse.query(" UNION ALL ".join(each))
        for name, day, n in zip(found["name"], found["game_date"], found["n"], strict=True):
            counts[name][str(day)[:10]] = int(n)
    return counts


def move(table: Table, source: Warehouse, target: Warehouse, counts: Mapping[str, int], tell: Tell) -> Part:
    """Make the table the source's, then read all of the target's rows and compare their hashes and number.

    `counts` are the source's rows by date.
    Raises `PlatformError` naming the first partition whose rows are not those of its version, on either side.
    """
    found = compare(table, source, target)
    if found.alone:
        target.replace(table, list(map(dt.date.fromisoformat, found.alone)), _no_rows(table))
    if not found.versions:
        return Part(table.full_name, 0, 0, rows=0)
    _copy(table, source, target, found, counts, tell)
    rows = _verified(table, target, found.versions, counts, tell)
    if rows != sum(counts[day] for day in found.versions):
        raise PlatformError(f"{table.full_name}: {sum(counts.values())} rows in the source, {rows} in the target", ANEW)
    return Part(table.full_name, len(found.to_copy), found.same, rows=rows)


ANEW = "empty the target and migrate anew"


def _copy(
    table: Table, source: Warehouse, target: Warehouse, found: Difference, counts: Mapping[str, int], tell: Tell
) -> None:
    done, total = 0, sum(counts[day] for day in found.to_copy)
    for days in ranges(found.versions, set(found.to_copy), counts):
        seen: dict[str, str] = {}
        rows = source.read(table, _ends(days), history=True, seen=seen)
        written = target.replace(table, list(map(dt.date.fromisoformat, days)), rows)
        if damaged := [day for day in days if written[day] != seen.get(day)]:
            raise PlatformError(
                f"{table.full_name} {damaged[0]}: the source's rows are not those of its version",
                "the partition is damaged: restore it from a backup, or rebuild the date, then run this again",
            )
        done += len(rows)
        tell(table.full_name, done, total)


def _verified(
    table: Table, target: Warehouse, versions: Mapping[str, str], counts: Mapping[str, int], tell: Tell
) -> int:
    """How many rows the target has, if all are as they should be."""
    done, total = 0, sum(counts[day] for day in versions)
    for days in ranges(versions, set(versions), counts):
        rows = target.read(table, _ends(days), history=True)
        there = versions_of(table, rows)
        if wrong := [day for day in days if there.get(day) != versions[day]]:
            raise PlatformError(
                f"{table.full_name} {wrong[0]}: the target's rows are not the source's",
                f"somebody changed them after they were written: {ANEW}",
            )
        done += len(rows)
        tell(f"{table.full_name}, verifying", done, total)
    return done


def versions_of(table: Table, rows: pd.DataFrame) -> dict[str, str]:
    """The hashes of the rows themselves, by ISO date."""
    data, bounds = frames.to_arrow(rows, table), bounds_of(rows["game_date"])
    return dict(zip(bounds, row_hashes(data, list(bounds.values())), strict=True))


def ranges(days: Collection[str], wanted: Collection[str], counts: Mapping[str, int]) -> Iterator[list[str]]:
    """The wanted dates in order, as many together as one read takes, with none of the other `days` between them."""
    part: list[str] = []
    rows = 0
    for day in sorted(days):
        if part and (day not in wanted or len(part) == MOST_DAYS or rows + counts[day] > MOST_ROWS):
            yield part
            part, rows = [], 0
        if day in wanted:
            part.append(day)
            rows += counts[day]
    if part:
        yield part


def _ends(days: list[str]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1])


def _no_rows(table: Table) -> pd.DataFrame:
    return frames.from_arrow(frames.arrow_schema(table).empty_table(), table)
