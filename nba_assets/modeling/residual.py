"""The learned correction: LightGBM on actual - consensus_line, small, deterministic, fitted walk-forward."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from nba_assets.modeling import decision, distribution, gates, market_baseline
from nba_assets.modeling.columns import floats, matrix
from nba_assets.modeling.distribution import START_DISPERSION, Floats
from nba_assets.modeling.forecast import Model, dispersions, raw_means
from nba_assets.modeling.slate import FEATURE_NAMES
from nba_assets.modeling.trial import Trained, before, judged, last_dates

SEED = 20_171_017
LEAST_TWO_SIDED = 500
"""Two-sided rows below which w is 0."""
PARAMS: dict[str, Any] = {
    "objective": "regression",
    "learning_rate": 0.03,
    "num_leaves": 15,
    "min_data_in_leaf": 200,
    "lambda_l2": 10.0,
    "feature_fraction": 0.6,
    "max_trees": 300,
    "early_stopping_rounds": 30,
}


def usable_features(rows: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kept and dropped feature names: dropped are null in more than half of the newest season's rows."""
    season = rows[rows["season"] == rows["season"].max()]
    null = np.isnan(matrix(season, FEATURE_NAMES)).mean(axis=0)
    kept = tuple(name for name, share in zip(FEATURE_NAMES, null, strict=True) if share <= 0.5)
    return kept, tuple(name for name in FEATURE_NAMES if name not in kept)


def _dataset(rows: pd.DataFrame, names: tuple[str, ...]) -> lgb.Dataset:
    target = floats(rows["actual"]) - floats(rows["consensus_line"])
    return lgb.Dataset(matrix(rows, names), label=target, feature_name=list(names), free_raw_data=False)


def fit_booster(
    rows: pd.DataFrame, names: tuple[str, ...], trees: int | None = None, valid: pd.DataFrame | None = None
) -> tuple[str, int]:
    """The booster's text and its number of trees; with `valid` (later dates) it stops early, else it has `trees`."""
    options = {k: v for k, v in PARAMS.items() if k not in ("max_trees", "early_stopping_rounds")}
    options |= {"seed": SEED, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1}
    data = _dataset(rows, names)
    if valid is None:
        fitted = lgb.train(options, data, num_boost_round=trees or 1)
        return fitted.model_to_string(), trees or 1
    fitted = lgb.train(
        options,
        data,
        num_boost_round=PARAMS["max_trees"],
        valid_sets=[lgb.Dataset(matrix(valid, names), label=_target(valid), reference=data)],
        callbacks=[lgb.early_stopping(PARAMS["early_stopping_rounds"], verbose=False)],
    )
    best = max(1, int(fitted.best_iteration))
    return fitted.model_to_string(num_iteration=best), best


def _target(rows: pd.DataFrame) -> Floats:
    return floats(rows["actual"]) - floats(rows["consensus_line"])


def fit_weight(rows: pd.DataFrame, raw: Floats) -> float:
    """w in 0, 0.05 .. 1 with the least log loss on out-of-fold rows; 0 below 500 two-sided rows without a push."""
    market, line, actual = floats(rows["market_p_over"]), floats(rows["line_value"]), floats(rows["actual"])
    use = np.isfinite(market) & np.isfinite(line) & (actual != line)
    if use.sum() < LEAST_TWO_SIDED:
        return 0.0
    over = (actual[use] > line[use]).astype(float)
    steps = [step / 20 for step in range(21)]
    losses = [float(distribution.log_losses(decision.shrink(raw[use], market[use], w), over).mean()) for w in steps]
    return steps[int(np.argmin(np.round(losses, 9)))]


def _calibrated(model: Model, fold: pd.DataFrame) -> Model:
    """The model with a by line band and w from a fold that its booster has not seen."""
    mu, line, actual = raw_means(fold, model), floats(fold["consensus_line"]), floats(fold["actual"])
    where = distribution.band(line)
    spread = tuple(
        round(distribution.fit_dispersion(actual[where == i], mu[where == i], a0), 6)
        for i, a0 in enumerate(START_DISPERSION)
    )
    fitted = replace(model, dispersion=spread)
    over, _, under = distribution.line_probabilities(mu, dispersions(fold, fitted), floats(fold["line_value"]))
    return replace(fitted, market_weight=fit_weight(fold, over / (over + under)))


@dataclass(frozen=True)
class Candidate:
    """A model and its incumbent as of the embargo before the held-out rows, which neither has seen."""

    model: Model
    incumbent: Model
    held: pd.DataFrame
    lined: pd.DataFrame
    dropped: tuple[str, ...]
    trees: int


def candidate(rows: pd.DataFrame) -> Candidate:
    """The candidate of training rows (with `actual`), to be judged on their last 21 dates.

    Three blocks in time order, each `EMBARGO_DAYS` apart: fit, early stopping (a and w too), held out. The incumbent
    is the market baseline, fitted on the dates before the held-out ones.
    """
    lined = rows[rows["consensus_line"].notna() & rows["line_value"].notna()]
    names, dropped = usable_features(lined)
    held = lined[lined["game_date"].isin(last_dates(lined))]
    earlier = before(lined, held["game_date"])
    stop = earlier[earlier["game_date"].isin(last_dates(earlier))]
    text, trees = fit_booster(before(earlier, stop["game_date"]), names, valid=stop)
    incumbent = Model(bands=market_baseline.fit(before(rows, held["game_date"])))
    first = _calibrated(Model("residual_lgbm", incumbent.bands, artifact=text, feature_names=names), stop)
    model = replace(first, artifact=fit_booster(earlier, names, trees)[0])
    return Candidate(model, incumbent, held, lined, dropped, trees)


def train(rows: pd.DataFrame, baseline: Model, rival: Model | None = None) -> Trained:
    """The candidate of training rows, gated on its held-out rows, then refitted on all of them.

    The refit keeps the number of trees; its a and w come from the held-out rows by the booster that had not seen
    them. `baseline` is the market baseline of all rows; `rival` the incumbent, if it is not the baseline.
    """
    found = candidate(rows)
    said, against = judged(found.held, found.model), judged(found.held, rival or found.incumbent)
    results, status = gates.evaluate(said, against, _reloads(found.model, found.held))
    other = gates.metrics(judged(found.held, found.incumbent))
    card = gates.metrics(said) | {f"baseline_{name}": other[name] for name in ("mae", "crps")}
    last = _calibrated(replace(found.model, bands=baseline.bands), found.held)
    artifact, _ = fit_booster(found.lined, found.model.feature_names, found.trees)
    return Trained(replace(last, artifact=artifact), results, status, card, found.dropped, found.trees)


def _reloads(model: Model, rows: pd.DataFrame) -> bool:
    """The booster read back from its text has the features in order, the same text and the same predictions."""
    text = model.artifact or ""
    loaded = lgb.Booster(model_str=text)
    again = lgb.Booster(model_str=loaded.model_to_string())
    features = matrix(rows, model.feature_names)
    same = np.array_equal(loaded.predict(features, num_threads=1), again.predict(features, num_threads=1))
    return bool(same and tuple(loaded.feature_name()) == model.feature_names)


def rows_hash(rows: pd.DataFrame) -> str:
    """sha256 of what a fit reads of the rows: keys, features, anchors and the truth, in row order."""
    columns = ["game_id", "player_id", "actual", "consensus_line", "line_value", "market_p_over", *FEATURE_NAMES]
    unique = list(dict.fromkeys(columns))
    digest = hashlib.sha256()
    digest.update("\x1f".join(rows["game_id"].astype(str) + "\x1e" + rows["player_id"].astype(str)).encode())
    digest.update(matrix(rows, unique[2:]).tobytes())
    return digest.hexdigest()
