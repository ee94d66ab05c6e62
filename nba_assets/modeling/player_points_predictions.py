"""Builds nba_predictions.player_points_predictions: every feature-store row as a distribution with a decision."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.market_lines import KEY
from nba_assets.modeling import Dates, Inputs, decision, distribution, market_baseline
from nba_assets.modeling.columns import floats, matrix, of
from nba_assets.modeling.forecast import ENDS, QUANTILES, Model, forecast
from nba_assets.modeling.golden import is_sound
from nba_assets.modeling.identity import row_hashes, text_hashes, within
from nba_assets.modeling.own_points import MISMATCH
from nba_assets.modeling.price_outliers import outliers
from nba_assets.modeling.slate import FEATURE_NAMES, slate
from nba_assets.modeling.stages import STAGES
from nba_assets.scope import Scope

LINE_FIELDS = (
    "line_source",
    "line_value",
    "consensus_line",
    "n_books",
    "line_range",
    "line_captured_at",
    "minutes_to_tip",
    "over_book",
    "over_price",
    "under_book",
    "under_price",
    "hold",
    "market_p_over",
    "market_p_over_power",
)
HASHED = tuple(dict.fromkeys((*FEATURE_NAMES, *(name for stage in STAGES for name in stage.features))))
"""Every feature of any model, in order."""
OWN = ("own_mean", "own_q50")
PROBABILITIES = ("p_over", "p_push", "p_under", "p_over_raw")


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """Backfill rows (`decision_at` = T) of every feature-store row of `dates`, by every points model of its date.

    The serving model's rows have role serving, the others shadow. A date without a serving model has no rows.
    """
    table = contracts.table("player_points_predictions")
    rows = slate(inputs, pd.DatetimeIndex(list(dates)))
    rows = within(rows, scope).reset_index(drop=True).copy()
    models = of(inputs, "points_model")
    models = models[(models["target"] == "points") & models["game_date"].isin(rows["game_date"].unique())]
    if rows.empty or models.empty:
        return frames.empty(table)
    rows["is_postponed"] = postponed(rows, of(inputs, "nbac_schedule"))
    rows["is_halted"] = halted(rows, of(inputs, "halts"))
    parts = []
    for (_, _, serving), group in models.groupby(["model_version", "refit_at", "serving"], sort=True):
        card = {str(name): value for name, value in group.iloc[0].items()}
        served = rows[rows["game_date"].isin(group["game_date"])].reset_index(drop=True)
        parts.append(predict(served, card, "serving" if serving else "shadow"))
    return frames.conform(pd.concat(parts, ignore_index=True), table)


def predict(rows: pd.DataFrame, card: dict[str, Any], role: str) -> pd.DataFrame:
    """The rows' predictions by the model of one points_model row, not yet conformed.

    A model that is not the one that was fitted is not asked: the market baseline stands in, and every row is a PASS.
    """
    sound = is_sound(card)
    model, limits = (Model.of_row(card), json.loads(card["thresholds"])) if sound else (Model(), {})
    said, thresholds = forecast(rows, model), decision.Thresholds(**limits)
    out = rows[[*KEY, "team", "opponent", "decision_at", "tip_at", "injury_status", *LINE_FIELDS]].copy()
    out["line_source"] = out["line_source"].fillna("none")
    out["n_books"] = out["n_books"].fillna(0)
    out["model_version"] = card["model_version"]
    out["prediction_id"] = text_hashes(out[["game_id", "player_id", "decision_at", "model_version"]])
    out["created_at"] = out["decision_at"]
    out["run_kind"], out["role"] = "backfill", role
    minutes = market_baseline.minutes(rows)
    for name, values in zip(("minutes_mean", "minutes_p10", "minutes_p90"), minutes, strict=True):
        out[name] = np.round(values, distribution.DECIMALS)
    for name in ("points_mean", *QUANTILES, *PROBABILITIES, *OWN, "baseline_mean", "baseline_dispersion"):
        out[name] = said[name]
    out["dispersion"], out["short_share"] = said["a"], said["short"]
    out["p_play"] = np.round(floats(rows["p_play"]), distribution.DECIMALS)
    ev_over, ev_under = _expected(rows, said["p_over"], said["p_under"])
    ends = [_expected(rows, said[f"p_over_{end}"], said[f"p_under_{end}"]) for end in ENDS]
    ev_low, ev_high = decision.ev_interval(ev_over, ev_under, [(ev_over, ev_under), *ends])
    out["ev_over"], out["ev_under"], out["ev_low"], out["ev_high"] = ev_over, ev_under, ev_low, ev_high
    verdicts = decision.decide(
        ev_over,
        ev_under,
        ev_low,
        floats(said["p_no_push"]),
        floats(rows["market_p_over"]),
        flags(rows, card, thresholds, sound),
        thresholds,
    )
    out["decision"], out["reasons"] = verdicts["decision"], verdicts["reasons"]
    out["feature_hash"] = row_hashes(matrix(rows, HASHED))
    out["feature_quality_score"] = rows["feature_quality_score"]
    out["missing_features"] = rows["missing_features"]
    out["missing_inputs"] = rows["missing_inputs"]
    known = rows[["rows_known_at", "line_known_at"]].max(axis=1)
    out["known_at"] = known.where(known >= card["known_at"], card["known_at"])
    return out


def _expected(rows: pd.DataFrame, p_over: Any, p_under: Any) -> tuple[distribution.Floats, distribution.Floats]:
    """Expected values where the market has a probability; a pick'em price gives none."""
    priced = np.isfinite(floats(rows["market_p_over"]))
    over, under = decision.expected_values(
        floats(p_over), floats(p_under), floats(rows["over_price"]), floats(rows["under_price"])
    )
    return tuple(np.where(priced, np.round(side, distribution.DECIMALS) + 0.0, np.nan) for side in (over, under))  # type: ignore[return-value]


def flags(
    rows: pd.DataFrame, card: dict[str, Any], limits: decision.Thresholds, sound: bool
) -> dict[str, decision.Bools]:
    """Reasons to pass that stand before prices are looked at, by name, one truth value per row."""
    baseline = card["family"] == "market_baseline"
    line = np.isfinite(floats(rows["line_value"]))
    season = np.nan_to_num(floats(rows["games_n_season"]))
    together = season + np.nan_to_num(floats(rows["prior_season_games"]))
    quality = np.nan_to_num(floats(rows["feature_quality_score"]))
    found = {name: _true(rows[name]) for name in ("one_sided", "stale_line", "tipped", "devig_conflict")}
    return found | {
        "no_line": ~line & ~found["tipped"] & ~found["one_sided"] & ~found["stale_line"],
        "pickem_price": line & ~np.isfinite(floats(rows["market_p_over"])),
        "few_books": line & (np.nan_to_num(floats(rows["n_books"])) < limits.least_books),
        "price_outlier": outliers(floats(rows["over_price"]), floats(rows["under_price"])),
        "postponed": _true(rows["is_postponed"]),
        "halted": _true(rows["is_halted"]),
        "player_out": _true(rows["injury_status"] == "out"),
        "questionable": _true(rows["injury_status"].isin(["questionable", "doubtful"])),
        "few_games": (together < limits.least_games) | (season < limits.least_games_season),
        "critical_feature_missing": ~_true(rows["is_ready"]),
        "low_quality": quality < limits.least_quality,
        "model_mismatch": (rows["stages"] == MISMATCH).to_numpy(dtype=bool) | (not sound),
        "baseline_model": np.full(len(rows), baseline),
        "gate_failed": np.full(len(rows), not baseline and card["gate_status"] != "passed"),
    }


def _true(values: pd.Series[Any]) -> decision.Bools:
    return values.astype("boolean").fillna(False).to_numpy(dtype=bool)


def halted(rows: pd.DataFrame, halts: pd.DataFrame) -> decision.Bools:
    """Whether decisions were halted at each row's decision: from `since` on, before `resumed_at`."""
    found = np.zeros(len(rows), dtype=bool)
    for since, until in zip(halts["since"], halts["resumed_at"], strict=True):
        found |= ((rows["decision_at"] >= since) & ~(rows["decision_at"] >= until)).to_numpy(dtype=bool)
    return found


def postponed(rows: pd.DataFrame, schedule: pd.DataFrame) -> decision.Bools:
    """Whether the newest schedule version known at the decision says that the game is postponed."""
    game = ["game_date", "game_id"]
    versions = schedule.loc[schedule["is_postponed"].fillna(False), [*game, "known_at", "superseded_at"]]
    pairs = rows.reset_index()[["index", *game, "decision_at"]].merge(versions, on=game)
    known = (pairs["known_at"] <= pairs["decision_at"]) & ~(pairs["superseded_at"] <= pairs["decision_at"])
    return rows.index.isin(pairs.loc[known, "index"])
