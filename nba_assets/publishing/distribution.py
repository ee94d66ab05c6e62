"""A player's points as published: the probability of every number of points, and the ladder read off it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nba_assets.publishing.fields import PROBABILITY_DECIMALS

TOP = 60
"""The last number of the published distribution; it also holds everything above it."""

RUNGS = tuple(range(5, TOP, 5))
"""Numbers of points k whose P(points >= k) the ladder shows."""

LEAST_MEAN = 0.05
"""Smallest mean in points, as where the distribution was made."""


def distributions(mean: ArrayLike, dispersion: ArrayLike) -> list[list[float] | None]:
    """P(points = k) for k = 0 .. TOP (last: TOP or more), one list per row; None where a parameter is unknown.

    Negative binomial with mean mu and variance mu + a mu^2, a the dispersion: n = 1/a, p = 1/(1 + a mu),
    P(0) = p^n, P(k + 1) = P(k) (k + n)/(k + 1) (1 - p). Each list is the difference of the rounded distribution
    function, so it adds up to 1 and every tail of it is the rounded P(points >= k).
    """
    mu = np.maximum(np.asarray(mean, dtype=float), LEAST_MEAN)
    a = np.asarray(dispersion, dtype=float)
    known = np.isfinite(mu) & np.isfinite(a) & (a > 0)
    found: list[list[float] | None] = [None] * len(mu)
    if known.any():
        steps = np.round(np.diff(_below(mu[known], a[known]), axis=1), PROBABILITY_DECIMALS) + 0.0
        for row, values in zip(np.flatnonzero(known), steps.tolist(), strict=True):
            found[row] = values
    return found


def _below(mu: NDArray[np.float64], a: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded P(points < k) for k = 0 .. TOP, then 1."""
    n = 1.0 / a
    p = n / (n + mu)
    mass = np.exp(n * np.log(p))
    below = np.zeros((len(mu), TOP + 2))
    for k in range(TOP):
        below[:, k + 1] = below[:, k] + mass
        mass = mass * ((k + n) / (k + 1) * (1.0 - p))
    below[:, TOP + 1] = 1.0
    return np.round(np.minimum(below, 1.0), PROBABILITY_DECIMALS)


def ladder(probabilities: list[float] | None) -> list[dict[str, Any]]:
    """`k` and P(points >= k) for the rungs; empty without a distribution."""
    if probabilities is None:
        return []
    tails = np.round(np.cumsum(probabilities[::-1])[::-1], PROBABILITY_DECIMALS).tolist()
    return [{"k": k, "p": min(tails[k], 1.0)} for k in RUNGS]
