"""The serving model: the market's line, moved a share of the way towards what the stages say without it.

The line's median is the market's. Where books give a probability it is where their P(over) puts it, else it is the line
itself. The model's median lies lambda of the way from there to the stages' own. lambda is one number, from the lined
rows of earlier dates by the least CRPS: pick'em lines count as much as a sportsbook's, and noise leaves it near 0.
How far the rows leave it open is told by its 95 % interval, dates drawn: a bet has to stand at both ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import ORDINARY, SHORT_SHARE, Floats, cdf_table, crps, pmf
from nba_assets.modeling.forecast import CHUNK, Model, dispersions, medians
from nba_assets.modeling.market_baseline import Bands
from nba_assets.modeling.resampling import LEVELS, draw_counts, micro
from nba_assets.modeling.trial import Trained, lined, tried

STEPS: tuple[float, ...] = tuple(step / 20 for step in range(11))
"""Values of lambda that are looked at."""


def fit(rows: pd.DataFrame, bands: Bands) -> Model:
    """The blend of earlier rows: a of the ordinary nights from the bands' a, lambda by the least mean CRPS."""
    spread = tuple(round(ORDINARY * a, 6) for a in bands.dispersion)
    hashes = sorted(set(rows["stages_hash"]) - {""})
    model = Model("stages_blend", bands, dispersion=spread, short=SHORT_SHARE, stages=tuple(hashes))
    found = lined(rows).sort_values("game_date", kind="stable", ignore_index=True)
    _, day = np.unique(found["game_date"].to_numpy(), return_inverse=True)
    weight, ends = _weight(_losses(found, model), day)
    return replace(model, market_weight=weight, weight_ends=ends)


def _losses(rows: pd.DataFrame, model: Model) -> Floats:
    """CRPS of every row at every step, shape (rows, steps)."""
    losses = np.zeros((len(rows), len(STEPS)))
    for start in range(0, len(rows), CHUNK):
        part = rows.iloc[start : start + CHUNK]
        said, a, actual = medians(part, model), dispersions(part, model), floats(part["actual"])
        for index, weight in enumerate(STEPS):
            table = cdf_table(pmf(said.means(weight, a, model.short), a, model.short))
            losses[start : start + CHUNK, index] = crps(table, actual)
    return losses


def _weight(losses: Floats, day: Any) -> tuple[float, tuple[float, float]]:
    """The step with the least mean, the first of equals, and the ends of its interval: 95 % of draws of dates.

    Sums are whole millionths, so that they are the same in any order. Without rows: 0, and all steps are possible.
    """
    if not len(losses):
        return STEPS[0], (STEPS[0], STEPS[-1])
    dates = int(day[-1]) + 1
    sums = np.zeros((dates, len(STEPS)), dtype=np.int64)
    np.add.at(sums, day, micro(losses))
    drawn = np.argmin(draw_counts(dates) @ sums, axis=1)
    low, high = (int(np.quantile(drawn, level, method="nearest")) for level in LEVELS)
    return STEPS[int(np.argmin(sums.sum(axis=0)))], (STEPS[low], STEPS[high])


def train(rows: pd.DataFrame, bands: Bands, incumbent: Model | None = None) -> Trained:
    """The blend of all rows, with the gates of one that has not seen their last 21 lined dates."""
    return tried(rows, bands, fit, incumbent)
