"""The model that only believes the market: mu = line + b_band, probabilities are the market's, every decision PASS.

Without a line the mean is what the stages say: good enough to show a distribution, never to bet on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets.modeling import own_shape
from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import BANDS, START_DISPERSION, Floats, band, fit_dispersion

START_BIAS: tuple[float, ...] = (0.5, 0.4, 0.25, 0.0, 0.0)
"""Actual - line by band on the real lines of 2024-25, rounded and without the sign changes of small bands."""

LEAST_PASSED_OVER = 2_000
"""Men without a line in games that have lines from which on bands are fitted to them alone."""

BIAS_WEIGHT = 400.0
"""Rows that the starting bias is worth: about 6^2 / 0.3^2, the noise of one row over the spread of true biases."""


Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Bands:
    """By band: bias (points) and dispersion of the line; bias of what the stages say of men without and with a line;
    the shape of the nights of those without (`own_shape`).

    Who has no line where others have one plays less than he used to: the two are fitted apart. Of men with a line the
    shape without it is `own_shape`'s start.
    """

    bias: tuple[float, ...] = START_BIAS
    dispersion: tuple[float, ...] = START_DISPERSION
    bias_no_line: tuple[float, ...] = (0.0,) * len(BANDS)
    bias_own: tuple[float, ...] = (0.0,) * len(BANDS)
    a_no_line: tuple[float, ...] = own_shape.START_A
    short_no_line: tuple[float, ...] = own_shape.START_SHORT


def minutes(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Mean, 10 % and 90 % quantile of minutes given he plays.

    The spread falls from 8 minutes for men off the bench to 5.4 for starters (real seasons 2022-23 and 2023-24).
    """
    mean = floats(rows["own_minutes"])
    spread = np.clip(8.6 - 0.085 * mean, 5.0, 8.0)
    return mean, np.clip(mean - 1.2816 * spread, 0.0, 65.0), np.clip(mean + 1.2816 * spread, 0.0, 65.0)


def own_means(rows: pd.DataFrame, bands: Bands) -> Floats:
    """mu made without the line: what the stages say + b of its band; points."""
    own = floats(rows["own_points"])
    return np.asarray(own + _of_own(rows, band(own), bands.bias_own, bands.bias_no_line))


def own_shapes(rows: pd.DataFrame, bands: Bands) -> tuple[Floats, Floats]:
    """a and the share of short nights made without the line, by the own mean."""
    where = own_shape.band(own_means(rows, bands))
    a = _of_own(rows, where, own_shape.START_A, bands.a_no_line)
    return a, _of_own(rows, where, own_shape.START_SHORT, bands.short_no_line)


def _of_own(
    rows: pd.DataFrame, where: NDArray[np.int64], lined: tuple[float, ...], unlined: tuple[float, ...]
) -> Floats:
    """By band, of men with and without a line."""
    has_line = np.isfinite(floats(rows["consensus_line"]))
    return np.asarray(np.where(has_line, np.asarray(lined)[where], np.asarray(unlined)[where]))


def means(rows: pd.DataFrame, bands: Bands) -> Floats:
    """mu of every row: line + b_band, or the own mean without a line; points."""
    line = floats(rows["consensus_line"])
    lined = line + np.asarray(bands.bias)[band(line)]
    return np.asarray(np.where(np.isfinite(line), lined, own_means(rows, bands)))


def dispersions(rows: pd.DataFrame, bands: Bands) -> Floats:
    """a of every row, by the band of its line or, without one, of what the stages say."""
    line = floats(rows["consensus_line"])
    lined = np.asarray(bands.dispersion)[band(line)]
    return np.asarray(np.where(np.isfinite(line), lined, own_shapes(rows, bands)[0]))


def fit(rows: pd.DataFrame) -> Bands:
    """Bands from training rows with column `actual`, each shrunk to its start value."""
    line, actual, own = floats(rows["consensus_line"]), floats(rows["actual"]), floats(rows["own_points"])
    lined = np.isfinite(line)
    over = _passed_over(rows, lined)
    none = (0.0,) * len(BANDS)
    bias = _biases(line[lined], actual[lined], START_BIAS)
    fitted = Bands(bias, _dispersions(line[lined], actual[lined], bias), _biases(own[over], actual[over], none))
    fitted = replace(fitted, bias_own=_biases(own[lined], actual[lined], none))
    a, short = own_shape.fit(own_means(rows[over], fitted), actual[over])
    return replace(fitted, a_no_line=a, short_no_line=short)


def _passed_over(rows: pd.DataFrame, lined: Bools) -> Bools:
    """Men without a line in games that have lines; where those are few, all men without one."""
    games = pd.Series(lined).groupby([rows["game_date"].to_numpy(), rows["game_id"].to_numpy()])
    found = ~lined & games.transform("any").to_numpy(dtype=bool)
    return np.asarray(found if found.sum() >= LEAST_PASSED_OVER else ~lined)


def _biases(anchor: Floats, actual: Floats, start: tuple[float, ...]) -> tuple[float, ...]:
    where = band(anchor)
    errors = [actual[where == index] - anchor[where == index] for index in range(len(start))]
    found = [
        (float(np.sum(error)) + BIAS_WEIGHT * bias0) / (len(error) + BIAS_WEIGHT)
        for error, bias0 in zip(errors, start, strict=True)
    ]
    return tuple(round(bias, 6) for bias in found)


def _dispersions(line: Floats, actual: Floats, bias: tuple[float, ...]) -> tuple[float, ...]:
    where = band(line)
    means = np.maximum(line + np.asarray(bias)[where], 0.5)
    return tuple(
        round(fit_dispersion(actual[where == index], means[where == index], a0), 6)
        for index, a0 in enumerate(START_DISPERSION)
    )
