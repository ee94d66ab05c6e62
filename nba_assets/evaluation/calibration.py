"""Whether P(over) is what happens: calibration error against its own noise, recalibration slope, reliability, PIT."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, stdtrit
from sklearn.linear_model import LogisticRegression

from nba_assets.evaluation.judged import at_or_below
from nba_assets.evaluation.measures import Figure, Measure, figures, number
from nba_assets.modeling.distribution import BANDS, Floats, band
from nba_assets.modeling.gates import BINS, REDRAWS, ece, ece_limit
from nba_assets.modeling.resampling import FEW_DATES, LEVELS, SEED, draw_counts

LEAST_FOR_SLOPE = 100
"""Rows below which no recalibration is fitted."""
LEAST_SPREAD = 1e-3
"""Standard deviation of logit p below which all p are one: no slope can be told."""


@dataclass(frozen=True)
class Bin:
    """Rows of similar p: their number, mean p, share over, and where 95 % of such shares lie if p is true."""

    n: int
    p: float
    hit: float
    lo: float
    hi: float


@dataclass(frozen=True)
class BandShare:
    """Rows of one band of the line: mean P(over), and the share that went over with its interval."""

    name: str
    p: float
    hit: Figure


@dataclass(frozen=True)
class Calibration:
    """Of n rows without a push: ECE and the 95 % quantile of its redraws, slope and intercept, equal-count bins."""

    n: int
    dates: int
    ece: float | None
    ece_noise: float | None
    slope: Figure
    intercept: Figure
    bins: tuple[Bin, ...]


def calibration(rows: pd.DataFrame) -> Calibration:
    """Of rows with game_date, `p` and `over` (1 or 0)."""
    p, over = rows["p"].to_numpy(dtype=float), rows["over"].to_numpy(dtype=float)
    dates = rows["game_date"].to_numpy()
    enough = len(rows) >= BINS
    slope, intercept = recalibration(p, over, dates)
    return Calibration(
        n=len(rows),
        dates=len(np.unique(dates)),
        ece=number(ece(p, over)) if enough else None,
        ece_noise=number(ece_limit(p)) if enough else None,
        slope=slope,
        intercept=intercept,
        bins=reliability(p, over) if enough else (),
    )


def recalibration(p: Floats, over: Floats, dates: NDArray[np.datetime64]) -> tuple[Figure, Figure]:
    """Slope and intercept of a logistic regression of what happened on logit p: 1 and 0 for calibrated p (Cox 1958).

    Interval: dates are drawn, and each draw's estimate is one Newton step from that of all rows (Davidson and
    MacKinnon 1999); under 30 dates it is widened as all intervals are. None under 100 rows, for one p or one outcome.
    """
    date, code = np.unique(dates, return_inverse=True)
    x = np.asarray(logit(np.clip(p, 1e-6, 1.0 - 1e-6)))
    nothing = Figure(None, None, None, len(p), len(date))
    if len(p) < LEAST_FOR_SLOPE or len(np.unique(over)) < 2 or x.std() < LEAST_SPREAD:
        return nothing, nothing
    fitted = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(x[:, None], over)
    found = np.asarray([fitted.intercept_[0], fitted.coef_[0, 0]])
    low, high = _drawn(found, x, over, code, len(date))
    intercept, slope = (Figure(number(found[n]), number(low[n]), number(high[n]), len(p), len(date)) for n in range(2))
    return slope, intercept


def _drawn(found: Floats, x: Floats, over: Floats, code: NDArray[np.int64], dates: int) -> tuple[Floats, Floats]:
    """Ends of the intervals of intercept and slope; NaN under two dates."""
    if dates < 2:
        return np.full(2, np.nan), np.full(2, np.nan)
    design = np.column_stack([np.ones(len(x)), x])
    expected = expit(design @ found)
    score, information = np.zeros((dates, 2)), np.zeros((dates, 2, 2))
    np.add.at(score, code, design * (over - expected)[:, None])
    weight = (expected * (1.0 - expected))[:, None, None]
    np.add.at(information, code, design[:, :, None] * design[:, None, :] * weight)
    weights = draw_counts(dates)
    inverse = np.linalg.pinv(np.einsum("bg,gij->bij", weights, information), hermitian=True)
    steps = np.einsum("bij,bj->bi", inverse, weights @ score)
    ends = np.quantile(found + steps, LEVELS, axis=0)
    wider = float(stdtrit(dates - 1, LEVELS[1])) / 1.96 if dates < FEW_DATES else 1.0
    return found - (found - ends[0]) * wider, found + (ends[1] - found) * wider


def reliability(p: Floats, over: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """Equal-count bins in order of p; their consistency band by redrawing outcomes from p (Bröcker and Smith 2007)."""
    order = np.argsort(p, kind="stable")
    rng = np.random.default_rng(SEED)
    found = []
    for part in np.array_split(order, bins):
        own = p[part]
        drawn = (rng.random((REDRAWS, len(part))) < own).mean(axis=1)
        low, high = np.quantile(drawn, LEVELS)
        found.append(Bin(len(part), float(own.mean()), float(over[part].mean()), float(low), float(high)))
    return tuple(found)


def pit(rows: pd.DataFrame, bins: int = BINS) -> list[Figure]:
    """Share of the probability integral transform in each of `bins` equal parts of 0 … 1; 1/bins if calibrated.

    rows: players who played, with game_date, actual, points_mean, dispersion. Points are counts, whose PIT is not
    uniform even for the true distribution. Hence the non-randomised PIT of Czado, Gneiting and Held (2009,
    Biometrics 65): a row's mass is spread evenly between F(actual − 1) and F(actual), which is the mean of the
    randomised one over all its draws, and the same in every run.
    """
    actual = rows["actual"].to_numpy(dtype=float)
    below, upto = at_or_below(rows, actual - 1.0), at_or_below(rows, actual)
    width = np.maximum(upto - below, 1e-12)
    edges = np.linspace(0.0, 1.0, bins + 1)
    reached = np.clip((edges[None, :] - below[:, None]) / width[:, None], 0.0, 1.0)
    shares = pd.DataFrame(np.diff(reached, axis=1), columns=[f"bin_{n}" for n in range(bins)])
    shares["game_date"], shares["n"] = rows["game_date"].to_numpy(), 1.0
    measures = [Measure(f"bin_{n}", f"bin_{n}", "n", "fraction", "share", 0.0, 1.0) for n in range(bins)]
    found = figures(shares, [np.arange(len(rows))], measures)
    return list(found[0].values())


def by_line_band(rows: pd.DataFrame) -> list[BandShare]:
    """Of rows with game_date, consensus_line, `p` and `over` (1 or 0): the bands that have any."""
    at = band(rows["consensus_line"].to_numpy(dtype=float))
    groups = [(index, np.flatnonzero(at == index)) for index in range(len(BANDS))]
    groups = [(index, group) for index, group in groups if len(group)]
    shares = rows.assign(n=1.0)
    measure = Measure("hit", "over", "n", "fraction", "share over", 0.0, 1.0)
    found = figures(shares, [group for _, group in groups], [measure])
    ends = [f"{low:g}-{high:g}" for low, high in itertools.pairwise(BANDS)] + [f"{BANDS[-1]:g}+"]
    return [
        BandShare(ends[index], float(rows["p"].to_numpy(dtype=float)[group].mean()), each["hit"])
        for (index, group), each in zip(groups, found, strict=True)
    ]


def contains(figure: Figure, value: float) -> bool | None:
    """Whether the interval holds the value; None without one."""
    if figure.lo is None or figure.hi is None:
        return None
    return figure.lo <= value <= figure.hi
