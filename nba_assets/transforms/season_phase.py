"""In which phase of the season a game is, by the team's game number as the schedule was known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.game_types import STATS, is_type
from nba_assets.transforms.game_versions import known

LOOKBACK = pd.Timedelta(days=300)
"""How far back a season's first game may lie."""

BY_TYPE = {"001": "preseason", "004": "playoffs", "005": "play_in"}
EARLY, MID = 20, 60
"""Last game numbers of the early and the middle phase of a regular season; the Cup final goes with them."""


def season_phases(asks: pd.DataFrame, schedule: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The phase of each ask, in order: preseason, early, mid, late, play_in or playoffs.

    asks: game_date, game_id, season, team, at. schedule: its history. A team's game number is one more than its
    regular season games on earlier dates of the season, as known at `at`; a postponed one counts on its new date.
    """
    number = _games_before(asks, schedule) + 1
    by_number = np.select([number <= EARLY, number <= MID], ["early", "mid"], "late").astype(object)
    by_type = asks["game_id"].str[:3].astype(object).map(BY_TYPE).to_numpy(dtype=object)
    return np.where(pd.isna(by_type), by_number, by_type)


def _games_before(asks: pd.DataFrame, schedule: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    listed = schedule[is_type(schedule, STATS) & ~schedule["is_postponed"].fillna(False).astype(bool)]
    columns = ["game_date", "season", "known_at", "superseded_at"]
    sides = [listed[[*columns, side]].rename(columns={side: "team"}) for side in ("home_tricode", "away_tricode")]
    played = pd.concat(sides, ignore_index=True).rename(columns={"game_date": "earlier"})
    wanted = asks[["game_date", "season", "team", "at"]].reset_index(drop=True)
    wanted["season"] = wanted["season"].astype("Int64")
    found = np.zeros(len(asks), dtype=np.int64)
    once, place = _distinct(wanted)
    for season, part in once.groupby("season"):
        pairs = part.reset_index(names="ask").merge(played[played["season"] == season], on="team")
        day = pairs["game_date"]
        before = (pairs["earlier"] < day) & (pairs["earlier"] >= day - LOOKBACK)
        found_here = pairs.loc[before & known(pairs), "ask"].value_counts()
        found[found_here.index] = found_here.to_numpy()
    return np.asarray(found[place])


def _distinct(wanted: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray[tuple[int], np.dtype[np.integer[Any]]]]:
    """The distinct rows, and for each row the position of its equal among them."""
    code = wanted.groupby(list(wanted.columns), dropna=False, sort=False).ngroup().to_numpy(dtype=np.int64)
    return wanted.drop_duplicates(ignore_index=True), code
