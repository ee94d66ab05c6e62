"""The serving model: the market's line, moved a share of the way towards what the stages say without it.

The line's median is the market's. Where books give a probability it is where their P(over) puts it, else it is the line
itself. The model's median lies lambda of the way from there to the stages' own. lambda is one number, from the lined
rows of earlier dates by the least CRPS: pick'em lines count as much as a sportsbook's, and noise leaves it near 0.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import ORDINARY, SHORT_SHARE, cdf_table, crps, pmf
from nba_assets.modeling.forecast import CHUNK, Model, dispersions, medians
from nba_assets.modeling.market_baseline import Bands
from nba_assets.modeling.trial import Trained, lined, tried

STEPS: tuple[float, ...] = tuple(step / 20 for step in range(11))
"""Values of lambda that are looked at."""


def fit(rows: pd.DataFrame, bands: Bands) -> Model:
    """The blend of earlier rows: a of the ordinary nights from the bands' a, lambda by the least mean CRPS."""
    spread = tuple(round(ORDINARY * a, 6) for a in bands.dispersion)
    hashes = sorted(set(rows["stages_hash"]) - {""})
    model = Model("stages_blend", bands, dispersion=spread, short=SHORT_SHARE, stages=tuple(hashes))
    return replace(model, market_weight=_weight(lined(rows).reset_index(drop=True), model))


def _weight(rows: pd.DataFrame, model: Model) -> float:
    """The step with the least mean CRPS, to nine decimals; the first of equals."""
    losses = np.zeros(len(STEPS))
    for start in range(0, len(rows), CHUNK):
        part = rows.iloc[start : start + CHUNK]
        said, a, actual = medians(part, model), dispersions(part, model), floats(part["actual"])
        for index, weight in enumerate(STEPS):
            table = cdf_table(pmf(said.means(weight, a, model.short), a, model.short))
            losses[index] += crps(table, actual).sum()
    return STEPS[int(np.argmin(np.round(losses / max(len(rows), 1), 9)))]


def train(rows: pd.DataFrame, bands: Bands, incumbent: Model | None = None) -> Trained:
    """The blend of all rows, with the gates of one that has not seen their last 21 lined dates."""
    return tried(rows, bands, fit, incumbent)
