"""What is too good to be true, or has drifted: alarms on sums of graded rows, many samples at once.

A sample is a held-out fold or a window of the track record. `Sums` are arrays of one number a sample, so that the
gate of one fold and the alarms of a season's windows are the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from nba_assets.modeling.distribution import Floats, log_losses

Bools = NDArray[np.bool_]

LEAST_ROWS = 500
"""Lined rows below which a difference of MAE is noise; two-sided rows below which a log loss is."""
LEAST_HITS = 1_000
LEAST_FAR = 300
FAR = 3.0
"""Points between the mean and the line from which an edge is large."""
LEAST_GAMES = 1_000
COVERAGE_FELL = 0.6
"""Share of the season's line coverage under which a week's is an alarm."""
MISCOVERED = 0.05
"""Distance of the share within q10 to q90 to the distributions' own, as in the gate."""
ABOVE_NOISE = 1.5
"""Times the 95 % noise: a calibrated model passes the noise itself on one date in twenty, this on none."""
ONE_SIDE, SURE = 0.7, 0.001
"""A side has more than this share of the bets, by the exact binomial's upper tail."""

SUMS = (
    "n_lined",
    "abs_error",
    "line_error",
    "signed_error",
    "n_likely",
    "likely_hits",
    "n_decided",
    "wins",
    "n_far",
    "far_hits",
    "n_market",
    "log_loss_with_market",
)
"""Points: lined rows who played, their errors; hits of the likelier side (no pushes), of the bets (won or lost), of the
side of the mean where it is `FAR` from the line; log loss of rows with a market probability."""


def row_sums(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns `SUMS` of lined rows who played, to be added up over a sample.

    rows: actual, consensus_line, line_value, market_p_over, points_mean, points_q50, p_no_push, and decision (else
    nobody bet), floats.
    """
    actual, line = rows["actual"].to_numpy(dtype=float), rows["line_value"].to_numpy(dtype=float)
    mean, p = rows["points_mean"].to_numpy(dtype=float), rows["p_no_push"].to_numpy(dtype=float)
    decided, over = np.isfinite(line) & np.isfinite(p) & (actual != line), actual > line
    bet = rows["decision"].fillna("PASS") if "decision" in rows.columns else pd.Series("PASS", index=rows.index)
    backs_over = (bet == "OVER").to_numpy(dtype=bool)
    betting = decided & (bet != "PASS").to_numpy(dtype=bool)
    far = decided & (np.abs(mean - line) >= FAR)
    priced = decided & np.isfinite(rows["market_p_over"].to_numpy(dtype=float))
    columns = {
        "n_lined": np.ones(len(rows)),
        "abs_error": np.abs(actual - rows["points_q50"].to_numpy(dtype=float)),
        "line_error": np.abs(actual - rows["consensus_line"].to_numpy(dtype=float)),
        "signed_error": actual - mean,
        "n_likely": decided,
        "likely_hits": decided & ((p >= 0.5) == over),
        "n_decided": betting,
        "wins": betting & (backs_over == over),
        "n_far": far,
        "far_hits": far & ((mean > line) == over),
        "n_market": priced,
        "log_loss_with_market": np.where(priced, log_losses(p, over), 0.0),
    }
    return pd.DataFrame({name: np.asarray(values, dtype=float) for name, values in columns.items()}, index=rows.index)


def leaks(sums: Mapping[str, Floats], lined_model: bool = True) -> dict[str, Bools]:
    """Per leak alarm, whether each sample raises it. Any of them on real data means that a model saw the answer."""
    n = sums["n_lined"]
    gain = _mean(sums["line_error"] - sums["abs_error"], n)
    found = {
        "mae_too_good": (n >= LEAST_ROWS) & (gain > 0.25),
        "bet_hit_rate_too_good": _rate_above(sums["wins"], sums["n_decided"], 0.56, LEAST_HITS),
        "hit_rate_too_good": _rate_above(sums["likely_hits"], sums["n_likely"], 0.56, LEAST_HITS),
        "edge_hit_rate_too_good": _rate_above(sums["far_hits"], sums["n_far"], 0.65, LEAST_FAR),
        "log_loss_too_good": (sums["n_market"] >= LEAST_ROWS)
        & (_mean(sums["log_loss_with_market"], sums["n_market"]) < 0.680),
    }
    if not lined_model:
        found["mae_without_line_too_good"] = (n >= LEAST_HITS) & (gain > 0.05)
    return found


ONE_SIDED = 1.645
"""Normal deviate with 5 % beyond it."""
GAME_LIMITS = {"game_log_loss_too_good": 0.605, "game_margin_mae_too_good": 10.3}
"""Nats and points below which no honest model of games without lines gets in the long run."""
GAME_SPREAD = {"game_log_loss_too_good": 0.37, "game_margin_mae_too_good": 8.7}
"""Standard deviations of one game's, 2024-25. A season may be below the limit by chance: even Elo was in that one."""


def game_leaks(n: Floats, log_loss: Floats, margin_error: Floats) -> dict[str, Bools]:
    """The same for games without lines: their number, sums of log losses (nats) and of margin errors (points).

    Raised below the limit by more than one in twenty such samples of a model at the limit is.
    """
    enough = n >= LEAST_GAMES
    return {
        name: enough & (_mean(total, n) < GAME_LIMITS[name] - ONE_SIDED * GAME_SPREAD[name] / np.sqrt(np.maximum(n, 1)))
        for name, total in (("game_log_loss_too_good", log_loss), ("game_margin_mae_too_good", margin_error))
    }


def biased(sums: Mapping[str, Floats]) -> dict[str, Bools]:
    """Whether the mean is off by more than half a point: a stale model, or a league that changed."""
    n = sums["n_lined"]
    return {"bias": (n >= LEAST_HITS) & (np.abs(_mean(sums["signed_error"], n)) > 0.5)}


def miscovered(n: Floats, coverage: Floats, nominal: Floats) -> dict[str, Bools]:
    """Whether of `n` rows far more or fewer are within q10 to q90 than the distributions say (shares of rows)."""
    return {"coverage": (n >= LEAST_HITS) & (np.abs(coverage - nominal) > MISCOVERED)}


def miscalibrated(n: Floats, ece: Floats, noise: Floats) -> dict[str, Bools]:
    """Whether P(over) of `n` rows is further off than chance explains; `noise`: its 95 % quantile."""
    return {"calibration": (n >= LEAST_HITS) & (ece > ABOVE_NOISE * noise)}


def one_sided(sums: Mapping[str, Floats]) -> dict[str, Bools]:
    """Whether nearly all bets are on one side: a bias of the model or of the market, or a broken line.

    The chance of as many on the larger side, or more, if `ONE_SIDE` of all were meant to be there, is below `SURE`.
    """
    bets, over = sums["n_bets"], sums["over_bets"]
    larger = np.maximum(over, bets - over)
    return {"one_sided": (bets > 0) & (binom.sf(larger - 1, bets, ONE_SIDE) < SURE)}


def all_pass(lined: Floats, bets: Floats, season_bets: Floats) -> Bools:
    """Whether of so many lined rows not one was bet on, in a season that had bets."""
    return np.asarray((lined >= LEAST_ROWS) & (bets == 0) & (season_bets > 0))


def coverage_fell(n: Floats, coverage: Floats, usual: Floats) -> Bools:
    """Whether far fewer of `n` rows have a line than usual (shares of rows): a feed that dried up unseen."""
    return np.asarray((n >= LEAST_ROWS) & (coverage < COVERAGE_FELL * usual))


def _mean(total: Floats, n: Floats) -> Floats:
    return np.asarray(np.divide(total, n, out=np.full(np.shape(n), np.nan), where=n > 0))


def _rate_above(hits: Floats, n: Floats, limit: float, least: int) -> Bools:
    return np.asarray((n >= least) & (_mean(hits, n) > limit))
