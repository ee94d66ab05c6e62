"""Now and then two teams swap two men of about the same role."""

from __future__ import annotations

import datetime as dt

import numpy as np

from nba_assets.league import TEAMS
from nba_assets.simulator.draws import Flags, Ints
from nba_assets.simulator.roster import League

CHANCE = 0.06
"""Per date."""
MONTHS = (10, 11, 12, 1)
"""Until the deadline in February."""
PLACES = slice(2, 10)
"""Who is traded: from the third man of a team to the tenth."""


def trade(
    rng: np.random.Generator, day: dt.date, league: League, team: Ints, jersey: list[str], out: Flags
) -> tuple[int, int] | None:
    """Perhaps swap two players' teams (and jerseys, in place); the two, or None.

    Nobody who is out is traded, and nobody joins a team that has a man of his last name.
    """
    sides = rng.permutation(len(TEAMS))[:2]
    lucky = float(rng.random()) < CHANCE
    pick = int(rng.integers(8))
    if day.month not in MONTHS or not lucky:
        return None
    ours, theirs = (_tradable(league, team, int(side), out) for side in sides)
    given = ours[pick % len(ours)]
    minutes = league.talent.minutes
    got = min(theirs, key=lambda player: abs(float(minutes[player] - minutes[given])))
    if _has_namesake(league, team, got, given) or _has_namesake(league, team, given, got):
        return None
    team[given], team[got] = team[got], team[given]
    jersey[given], jersey[got] = jersey[got], jersey[given]
    return given, got


def _tradable(league: League, team: Ints, side: int, out: Flags) -> list[int]:
    men = np.flatnonzero(team == side)
    depth = men[np.argsort(-league.talent.minutes[men], kind="stable")][PLACES]
    return [int(player) for player in depth if not out[player]]


def _has_namesake(league: League, team: Ints, newcomer: int, leaver: int) -> bool:
    """Whether the leaver's team has, beside him, a man of the newcomer's last name."""
    mates = np.flatnonzero(team == team[leaver])
    name = league.players[newcomer].bare_last_name
    return any(league.players[int(m)].bare_last_name == name for m in mates if m != leaver)
