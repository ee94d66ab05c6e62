"""The rival of the games' model: Elo with margin of victory, home advantage and back-to-backs.

Its parameters are chosen season by season among `GRID`, by the log loss on all seasons before; the first season has the
defaults. The margin of victory counts by FiveThirtyEight's multiplier.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import Floats, log_losses

START = 1500.0


class Params(NamedTuple):
    """Rating points, but for `regression`: the share of the distance to 1500 that a new season takes away."""

    k: float = 20.0
    home_advantage: float = 50.0
    back_to_back: float = 40.0
    regression: float = 0.25


GRID = tuple(Params(*values) for values in itertools.product((16, 20, 24), (30, 45, 60, 75), (20, 40, 60), (0.2, 0.3)))
POINTS = 0.04
"""Points of margin that a rating point is worth in the first season; later fitted on the seasons before."""


@dataclass(frozen=True)
class Elo:
    """By game: P(home wins), expected home - away in points, and the parameters by season."""

    p_home_win: Floats
    margin: Floats
    params: dict[int, Params]


def walk_forward(games: pd.DataFrame) -> Elo:
    """Each game from those before it. games: season, home, away, margin, tired (visitors' back-to-back less home's).

    In order of date; `is_neutral` takes home advantage away.
    """
    season, margin = games["season"].to_numpy(dtype=np.int64), games["margin"].to_numpy(dtype=float)
    won = (margin > 0).astype(float)
    edges: dict[Params, Floats] = {params: edge(games, params) for params in (Params(), *GRID)}
    p, mean, chosen = np.empty(len(games)), np.empty(len(games)), {}
    for year in np.unique(season):
        before, now = season < year, season == year
        best, points = Params(), POINTS
        if before.any():
            best = min(GRID, key=lambda params: float(log_losses(chance(edges[params][before]), won[before]).mean()))
            told = edges[best][before]
            points = float((told * margin[before]).sum() / (told**2).sum())
        chosen[int(year)] = best
        p[now], mean[now] = chance(edges[best][now]), points * edges[best][now]
    return Elo(p, mean, chosen)


def edge(games: pd.DataFrame, params: Params) -> Floats:
    """Rating points by which the home side is expected to be better, all advantages included, before each game."""
    rating: dict[str, float] = {}
    year = None
    found = []
    columns = (games[name].tolist() for name in ("season", "home", "away", "margin", "tired", "is_neutral"))
    for season, home, away, margin, tired, neutral in zip(*columns, strict=True):
        if season != year:
            rating = {team: START + (1 - params.regression) * (value - START) for team, value in rating.items()}
            year = season
        ahead = rating.get(home, START) - rating.get(away, START) + params.back_to_back * tired
        ahead += 0.0 if neutral else params.home_advantage
        found.append(ahead)
        gain = params.k * surprise(ahead, margin)
        rating[home], rating[away] = rating.get(home, START) + gain, rating.get(away, START) - gain
    return np.asarray(found, dtype=float)


def surprise(ahead: float, margin: float) -> float:
    """(won - expected), larger for larger margins, damped for favourites."""
    expected = 1.0 / (1.0 + 10.0 ** (-ahead / 400.0))
    favoured = ahead if margin > 0 else -ahead
    return float((abs(margin) + 3.0) ** 0.8 / (7.5 + 0.006 * favoured) * ((margin > 0) - expected))


def chance(edges: Floats) -> Floats:
    """P(home wins) of rating points."""
    return np.asarray(1.0 / (1.0 + 10.0 ** (-edges / 400.0)))
