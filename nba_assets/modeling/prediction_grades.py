"""Builds nba_predictions.prediction_grades: what became of every prediction, a version for every time that changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.decision_time import LEAD
from nba_assets.market_lines import KEY
from nba_assets.modeling import Dates, Inputs, decision, facts
from nba_assets.modeling.closing import with_close
from nba_assets.modeling.columns import floats, of
from nba_assets.modeling.distribution import DECIMALS, Floats, log_losses
from nba_assets.modeling.forecast import scores
from nba_assets.scope import Scope, in_scope

ID = ["game_date", "prediction_id", "game_id", "model_version", "run_kind", "is_official"]
CLOSE = ["closing_line", "closing_p_over", "closing_captured_at", "clv_points", "clv_p"]
VERSION = ["source_hash", "grade_version", "known_at", "superseded_at"]


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """All versions of the grades of every prediction of `dates`, those of games and of players' points.

    A version begins when a row of the schedule or of player_game_summary that it rests on was known, never before the
    prediction itself; versions that say the same as the one before are none.
    """
    table = contracts.table("prediction_grades")
    on = pd.DatetimeIndex(list(dates))
    schedule, summary, points, games = (
        frame[frame["game_date"].isin(on)]
        for frame in (
            of(inputs, "nbac_schedule"),
            of(inputs, "player_game_summary"),
            of(inputs, "player_points_predictions"),
            of(inputs, "game_predictions"),
        )
    )
    points = points.assign(is_official=official(points, KEY))
    games = games.assign(is_official=official(games, facts.GAME))
    points, games = (rows[_graded_in(rows, scope)] for rows in (points, games))
    graded = [
        grade_points(_versions(points, facts.player_timeline(points, schedule, summary), facts.PLAYER), inputs),
        grade_games(_versions(games, facts.game_timeline(schedule), facts.GAME)),
    ]
    return frames.conform(pd.concat([frames.conform(part, table) for part in graded], ignore_index=True), table)


def _graded_in(predictions: pd.DataFrame, scope: Scope | None) -> pd.Series[Any]:
    """Whose grades are in scope, by the columns that grades have: they name games and players, no teams."""
    if scope is None:
        return pd.Series(True, index=predictions.index)
    return in_scope(predictions[[name for name in ("game_id", "player_id") if name in predictions.columns]], scope)


def official(predictions: pd.DataFrame, key: list[str]) -> pd.Series[Any]:
    """Whether each row is the official one of its key: the last live row in role serving, else its backfill row.

    A row that was made after T is never live (`created_at` at most 30 minutes before the tip), whatever it says.
    """
    early = predictions["created_at"] <= predictions["tip_at"] - LEAD
    live = predictions["run_kind"] == "live"
    able = predictions[(predictions["role"] == "serving") & (~live | early)]
    order = able.assign(live=able["run_kind"] == "live").sort_values(
        ["live", "decision_at", "created_at", "prediction_id"], kind="stable"
    )
    last = order.drop_duplicates(key, keep="last").index
    return pd.Series(predictions.index.isin(last), index=predictions.index, dtype="boolean")


def _versions(predictions: pd.DataFrame, timeline: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Predictions joined with the states of what they predict, from the time the prediction was known."""
    rows = predictions.rename(columns={"known_at": "predicted_at"}).merge(timeline, on=key)
    rows = rows[~(rows["superseded_at"] <= rows["predicted_at"])]
    rows["known_at"] = rows["known_at"].where(rows["known_at"] >= rows["predicted_at"], rows["predicted_at"])
    rows = rows.sort_values(["prediction_id", "known_at"], kind="stable", ignore_index=True)
    settled = (rows["state"] != "pending").astype("int64")
    rows["grade_version"] = settled.groupby(rows["prediction_id"], sort=False).cumsum().clip(lower=1)
    return rows


def grade_points(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Grades of points predictions, each with the `state`, `points` and `minutes` that it met, not yet conformed.

    Without a line nothing is won, lost or void (`no_line`); a PASS has its errors and is `no_bet`.
    """
    rows = with_close(rows, inputs)
    out = rows[[*ID, "player_id", *VERSION]].assign(target="points")
    settled, played = rows["state"] != "pending", (rows["state"] == "played").to_numpy()
    actual, line = floats(rows["points"]), floats(rows["line_value"])
    lined = np.isfinite(line)
    void = settled.to_numpy() & ~played & lined
    out["actual_points"], out["actual_minutes"] = rows["points"], rows["minutes"]
    out["played"] = pd.Series(played, index=rows.index, dtype="boolean").where(settled)
    out["outcome"] = np.select(
        [~settled, ~lined, void, actual == line, actual > line], ["pending", "no_line", "void", "push", "over"], "under"
    )
    out["result"] = _results(out["outcome"], rows["decision"])
    out["void_reason"] = rows["state"].where(void)
    out["profit"] = _profits(rows, out["result"])
    for name in CLOSE:
        out[name] = rows[name].where(settled & ~void)
    out["model_abs_error"] = np.abs(actual - floats(rows["points_q50"]))
    out["line_abs_error"] = np.abs(actual - floats(rows["consensus_line"]))
    out["signed_error"] = actual - floats(rows["points_mean"])
    return _rounded(_scored(out, rows, actual))


def _results(outcome: pd.Series[Any], bet: pd.Series[Any]) -> np.ndarray[Any, Any]:
    won = ((bet == "OVER") & (outcome == "over")) | ((bet == "UNDER") & (outcome == "under"))
    return np.select(
        [outcome.isin(["pending", "void"]), (outcome == "no_line") | (bet == "PASS"), outcome == "push", won],
        [outcome, "no_bet", "push", "win"],
        "loss",
    )


def _profits(rows: pd.DataFrame, result: pd.Series[Any]) -> Floats:
    """Units at the stored price; a push or a void returns the stake; NaN without a bet or while pending."""
    over = (rows["decision"] == "OVER").to_numpy()
    price = decision.decimal_price(np.where(over, floats(rows["over_price"]), floats(rows["under_price"])))
    bet = (rows["decision"] != "PASS").to_numpy()
    return np.select(
        [~bet, result == "win", result == "loss", result.isin(["push", "void"])],
        [np.nan, price - 1.0, -1.0, 0.0],
        np.nan,
    )


def _scored(out: pd.DataFrame, rows: pd.DataFrame, actual: Floats) -> pd.DataFrame:
    """With the proper scores: of P(over) given no push where there was none, of the distributions where he played."""
    over_or_under = out["outcome"].isin(["over", "under"]).to_numpy()
    over = (out["outcome"] == "over").to_numpy(dtype=float)
    p_over, p_under = floats(rows["p_over"]), floats(rows["p_under"])
    model = np.divide(p_over, p_over + p_under, out=np.full(len(out), np.nan), where=p_over + p_under > 0)
    for prefix, p in (("", model), ("market_", floats(rows["market_p_over"]))):
        use = over_or_under & np.isfinite(p)
        out[f"{prefix}log_loss"] = np.where(use, log_losses(p, over), np.nan)
        out[f"{prefix}brier"] = np.where(use, (p - over) ** 2, np.nan)
    for name in ("crps", "pinball", "covered", "coverage_expected", "market_crps"):
        out[name] = np.nan
    played = np.flatnonzero(np.isfinite(actual))
    share = floats(rows["short_share"])[played]
    own = _scores(rows.iloc[played], "points_mean", "dispersion", actual[played], share)
    for name in ("crps", "pinball", "covered", "coverage_expected"):
        out.loc[out.index[played], name] = own[name].to_numpy()
    lined = played[np.isfinite(floats(rows["baseline_mean"])[played])]
    market = _scores(rows.iloc[lined], "baseline_mean", "baseline_dispersion", actual[lined])
    out.loc[out.index[lined], "market_crps"] = market["crps"].to_numpy()
    out["covered"] = out["covered"].astype("boolean")
    return out


def _scores(rows: pd.DataFrame, mean: str, dispersion: str, actual: Floats, short: ArrayLike = 0.0) -> pd.DataFrame:
    return scores(floats(rows[mean]), floats(rows[dispersion]), actual, short)


def grade_games(rows: pd.DataFrame) -> pd.DataFrame:
    """Grades of game predictions, each with the `state` and the scores that it met, not yet conformed."""
    out = rows[[*ID, *VERSION]].assign(target="game")
    out["result"] = np.select([rows["state"] == "pending", rows["state"] == "played"], ["pending", "no_bet"], "void")
    out["void_reason"] = rows["state"].where(rows["state"].isin(facts.VOIDS))
    home, away = rows["home_score"].astype("Int64"), rows["away_score"].astype("Int64")
    out["margin"], out["total"] = home - away, home + away
    out["home_won"] = (out["margin"] > 0).astype("boolean")
    margin, total = floats(out["margin"]), floats(out["total"])
    won = (margin > 0).astype(float)
    for prefix, p in (("", floats(rows["p_home_win"])), ("market_", floats(rows["market_p_home"]))):
        use = np.isfinite(margin) & np.isfinite(p)
        out[f"{prefix}log_loss"] = np.where(use, log_losses(p, won), np.nan)
        out[f"{prefix}brier"] = np.where(use, (p - won) ** 2, np.nan)
    out["margin_abs_error"] = np.abs(margin - floats(rows["margin_q50"]))
    out["total_abs_error"] = np.abs(total - floats(rows["total_q50"]))
    out["market_margin_abs_error"] = np.abs(margin + floats(rows["home_spread"]))
    out["market_total_abs_error"] = np.abs(total - floats(rows["total_line"]))
    return _rounded(out)


def _rounded(out: pd.DataFrame) -> pd.DataFrame:
    numbers = out.select_dtypes("float64").columns
    out[numbers] = out[numbers].round(DECIMALS) + 0.0
    return out
