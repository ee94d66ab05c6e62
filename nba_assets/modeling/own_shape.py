"""The shape of a night without a line: a and the share of short nights by what the stages expect, by likelihood.

A man off the bench has another distribution than a starter: he plays the end of lost games, or not at all. Bands are
narrow where most men are.
"""

from __future__ import annotations

import functools
import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nba_assets.modeling import distribution
from nba_assets.modeling.distribution import Floats, pmf

BANDS: tuple[float, ...] = (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 20.0, 25.0)
"""Lower ends of the bands of the mean, points."""

START_A: tuple[float, ...] = (0.8, 1.0, 0.8, 0.2, 0.13, 0.1, 0.06, 0.05)
START_SHORT: tuple[float, ...] = (0.35, 0.0, 0.0, 0.35, 0.2, 0.08, 0.04, 0.04)
"""Where rows are few: all who played in the real seasons 2022-23 and 2023-24."""

STEPS_A = (0.04, 0.05, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0)
STEPS_SHORT = (0.0, 0.04, 0.08, 0.14, 0.2, 0.27, 0.35)
LEAST_ROWS = 1_000
"""Rows of a band below which it keeps its start values."""

MEANS = np.arange(0.25, 45.0, 0.25)
"""Means to which rows are rounded for the likelihood."""
MOST_POINTS = 70


def band(mean: ArrayLike) -> NDArray[np.int64]:
    """`distribution.band` of each mean among BANDS."""
    return distribution.band(mean, BANDS)


def fit(mean: Floats, actual: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """a and the share of short nights by band: the pair of steps with the largest likelihood, the first of equals."""
    counts = np.zeros((len(BANDS), len(MEANS), MOST_POINTS + 1))
    nearest = np.clip(np.rint(mean / 0.25).astype(np.int64) - 1, 0, len(MEANS) - 1)
    np.add.at(counts, (band(mean), nearest, np.clip(actual, 0, MOST_POINTS).astype(np.int64)), 1.0)
    rows = counts.sum(axis=(1, 2))
    a, short = list(START_A), list(START_SHORT)
    pairs = list(itertools.product(STEPS_A, STEPS_SHORT))
    for index in np.flatnonzero(rows >= LEAST_ROWS):
        likelihoods = (_log_likelihoods() * counts[index]).sum(axis=(1, 2)) / rows[index]
        a[index], short[index] = pairs[int(np.argmax(np.round(likelihoods, 9)))]
    return tuple(a), tuple(short)


@functools.cache
def _log_likelihoods() -> Floats:
    """log P(points | mean) of every pair of steps, shape (pairs, MEANS, points): 10 MB."""
    tables = [
        pmf(MEANS, np.full(len(MEANS), a), short, support=MOST_POINTS)
        for a, short in itertools.product(STEPS_A, STEPS_SHORT)
    ]
    return np.log(np.maximum(np.stack(tables), 1e-12))
