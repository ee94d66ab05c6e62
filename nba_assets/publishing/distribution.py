"""A player's points as published: the probability of every number of points, and the ladder read off it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets.modeling.stored_distribution import distribution_of
from nba_assets.publishing.fields import PROBABILITY_DECIMALS

TOP = 60
"""The last number of the published distribution; it also holds everything above it."""

RUNGS = tuple(range(5, TOP, 5))
"""Numbers of points k whose P(points >= k) the ladder shows."""

CHUNK = 20_000
"""Rows whose probabilities are held in memory at a time (16 MB)."""


@dataclass(frozen=True)
class Distribution:
    """`points_pmf`: P(points = k) for k = 0 .. TOP; `ladder`: k and P(points >= k). None and empty if unknown."""

    points_pmf: list[float] | None = None
    ladder: list[dict[str, Any]] = field(default_factory=list)


def distributions(rows: pd.DataFrame) -> list[Distribution]:
    """Each row's distribution, of predictions as they are stored; unknown where a parameter is.

    Both parts are read off the rounded distribution function, so the probabilities add up to 1 and every rung is the
    sum of those from its k on.
    """
    return [found for start in range(0, len(rows), CHUNK) for found in _published(rows.iloc[start : start + CHUNK])]


def _published(rows: pd.DataFrame) -> Iterator[Distribution]:
    probabilities = distribution_of(rows)
    known = np.isfinite(probabilities[:, 0]).tolist()
    below = _below(probabilities)
    masses = (np.round(np.diff(below, axis=1), PROBABILITY_DECIMALS) + 0.0).tolist()
    tails = np.round(1.0 - below[:, list(RUNGS)], PROBABILITY_DECIMALS).tolist()
    for there, mass, tail in zip(known, masses, tails, strict=True):
        yield (
            Distribution(mass, [{"k": k, "p": p} for k, p in zip(RUNGS, tail, strict=True)])
            if there
            else Distribution()
        )


def _below(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded P(points < k) for k = 0 .. TOP, then 1."""
    below = np.zeros((len(probabilities), TOP + 2))
    below[:, 1 : TOP + 1] = np.cumsum(probabilities[:, :TOP], axis=1)
    below[:, TOP + 1] = 1.0
    return np.asarray(np.round(np.minimum(below, 1.0), PROBABILITY_DECIMALS), dtype=np.float64)
