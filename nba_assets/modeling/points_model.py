"""Builds nba_predictions.points_model: the Monday refit of each game date, its gates, and who serves."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.data_origin import origins
from nba_assets.market_lines import KEY
from nba_assets.modeling import Dates, Inputs, market_baseline, ratings, residual
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.forecast import Model
from nba_assets.modeling.recipes import serving
from nba_assets.modeling.slate import of, slate
from nba_assets.scope import Scope

CODE_VERSION = "1"
"""Part of every model's hash: change it when the same rows would give another model."""

TRAINING_DAYS = 365


def refit_date(game_date: pd.Timestamp) -> pd.Timestamp:
    """The Monday that a game date's models come from: the latest on or before it."""
    return game_date - pd.Timedelta(days=game_date.weekday())


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """Rows for every date of `dates` that has a scheduled game: models for points and the model for games.

    A refit on Monday r uses rows with r - 365 <= game date <= r - 2 that were known at 00:00 UTC of r; nothing else
    of the inputs matters, so a date's rows are the same whichever range is asked for. `scope` is ignored: a model
    belongs to all players.
    """
    table = contracts.table("points_model")
    schedule = of(inputs, "nbac_schedule")
    wanted = pd.DatetimeIndex(sorted(set(dates) & set(schedule["game_date"])))
    if wanted.empty:
        return frames.empty(table)
    origin = origins(schedule)
    rows = slate(inputs)
    cards: list[dict[str, Any]] = []
    for monday, served in wanted.to_series().groupby(wanted.map(refit_date)):
        models = refit(pd.Timestamp(monday), rows, inputs)
        for day in served:
            cards += [{"game_date": day, **card, "data_origin": origin[day]} for card in models]
    return frames.conform(serving(pd.DataFrame(cards), of(inputs, "model_choices")), table)


def training_rows(monday: pd.Timestamp, rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Slate rows of players who played, with `actual` points, as the refit of `monday` may know them.

    Embargo: game dates up to monday - 2; features, lines and box scores known at 00:00 UTC of the Monday.
    """
    at = monday.tz_localize("UTC")
    first, last = monday - pd.Timedelta(days=TRAINING_DAYS), monday - pd.Timedelta(days=residual.EMBARGO_DAYS)
    truth = of(inputs, "player_game_summary")
    known = (truth["known_at"] <= at) & ~(truth["superseded_at"] <= at)
    played = truth[known & (truth["status"] == "played") & truth["game_date"].between(first, last)]
    chosen = rows[rows["game_date"].between(first, last) & (rows["rows_known_at"] <= at)]
    actual = played[[*KEY, "points"]].rename(columns={"points": "actual"}).dropna()
    joined = chosen.merge(actual, on=KEY, how="inner", validate="one_to_one")
    return joined.sort_values(KEY, kind="stable", ignore_index=True)


def refit(monday: pd.Timestamp, rows: pd.DataFrame, inputs: Inputs) -> list[dict[str, Any]]:
    """The cards of a refit, without `game_date` and `data_origin`: points models, then the model of games.

    rows: `slate` of all inputs. Of the points models exactly one serves.
    """
    data = training_rows(monday, rows, inputs)
    lined = data[data["consensus_line"].notna() & data["line_value"].notna()]
    baseline = Model(bands=market_baseline.fit(data))
    facts = _facts(monday, data, lined)
    game = _game_card(monday)
    if not residual.enough(lined):
        return [_baseline_card(facts, baseline, data, "insufficient", True), game]
    trained = residual.train(data, baseline)
    passed = trained.status == "passed"
    candidate = facts | _model_fields(trained.model, data, trained.dropped, trained.trees)
    candidate |= {
        "valid_metrics": _json(trained.metrics),
        "gates": _json(trained.gates),
        "gate_status": trained.status,
        "serving": passed,
    }
    fallback = _baseline_card(facts, baseline, data, "passed", not passed)
    candidate["incumbent_version"] = fallback["model_version"]
    return [candidate, fallback, game]


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


def _baseline_card(
    facts: dict[str, Any], baseline: Model, data: pd.DataFrame, status: str, serving: bool
) -> dict[str, Any]:
    card = facts | _model_fields(baseline, data, (), 0)
    return card | {"valid_metrics": "{}", "gates": "[]", "gate_status": status, "serving": serving}


def _model_fields(model: Model, data: pd.DataFrame, dropped: tuple[str, ...], trees: int) -> dict[str, Any]:
    learned = model.artifact is not None
    params = _json({**residual.PARAMS, "trees": trees, "line_bands": True}) if learned else "{}"
    parts = [
        CODE_VERSION,
        model.family,
        *model.feature_names,
        params,
        model.dispersion_json(),
        residual.rows_hash(data),
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
        "artifact_sha256": hashlib.sha256((model.artifact or "").encode()).hexdigest() if learned else None,
        "dispersion": model.dispersion_json(),
        "market_weight": model.market_weight,
        "calibrator": None,
        "thresholds": _json(Thresholds().__dict__),
        "incumbent_version": None,
    }


def _game_card(monday: pd.Timestamp) -> dict[str, Any]:
    at = monday.tz_localize("UTC")
    return {
        "model_version": ratings.MODEL_VERSION,
        "target": "game",
        "family": "ratings",
        "train_start": pd.NaT,
        "train_end": pd.NaT,
        "refit_at": at,
        "known_at": at,
        **dict.fromkeys(("n_rows", "n_lined", "n_two_sided", "n_dates", "n_known_at_assumed"), 0),
        "feature_names": list(ratings.FEATURES),
        "dropped_features": [],
        "params": _json(ratings.Params().__dict__),
        "seed": None,
        "artifact": None,
        "artifact_uri": None,
        "artifact_sha256": None,
        "dispersion": _json(ratings.dispersion()),
        "market_weight": 1.0,
        "calibrator": None,
        "thresholds": "{}",
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
