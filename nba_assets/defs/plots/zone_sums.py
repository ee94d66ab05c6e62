"""Where a team shoots and where it lets others shoot, by zone against the league: the numbers of the zone chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nba_assets.contracts.shot_zones import ZONE_COUNTS, ZONES

LAST = 15
"""Games, as in team_defense_zone_analysis."""
COLUMNS = ("game_date", "game_id", "team", "opponent", "season", *ZONE_COUNTS)
"""Of team_offense_game_summary."""


@dataclass(frozen=True)
class Side:
    """A team's shots or those it allowed, in its last games with valid zones.

    `zones` has a row a zone: `fga` (attempts), `share` (of the located attempts), `fg_pct` (0 to 1, NaN without
    attempts), `diff_pp` (percentage points above the league's). `games` may be fewer than `LAST`.
    """

    zones: pd.DataFrame
    games: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None


def sides(rows: pd.DataFrame, team: str) -> tuple[Side, Side]:
    """What a team shoots and what it allows, from `COLUMNS` of one season's games of all teams.

    The league's percentages are Σ makes/Σ attempts of all the rows.
    """
    league = _by_zone(rows)
    return _side(rows[rows["team"] == team], league), _side(rows[rows["opponent"] == team], league)


def _side(rows: pd.DataFrame, league: pd.DataFrame) -> Side:
    located = rows[rows[list(ZONE_COUNTS)].notna().all(axis=1)].sort_values(["game_date", "game_id"]).tail(LAST)
    zones = _by_zone(located)
    zones["diff_pp"] = 100 * (zones["fg_pct"] - league["fg_pct"])
    dates = located["game_date"]
    ends = (dates.min(), dates.max()) if len(located) else (None, None)
    return Side(zones, len(located), *ends)


def _by_zone(rows: pd.DataFrame) -> pd.DataFrame:
    sums = rows[list(ZONE_COUNTS)].sum().to_numpy(dtype=float).reshape(len(ZONES), 2)
    fga, fgm = sums[:, 0], sums[:, 1]
    with np.errstate(invalid="ignore"):
        found = {"fga": fga, "share": fga / fga.sum(), "fg_pct": fgm / fga}
    return pd.DataFrame(found, index=pd.Index(list(ZONES), name="zone"))
