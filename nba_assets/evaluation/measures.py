"""Sums over sums with 95 % intervals by resampling dates, for many groups of rows at once.

Model and market are summed over the same rows of a group, so every difference is paired.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import DECIMALS
from nba_assets.modeling.resampling import MICRO, Ints, intervals, micro


@dataclass(frozen=True)
class Figure:
    """A number with its 95 % interval and the rows and dates that it is of; None where there is nothing to say."""

    value: float | None
    lo: float | None
    hi: float | None
    n: int
    dates: int


@dataclass(frozen=True)
class Measure:
    """sum(top) / sum(bottom) over the rows that `count` counts; `top` may be a difference of two sums.

    The interval is kept within low … high, which the figure itself cannot pass.
    """

    name: str
    top: str | tuple[str, str]
    bottom: str
    unit: str
    meaning: str
    low: float = -np.inf
    high: float = np.inf
    counted_by: str = ""

    @property
    def count(self) -> str:
        return self.counted_by or self.bottom


def _pair(name: str, top: str, bottom: str, unit: str, meaning: str, high: float = np.inf) -> tuple[Measure, ...]:
    """A score, the market's on the same rows, and model minus market."""
    return (
        Measure(name, top, bottom, unit, meaning, 0.0, high),
        Measure(f"market_{name}", f"market_{top}", bottom, unit, f"the market's {meaning}", 0.0, high),
        Measure(f"{name}_diff", (top, f"market_{top}"), bottom, unit, f"{meaning}, model − market"),
    )


MEASURES: tuple[Measure, ...] = (
    Measure("mae", "abs_error", "n_lined", "points", "MAE of the median", 0.0),
    Measure("line_mae", "line_error", "n_lined", "points", "MAE of the consensus line", 0.0),
    Measure("mae_diff", ("abs_error", "line_error"), "n_lined", "points", "MAE of the median − line MAE"),
    Measure("mae_no_line", "own_error", "n_own", "points", "MAE of the median made without the line", 0.0),
    Measure(
        "mae_no_line_diff",
        ("own_error", "own_line_error"),
        "n_own",
        "points",
        "MAE of the median made without the line − line MAE",
    ),
    Measure("bias", "signed_error", "n_lined", "points", "bias: mean of actual − points_mean"),
    *_pair("log_loss", "log_loss", "n_market", "nats", "log loss of P(over)"),
    *_pair("brier", "brier", "n_market", "", "Brier score of P(over)", 1.0),
    *_pair("crps", "crps", "n_lined", "points", "CRPS"),
    Measure("crps_ratio", "crps", "market_crps", "", "CRPS / CRPS of the market baseline", 0.0, counted_by="n_lined"),
    Measure("pinball", "pinball", "n_lined", "points", "mean pinball loss over 0.05 … 0.95", 0.0),
    Measure("coverage", "covered", "n_lined", "fraction", "share within q10 … q90", 0.0, 1.0),
    Measure(
        "coverage_nominal",
        "coverage_nominal",
        "n_lined",
        "fraction",
        "nominal coverage: the rows' own probability",
        0.0,
        1.0,
    ),
    Measure("coverage_diff", ("covered", "coverage_nominal"), "n_lined", "fraction", "coverage − nominal"),
    Measure("hit_rate", "wins", "n_decided", "fraction", "hit rate of bets: won / (won + lost)", 0.0, 1.0),
    Measure("roi", "profit", "n_settled", "units", "profit of a bet at the stored best price (ROI)", -1.0),
    Measure(
        "roi_median_book", "profit_median", "n_settled", "units", "profit of a bet at the median book's price", -1.0
    ),
    Measure("clv", "clv", "n_clv", "points", "mean closing-line value of the bets that have a close"),
    Measure("clv_p", "clv_p", "n_clv_p", "fraction", "CLV in probability, where the close is at the bet's line"),
    Measure("unlined_mae", "unlined_error", "n_unlined", "points", "MAE of the median on rows without a line", 0.0),
    Measure("unlined_bias", "unlined_signed", "n_unlined", "points", "bias on rows without a line"),
    Measure("unlined_crps", "unlined_crps", "n_unlined", "points", "CRPS on rows without a line", 0.0),
    Measure("unlined_coverage", "unlined_covered", "n_unlined", "fraction", "coverage without a line", 0.0, 1.0),
    Measure(
        "unlined_coverage_nominal",
        "unlined_nominal",
        "n_unlined",
        "fraction",
        "nominal coverage without a line",
        0.0,
        1.0,
    ),
)
"""Every figure that is a sum over a sum, in the order in which it is shown."""

BY_NAME = {measure.name: measure for measure in MEASURES}


def figures(
    rows: pd.DataFrame, groups: Sequence[Ints], measures: Sequence[Measure] = MEASURES
) -> list[dict[str, Figure]]:
    """The measures of each group of rows (positions); rows have game_date and the columns that the measures add up."""
    series = [_by_date(rows, group, measures) for group in groups]
    asked = [(each, measure) for each in series for measure in measures]
    if not asked:
        return []
    tops = [each.top(measure) for each, measure in asked]
    bottoms = [each.sums[measure.bottom] for each, measure in asked]
    ends = np.cumsum([0, *(len(top) for top in tops)])
    low, high = intervals(np.concatenate(tops), np.concatenate(bottoms), ends[:-1], ends[1:])
    found: list[dict[str, Figure]] = [{} for _ in groups]
    for index, (each, measure) in enumerate(asked):
        below = int(bottoms[index].sum())
        value = float(tops[index].sum() / below) if below else math.nan
        counted = each.sums[measure.count]
        found[index // len(measures)][measure.name] = Figure(
            number(value),
            number(float(np.clip(low[index], measure.low, measure.high))),
            number(float(np.clip(high[index], measure.low, measure.high))),
            int(counted.sum() // MICRO),
            int((counted > 0).sum()),
        )
    return found


@dataclass(frozen=True)
class _Series:
    """Sums of one group by date, in whole millionths."""

    sums: Mapping[str, Ints]

    def top(self, measure: Measure) -> Ints:
        if isinstance(measure.top, str):
            return self.sums[measure.top]
        model, market = measure.top
        return np.asarray(self.sums[model] - self.sums[market])


def _by_date(rows: pd.DataFrame, group: Ints, measures: Sequence[Measure]) -> _Series:
    names = dict.fromkeys(
        name
        for measure in measures
        for name in (*((measure.top,) if isinstance(measure.top, str) else measure.top), measure.bottom, measure.count)
    )
    part = rows.iloc[group]
    date, code = np.unique(part["game_date"].to_numpy(), return_inverse=True)
    sums: dict[str, Any] = {}
    for name in names:
        total = np.zeros(len(date), dtype=np.int64)
        np.add.at(total, code, micro(part[name].to_numpy(dtype=float)))
        sums[name] = total
    return _Series(sums)


def number(value: float) -> float | None:
    """A rounded number, None for NaN or infinity."""
    return round(float(value), DECIMALS) + 0.0 if math.isfinite(value) else None
