"""Prices in American and decimal odds, and which of a book's lines is its main one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

PLACES = 12
"""Digits to which probabilities are compared, so that equal prices tie."""
LOWEST, HIGHEST = 0.5, 70.0
"""Lines of a player's points."""
LEAST_IMPLIED = 0.95
"""Two prices of a market whose probabilities add up to less are an error of the feed."""


@dataclass(frozen=True)
class Price:
    """One price in both notations."""

    american: int
    decimal: float


@dataclass(frozen=True)
class Line:
    """A line with the prices of its sides; a side that is not posted is None."""

    point: float
    over: Price | None
    under: Price | None

    @property
    def implied_sum(self) -> float | None:
        """Sum of both sides' implied probabilities, 1 + hold; None if a side is missing."""
        return None if self.over is None or self.under is None else 1 / self.over.decimal + 1 / self.under.decimal


def price(value: float) -> Price:
    """A price given as American (|p| >= 100, whole) or decimal (1 < p < 100). Raises `ValueError` for neither.

    Decimal to American: from 2.0 up (d - 1) * 100, below -100 / (d - 1), rounded half up.
    """
    if _is_american(value):
        return american(value)
    if 1 < value < 100 and value - 1 >= 1e-4:
        decimal = float(value)
        whole = _rounded((decimal - 1) * 100) if decimal >= 2 else -_rounded(100 / (decimal - 1))
        return Price(whole, decimal)
    raise ValueError(f"{value!r} is neither an American nor a decimal price")


def american(value: float) -> Price:
    """A price given as American: whole, of at least 100 either way. Raises `ValueError` for any other number."""
    if not _is_american(value):
        raise ValueError(f"{value!r} is no American price")
    return Price(int(value), 1 + (value / 100 if value > 0 else 100 / -value))


def main_line(lines: Iterable[Line]) -> Line:
    """The main line: two-sided, nearest even without the margin; ties: the smaller hold, then the lower line.

    If no line has both sides: the one whose only price is nearest 2.0, then the lower.
    """
    return min(lines, key=_rank)


def alternates(lines: Sequence[Line], main: Line) -> str | None:
    """The lines beside the main one, as JSON; None if there are none."""
    others = [
        {
            "line": line.point,
            "over_price": line.over.american if line.over else None,
            "under_price": line.under.american if line.under else None,
        }
        for line in lines
        if line is not main
    ]
    return orjson.dumps(others, option=orjson.OPT_SORT_KEYS).decode() if others else None


def line_columns(lines: Sequence[Line], main: Line) -> dict[str, Any]:
    """What a row of a posted line says of its main line's prices and of the others."""
    return {
        "line": main.point,
        "over_price": main.over.american if main.over else None,
        "under_price": main.under.american if main.under else None,
        "over_decimal": main.over.decimal if main.over else None,
        "under_decimal": main.under.decimal if main.under else None,
        "line_count": len(lines),
        "alternates": alternates(lines, main),
    }


def _rank(line: Line) -> tuple[bool, float, float, float]:
    total = line.implied_sum
    if total is not None and line.over is not None:
        return False, round(abs(1 / line.over.decimal / total - 0.5), PLACES), round(total, PLACES), line.point
    only = line.over or line.under
    return True, round(abs(only.decimal - 2), PLACES) if only else 0.0, 0.0, line.point


def _is_american(value: float) -> bool:
    return 100 <= abs(value) < 1e6 and float(value).is_integer()


def _rounded(value: float) -> int:
    return math.floor(round(value, PLACES) + 0.5)
