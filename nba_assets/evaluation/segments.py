"""The measures by segment, with the false-discovery rate of what looks special among so many."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr
from scipy.stats import false_discovery_control

from nba_assets.evaluation.measures import BY_NAME, Figure, figures, number
from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import BANDS
from nba_assets.modeling.gates import clustered_se
from nba_assets.modeling.graded_rows import TIP_BANDS
from nba_assets.modeling.model_performance_daily import LEAST_BETS
from nba_assets.modeling.resampling import Ints

BOOK_BANDS = (1.0, 3.0, 5.0, 7.0)
"""Lower ends of the bands of books in the consensus."""
LEAST_ROWS, LEAST_DATES = 300, 10
"""Lined rows and dates below which a segment's error is not tested."""
DISCOVERY = 0.05
"""Largest q-value that is a finding."""
SHOWN = ("mae", "line_mae", "mae_diff", "mae_no_line_diff", "bias", "log_loss_diff", "crps_ratio", "coverage_diff")
BETTING = ("hit_rate", "roi", "clv")


@dataclass(frozen=True)
class Segment:
    """One segment of lined rows: SHOWN and BETTING figures, q-values of mae_diff ≠ 0 and of roi ≠ 0, its verdict.

    Below 300 settled bets `verdict` is insufficient, hit rate and ROI are None and there is no q-value: it is not to be
    ranked by them. Else the q-value of ROI decides: ahead, behind or level.
    """

    dimension: str
    name: str
    figures: dict[str, Figure]
    n_bets: int
    q_mae_diff: float | None
    q_roi: float | None
    verdict: str


def segments(rows: pd.DataFrame) -> list[Segment]:
    """Segments of `judged` rows with `home` (bool or null) and `family`, in the order of dimension and name."""
    lined = rows[rows["lined"]].reset_index(drop=True)
    named = [(dimension, name, index) for dimension, name, index in _groups(lined) if len(index)]
    found = figures(lined, [index for *_, index in named], [BY_NAME[name] for name in (*SHOWN, *BETTING)])
    q_error = q_values([p_value(lined.iloc[index], "n_lined", LEAST_ROWS, _error) for *_, index in named])
    q_profit = q_values([p_value(lined.iloc[index], "n_settled", LEAST_BETS, _profit) for *_, index in named])
    return [
        _segment(dimension, name, each, q_error[n], q_profit[n])
        for n, ((dimension, name, _), each) in enumerate(zip(named, found, strict=True))
    ]


def _segment(dimension: str, name: str, found: dict[str, Figure], error: float | None, profit: float | None) -> Segment:
    roi = found["roi"]
    verdict = "level"
    if roi.n < LEAST_BETS or roi.value is None:
        verdict = "insufficient"
        found = found | {
            name: Figure(None, None, None, found[name].n, found[name].dates) for name in ("hit_rate", "roi")
        }
    elif profit is not None and profit <= DISCOVERY:
        verdict = "ahead" if roi.value > 0 else "behind"
    return Segment(dimension, name, found, roi.n, error, profit, verdict)


def labels(rows: pd.DataFrame) -> Iterator[tuple[str, pd.Series[Any]]]:
    """Every dimension with each row's label; null where a row is in none of its segments."""
    yield "side", rows["decision"].where(rows["decision"] != "PASS")
    above = floats(rows["points_q50"]) - floats(rows["consensus_line"])
    yield "median", pd.Series(np.select([above > 0, above < 0], ["above the line", "below"], "at it"), index=rows.index)
    yield "line", banded(rows["consensus_line"], BANDS)
    yield "minutes to tip", banded(rows["minutes_to_tip"], TIP_BANDS)
    yield "books", banded(rows["n_books"], BOOK_BANDS)
    yield "line source", rows["line_source"]
    yield "injury status", rows["injury_status"].fillna("none reported")
    yield "home", rows["home"].map({True: "home", False: "away"})
    yield "model", rows["family"]
    yield "month", rows["game_date"].dt.strftime("%Y-%m")
    yield "team", rows["team"]


def banded(values: pd.Series[Any], lows: tuple[float, ...]) -> pd.Series[Any]:
    """`8 to <12`, and `25+` for the last, by the band each value lies in; null for null or below the first."""
    names = [f"{low:g} to <{high:g}" for low, high in itertools.pairwise(lows)] + [f"{lows[-1]:g}+"]
    numbers = floats(values)
    at = np.searchsorted(np.asarray(lows), np.nan_to_num(numbers, nan=-np.inf), side="right") - 1
    found = pd.Series(np.asarray(names, dtype=object)[np.maximum(at, 0)], index=values.index)
    return found.where(at >= 0)


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, Ints]]:
    for dimension, label in labels(rows):
        kinds = pd.unique(label.dropna().astype(str))
        text = label.astype("string")
        for name in sorted(kinds, key=_in_order):
            yield dimension, name, np.flatnonzero((text == name).fillna(False).to_numpy(dtype=bool))


def _in_order(name: str) -> tuple[float, str]:
    """Bands by their lower end, other names by themselves."""
    head = name.split(" ")[0].rstrip("+")
    return (float(head), name) if head.replace(".", "", 1).isdigit() else (-1.0, name)


def _error(rows: pd.DataFrame) -> Any:
    return (rows["abs_error"] - rows["line_error"]).to_numpy(dtype=float)


def _profit(rows: pd.DataFrame) -> Any:
    return rows["profit"].to_numpy(dtype=float)


def p_value(rows: pd.DataFrame, count: str, least: int, of: Any) -> float | None:
    """Two-sided p of mean = 0 over the counted rows, dates as clusters (t with dates − 1); None under `least` rows."""
    use = rows[rows[count] > 0]
    dates = use["game_date"].nunique()
    if len(use) < least or dates < LEAST_DATES:
        return None
    values = of(use)
    error = clustered_se(values, use["game_date"].to_numpy())
    if error == 0.0:
        return 1.0 if values.mean() == 0.0 else 0.0
    return float(2.0 * stdtr(dates - 1, -abs(values.mean()) / error))


def q_values(p: list[float | None]) -> list[float | None]:
    """Benjamini-Hochberg q-values of the p that there are, in their places."""
    known = [value for value in p if value is not None]
    if not known:
        return [None] * len(p)
    adjusted = iter(false_discovery_control(known, method="bh"))
    return [None if value is None else number(float(next(adjusted))) for value in p]
