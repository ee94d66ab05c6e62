"""The model that only believes the market: mu = line + b_band, probabilities are the market's, every decision PASS.

Without a line the mean is what the stages say: good enough to show a distribution, never to bet on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import BANDS, START_DISPERSION, Floats, band, fit_dispersion

START_BIAS: tuple[float, ...] = (0.5, 0.4, 0.25, 0.0, 0.0)
"""Actual - line by band on the real lines of 2024-25, rounded and without the sign changes of small bands."""

START_DISPERSION_NO_LINE: tuple[float, ...] = (0.67, 0.26, 0.14, 0.08, 0.06)
"""a by band of the mean without a line; real seasons 2022-23 and 2023-24."""

LEAST_PASSED_OVER = 2_000
"""Men without a line in games that have lines from which on bands are fitted to them alone."""

BIAS_WEIGHT = 400.0
"""Rows that the starting bias is worth: about 6^2 / 0.3^2, the noise of one row over the spread of true biases."""


Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Bands:
    """Bias (points) and dispersion by band: of the line, and of what the stages say of men without and with a line.

    Who has no line where others have one plays less than he used to: the two are fitted apart.
    """

    bias: tuple[float, ...] = START_BIAS
    dispersion: tuple[float, ...] = START_DISPERSION
    bias_no_line: tuple[float, ...] = (0.0,) * len(BANDS)
    dispersion_no_line: tuple[float, ...] = START_DISPERSION_NO_LINE
    bias_own: tuple[float, ...] = (0.0,) * len(BANDS)
    dispersion_own: tuple[float, ...] = START_DISPERSION_NO_LINE


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
    return np.asarray(own + _of_own(rows, own, bands.bias_own, bands.bias_no_line))


def own_dispersions(rows: pd.DataFrame, bands: Bands) -> Floats:
    """a made without the line, by the band of what the stages say."""
    return _of_own(rows, floats(rows["own_points"]), bands.dispersion_own, bands.dispersion_no_line)


def _of_own(rows: pd.DataFrame, own: Floats, lined: tuple[float, ...], unlined: tuple[float, ...]) -> Floats:
    has_line, where = np.isfinite(floats(rows["consensus_line"])), band(own)
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
    return np.asarray(np.where(np.isfinite(line), lined, own_dispersions(rows, bands)))


def fit(rows: pd.DataFrame) -> Bands:
    """Bands from training rows with column `actual`, each shrunk to its start value."""
    line, actual, own = floats(rows["consensus_line"]), floats(rows["actual"]), floats(rows["own_points"])
    lined = np.isfinite(line)
    bias, spread = _fit(line[lined], actual[lined], START_BIAS, START_DISPERSION)
    flat = (0.0,) * len(BANDS)
    without, own_lined = (
        _fit(own[at], actual[at], flat, START_DISPERSION_NO_LINE) for at in (_passed_over(rows, lined), lined)
    )
    return Bands(bias, spread, *without, *own_lined)


def _passed_over(rows: pd.DataFrame, lined: Bools) -> Bools:
    """Men without a line in games that have lines; where those are few, all men without one."""
    games = pd.Series(lined).groupby([rows["game_date"].to_numpy(), rows["game_id"].to_numpy()])
    found = ~lined & games.transform("any").to_numpy(dtype=bool)
    return np.asarray(found if found.sum() >= LEAST_PASSED_OVER else ~lined)


def _fit(
    anchor: Floats, actual: Floats, start_bias: tuple[float, ...], start_dispersion: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    where = band(anchor)
    biases, spreads = [], []
    for index, (bias0, a0) in enumerate(zip(start_bias, start_dispersion, strict=True)):
        at, points = anchor[where == index], actual[where == index]
        bias = (float(np.sum(points - at)) + BIAS_WEIGHT * bias0) / (len(at) + BIAS_WEIGHT)
        biases.append(round(bias, 6))
        spreads.append(round(fit_dispersion(points, np.maximum(at + bias, 0.5), a0), 6))
    return tuple(biases), tuple(spreads)
