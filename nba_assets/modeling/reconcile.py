"""The players' expected points against their team's: the team's are the game model's, lined players' the market's.

Who has a line keeps his mean: it is anchored on what books say of him. Who has none is scaled, within bounds, so that
all together come as near to the team's expected points as they can; what is left is told, not hidden.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.modeling.distribution import DECIMALS

TEAM = ["game_date", "game_id", "team"]
LOW, HIGH = 0.85, 1.15
"""Bounds of the factor: means of players are no worse known than that, their team's sum may be."""


def reconciled(players: pd.DataFrame) -> pd.DataFrame:
    """One row a team's game: TEAM, n_players, n_lined, `players_points`, `factor`, `gap`.

    players: TEAM, `points_mean` (given that he plays, points), `p_plays` (0 to 1), `is_lined`, `team_points` (the
    team's expected points, the same in all its rows). `players_points` is the sum of p_plays·points_mean as given.
    `factor`, in LOW … HIGH, multiplies the points_mean of those without a line: 1 where there is nothing to scale.
    `gap` is what the team's points are then above its players', points. A null among these numbers raises
    `ValueError`.
    """
    numbers = ["points_mean", "p_plays", "team_points"]
    if players[numbers].isna().any(axis=None):
        raise ValueError("a player's points_mean, p_plays or team_points is null: predict him or leave him out")
    lined = players["is_lined"].to_numpy(dtype=bool)
    points = players["points_mean"].to_numpy(dtype=float) * players["p_plays"].to_numpy(dtype=float)
    rows = players[TEAM].assign(
        team_points=players["team_points"].to_numpy(dtype=float),
        n_lined=lined.astype(np.int64),
        lined=np.where(lined, points, 0.0),
        free=np.where(lined, 0.0, points),
    )
    groups = rows.groupby(TEAM, sort=True)
    out = groups[["n_lined", "lined", "free"]].sum()
    out["n_players"] = groups.size()
    left = groups["team_points"].first() - out["lined"]
    factor = left.div(out["free"].where(out["free"] > 0)).clip(LOW, HIGH).fillna(1.0)
    out["factor"] = factor.round(DECIMALS)
    out["players_points"] = (out["lined"] + out["free"]).round(DECIMALS)
    out["gap"] = (left - factor * out["free"]).round(DECIMALS) + 0.0
    return out.reset_index()[[*TEAM, "n_players", "n_lined", "players_points", "factor", "gap"]]
