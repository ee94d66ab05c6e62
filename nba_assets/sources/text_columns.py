"""Columns of texts (a CSV's) as values: a text that is not one is a reject that names line, column and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from nba_assets.sources.cells import Cells
from nba_assets.sources.payload import shown

WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?")
Convert = Callable[[str], Any]


def converted(cells: Cells, column: str, convert: Convert, rule: str) -> list[Any]:
    """The column's texts, stripped, by `convert`; one that it refuses (`ValueError`) is a reject, at its first row."""
    values: Sequence[str] = cells.columns[column]
    known: dict[str, Any] = {}
    for text in dict.fromkeys(values):
        try:
            known[text] = convert(text.strip())
        except ValueError as error:
            known[text] = None
            cells.reject(values.index(text), column, rule, f"{column} is {shown(text)}: {error}", shown(text))
    return [known[text] for text in values]


def whole(low: int, high: int) -> Convert:
    """A whole number within bounds, also one that another program wrote as `2.0`."""

    def convert(text: str) -> int:
        found = WHOLE.fullmatch(text)
        if found is None or not text.isascii():
            raise ValueError("not a whole number")
        if not low <= int(found[1]) <= high:
            raise ValueError(f"not within {low} to {high}")
        return int(found[1])

    return convert


def number(low: float, high: float) -> Convert:
    """A decimal number within bounds."""

    def convert(text: str) -> float:
        if NUMBER.fullmatch(text) is None or not text.isascii():
            raise ValueError("not a number")
        if not low <= float(text) <= high:
            raise ValueError(f"not within {low:g} to {high:g}")
        return float(text)

    return convert


def blank_or(convert: Convert) -> Convert:
    """As `convert`; None for a blank."""
    return lambda text: convert(text) if text else None


def one_of(known: dict[str, Any]) -> Convert:
    """What `known` has for the text, case-folded."""

    def convert(text: str) -> Any:
        if text.casefold() not in known:
            raise ValueError(f"none of {', '.join(filter(None, known))}")
        return known[text.casefold()]

    return convert
