"""Columns of cells as they come, checked: a value of the wrong kind is a reject that names row, column and value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from nba_assets.sources.parsed import Reject
from nba_assets.sources.payload import kind, not_too_many, shown

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "nothing"})()
"""In place of a cell whose key is not there at all."""
NULL = type(None)
COUNT = (0, 999)
"""What a count of one game can be; anything else is garbage, not basketball."""
IDENTIFIER = (1, 2**53)


@dataclass
class Cells:
    """Rows of one list of a payload: columns of values, and for each row its place and its game's label.

    Checks add to `rejects`. Where null is allowed a missing cell is null. Raises `PayloadError` by rule `rejects` when
    there are too many.
    """

    columns: dict[str, Sequence[Any]]
    place: Callable[[int, str], str]
    games: Sequence[str | None]
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.games)

    def reject(self, row: int, column: str, rule: str, message: str, excerpt: str = "") -> None:
        """One thing that did not pass, in one row."""
        self.rejects.append(Reject(self.place(row, column), rule, message, excerpt, self.games[row]))
        not_too_many(self.rejects)

    def integers(
        self, column: str, *, low: int = COUNT[0], high: int = COUNT[1], null: bool = False
    ) -> Sequence[int | None]:
        """The column's integers within `low` to `high`; a text, a fraction or a boolean is rejected by rule `type`."""
        values = self._of(column, (int, NULL) if null else (int,), "an integer")
        for row, value in enumerate(values):
            if type(value) is int and not low <= value <= high:
                self.reject(row, column, "range", f"{column} is {value}, not within {low} to {high}", shown(value))
        return values

    def identifiers(self, column: str, *, null: bool = False) -> Sequence[Any]:
        """The column's positive integers."""
        return self.integers(column, low=IDENTIFIER[0], high=IDENTIFIER[1], null=null)

    def texts(self, column: str, *, null: bool = False, empty: bool = True) -> Sequence[Any]:
        """The column's texts; with `empty` false, blank ones are rejected by rule `empty`."""
        values = self._of(column, (str, NULL) if null else (str,), "a text")
        if not empty:
            for row, value in enumerate(values):
                if type(value) is str and not value.strip():
                    self.reject(row, column, "empty", f"{column} is blank")
        return values

    def flags(self, column: str) -> Sequence[Any]:
        """The column's booleans."""
        return self._of(column, (bool,), "true or false")

    def _of(self, column: str, kinds: Collection[type], wanted: str) -> Sequence[Any]:
        values = self.columns[column]
        if NULL in kinds:
            values = self.columns[column] = [None if value is MISSING else value for value in values]
        if not set(map(type, values)) <= set(kinds):
            for row, value in enumerate(values):
                if type(value) not in kinds:
                    found = "missing" if value is MISSING else f"{shown(value)} ({kind(value)})"
                    self.reject(row, column, "type", f"{column} is {found}, not {wanted}", shown(value))
        return values


def members(records: Sequence[dict[str, Any]], keys: Collection[str]) -> dict[str, Sequence[Any]]:
    """Columns of a list of objects; `MISSING` where an object lacks a key."""
    return {key: [record.get(key, MISSING) for record in records] for key in keys}
