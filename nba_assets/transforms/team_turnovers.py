"""A team's own turnovers (shot clock, 5 seconds), which are no player's: of the team log, else of play-by-play."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.transforms.play_by_play import PlayByPlay, Plays
from nba_assets.transforms.play_by_play_events import WORDS
from nba_assets.transforms.windows import Flags, Floats, floats

MOST = 7
"""No team has had more in a game."""


def with_team_turnovers(rows: pd.DataFrame, plays: Plays) -> pd.DataFrame:
    """The rows with team_turnovers (0 if not known), team_turnovers_known, and `uses_<table>` of the play-by-plays.

    rows: moment, team, tov (the players' sum), box_tov, tov_includes_team. They are all turnovers of the team less its
    players' sum, of the first source in order of preference that makes them 0 to 7: the team log, then each
    play-by-play that tells the points of the score.
    """
    players = floats(rows["tov"])
    in_log = rows["tov_includes_team"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    own = floats(rows["box_tov"]) - players
    known = in_log & _possible(own)
    for name, play in plays.items():
        told = _turnovers(rows, name, play) - players
        takes = ~known & _possible(told)
        own, known = np.where(takes, told, own), known | takes
        rows[f"uses_{name}"] = takes
    rows["team_turnovers"] = pd.Series(np.where(known, own, 0.0), index=rows.index).astype("Int64")
    rows["team_turnovers_known"] = known
    return rows


def _possible(own: Floats) -> Flags:
    return np.asarray((own >= 0) & (own <= MOST))


def _turnovers(rows: pd.DataFrame, name: str, play: PlayByPlay) -> Floats:
    """Per row all turnovers of its team; NaN without a play-by-play that agrees with the score."""
    moment = rows["moment"].to_numpy()
    lost = play.events.loc[(play.events[WORDS[name].kind] == "turnover").fillna(False), ["state", "team_tricode"]]
    counted = lost.groupby(["state", "team_tricode"]).size()
    keys = pd.MultiIndex.from_arrays([play.state[moment], rows["team"].astype(object)], names=counted.index.names)
    return np.where(play.agrees[moment], counted.reindex(keys).fillna(0).to_numpy(dtype=np.float64), np.nan)
