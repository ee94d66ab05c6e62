"""Possessions counted in play-by-play: for audit beside the two-team estimate, never mixed with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.play_by_play_events import with_the_ball


def possessions(table: str, events: pd.DataFrame) -> pd.Series[Any]:
    """By state the mean of both teams' possessions.

    A possession is what a team has from gaining control of the ball until the other gains it (Kubatko, Oliver, Pelton
    and Rosenbaum 2007, A Starting Point for Analyzing Basketball Statistics): an offensive rebound goes on with it.
    Counted is how often, within each period, another team than before shows that it has the ball: by a shot, a free
    throw that is not technical, a turnover or a live rebound. A possession without any of these is not seen: of a team
    that gets the ball as the period ends, or loses it in a jump ball. On real games that is about one in a hundred.
    """
    told = with_the_ball(table, events)
    parts = [told["state"].to_numpy(), told["period"].to_numpy(), pd.factorize(told["team_tricode"])[0]]
    changed = np.any([part[1:] != part[:-1] for part in parts], axis=0)
    gained = np.append(True, changed)[: len(told)]
    found: pd.Series[Any] = told.loc[gained, "state"].value_counts() / 2.0
    return found
