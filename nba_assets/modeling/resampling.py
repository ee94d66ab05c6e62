"""95 % intervals of ratios of sums by resampling dates, for many windows at once.

Games of a date share what moved them, so dates are drawn, not rows. Sums are whole numbers (millionths of the unit):
those add up exactly in any order, hence equal windows have equal intervals whatever else is computed with them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from nba_assets.modeling.distribution import Floats

Ints = NDArray[np.int64]

DRAWS = 2_000
SEED = 20_171_017
LEVELS = (0.025, 0.975)
FEW_DATES = 30
"""Fewer dates than this: intervals are widened by t(G - 1) / 1.96."""
MICRO = 1_000_000
CHUNK = 512
"""Windows drawn at a time (8 MB each for the two sums)."""


def micro(values: Floats) -> Ints:
    """Numbers as whole millionths; NaN is 0."""
    return np.asarray(np.rint(np.nan_to_num(values) * MICRO), dtype=np.int64)


def draw_counts(dates: int) -> Floats:
    """How often each of `dates` dates is drawn, shape (DRAWS, dates): a function of their number alone."""
    picks = np.random.default_rng([SEED, dates]).integers(0, dates, size=(DRAWS, dates))
    flat = picks + np.arange(DRAWS)[:, None] * dates
    return np.bincount(flat.ravel(), minlength=DRAWS * dates).reshape(DRAWS, dates).astype(float)


def intervals(top: Ints, bottom: Ints, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """Lower and upper end for sum(top) / sum(bottom) over each window [first, last) of dates; NaN under two dates.

    `top` and `bottom` are sums of one date each, in date order; dates whose `bottom` is 0 have nothing to say and are
    left out. Percentiles of `DRAWS` draws; under `FEW_DATES` dates their distances from the ratio are widened.
    """
    kept = np.flatnonzero(bottom > 0)
    above, below = top[kept].astype(float), bottom[kept].astype(float)
    start = np.searchsorted(kept, first)
    dates = np.searchsorted(kept, last) - start
    low, high = np.full(len(start), np.nan), np.full(len(start), np.nan)
    for count in np.unique(dates[dates >= 2]):
        weights = draw_counts(int(count)).T
        windows = np.flatnonzero(dates == count)
        for chunk in np.split(windows, range(CHUNK, len(windows), CHUNK)):
            days = start[chunk][:, None] + np.arange(count)
            drawn = (above[days] @ weights) / (below[days] @ weights)
            ends = np.quantile(drawn, LEVELS, axis=1)
            ratio = above[days].sum(axis=1) / below[days].sum(axis=1)
            wider = float(stdtrit(count - 1, LEVELS[1])) / 1.96 if count < FEW_DATES else 1.0
            low[chunk] = ratio - (ratio - ends[0]) * wider
            high[chunk] = ratio + (ends[1] - ratio) * wider
    return low, high
