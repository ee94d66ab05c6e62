"""What play-by-play adds to a team's game: points by how they came about, and possessions counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.play_by_play import PlayByPlay, Plays
from nba_assets.transforms.play_by_play_events import FAST_BREAK, NBAC, SECOND_CHANCE, WORDS, qualified
from nba_assets.transforms.possession_count import possessions
from nba_assets.transforms.windows import Floats

QUALIFIED = {"second_chance_points": SECOND_CHANCE, "fast_break_points": FAST_BREAK}


def scores(rows: pd.DataFrame, moments: pd.DataFrame) -> pd.DataFrame:
    """The moments with <side>_tricode and <side>_score of home and away, from rows (moment, team, is_home, points)."""
    home = rows["is_home"].to_numpy(dtype=bool)
    for side, own in (("home", home), ("away", ~home)):
        facts = rows[own].drop_duplicates("moment").set_index("moment")[["team", "points"]]
        moments = moments.join(facts.rename(columns={"team": f"{side}_tricode", "points": f"{side}_score"}))
    return moments


def with_play_by_play(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """The rows with QUALIFIED, possessions_pbp and `uses_<table>`: whether anything of the row is from that source.

    rows: moment, team. A source is used where it tells the points of the score. Points are those of made shots and free
    throws with the qualifier, which only NBA.com's own form has; possessions are of the first source in order of
    preference.
    """
    moment = rows["moment"].to_numpy()
    rows = rows.assign(**dict.fromkeys(QUALIFIED, np.nan), possessions_pbp=np.nan)
    for name, play in plays.items():
        counted = possessions(name, play.events).reindex(play.state).to_numpy(dtype=np.float64)[moment]
        takes = play.agrees[moment] & rows["possessions_pbp"].isna().to_numpy(dtype=bool)
        rows["possessions_pbp"] = rows["possessions_pbp"].mask(takes, counted)
        rows[f"uses_{name}"] = takes & ~np.isnan(counted)
    if NBAC in plays:
        told = {name: _qualified_points(rows, plays[NBAC], qualifier) for name, qualifier in QUALIFIED.items()}
        rows = rows.assign(**told)
        rows[f"uses_{NBAC}"] |= rows["fast_break_points"].notna()
    return rows


def _qualified_points(rows: pd.DataFrame, play: PlayByPlay, qualifier: str) -> Floats:
    """Per row its team's points of events with the qualifier; NaN without a source that agrees and has qualifiers."""
    events = play.events
    state = play.state[rows["moment"].to_numpy()]
    marked = events.loc[events["qualifiers"].notna(), "state"].unique()
    known = play.agrees[rows["moment"].to_numpy()] & np.isin(state, marked)
    points = WORDS[NBAC].points(events).where(qualified(NBAC, events, qualifier)).dropna()
    found = events.loc[points.index, ["state", "team_tricode"]].assign(points=points)
    sums: pd.Series[Any] = found.groupby(["state", "team_tricode"])["points"].sum()
    keys = pd.MultiIndex.from_arrays([state, rows["team"].astype(object)], names=sums.index.names)
    return np.where(known, sums.reindex(keys).fillna(0).to_numpy(dtype=np.float64), np.nan)
