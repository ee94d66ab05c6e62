"""A game's play-by-plays as of moments; one that does not tell the points of the score is not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.contracts.shot_zones import PLAY_BY_PLAY_TABLES
from nba_assets.transforms import Inputs
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.play_by_play_events import WORDS
from nba_assets.transforms.play_by_play_states import NO_STATE, EventVersions
from nba_assets.transforms.windows import Flags, Ints


@dataclass(frozen=True)
class PlayByPlay:
    """A source's events at moments.

    events: of every state that a moment sees, in order, with `state`. state: per moment, NO_STATE where none is there.
    agrees: per moment whether it is there and its points are those of the score.
    """

    events: pd.DataFrame
    state: Ints
    agrees: Flags

    @property
    def there(self) -> Flags:
        """Per moment whether the source has the game."""
        return np.asarray(self.state != NO_STATE)


Plays = Mapping[str, PlayByPlay]
"""By table, in order of preference."""


def event_versions(inputs: Inputs) -> dict[str, EventVersions]:
    """By table, in order of preference."""
    return {name: EventVersions(of(inputs, name)) for name in PLAY_BY_PLAY_TABLES}


def as_told(versions: Mapping[str, EventVersions], told: pd.DataFrame) -> dict[str, PlayByPlay]:
    """The play-by-plays at the moments `told` (GAME, at, home_tricode, away_tricode, home_score, away_score)."""
    found = {}
    for name, all_ in versions.items():
        state, events = all_.at(told)
        points = WORDS[name].points(events).fillna(0).astype("int64")
        found[name] = PlayByPlay(events, state, _agrees(events, points, state, told))
    return found


def conflict(plays: Plays) -> pd.Series[Any]:
    """Per moment: true where one of them tells other points than the score, false where none, null without any."""
    there = pd.DataFrame({name: play.there for name, play in plays.items()})
    agrees = pd.DataFrame({name: play.agrees for name, play in plays.items()})
    return (there & ~agrees).any(axis=1).astype("boolean").where(there.any(axis=1))


def _agrees(events: pd.DataFrame, points: pd.Series[Any], state: Ints, told: pd.DataFrame) -> Flags:
    """Whether each side has its score's points, and nobody else any."""
    scored = points > 0
    teams = events.loc[scored, "team_tricode"].fillna("")
    by_team = points[scored].groupby([events.loc[scored, "state"], teams]).sum()
    by_state = by_team.groupby("state").sum().reindex(state).fillna(0).to_numpy()
    home, away = (told[f"{side}_score"].astype("float64").to_numpy() for side in ("home", "away"))
    same = (_points_of(by_team, state, told["home_tricode"]) == home) & (by_state == home + away)
    same &= _points_of(by_team, state, told["away_tricode"]) == away
    agrees: Flags = same & (state != NO_STATE)
    return agrees


def _points_of(by_team: pd.Series[Any], state: Ints, team: pd.Series[Any]) -> Any:
    keys = pd.MultiIndex.from_arrays([state, team.astype(object)], names=by_team.index.names)
    return by_team.reindex(keys).fillna(0).to_numpy()
