"""Whether a game's play-by-play tells the points of its score, as of a moment: one that does not is not used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.contracts.shot_zones import PLAY_BY_PLAY_TABLES
from nba_assets.transforms import Inputs
from nba_assets.transforms.box_scores import of
from nba_assets.transforms.game_versions import GAME, as_of
from nba_assets.transforms.windows import Flags

NBAC, BIGDATABALL = "nbac_play_by_play", "bigdataball_play_by_play"


def _by_value(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["shot_value"].where(rows["is_made"].fillna(False).astype(bool))


POINTS: dict[str, Callable[[pd.DataFrame], pd.Series[Any]]] = {NBAC: _by_value, BIGDATABALL: lambda rows: rows["pts"]}
"""By table the points of each event."""


@dataclass(frozen=True)
class Agreement:
    """Per moment and play-by-play table whether it was there, and whether its points were those of the score."""

    there: dict[str, Flags]
    agrees: dict[str, Flags]

    @property
    def conflict(self) -> pd.Series[Any]:
        """True where one of them tells other points, false where none does, null where there is none."""
        there, agrees = pd.DataFrame(self.there), pd.DataFrame(self.agrees)
        return (there & ~agrees).any(axis=1).astype("boolean").where(there.any(axis=1))


def scored(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """By table: GAME, team_tricode ('' of events of no team), known_at, superseded_at, and `points` of such events."""
    return {name: _scored(of(inputs, name), POINTS[name]) for name in PLAY_BY_PLAY_TABLES}


def agreement(found: dict[str, pd.DataFrame], told: pd.DataFrame) -> Agreement:
    """What the play-by-play in `found` (see `scored`) says of the moments `told` (GAME, at, tricodes, scores)."""
    there: dict[str, Flags] = {}
    agrees: dict[str, Flags] = {}
    for name, rows in found.items():
        known = as_of(rows, told)
        there[name] = told.index.isin(known["moment"])
        points = known.groupby(["moment", "team_tricode"])["points"].sum()
        home, away = (told[f"{side}_score"].astype("float64") for side in ("home", "away"))
        same = _points_of(points, told["home_tricode"]) == home
        same &= _points_of(points, told["away_tricode"]) == away
        same &= points.groupby("moment").sum().reindex(told.index) == home + away
        agrees[name] = there[name] & same.to_numpy(dtype=bool)
    return Agreement(there, agrees)


def _scored(rows: pd.DataFrame, points: Callable[[pd.DataFrame], pd.Series[Any]]) -> pd.DataFrame:
    by = [*GAME, "team_tricode", "known_at", "superseded_at"]
    events = rows[by].assign(points=points(rows).fillna(0).astype("float64"))
    events["team_tricode"] = events["team_tricode"].fillna("")
    return events.groupby(by, dropna=False)["points"].sum().reset_index()


def _points_of(points: pd.Series[Any], teams: pd.Series[Any]) -> pd.Series[Any]:
    """Per moment the points of its team, 0 where the play-by-play has none of it."""
    keys = pd.MultiIndex.from_arrays([teams.index, teams.astype(object)], names=points.index.names)
    return pd.Series(points.reindex(keys).fillna(0.0).to_numpy(), index=teams.index)
