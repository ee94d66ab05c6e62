"""From probabilities and prices to OVER, UNDER or PASS: expected value, thresholds, reasons in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from nba_assets.contracts.nba_predictions.player_points_predictions import PASS_REASONS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Thresholds:
    """What a bet needs; they come from earlier folds and stand in the model card."""

    least_ev: float = 0.03
    """Units per unit staked."""
    least_ev_low: float = 0.0
    """The same at the worse end of the interval of what the evidence allows."""
    least_edge: float = 0.02
    """Distance of P(over) given no push to the market's."""
    least_books: int = 3
    least_quality: float = 70.0
    """feature_quality_score below it is low_quality."""
    least_games: int = 10
    """Played in this and the previous season together."""
    least_games_season: int = 3


def decimal_price(american: ArrayLike) -> Floats:
    """Decimal price of American ones: 1 + a/100 (a > 0) or 1 + 100/|a|; NaN stays NaN."""
    price = np.asarray(american, dtype=float)
    safe = np.where(price == 0, np.nan, price)
    return np.where(safe > 0, 1.0 + safe / 100.0, 1.0 + 100.0 / np.abs(safe))


def expected_values(
    p_over: Floats, p_under: Floats, over_price: ArrayLike, under_price: ArrayLike
) -> tuple[Floats, Floats]:
    """Expected profit of one unit on each side: p_over (d_o - 1) - p_under, p_under (d_u - 1) - p_over."""
    over = p_over * (decimal_price(over_price) - 1.0) - p_under
    under = p_under * (decimal_price(under_price) - 1.0) - p_over
    return over, under


def ev_interval(ev_over: Floats, ev_under: Floats, ends: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Least and largest EV of the side with the larger one, over the pairs (over, under) of `ends`; NaN stays NaN."""
    sides = np.stack([np.where(_over_is_better(ev_over, ev_under), *pair) for pair in ends])
    return sides.min(axis=0), sides.max(axis=0)


def _over_is_better(ev_over: Floats, ev_under: Floats) -> Bools:
    """Which side has the larger EV; NaN is less than any, and OVER is first among equals."""
    return np.asarray(np.nan_to_num(ev_over, nan=-np.inf) >= np.nan_to_num(ev_under, nan=-np.inf))


def shrink(p_raw: Floats, market: Floats, weight: float) -> Floats:
    """logit p = logit m + w (logit p_raw - logit m), all given no push; p_raw where the market says nothing."""
    if weight == 0.0:
        return np.where(np.isfinite(market), market, p_raw)
    mixed = _logit(market) + weight * (_logit(p_raw) - _logit(market))
    return np.where(np.isfinite(market), 1.0 / (1.0 + np.exp(-mixed)), p_raw)


def _logit(p: Floats) -> Floats:
    inside = np.clip(p, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(inside / (1.0 - inside)))


def decide(
    ev_over: Floats,
    ev_under: Floats,
    ev_low: Floats,
    p_no_push: Floats,
    market: Floats,
    flags: Mapping[str, Bools],
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Columns `decision` and `reasons` (list in the order of PASS_REASONS; empty for a bet), one row per prediction.

    `ev_low`: least EV of the better side (`ev_interval`). `flags` holds reasons found before prices were looked at. The
    side with the larger EV is bet if no reason stands against it; without an EV there is nothing to bet on, and a
    reason among the flags must say why (else `no_line`). Raises `ValueError` for a reason the contract does not know.
    """
    unknown = sorted(set(flags) - set(PASS_REASONS))
    if unknown:
        raise ValueError(f"reasons {', '.join(unknown)} are not in player_points_predictions.PASS_REASONS")
    best = np.fmax(ev_over, ev_under)
    priced = np.isfinite(best)
    found = dict(flags)
    enough = best >= thresholds.least_ev
    found["ev_small"] = priced & ~enough
    found["ev_uncertain"] = enough & ~(ev_low >= thresholds.least_ev_low)
    edge = np.round(np.abs(p_no_push - market), 9)
    found["edge_small"] = priced & ~(edge >= thresholds.least_edge)
    table = np.column_stack([found.get(name, np.zeros(len(best), dtype=bool)) for name in PASS_REASONS])
    unexplained = ~priced & ~table.any(axis=1)
    table[unexplained, PASS_REASONS.index("no_line")] = True
    passes = table.any(axis=1)
    side = np.where(_over_is_better(ev_over, ev_under), "OVER", "UNDER")
    names = np.asarray(PASS_REASONS, dtype=object)
    reasons = pd.Series([names[row].tolist() for row in table], dtype=object)
    return pd.DataFrame({"decision": np.where(passes, "PASS", side), "reasons": reasons})
