"""What each feature of a game is worth, by season: fitted on the seasons before it alone, kept in `game_weights.csv`.

Least squares of margins and totals, no constant: a season's row is `fitted` on every game before it, so no prediction
rests on a weight that has seen its season. `nba_assets.evaluation.games.refitted` makes the rows again from a warehouse
of real box scores (`make bench ARGS="--only games"` compares them with the file); a new season gets its row there once,
until then the newest serves.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import Floats
from nba_assets.modeling.game_features import MARGIN, TOTAL

FILE = Path(__file__).parent / "game_weights.csv"
DECIMALS = 3
LEAST = 500
"""Games under which nothing is fitted."""


@dataclass(frozen=True)
class Weights:
    """Points per unit of each feature, and the standard deviations of what is left, points."""

    season: int
    n_games: int
    margin: tuple[float, ...]
    """By MARGIN."""
    total: tuple[float, ...]
    """By TOTAL."""
    sd_margin: float
    sd_total: float

    def margins(self, rows: pd.DataFrame) -> Floats:
        """Expected home - away of `game_features` rows; by the teams' strength where players are unknown."""
        own = _weighed(rows, MARGIN, self.margin)
        rest = MARGIN.index("tired")
        teams = rows["strength"] + rows["home_advantage"] + self.margin[rest] * rows["tired"]
        return np.where(rows["has_players"].to_numpy(dtype=bool), own, teams.to_numpy(dtype=float))

    def totals(self, rows: pd.DataFrame) -> Floats:
        """Expected points of both teams together."""
        return np.asarray(rows["league_total"].to_numpy(dtype=float) + _weighed(rows, TOTAL, self.total))


def _weighed(rows: pd.DataFrame, names: tuple[str, ...], weights: tuple[float, ...]) -> Floats:
    """The features' weighted sum, added in their order: a row's is the same among others and alone."""
    out = np.zeros(len(rows))
    for name, weight in zip(names, weights, strict=True):
        out += weight * rows[name].to_numpy(dtype=float)
    return out


def of_season(season: int) -> Weights:
    """The weights that serve a season: its own row, else that of the newest season before it, else the first."""
    found = _stored()
    return found[max((year for year in found if year <= season), default=min(found))]


def fitted(season: int, rows: pd.DataFrame) -> Weights:
    """The weights of a season from the `game_features` of earlier games with their `margin` and `total`.

    Raises `ValueError` for rows of the season or later, or fewer than `LEAST`.
    """
    if (rows["season"] >= season).any() or len(rows) < LEAST:
        raise ValueError(f"the weights of {season} need {LEAST} games or more, all before it: {len(rows)} given")
    known = rows[rows["has_players"].to_numpy(dtype=bool)]
    parts = (
        (known[list(MARGIN)], known["margin"]),
        (rows[list(TOTAL)], rows["total"] - rows["league_total"]),
    )
    found = []
    for features, outcome in parts:
        x, y = features.to_numpy(dtype=float), outcome.to_numpy(dtype=float)
        weight = np.round(np.linalg.solve(x.T @ x, x.T @ y), DECIMALS) + 0.0
        found.append((tuple(map(float, weight)), float(np.round(np.sqrt(np.mean((y - x @ weight) ** 2)), DECIMALS))))
    (margin, sd_margin), (total, sd_total) = found
    return Weights(season, len(rows), margin, total, sd_margin, sd_total)


def as_table(weights: list[Weights]) -> pd.DataFrame:
    """As `game_weights.csv` has them: season, n_games, a column a feature, sd_margin, sd_total."""
    rows = [
        {"season": w.season, "n_games": w.n_games}
        | dict(zip((*MARGIN, *TOTAL), (*w.margin, *w.total), strict=True))
        | {"sd_margin": w.sd_margin, "sd_total": w.sd_total}
        for w in weights
    ]
    return pd.DataFrame(rows)


@functools.cache
def _stored() -> dict[int, Weights]:
    table = pd.read_csv(FILE)
    return {
        int(row["season"]): Weights(
            season=int(row["season"]),
            n_games=int(row["n_games"]),
            margin=tuple(float(row[name]) for name in MARGIN),
            total=tuple(float(row[name]) for name in TOTAL),
            sd_margin=float(row["sd_margin"]),
            sd_total=float(row["sd_total"]),
        )
        for row in table.to_dict("records")
    }
