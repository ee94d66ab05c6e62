"""PASS analysis: why nothing was bet, how often, and what would have happened if it had been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nba_assets.contracts.nba_predictions.player_points_predictions import PASS_REASONS
from nba_assets.evaluation.measures import Figure, Measure, figures
from nba_assets.modeling.columns import floats
from nba_assets.modeling.decision import decimal_price
from nba_assets.modeling.model_performance_daily import LEAST_BETS

MEASURES = (
    Measure("hit_rate", "would_win", "would_decide", "fraction", "share won of the side it leaned to", 0.0, 1.0),
    Measure("roi", "would_profit", "would_settle", "units", "profit of one unit at the stored best price", -1.0),
)
BETS = "no reason: bet"


@dataclass(frozen=True)
class Passed:
    """Rows with a reason: how many, with no other reason, lined rows of players who played; what a bet would have
    been worth. `insufficient` under 300 of those."""

    reason: str
    n: int
    alone: int
    n_played: int
    hit_rate: Figure
    roi: Figure
    verdict: str


def passes(rows: pd.DataFrame) -> list[Passed]:
    """Of `judged` rows: each reason that occurs in the order of PASS_REASONS, then the bets for comparison.

    The side that would have been bet has the larger expected value, or without one the larger probability.
    """
    leaned = rows.join(would(rows))
    reasons = rows["reasons"].map(list)
    named = [(reason, pd.Series([reason in own for own in reasons], rows.index)) for reason in PASS_REASONS]
    named.append((BETS, reasons.map(len) == 0))
    named = [(reason, has) for reason, has in named if has.any()]
    found = figures(leaned, [np.flatnonzero(has.to_numpy(dtype=bool)) for _, has in named], MEASURES)
    return [
        Passed(
            reason,
            int(has.sum()),
            int((has & (reasons.map(len) == 1)).sum()),
            int(leaned.loc[has, "n_lined"].sum()),
            each["hit_rate"],
            each["roi"],
            "insufficient" if each["hit_rate"].n < LEAST_BETS else "",
        )
        for (reason, has), each in zip(named, found, strict=True)
    ]


def would(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns would_decide, would_win, would_settle, would_profit: of the side that each lined row leaned to.

    Profit only where both prices are a sportsbook's: a pick'em price is for no single bet.
    """
    lined = rows["lined"].to_numpy(dtype=bool)
    over_value, under_value = floats(rows["ev_over"]), floats(rows["ev_under"])
    valued = np.isfinite(over_value) & np.isfinite(under_value)
    over = np.where(valued, over_value >= under_value, floats(rows["p"]) >= 0.5)
    price = decimal_price(np.where(over, floats(rows["over_price"]), floats(rows["under_price"])))
    went_over = floats(rows["over"])
    decided = lined & np.isfinite(went_over)
    won = decided & ((went_over == 1.0) == over)
    settled = lined & valued
    profit = np.select([settled & won, settled & decided], [price - 1.0, np.full(len(rows), -1.0)], 0.0)
    columns = {"would_decide": decided, "would_win": won, "would_settle": settled, "would_profit": profit}
    return pd.DataFrame({name: np.asarray(values, dtype=float) for name, values in columns.items()}, index=rows.index)
