"""A model applied to rows: mean, dispersion, probabilities at the line, quantiles. Gates and predictions share it."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nba_assets.contracts.nba_predictions.player_points_predictions import LEVELS
from nba_assets.modeling import decision, distribution, market_baseline
from nba_assets.modeling.columns import floats, matrix
from nba_assets.modeling.distribution import SHORT_SHARE, Floats

QUANTILES = tuple(f"points_q{level:02d}" for level in LEVELS)
LEARNED = "dispersion_learned"
"""Name of a learned model's own a by line band in the card's JSON."""

ENDS = ("low", "high")
WEIGHT_ENDS = "market_weight_ends"
"""Name of the ends of the weight's interval in the card's params."""

CHUNK = 20_000
"""Rows whose tables of F are held in memory at a time (16 MB)."""


@dataclass(frozen=True)
class Model:
    """What is needed to forecast: the family, its bands, the booster's text and its features, the weight.

    `bands` are the market baseline's, fitted on the same dates; `dispersion` is a learned model's own a by line band.
    `market_weight` is lambda of `stages_blend`, w of `residual_lgbm`; `weight_ends` are the ends of its 95 % interval,
    where it has one. `short`: share of short nights. `stages`: hashes of the stages whose output it was fitted on.
    """

    family: Literal["market_baseline", "residual_lgbm", "stages_blend"] = "market_baseline"
    bands: market_baseline.Bands = field(default_factory=market_baseline.Bands)
    dispersion: tuple[float, ...] | None = None
    artifact: str | None = None
    feature_names: tuple[str, ...] = ()
    market_weight: float = 0.0
    weight_ends: tuple[float, float] | None = None
    short: float = 0.0
    stages: tuple[str, ...] = ()

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Model:
        """The model that a row of points_model holds."""
        bands = {name: tuple(values) for name, values in json.loads(row["dispersion"]).items()}
        dispersion = bands.pop(LEARNED, None)
        ends = json.loads(row["params"]).get(WEIGHT_ENDS)
        return cls(
            family=row["family"],
            bands=market_baseline.Bands(**bands),
            dispersion=dispersion,
            artifact=None if pd.isna(row["artifact"]) else str(row["artifact"]),
            feature_names=tuple(row["feature_names"]),
            market_weight=float(row["market_weight"]),
            weight_ends=None if ends is None else (float(ends[0]), float(ends[1])),
            short=SHORT_SHARE if row["family"] == "stages_blend" else 0.0,
        )

    def dispersion_json(self) -> str:
        """The bands, and a learned model's own a, as JSON with sorted keys."""
        learned = {} if self.dispersion is None else {LEARNED: self.dispersion}
        return json.dumps(asdict(self.bands) | learned, sort_keys=True)


@functools.lru_cache(maxsize=64)
def booster(text: str) -> lgb.Booster:
    """The booster of its text; one thread, so that sums have one order."""
    return lgb.Booster(model_str=text)


def raw_means(rows: pd.DataFrame, model: Model) -> Floats:
    """The model's own mean before the market's probability is looked at, points."""
    mu = market_baseline.means(rows, model.bands)
    line = floats(rows["consensus_line"])
    lined = np.isfinite(line)
    if model.family == "residual_lgbm" and model.artifact is not None and lined.any():
        features = matrix(rows[lined], model.feature_names)
        mu[lined] = line[lined] + np.asarray(booster(model.artifact).predict(features, num_threads=1))
    return np.maximum(mu, distribution.LEAST_MEAN)


def dispersions(rows: pd.DataFrame, model: Model) -> Floats:
    """a of every row: the learned one by its line's band, else the baseline's."""
    return _shapes(rows, model)[0]


def _shapes(rows: pd.DataFrame, model: Model) -> tuple[Floats, Floats]:
    """`dispersions`, and the share of short nights: the model's own at a line, that of his mean without one."""
    line = floats(rows["consensus_line"])
    lined = np.isfinite(line)
    bands = model.bands.dispersion if model.dispersion is None else model.dispersion
    a, short = market_baseline.own_shapes(rows, model.bands)
    return np.where(lined, np.asarray(bands)[distribution.band(line)], a), np.where(lined, model.short, short)


def forecast(rows: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Columns mu, a, short, points_mean, QUANTILES, p_over, p_push, p_under, p_over_raw, p_no_push, own_mean, own_q50,
    baseline_mean, baseline_dispersion, p_over_<end>, p_under_<end> of ENDS; one row each, in order.

    Probabilities are at `line_value`, NaN without one; those of an end are what they would be if the model's weight
    were at that end of its interval. `own_*` are what is said without the line. The whole distribution says the same as
    its probabilities.
    """
    parts = [_forecast(rows.iloc[start : start + CHUNK], model) for start in range(0, max(len(rows), 1), CHUNK)]
    return pd.concat(parts, ignore_index=True)


def _forecast(rows: pd.DataFrame, model: Model) -> pd.DataFrame:
    line = floats(rows["line_value"])
    a, short = _shapes(rows, model)
    own, own_median, raw = _own(rows, model)
    if model.family == "stages_blend":
        known = medians(rows, model)
        mu = known.means(model.market_weight, a, model.short)
        ends = [known.means(weight, a, model.short) for weight in model.weight_ends or ()]
    else:
        mu, raw = _shrunk(rows, model, a)
        ends = []
    over, push, under = distribution.line_probabilities(mu, a, line, short)
    table = distribution.cdf_table(distribution.pmf(mu, a, short))
    columns = {"mu": mu, "a": a, "short": short, "points_mean": mu, "p_over": over, "p_push": push, "p_under": under}
    columns |= {"p_over_raw": raw, "p_no_push": over / (over + under), "own_mean": own, "own_q50": own_median}
    at_ends = [distribution.line_probabilities(mean, a, line, short) for mean in ends] or [(over, push, under)] * 2
    for name, (over_then, _, under_then) in zip(ENDS, at_ends, strict=True):
        columns |= {f"p_over_{name}": over_then, f"p_under_{name}": under_then}
    lined = np.isfinite(floats(rows["consensus_line"]))
    for name, baseline in (("mean", market_baseline.means), ("dispersion", market_baseline.dispersions)):
        columns[f"baseline_{name}"] = np.where(lined, baseline(rows, model.bands), np.nan)
    values = distribution.quantiles(table, [level / 100 for level in LEVELS])
    columns |= {name: values[:, index] for index, name in enumerate(QUANTILES)}
    frame = pd.DataFrame(columns)
    rounded = [name for name in frame.columns if name not in ("mu", "a", "short")]
    frame[rounded] = frame[rounded].round(distribution.DECIMALS) + 0.0
    frame["p_under"] = (1.0 - frame["p_over"] - frame["p_push"]).round(distribution.DECIMALS).clip(lower=0.0)
    return frame


def _own(rows: pd.DataFrame, model: Model) -> tuple[Floats, Floats, Floats]:
    """Mean and median without the line, and P(over) given no push at it."""
    mean = np.maximum(market_baseline.own_means(rows, model.bands), distribution.LEAST_MEAN)
    a, short = market_baseline.own_shapes(rows, model.bands)
    over, _, under = distribution.line_probabilities(mean, a, floats(rows["line_value"]), short)
    return mean, distribution.median(mean, a, short), over / (over + under)


@dataclass(frozen=True)
class Medians:
    """What the market and the stages say of each row: medians, points (the market's NaN without a line), own mean."""

    market: Floats
    own: Floats
    own_mean: Floats

    def means(self, weight: float, a: Floats, short: float) -> Floats:
        """Means whose median lies `weight` of the way from the market's to the own one; without a line the own mean."""
        blended = distribution.mean_for_median(self.market + weight * (self.own - self.market), a, short)
        mu = np.where(np.isfinite(self.market), blended, self.own_mean)
        return np.asarray(np.maximum(mu, distribution.LEAST_MEAN))


def medians(rows: pd.DataFrame, model: Model) -> Medians:
    """The rows' medians; the market's is where P(over) puts it, or the line itself where there is only a line."""
    line, market = floats(rows["line_value"]), floats(rows["market_p_over"])
    own, own_median, _ = _own(rows, model)
    a = dispersions(rows, model)
    priced = distribution.mean_for_probability(market, line, a, model.short)
    said = distribution.median(priced, a, model.short)
    return Medians(np.where(np.isfinite(priced), said, floats(rows["consensus_line"])), own_median, own)


def _shrunk(rows: pd.DataFrame, model: Model, a: Floats) -> tuple[Floats, Floats]:
    """The mean, moved so that P(over) given no push is the model's own shrunk to the market's by w; and the own one."""
    line, market = floats(rows["line_value"]), floats(rows["market_p_over"])
    mu = raw_means(rows, model)
    over, _, under = distribution.line_probabilities(mu, a, line)
    raw = over / (over + under)
    goal = np.where(np.isfinite(line), decision.shrink(raw, market, model.market_weight), np.nan)
    moved = np.isfinite(goal) & np.isfinite(market)
    return np.where(moved, distribution.mean_for_probability(np.where(moved, goal, np.nan), line, a), mu), raw


def scores(mu: Floats, a: Floats, actual: Floats, short: ArrayLike = 0.0) -> pd.DataFrame:
    """Columns crps, pinball, covered, coverage_expected of each row's distribution at what happened; NaN unknown."""
    share = np.broadcast_to(np.asarray(short, dtype=float), mu.shape)
    ends = [slice(start, start + CHUNK) for start in range(0, max(len(mu), 1), CHUNK)]
    parts = [_scores(mu[at], a[at], actual[at], share[at]) for at in ends]
    return pd.concat(parts, ignore_index=True)


def _scores(mu: Floats, a: Floats, actual: Floats, short: Floats) -> pd.DataFrame:
    table = distribution.cdf_table(distribution.pmf(mu, a, short))
    rows = np.arange(len(mu))
    low, high = distribution.integer_quantiles(table, 0.1), distribution.integer_quantiles(table, 0.9)
    below = np.where(low > 0, table[rows, np.maximum(low - 1, 0)], 0.0)
    inside = (actual >= low) & (actual <= high)
    known = np.isfinite(actual)
    return pd.DataFrame(
        {
            "crps": distribution.crps(table, actual),
            "pinball": distribution.pinball(table, actual),
            "covered": np.where(known, inside.astype(float), np.nan),
            "coverage_expected": np.where(known, table[rows, high] - below, np.nan),
        }
    ).round(distribution.DECIMALS)
