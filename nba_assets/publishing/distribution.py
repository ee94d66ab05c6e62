"""A player's points as published: the probability of every number of points, and the ladder read off it."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Distribution:
    """`points_pmf`: P(points = k) for k = 0 .. TOP; `ladder`: k and P(points >= k). None and empty if unknown."""

    points_pmf: list[float] | None = None
    ladder: list[dict[str, Any]] = field(default_factory=list)


def distributions(mean: ArrayLike, dispersion: ArrayLike) -> list[Distribution]:
    """Each row's distribution; unknown where a parameter is.

    Negative binomial with mean mu and variance mu + a mu^2, a the dispersion: n = 1/a, p = 1/(1 + a mu),
    P(0) = p^n, P(k + 1) = P(k) (k + n)/(k + 1) (1 - p). Both are read off the rounded distribution function, so the
    probabilities add up to 1 and every rung is the sum of those from its k on.
    """
    mu = np.maximum(np.asarray(mean, dtype=float), LEAST_MEAN)
    a = np.asarray(dispersion, dtype=float)
    known = np.isfinite(mu) & np.isfinite(a) & (a > 0)
    below = _below(mu[known], a[known])
    masses = (np.round(np.diff(below, axis=1), PROBABILITY_DECIMALS) + 0.0).tolist()
    tails = np.round(1.0 - below[:, list(RUNGS)], PROBABILITY_DECIMALS).tolist()
    found = [Distribution()] * len(mu)
    for row, mass, tail in zip(np.flatnonzero(known), masses, tails, strict=True):
        found[row] = Distribution(mass, [{"k": k, "p": p} for k, p in zip(RUNGS, tail, strict=True)])
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
    return np.asarray(np.round(np.minimum(below, 1.0), PROBABILITY_DECIMALS), dtype=np.float64)
