"""Settled predictions as rows of numbers to be added up: what the track record is the sums of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling import Inputs, alarms
from nba_assets.modeling.columns import floats, of
from nba_assets.modeling.compared_rows import against_the_market, compared_rows
from nba_assets.modeling.distribution import BANDS

COUNTS = ("n_rows", "n_lined", "n_bets", "wins", "losses", "pushes", "voids")
SUMS = (
    *COUNTS,
    *(name for name in alarms.SUMS if name not in COUNTS),
    "n_settled",
    "over_bets",
    "profit",
    "error_difference",
    "log_loss_difference",
    "crps_difference",
    "n_biased",
    "n_scored",
    "log_loss",
    "brier",
    "brier_with_market",
    "market_log_loss",
    "market_brier",
    "n_crps",
    "crps",
    "market_crps",
    "pinball",
    "n_covered",
    "covered",
    "n_nominal",
    "covered_expected",
    "n_no_line",
    "error_no_line",
    "log_loss_no_line",
    "n_clv",
    "clv",
)
"""Every number that is added up: counts, and sums over the rows that the count of the same group counts."""

TIP_BANDS = (0.0, 60.0, 180.0, 360.0)
"""Lower ends of the bands of minutes from the line's capture to the tip."""

FROM_PREDICTION = [
    "prediction_id",
    "decision",
    "consensus_line",
    "line_value",
    "minutes_to_tip",
    "points_mean",
    "points_q50",
    "p_over",
    "p_under",
    "market_p_over",
]
"""What alarms, segments and calibration read of a prediction; the rest is in its grade."""


def graded_rows(inputs: Inputs) -> pd.DataFrame:
    """One row per official prediction that is settled by its newest grade, sorted by date and id, and after them one
    per challenger's recipe and official prediction of players' points (`compared_rows`).

    Columns: game_date, season, target, run_kind, model_version, recipe (null for official rows), known_at, p (P(over)
    given no push, or P(home wins)), over (what it is the probability of happened: 1 or 0), side, line, tip (labels of
    segments, null where there is none), and SUMS.
    """
    grades = of(inputs, "prediction_grades")
    settled = grades[grades["superseded_at"].isna() & (grades["result"] != "pending")]
    rows = settled[settled["is_official"].fillna(False)]
    rows = rows.sort_values(["game_date", "prediction_id"], kind="stable", ignore_index=True)
    said = of(inputs, "player_points_predictions")[FROM_PREDICTION]
    rows = rows.assign(**against_the_market(rows))
    points, others = (
        part[part["target"] == "points"].merge(said, on="prediction_id", how="left", validate="many_to_one")
        for part in (rows, compared_rows(inputs, settled))
    )
    games = rows[rows["target"] == "game"].merge(
        of(inputs, "game_predictions")[["prediction_id", "p_home_win"]],
        on="prediction_id",
        how="left",
        validate="one_to_one",
    )
    parts = [part for part in (_points(points), _games(games), _points(others)) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else _points(points)


def _base(rows: pd.DataFrame) -> pd.DataFrame:
    out = rows[["game_date", "target", "run_kind", "model_version", "recipe", "known_at"]].copy()
    out["season"] = 2000 + rows["game_id"].str[3:5].astype("int64")
    for name in ("side", "line", "tip"):
        out[name] = pd.Series(pd.NA, index=rows.index, dtype="string[pyarrow]")
    return out.assign(**dict.fromkeys(SUMS, 0.0))


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    out = _base(rows)
    played = rows["played"].fillna(False).to_numpy(dtype=bool)
    lined = played & np.isin(rows["outcome"], ["over", "under", "push"])
    bet = rows["profit"].notna().to_numpy()
    out["n_rows"], out["n_lined"], out["n_bets"] = played, lined, bet
    for name, result in (("wins", "win"), ("losses", "loss"), ("pushes", "push"), ("voids", "void")):
        out[name] = rows["result"] == result
    out["n_decided"] = out["wins"] | out["losses"]
    out["n_settled"] = bet & ~out["voids"]
    out["over_bets"] = bet & (rows["decision"] == "OVER").fillna(False).to_numpy(dtype=bool)
    out["profit"] = rows["profit"].where(out["n_settled"], 0.0)
    p_over = floats(rows["p_over"])
    out["p"] = np.divide(p_over, p_over + floats(rows["p_under"]), out=np.full(len(rows), np.nan), where=lined)
    out["over"] = (rows["outcome"] == "over").to_numpy(dtype=float)
    facts = rows.assign(actual=floats(rows["actual_points"]), p_no_push=out["p"])[lined]
    sums = alarms.row_sums(facts)[["n_likely", "likely_hits", "n_far", "far_hits"]]
    out[sums.columns] = sums.reindex(out.index, fill_value=0.0)
    for name, error in (("abs", "model_abs_error"), ("line", "line_abs_error"), ("signed", "signed_error")):
        out[f"{name}_error"] = rows[error].where(lined, 0.0)
    out["error_difference"] = out["abs_error"] - rows["rival_abs_error"].where(lined, 0.0)
    out["n_biased"] = lined
    _scores(out, rows)
    out["n_crps"] = lined
    for name in ("crps", "pinball", "market_crps"):
        out[name] = rows[name].where(lined, 0.0)
    out["crps_difference"] = out["crps"] - rows["rival_crps"].where(lined, 0.0)
    out["covered"], out["n_covered"] = rows["covered"].fillna(False).to_numpy(dtype=bool), played
    nominal = rows["coverage_expected"].where(played)
    out["covered_expected"], out["n_nominal"] = nominal.fillna(0.0), nominal.notna()
    unlined = played & ~lined
    out["error_no_line"], out["n_no_line"] = rows["model_abs_error"].where(unlined, 0.0), unlined
    out["clv"], out["n_clv"] = rows["clv_points"].fillna(0.0), rows["clv_points"].notna()
    out["side"] = rows["decision"].where(bet)
    out["line"] = _band_labels(rows["consensus_line"], BANDS)
    out["tip"] = _band_labels(rows["minutes_to_tip"], TIP_BANDS)
    return out


def _games(rows: pd.DataFrame) -> pd.DataFrame:
    out = _base(rows)
    final = rows["margin"].notna().to_numpy()
    lined = final & rows["market_margin_abs_error"].notna().to_numpy()
    out["n_rows"], out["n_lined"], out["voids"] = final, lined, rows["result"] == "void"
    error = rows["margin_abs_error"]
    out["abs_error"], out["line_error"] = error.where(lined, 0.0), rows["market_margin_abs_error"].where(lined, 0.0)
    out["error_difference"] = out["abs_error"] - out["line_error"]
    out["p"] = floats(rows["p_home_win"])
    out["over"] = rows["home_won"].fillna(False).to_numpy(dtype=float)
    _scores(out, rows)
    unlined = final & ~lined
    out["n_no_line"], out["error_no_line"] = unlined, error.where(unlined, 0.0)
    out["log_loss_no_line"] = rows["log_loss"].where(unlined, 0.0)
    return out


def _scores(out: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Log loss and Brier of all rows that have them, and again of those where the market has a probability."""
    scored = rows["log_loss"].notna()
    priced = scored & rows["market_log_loss"].notna()
    out["n_scored"], out["n_market"] = scored, priced
    for name in ("log_loss", "brier"):
        out[name] = rows[name].where(scored, 0.0)
        out[f"{name}_with_market"] = rows[name].where(priced, 0.0)
        out[f"market_{name}"] = rows[f"market_{name}"].where(priced, 0.0)
    out["log_loss_difference"] = out["log_loss_with_market"] - rows["rival_log_loss"].where(priced, 0.0)


def _band_labels(values: pd.Series[Any], lows: tuple[float, ...]) -> pd.Series[Any]:
    """`8-12`, and `25+` for the last, by the band each value lies in; null for null."""
    names = [f"{low:g}-{high:g}" for low, high in itertools.pairwise(lows)]
    at = np.searchsorted(np.asarray(lows), np.nan_to_num(floats(values)), side="right") - 1
    labels = np.asarray([*names, f"{lows[-1]:g}+"], dtype=object)[np.maximum(at, 0)]
    return pd.Series(labels, index=values.index, dtype="string[pyarrow]").where(values.notna())


def segments(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """`all` and its rows, then side=…, line=… and tip=… with theirs, in the order of their names."""
    yield "all", rows
    for name in ("side", "line", "tip"):
        for label, part in rows.groupby(name, sort=True):
            yield f"{name}={label}", part
