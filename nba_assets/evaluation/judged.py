"""Settled predictions as numbers of model and market on the same rows, to be added up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.evaluation.walk_forward import WalkForward
from nba_assets.modeling import distribution
from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import Floats

OWN = "own_q50"
"""The model's median made without the line, among the predictions where the model has one."""

COUNTS = ("n_played", "n_lined", "n_two_sided", "n_market", "n_own", "n_unlined", "n_decided", "n_settled", "n_clv")
SUMS = (
    *COUNTS,
    *("abs_error", "line_error", "signed_error", "own_error", "own_line_error"),
    *("log_loss", "market_log_loss", "brier", "market_brier"),
    *("crps", "market_crps", "pinball", "covered", "coverage_nominal"),
    *("wins", "profit", "profit_median", "clv", "clv_p", "n_clv_p"),
    *("unlined_error", "unlined_signed", "unlined_crps", "unlined_covered", "unlined_nominal"),
)
"""Counts (1 or 0 a row) and numbers that are 0 where the count that they belong to is 0."""


def settled(forward: WalkForward) -> pd.DataFrame:
    """The walk-forward's predictions with the columns of their grades (`is_official` among them), no pending ones."""
    grades = forward.grades
    use = grades["result"] != "pending"
    own = ["prediction_id", *(name for name in grades.columns if name not in forward.predictions.columns)]
    rows = forward.predictions.merge(grades.loc[use, own], on="prediction_id", validate="one_to_one")
    return rows.sort_values(["game_date", "prediction_id"], kind="stable", ignore_index=True)


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """`settled` rows with `SUMS`, `actual`, `played` and `lined` (he played and there was a line) and, where lined,
    `p` (P(over) given no push) and `over` (1, 0; NaN for a push)."""
    out = rows.copy()
    played = rows["played"].fillna(False).to_numpy(dtype=bool)
    lined = played & np.isin(rows["outcome"], ["over", "under", "push"])
    out["played"], out["lined"] = played, lined
    out["actual"] = floats(rows["actual_points"])
    p_over, p_under = floats(rows["p_over"]), floats(rows["p_under"])
    out["p"] = np.divide(p_over, p_over + p_under, out=np.full(len(rows), np.nan), where=lined)
    decided = np.isin(rows["outcome"], ["over", "under"])
    out["over"] = np.where(decided, (rows["outcome"] == "over").to_numpy(dtype=float), np.nan)
    numbers = _errors(rows, played, lined) | _scores(rows, played, lined) | _bets(rows)
    for name in SUMS:
        out[name] = np.nan_to_num(np.asarray(numbers[name], dtype=float))
    return out


def _errors(rows: pd.DataFrame, played: Any, lined: Any) -> dict[str, Any]:
    line_error, model_error = floats(rows["line_abs_error"]), floats(rows["model_abs_error"])
    own = floats(rows[OWN]) if OWN in rows.columns else np.full(len(rows), np.nan)
    has_own = lined & np.isfinite(own)
    unlined = played & ~lined
    return {
        "n_played": played,
        "n_lined": lined,
        "n_own": has_own,
        "n_unlined": unlined,
        "abs_error": np.where(lined, model_error, 0.0),
        "line_error": np.where(lined, line_error, 0.0),
        "signed_error": np.where(lined, floats(rows["signed_error"]), 0.0),
        "own_error": np.where(has_own, np.abs(floats(rows["actual_points"]) - own), 0.0),
        "own_line_error": np.where(has_own, line_error, 0.0),
        "unlined_error": np.where(unlined, model_error, 0.0),
        "unlined_signed": np.where(unlined, floats(rows["signed_error"]), 0.0),
    }


def _scores(rows: pd.DataFrame, played: Any, lined: Any) -> dict[str, Any]:
    """Log loss and Brier are of rows with a market probability and no push; the rest of all lined rows."""
    two_sided = lined & rows["market_p_over"].notna().to_numpy()
    priced = two_sided & rows["log_loss"].notna().to_numpy() & rows["market_log_loss"].notna().to_numpy()
    unlined = played & ~lined
    found: dict[str, Any] = {"n_two_sided": two_sided, "n_market": priced}
    for name in ("log_loss", "market_log_loss", "brier", "market_brier"):
        found[name] = np.where(priced, floats(rows[name]), 0.0)
    covered, nominal = rows["covered"].fillna(False).to_numpy(dtype=float), floats(rows["coverage_expected"])
    for name in ("crps", "market_crps", "pinball"):
        found[name] = np.where(lined, floats(rows[name]), 0.0)
    found |= {"covered": np.where(lined, covered, 0.0), "coverage_nominal": np.where(lined, nominal, 0.0)}
    found |= {"unlined_covered": np.where(unlined, covered, 0.0), "unlined_nominal": np.where(unlined, nominal, 0.0)}
    return found | {"unlined_crps": np.where(unlined, floats(rows["crps"]), 0.0)}


def _bets(rows: pd.DataFrame) -> dict[str, Any]:
    won, lost = rows["result"] == "win", rows["result"] == "loss"
    settled_bet = won | lost | (rows["result"] == "push")
    decimal = median_price(rows, (rows["decision"] == "OVER").to_numpy())
    return {
        "n_decided": won | lost,
        "n_settled": settled_bet,
        "wins": won,
        "profit": np.where(settled_bet, floats(rows["profit"]), 0.0),
        "profit_median": np.select([won, lost], [decimal - 1.0, np.full(len(rows), -1.0)], 0.0),
        "n_clv": rows["clv_points"].notna(),
        "clv": floats(rows["clv_points"]),
        "n_clv_p": rows["clv_p"].notna(),
        "clv_p": floats(rows["clv_p"]),
    }


def median_price(rows: pd.DataFrame, over: Any) -> Floats:
    """Decimal price of a side at the median book: 1/(p (1 + hold)), p the market's probability of that side."""
    market = floats(rows["market_p_over"])
    implied = np.where(over, market, 1.0 - market) * (1.0 + floats(rows["hold"]))
    return np.asarray(1.0 / np.where(implied > 0, implied, np.nan))


def at_or_below(rows: pd.DataFrame, points: Floats) -> Floats:
    """The model's P(X <= points) of each row; 0 below 0."""
    return distribution.cdf(
        points, floats(rows["points_mean"]), floats(rows["dispersion"]), floats(rows["short_share"])
    )
