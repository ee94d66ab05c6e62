"""Points as a negative binomial: mean mu, variance mu + a mu^2, a by band of the line; or a mixture of two.

Of the mixture a share `short` of nights is short (foul trouble, an injury, a game that is over early): there the mean
is SHORT_FACTOR of the ordinary night's. mu is the mean of both together. `short` 0 is the plain negative binomial.

With n = 1/a and p = 1/(1 + a mu), P(X = 0) = p^n and P(k+1)/P(k) = (k + n)/(k + 1) (1 - p). Arrays are one row per
player; every row is computed from its own parameters alone, so any subset gives the same numbers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

Floats = NDArray[np.float64]

BANDS: tuple[float, ...] = (0.0, 8.0, 12.0, 20.0, 25.0)
"""Lower ends of the line bands [0,8) [8,12) [12,20) [20,25) [25,inf), in points."""

START_DISPERSION: tuple[float, ...] = (0.42, 0.22, 0.12, 0.07, 0.06)
"""a by band before there are rows to fit it; measured on the real lines of 2024-25."""

SUPPORT = 100
"""Points are 0 .. SUPPORT; the rest of the tail (below 1e-9 for any real line) belongs to SUPPORT."""

LEAST_MEAN = 0.05
"""Smallest mean: a distribution around 0 points still exists."""

DECIMALS = 6
"""Stored numbers are rounded to this: equal rows stay equal bytes on machines with other vector units."""


SHORT_SHARE = 0.08
SHORT_FACTOR = 0.4
SHORT_DISPERSION = 0.5
"""Share of short nights, their mean over an ordinary one's, and their a; chosen on the real lines of 2024-25."""
ORDINARY = 0.75
"""a of the ordinary nights over the a of all: the short nights carry the rest of the variance."""


def ordinary_mean(mu: ArrayLike, short: ArrayLike = 0.0) -> Floats:
    """The ordinary night's mean, of the mean of all nights."""
    share = np.asarray(short, dtype=float)
    return np.asarray(np.maximum(np.asarray(mu, dtype=float), LEAST_MEAN) / (1.0 - share + share * SHORT_FACTOR))


def band(line: ArrayLike, lower_ends: Sequence[float] = BANDS) -> NDArray[np.int64]:
    """Index of each line's or mean's band, in points; null (NaN) lies in the first."""
    values = np.nan_to_num(np.asarray(line, dtype=float), nan=0.0)
    found = np.searchsorted(np.asarray(lower_ends), values, side="right") - 1
    return np.asarray(np.clip(found, 0, len(lower_ends) - 1))


def pmf(mu: ArrayLike, a: ArrayLike, short: ArrayLike = 0.0, support: int = SUPPORT) -> Floats:
    """P(X = k) for k = 0 .. support, shape (rows, support + 1); the tail above is added to the last."""
    mean = ordinary_mean(mu, short)
    share = np.broadcast_to(np.asarray(short, dtype=float), mean.shape)
    out = _negative_binomial(mean, a, support)
    mixed = np.flatnonzero(share > 0)
    if len(mixed):
        early = _negative_binomial(SHORT_FACTOR * mean[mixed], SHORT_DISPERSION, support)
        out[mixed] = (1.0 - share[mixed])[:, None] * out[mixed] + share[mixed][:, None] * early
    return out


def _negative_binomial(mean: Floats, a: ArrayLike, support: int) -> Floats:
    n = 1.0 / np.asarray(a, dtype=float) * np.ones_like(mean)
    p = n / (n + mean)
    out = np.empty((len(mean), support + 1))
    out[:, 0] = np.exp(n * np.log(p))
    for k in range(support):
        out[:, k + 1] = out[:, k] * ((k + n) / (k + 1) * (1.0 - p))
    out[:, support] += np.maximum(0.0, 1.0 - out.sum(axis=1))
    return out


def cdf_table(probabilities: Floats) -> Floats:
    """F(k) from the table of `pmf`, last column 1."""
    table = np.minimum(np.cumsum(probabilities, axis=1), 1.0)
    table[:, -1] = 1.0
    return table


def cdf(k: ArrayLike, mu: ArrayLike, a: ArrayLike, short: ArrayLike = 0.0) -> Floats:
    """P(X <= k), one k per row; 0 below 0."""
    count = np.floor(np.asarray(k, dtype=float))
    share = np.asarray(short, dtype=float)
    mean = ordinary_mean(mu, share)
    value = _at_most(count, mean, np.asarray(a, dtype=float))
    if share.any():
        value = (1.0 - share) * value + share * _at_most(count, SHORT_FACTOR * mean, np.asarray(SHORT_DISPERSION))
    return np.where(count < 0, 0.0, value)


def _at_most(count: Floats, mean: Floats, a: Floats) -> Floats:
    n = 1.0 / a
    return np.asarray(betainc(n, np.maximum(count, 0.0) + 1.0, n / (n + mean)))


def quantiles(table: Floats, levels: Sequence[float]) -> Floats:
    """Interpolated quantiles, shape (rows, levels), from the table of F.

    q = k - 0.5 + (tau - F(k-1)) / f(k), k the smallest with F(k) >= tau: continuous in mu, and the median is the
    half-point line itself when P(over) is 0.5.
    """
    rows = np.arange(len(table))
    out = np.empty((len(table), len(levels)))
    for column, tau in enumerate(levels):
        k = (table < tau).sum(axis=1)
        below = np.where(k > 0, table[rows, np.maximum(k - 1, 0)], 0.0)
        mass = table[rows, k] - below
        out[:, column] = k - 0.5 + (tau - below) / np.where(mass > 0, mass, 1.0)
    return out


def integer_quantiles(table: Floats, level: float) -> NDArray[np.int64]:
    """Smallest whole k with F(k) >= level."""
    return np.asarray((table < level).sum(axis=1))


def line_probabilities(
    mu: ArrayLike, a: ArrayLike, line: ArrayLike, short: ArrayLike = 0.0
) -> tuple[Floats, Floats, Floats]:
    """P(over), P(push), P(under) at each line, NaN without one: 1 - F(floor L); f(L) or 0; F(L - 1) or F(floor L)."""
    points = np.asarray(line, dtype=float)
    known = np.isfinite(points)
    floor = np.floor(np.where(known, points, 0.0))
    whole = known & (points == floor)
    at_or_below = cdf(floor, mu, a, short)
    below = at_or_below.copy()
    mean, dispersion, share = (np.broadcast_to(each, points.shape) for each in (mu, a, short))
    below[whole] = cdf(floor[whole] - 1, mean[whole], dispersion[whole], share[whole])
    over = np.where(known, 1.0 - at_or_below, np.nan)
    under = np.where(known, below, np.nan)
    push = np.where(known, at_or_below - below, np.nan)
    return over, push, under


def mean_for_probability(
    p_over: ArrayLike, line: ArrayLike, a: ArrayLike, short: ArrayLike = 0.0, steps: int = 42
) -> Floats:
    """The mean where P(over) given no push is `p_over` at `line`, by bisection in 0 .. SUPPORT; NaN if unknown."""
    target = np.asarray(p_over, dtype=float)
    points = np.asarray(line, dtype=float)
    dispersion = np.asarray(a, dtype=float) * np.ones_like(points)
    wanted = np.isfinite(target) & np.isfinite(points)
    out = np.full(len(points), np.nan)
    if not wanted.any():
        return out
    goal, at, spread = target[wanted], points[wanted], dispersion[wanted]
    share = np.broadcast_to(short, points.shape)[wanted]
    low, high = np.full(len(goal), LEAST_MEAN), np.full(len(goal), float(SUPPORT))
    for _ in range(steps):
        middle = (low + high) / 2
        over, _, under = line_probabilities(middle, spread, at, share)
        short = over < goal * (over + under)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    out[wanted] = (low + high) / 2
    return out


MEDIAN_GRID = np.arange(0.0, 80.0, 0.25)
"""Means at which medians are worked out, points; between them they are interpolated."""


@functools.lru_cache(maxsize=256)
def _medians(a: float, short: float) -> Floats:
    """Interpolated medians at the means of the grid."""
    table = cdf_table(pmf(MEDIAN_GRID, np.full(len(MEDIAN_GRID), a), short))
    return np.maximum.accumulate(quantiles(table, [0.5])[:, 0])


def median(mu: ArrayLike, a: ArrayLike, short: ArrayLike = 0.0) -> Floats:
    """Interpolated median of each row, points, to 0.01."""
    return _by_shape(mu, a, short, lambda values, medians: np.interp(values, MEDIAN_GRID, medians))


def mean_for_median(points: ArrayLike, a: ArrayLike, short: ArrayLike = 0.0) -> Floats:
    """The mean at which each row's interpolated median is `points`, NaN where they are unknown."""
    return _by_shape(points, a, short, lambda values, medians: np.interp(values, medians, MEDIAN_GRID))


def _by_shape(values: ArrayLike, a: ArrayLike, short: ArrayLike, of: Callable[[Floats, Floats], Floats]) -> Floats:
    """`of(values, medians)` for the rows of every pair of a and share; there are as many as line bands."""
    given = np.asarray(values, dtype=float)
    spread, share = (np.broadcast_to(np.asarray(each, dtype=float), given.shape) for each in (a, short))
    out = np.full(given.shape, np.nan)
    for shape in sorted({(float(x), float(y)) for x, y in zip(spread, share, strict=True)}):
        at = (spread == shape[0]) & (share == shape[1]) & np.isfinite(given)
        out[at] = of(given[at], _medians(*shape))
    return out


def crps(table: Floats, actual: ArrayLike, top: int = 90) -> Floats:
    """Sum over k = 0 .. top of (F(k) - 1[actual <= k])^2, in points; NaN where actual is unknown."""
    points = np.asarray(actual, dtype=float)
    reached = points[:, None] <= np.arange(top + 1)[None, :]
    score = ((table[:, : top + 1] - reached) ** 2).sum(axis=1)
    return np.where(np.isfinite(points), score, np.nan)


def log_losses(p: Floats, over: ArrayLike) -> Floats:
    """-log of the probability given to what happened, nats; p kept 1e-6 away from 0 and 1."""
    inside = np.clip(p, 1e-6, 1 - 1e-6)
    return np.asarray(-np.log(np.where(np.asarray(over, dtype=bool), inside, 1.0 - inside)))


PINBALL_LEVELS: tuple[float, ...] = tuple(step / 20 for step in range(1, 20))
"""0.05, 0.10 .. 0.95."""


def pinball(table: Floats, actual: ArrayLike, levels: Sequence[float] = PINBALL_LEVELS) -> Floats:
    """Mean over levels of the quantile loss (tau - 1[y < q]) (y - q), not doubled; NaN where actual is unknown."""
    points = np.asarray(actual, dtype=float)[:, None]
    error = points - quantiles(table, levels)
    tau = np.asarray(levels)[None, :]
    return np.asarray(np.maximum(tau * error, (tau - 1.0) * error).mean(axis=1))


def fit_dispersion(actual: Floats, mu: Floats, prior: float, weight: float = 200.0) -> float:
    """a by moments, sum((y - mu)^2 - mu) / sum(mu^2), with `prior` as `weight` more rows; at least 0.01."""
    if len(actual) == 0:
        return prior
    squares = float(np.sum(mu**2))
    excess = float(np.sum((actual - mu) ** 2 - mu))
    share = len(actual) / (len(actual) + weight)
    return max(0.01, share * excess / squares + (1.0 - share) * prior) if squares > 0 else prior
