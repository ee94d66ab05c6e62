"""How large a calibration error is by chance alone, without drawing every outcome anew."""

from __future__ import annotations

import numpy as np

from nba_assets.modeling.distribution import Floats
from nba_assets.modeling.gates import BINS, REDRAWS

LEVEL = 0.95
SEED = 7

_draws = np.abs(np.random.default_rng(SEED).standard_normal((REDRAWS, BINS)))


def calibration_noise(p: Floats) -> float:
    """95 % quantile of the ECE of so many bins when outcomes are drawn from p, ascending; NaN under a row a bin.

    A bin's share of overs is near normal around its mean p with variance sum p (1 - p) / n^2: the bins are redrawn
    1,000 times, by the same numbers each time. Within 3 % of `gates.ece_limit`, which redraws the outcomes, from 300
    rows on.
    """
    if len(p) < BINS:
        return float("nan")
    size, more = divmod(len(p), BINS)
    index = np.arange(BINS)
    spread = np.sqrt(np.add.reduceat(p * (1.0 - p), index * size + np.minimum(index, more)))
    return float(np.quantile(_draws @ spread, LEVEL) / len(p))
