"""The players' expected points made to add up to their team's: who plays is the least certain of what they rest on.

A team's expected points are the game model's. What its players' add up to beside them (P(plays) times the mean given he
plays) is off mostly because somebody's presence is guessed, so the difference is shared out in proportion to the
variance of each man's presence: the reconciliation of forecasts by their variances (Wickramasuriya, Athanasopoulos and
Hyndman 2019) with a certain total. His distribution given he plays is left as it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats, group_sums
from nba_assets.modeling.distribution import DECIMALS, Floats

TEAM = ["game_date", "game_id", "team"]
ROUNDS = 8
"""How often what some cannot take is shared out among the others."""


def expected_points(players: pd.DataFrame) -> Floats:
    """Points expected of each row's player, his absence included; points, 0 to his mean given he plays.

    players: TEAM, `points_mean` (given he plays), `p_play` (0 to 1), `team_points` (the team's expected points, the
    same in all its rows; null: nothing to agree with); all players of a team's game. They add up to the team's points
    unless all of them at their bounds still do not.
    """
    mean, p = floats(players["points_mean"]), floats(players["p_play"])
    total = floats(players["team_points"])
    team = players.groupby(TEAM, sort=False, dropna=False).ngroup().to_numpy()
    found = p * mean
    variance = p * (1.0 - p) * mean**2
    for _ in range(ROUNDS):
        gap = np.nan_to_num(total - group_sums(found, team))
        free = variance * np.where(gap > 0, found < mean, found > 0)
        weights = group_sums(free, team)
        share = np.divide(free, weights, out=np.zeros(len(found)), where=weights > 0)
        found = np.clip(found + gap * share, 0.0, mean)
    return np.asarray(np.round(found, DECIMALS))
