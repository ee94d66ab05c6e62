"""The distribution of points that a stored prediction stands for: the one place that reads its columns as one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import SUPPORT, Floats, pmf

COLUMNS = ("points_mean", "dispersion", "short_share")
"""Columns of player_points_predictions that say the distribution."""


def distribution_of(rows: pd.DataFrame) -> Floats:
    """P(points = k) given he plays for k = 0 .. SUPPORT, shape (rows, SUPPORT + 1); NaN where a column is unknown.

    rows: `COLUMNS`. Negative binomial of variance mu + a mu^2, a the dispersion; with a share of short nights the
    mixture of `distribution.pmf`, points_mean the mean of both together.
    """
    mean, a, short = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in COLUMNS)
    known = np.isfinite(mean) & np.isfinite(a) & (a > 0) & np.isfinite(short)
    out = np.full((len(rows), SUPPORT + 1), np.nan)
    out[known] = pmf(mean[known], a[known], short[known])
    return out
