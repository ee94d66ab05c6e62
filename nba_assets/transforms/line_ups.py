"""Who is on the floor when: each player's time by period, as far as it is known for certain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.transforms.game_time import millis, period_start
from nba_assets.transforms.play_by_play_events import BIGDATABALL
from nba_assets.transforms.substitutions import time_by_substitutions

STRETCH = ["state", "period"]
SIDES = ("away_on_court", "home_on_court")


def time_on_floor(table: str, events: pd.DataFrame) -> pd.DataFrame:
    """state, period, player_id, millis: each player's time on the floor in a period; no row where it is none.

    The five men of a team have five times the period's length together; where anything about one of them is not
    certain, less.
    """
    return time_by_line_ups(events) if table == BIGDATABALL else time_by_substitutions(events)


def time_by_line_ups(events: pd.DataFrame) -> pd.DataFrame:
    """The same from the ten men in each row, who are there after the event. Periods whose clock runs back are left out.

    A side with a man who is not resolved has no men in the row.
    """
    period = events["period"].to_numpy(dtype=np.int64)
    parts = [events["state"].to_numpy(), period, *(pd.factorize(events[side])[0] for side in SIDES)]
    changed = np.any([part[1:] != part[:-1] for part in parts], axis=0)
    starts = np.flatnonzero(np.append(True, changed)[: len(events)])
    runs = events[[*STRETCH, *SIDES]].take(starts)
    at = millis(events["elapsed_seconds"])[starts]
    stretch = runs.groupby(STRETCH, sort=True).ngroup().to_numpy()
    goes_on = np.append(stretch[1:] == stretch[:-1], False)[: len(runs)]
    runs["millis"] = np.where(goes_on, np.append(at[1:], 0)[: len(runs)], period_start(period[starts] + 1)) - at
    runs = runs[~np.isin(stretch, stretch[runs["millis"] < 0]) & (runs["millis"] > 0)]
    fives = [runs[[*STRETCH, side, "millis"]].rename(columns={side: "player_id"}) for side in SIDES]
    told = pd.concat(fives).groupby([*STRETCH, "player_id"])["millis"].sum().reset_index()
    men = told.assign(player_id=told["player_id"].str.split(",")).explode("player_id")
    men["player_id"] = men["player_id"].astype("string[pyarrow]")
    return men.groupby([*STRETCH, "player_id"])["millis"].sum().reset_index()
