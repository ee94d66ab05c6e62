"""Where a game's two box scores disagree now, value by value; the gamebook's is the one that is kept."""

from __future__ import annotations

import pandas as pd

from nba_assets.transforms import Dates, Inputs
from nba_assets.transforms.box_scores import BDL, COMPARED, GAMEBOOK, box_moments, compared, lines_at
from nba_assets.transforms.game_versions import GAME

COLUMNS = (*GAME, "player_id", "player_name", "column", "gamebook", "bdl")


def conflicts(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """Every value of the dates' final games in which the two differ: COLUMNS, both values as text ('' for none).

    inputs: histories of nbac_schedule and both box sources. A man whom BallDontLie does not list is no conflict.
    """
    at = box_moments(inputs, dates).groupby(GAME)["at"].max().reset_index()
    pairs, unlike = compared(lines_at(inputs, GAMEBOOK, at), lines_at(inputs, BDL, at))
    found = []
    for name in COMPARED:
        rows = pairs[unlike[name].to_numpy()]
        theirs = {"gamebook": rows[name], "bdl": rows[f"{name}_bdl"]}
        texts = {source: values.astype("string").fillna("") for source, values in theirs.items()}
        found.append(rows.assign(column=name, **texts)[list(COLUMNS)])
    rows = pd.concat(found, ignore_index=True)
    return rows.sort_values([*GAME, "player_id"], kind="stable", ignore_index=True)
