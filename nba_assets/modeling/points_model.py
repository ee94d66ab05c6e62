"""Builds nba_predictions.points_model: the Monday refit of each game date, its gates, and who serves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts, refits
from nba_assets.contracts import frames
from nba_assets.contracts.model import Refit
from nba_assets.data_origin import origins
from nba_assets.market_lines import KEY
from nba_assets.modeling import Dates, Inputs, blend, game_weights, market_baseline, ratings, residual, stages, trial
from nba_assets.modeling.columns import matrix, of
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.distribution import SHORT_DISPERSION, SHORT_FACTOR
from nba_assets.modeling.forecast import WEIGHT_ENDS, Model
from nba_assets.modeling.golden import golden_rows
from nba_assets.modeling.recipes import serving
from nba_assets.modeling.slate import FEATURE_NAMES, slate
from nba_assets.modeling.training import played
from nba_assets.refits import EMBARGO_DAYS
from nba_assets.scope import Scope

CODE_VERSION = "5"
"""Part of every model's hash: change it when the same rows would give another model."""

FACTS = (*KEY, "season", "rows_known_at", "known_at_assumed", "stages_hash")
NUMBERS = tuple(dict.fromkeys((*FEATURE_NAMES, "consensus_line", "line_value", "market_p_over", "own_points")))
"""What a refit reads of a slate row."""

TRAINING_DAYS = 800
"""Two seasons and the summer between: lines older than that say nothing of today's market."""


def refit_date(game_date: pd.Timestamp) -> pd.Timestamp:
    """The Monday that a game date's models come from: the latest on or before it."""
    return pd.Timestamp(refits.refit_date(Refit.WEEK, game_date.date()))


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """Rows for every date of `dates` that has a scheduled game: models for points and the model for games.

    A refit on Monday r uses rows with r - 800 <= game date <= r - 2 that were known at 00:00 UTC of r, and the model
    that served before; nothing else of the inputs matters, so a date's rows are the same whichever range is asked for.
    A refit that an earlier date of the week holds is carried on. `scope` is ignored: a model belongs to all players.
    """
    table = contracts.table("points_model")
    schedule = of(inputs, "nbac_schedule")
    wanted = pd.DatetimeIndex(sorted(set(dates) & set(schedule["game_date"])))
    if wanted.empty:
        return frames.empty(table)
    origin = origins(schedule)
    known = of(inputs, "points_model")
    known = known[~known["game_date"].isin(wanted)]
    rows: pd.DataFrame | None = None
    parts = []
    for monday, served in wanted.to_series().groupby(wanted.map(refit_date)):
        cards = _carried(known, pd.Timestamp(monday), served.min())
        if cards.empty:
            rows = learnable(slate(inputs)) if rows is None else rows
            found = refit(pd.Timestamp(monday), rows, {**inputs, "points_model": known})
            cards = pd.DataFrame(found)
        week = of_dates(cards, served)
        week["data_origin"] = week["game_date"].map(origin)
        known = pd.concat([known, week], ignore_index=True)
        parts.append(week)
    return frames.conform(serving(pd.concat(parts, ignore_index=True), of(inputs, "model_choices")), table)


@dataclass(frozen=True)
class Fit:
    """The training rows of a refit, and their hash."""

    rows: pd.DataFrame
    rows_hash: str


def learnable(rows: pd.DataFrame) -> pd.DataFrame:
    """Of slate rows what a refit reads, numbers as floats: so narrow that each refit may cut its own rows out."""
    numbers = pd.DataFrame(matrix(rows, NUMBERS), columns=list(NUMBERS), index=rows.index)
    return pd.concat([rows[list(FACTS)], numbers], axis=1)


def of_dates(cards: pd.DataFrame | Sequence[dict[str, Any]], dates: Iterable[pd.Timestamp]) -> pd.DataFrame:
    """The cards as rows of every one of the dates, `data_origin` left open."""
    days = list(dates)
    table = contracts.table("points_model")
    one = frames.conform(pd.DataFrame(cards).assign(game_date=days[0], data_origin=None), table)
    every = pd.concat([one] * len(days), ignore_index=True)
    return every.assign(game_date=np.repeat(np.asarray(days, dtype="datetime64[us]"), len(one)))


def _carried(known: pd.DataFrame, monday: pd.Timestamp, before: pd.Timestamp) -> pd.DataFrame:
    """The cards that the last date before holds, if they are of this Monday."""
    earlier: pd.DataFrame = known[(known["game_date"] >= monday) & (known["game_date"] < before)]
    last: pd.DataFrame = earlier[earlier["game_date"] == earlier["game_date"].max()]
    return last


def training_rows(monday: pd.Timestamp, rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Slate rows of players who played, with `actual` points, as the refit of `monday` may know them.

    Embargo: game dates up to monday - 2; features, lines and box scores known at 00:00 UTC of the Monday.
    """
    first, last = monday - pd.Timedelta(days=TRAINING_DAYS), monday - pd.Timedelta(days=EMBARGO_DAYS)
    return played(rows, of(inputs, "player_game_summary"), monday.tz_localize("UTC"), first, last)


def refit(monday: pd.Timestamp, rows: pd.DataFrame, inputs: Inputs) -> list[dict[str, Any]]:
    """The cards of a refit, without `game_date` and `data_origin`: points models, then the model of games.

    rows: `slate` of all inputs, or its `learnable` part. Of the points models exactly one serves: the blend if it
    passes its gates, else the residual model if that does, else the learned model that served before, else the market
    baseline.
    """
    data = training_rows(monday, rows, inputs)
    lined = trial.lined(data)
    baseline = Model(bands=market_baseline.fit(data))
    fit = Fit(data, residual.rows_hash(data))
    facts = _facts(monday, data, lined)
    game = _game_card(monday)
    if not trial.enough(data):
        return [_baseline_card(facts, baseline, fit, "insufficient", True), game]
    previous = _served(of(inputs, "points_model"), monday)
    seen = trial.before(lined, trial.held_out(data)["game_date"])["game_date"].max()
    old = _served(previous[previous["train_end"] <= seen], monday)
    incumbent = Model.of_row(_record(old)) if len(old) else None
    fallback = _baseline_card(facts, baseline, fit, "passed", False)
    cards = []
    for trained in (blend.train(data, baseline.bands, incumbent), residual.train(data, baseline, incumbent)):
        card = facts | _model_fields(trained.model, fit, trained.dropped, trained.trees)
        card |= {"valid_metrics": _json(trained.metrics), "gates": _json(trained.gates)}
        version = str(old["model_version"].iloc[0]) if len(old) else fallback["model_version"]
        card |= {"gate_status": trained.status, "incumbent_version": version, "serving": False}
        cards.append(card)
    passed = [card for card in cards if card["gate_status"] == "passed"]
    stays = [_record(previous)] if not passed and len(previous) else []
    serves = [*passed, *stays, fallback][0]
    serves["serving"] = True
    return [*cards, *stays, fallback, game]


def _served(cards: pd.DataFrame, monday: pd.Timestamp) -> pd.DataFrame:
    """The newest learned models that served before the Monday, the newest first."""
    learned = (cards["target"] == "points") & cards["serving"] & (cards["family"] != "market_baseline")
    return cards[learned & (cards["game_date"] < monday)].sort_values("game_date", ascending=False, kind="stable")


def _record(cards: pd.DataFrame) -> dict[str, Any]:
    """The first card as it stands in the table, without what belongs to its date."""
    row = cards.iloc[0].drop(["game_date", "data_origin"])
    return {str(name): value for name, value in row.items()}


def _facts(monday: pd.Timestamp, data: pd.DataFrame, lined: pd.DataFrame) -> dict[str, Any]:
    at = monday.tz_localize("UTC")
    return {
        "target": "points",
        "train_start": data["game_date"].min() if len(data) else pd.NaT,
        "train_end": data["game_date"].max() if len(data) else pd.NaT,
        "refit_at": at,
        "known_at": at,
        "n_rows": len(data),
        "n_lined": len(lined),
        "n_two_sided": int(lined["market_p_over"].notna().sum()),
        "n_dates": int(lined["game_date"].nunique()),
        "n_known_at_assumed": int(data["known_at_assumed"].sum()),
    }


def _baseline_card(facts: dict[str, Any], baseline: Model, fit: Fit, status: str, serving: bool) -> dict[str, Any]:
    card = facts | _model_fields(baseline, fit, (), 0)
    return card | {"valid_metrics": "{}", "gates": "[]", "gate_status": status, "serving": serving}


def _model_fields(model: Model, fit: Fit, dropped: tuple[str, ...], trees: int) -> dict[str, Any]:
    learned = model.artifact is not None
    params = _params(model, trees)
    parts = [
        CODE_VERSION,
        model.family,
        *model.feature_names,
        params,
        model.dispersion_json(),
        str(model.market_weight),
        fit.rows_hash,
    ]
    version = hashlib.sha256("\x1f".join([*parts, model.artifact or ""]).encode()).hexdigest()[:16]
    return {
        "model_version": f"{model.family}-{version}",
        "family": model.family,
        "feature_names": list(model.feature_names),
        "dropped_features": list(dropped),
        "params": params,
        "seed": residual.SEED if learned else None,
        "artifact": model.artifact,
        "artifact_uri": "inline" if learned else None,
        "artifact_sha256": None if model.artifact is None else stages.text_hash(model.artifact),
        "dispersion": model.dispersion_json(),
        "market_weight": model.market_weight,
        "calibrator": None,
        "thresholds": _json(Thresholds().__dict__),
        "golden_rows": golden_rows(fit.rows, model),
        "incumbent_version": None,
    }


def _params(model: Model, trees: int) -> str:
    """What the model was fitted with; of the blend the stages on whose output it rests, and the shape of its nights."""
    if model.family == "residual_lgbm":
        return _json({**residual.PARAMS, "trees": trees, "line_bands": True})
    if model.family == "stages_blend":
        shape = {"short_share": model.short, "short_factor": SHORT_FACTOR, "short_dispersion": SHORT_DISPERSION}
        fitted = {"stages": list(model.stages), "stage_trees": {s.name: s.trees for s in stages.STAGES}}
        return _json({**fitted, **shape, WEIGHT_ENDS: model.weight_ends})
    return "{}"


def _game_card(monday: pd.Timestamp) -> dict[str, Any]:
    """The card of the games' model: what its season's weights were fitted on stands in `game_weights.csv`."""
    at = monday.tz_localize("UTC")
    season = refits.refit_date(Refit.SEASON, monday.date()).year
    weights = game_weights.of_season(season)
    return {
        "model_version": ratings.MODEL_VERSION,
        "target": "game",
        "family": "ratings",
        "train_start": pd.NaT,
        "train_end": pd.NaT,
        "refit_at": at,
        "known_at": at,
        "n_rows": weights.n_games,
        **dict.fromkeys(("n_lined", "n_two_sided", "n_dates", "n_known_at_assumed"), 0),
        "feature_names": list(ratings.FEATURES),
        "dropped_features": [],
        "params": _json(vars(weights) | vars(ratings.Params())),
        "seed": None,
        "artifact": None,
        "artifact_uri": None,
        "artifact_sha256": None,
        "dispersion": _json(ratings.dispersion(season)),
        "market_weight": 1.0,
        "calibrator": None,
        "thresholds": "{}",
        "golden_rows": "[]",
        "valid_metrics": "{}",
        "gates": "[]",
        "gate_status": "insufficient",
        "incumbent_version": None,
        "serving": True,
    }


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} does not belong in a model card")
