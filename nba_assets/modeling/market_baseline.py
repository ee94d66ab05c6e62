"""The model that only believes the market: mu = line + b_band, probabilities are the market's, every decision PASS.

Without a line the mean is the player's recent form, shrunk to last season's: good enough to show a distribution,
never to bet on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import BANDS, START_DISPERSION, Floats, band, fit_dispersion
from nba_assets.modeling.slate import floats

START_BIAS: tuple[float, ...] = (0.5, 0.4, 0.25, 0.0, 0.0)
"""Actual - line by band on the real lines of 2024-25, rounded and without the sign changes of small bands."""

START_DISPERSION_NO_LINE: tuple[float, ...] = (0.67, 0.26, 0.14, 0.08, 0.06)
"""a by band of the mean from form alone; real seasons 2022-23 and 2023-24."""

BIAS_WEIGHT = 400.0
"""Rows that the starting bias is worth: about 6^2 / 0.3^2, the noise of one row over the spread of true biases."""

PRIOR_GAMES = 3.0
"""Games that last season's average is worth."""

PRIOR_POINTS = 6.0
PRIOR_MINUTES = 15.0
"""A player without any record: what such players average when they play."""


@dataclass(frozen=True)
class Bands:
    """Bias (points) and dispersion by line band, one pair for lined and one for unlined rows."""

    bias: tuple[float, ...] = START_BIAS
    dispersion: tuple[float, ...] = START_DISPERSION
    bias_no_line: tuple[float, ...] = (0.0,) * len(BANDS)
    dispersion_no_line: tuple[float, ...] = START_DISPERSION_NO_LINE


def form_points(rows: pd.DataFrame) -> Floats:
    """Mean points from form: last ten and season averaged, shrunk to last season by `PRIOR_GAMES` games."""
    return _shrunk(rows, ("points_avg_last_10", "points_avg_season"), "prior_season_points_avg", PRIOR_POINTS)


def form_minutes(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Mean, 10 % and 90 % quantile of minutes given he plays.

    The spread falls from 8 minutes for men off the bench to 5.4 for starters (real seasons 2022-23 and 2023-24).
    """
    mean = _shrunk(rows, ("minutes_avg_l10", "minutes_avg_season"), "prior_season_minutes_avg", PRIOR_MINUTES)
    spread = np.clip(8.6 - 0.085 * mean, 5.0, 8.0)
    return mean, np.clip(mean - 1.2816 * spread, 0.0, 65.0), np.clip(mean + 1.2816 * spread, 0.0, 65.0)


def _shrunk(rows: pd.DataFrame, recent: tuple[str, str], prior: str, default: float) -> Floats:
    first, second = (floats(rows[name]) for name in recent)
    form = np.where(np.isnan(first), second, np.where(np.isnan(second), first, (first + second) / 2))
    games = np.where(np.isnan(form), 0.0, np.nan_to_num(floats(rows["games_n_season"]), nan=1.0))
    games = np.where(~np.isnan(form) & (games == 0), 1.0, games)
    last = floats(rows[prior])
    base = np.where(np.isnan(last), default, last)
    return np.asarray((games * np.nan_to_num(form) + PRIOR_GAMES * base) / (games + PRIOR_GAMES))


def means(rows: pd.DataFrame, bands: Bands) -> Floats:
    """mu of every row: line + b_band, or form + b_band without a line; points."""
    line = floats(rows["consensus_line"])
    form = form_points(rows)
    lined = line + np.asarray(bands.bias)[band(line)]
    unlined = form + np.asarray(bands.bias_no_line)[band(form)]
    return np.asarray(np.where(np.isfinite(line), lined, unlined))


def dispersions(rows: pd.DataFrame, bands: Bands) -> Floats:
    """a of every row, by the band of its line or, without one, of its form."""
    line = floats(rows["consensus_line"])
    lined = np.asarray(bands.dispersion)[band(line)]
    return np.asarray(np.where(np.isfinite(line), lined, np.asarray(bands.dispersion_no_line)[band(form_points(rows))]))


def fit(rows: pd.DataFrame) -> Bands:
    """Bands from training rows with column `actual`, each shrunk to its start value."""
    line, actual, form = floats(rows["consensus_line"]), floats(rows["actual"]), form_points(rows)
    lined = np.isfinite(line)
    bias, spread = _fit(line[lined], actual[lined], START_BIAS, START_DISPERSION)
    bias_no, spread_no = _fit(form[~lined], actual[~lined], (0.0,) * len(BANDS), START_DISPERSION_NO_LINE)
    return Bands(bias, spread, bias_no, spread_no)


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
