"""The league's tabular answers: `resultSets[].{name, headers, rowSet}`, read by set and header name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from nba_assets.sources.payload import PayloadError, kind, member, shown


@dataclass(frozen=True)
class ResultSet:
    """One set: its columns by header, and where it stands."""

    place: str
    columns: dict[str, Sequence[Any]]
    size: int

    def cell(self, row: int, header: str) -> str:
        """JSON path of a cell, by header."""
        return f"{self.place}.rowSet[{row}].{header}"


def result_set(payload: dict[str, Any], name: str, headers: Collection[str]) -> ResultSet:
    """The set of that name with at least these headers.

    Raises `PayloadError` by rule `top_key` (no such set), `column` (a header is missing) or `row` (a row of another
    length).
    """
    found = optional_set(payload, name, headers)
    if found is None:
        names = ", ".join(str(entry.get("name")) for entry in payload["resultSets"])
        raise PayloadError("$.resultSets", "top_key", f"no set {name!r}; there is {names or 'none'}")
    return found


def optional_set(payload: dict[str, Any], name: str, headers: Collection[str]) -> ResultSet | None:
    """As `result_set`; None where there is no such set."""
    for number, entry in enumerate(member(payload, "resultSets", list, "$")):
        place = f"$.resultSets[{number}]"
        if member(entry, "name", str, place) == name:
            return _read(entry, place, headers)
    return None


def _read(entry: dict[str, Any], place: str, headers: Collection[str]) -> ResultSet:
    given = member(entry, "headers", list, place)
    rows = member(entry, "rowSet", list, place)
    missing = [header for header in headers if given.count(header) != 1]
    if missing:
        raise PayloadError(f"{place}.headers", "column", f"not there exactly once: {', '.join(missing)}", shown(given))
    for number, row in enumerate(rows):
        if type(row) is not list or len(row) != len(given):
            size = f"{len(row)} cells" if type(row) is list else kind(row)
            raise PayloadError(f"{place}.rowSet[{number}]", "row", f"{size} under {len(given)} headers", shown(row))
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(given)
    return ResultSet(place, {h: columns[given.index(h)] for h in given if isinstance(h, str)}, len(rows))
