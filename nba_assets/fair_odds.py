"""What a distribution of points says of a line and its prices: probabilities, fair odds, expected profit.

A push returns the stake: the fair decimal price of a side is 1 + P(other side) / P(side).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AtLine:
    """P(points > line), P(points = line), P(points < line) of one player given he plays; they add up to 1."""

    p_over: float
    p_push: float
    p_under: float


def at_line(probabilities: Floats, line: float) -> AtLine:
    """The three probabilities at a line in points, from P(points = k) for k = 0, 1, ..."""
    points = np.arange(len(probabilities))
    over, under = probabilities[points > line].sum(), probabilities[points < line].sum()
    return AtLine(float(over), float(max(0.0, 1.0 - over - under)), float(under))


def at_least(probabilities: Floats) -> Floats:
    """P(points >= k) for k = 0, 1, ..., from P(points = k)."""
    return np.minimum(np.cumsum(probabilities[::-1])[::-1], 1.0)


def fair_decimal(wins: float, loses: float) -> float | None:
    """The decimal price at which a side of these probabilities expects nothing; None if it never wins or loses."""
    return 1.0 + loses / wins if wins > 0 and loses > 0 else None


def american(decimal: float | None) -> int | None:
    """A decimal price above 1 as American, rounded: +150 is 2.5, -200 is 1.5; 2.0 is +100. None for None."""
    if decimal is None or decimal <= 1.0:
        return None
    return round((decimal - 1.0) * 100.0) if decimal >= 2.0 else -round(100.0 / (decimal - 1.0))


def expected_profit(wins: float, loses: float, decimal: float) -> float:
    """Units that one unit at the decimal price expects to win."""
    return wins * (decimal - 1.0) - loses


def hold(over: float, under: float) -> float:
    """The book's margin of two decimal prices: implied probabilities of both sides minus 1."""
    return 1.0 / over + 1.0 / under - 1.0
