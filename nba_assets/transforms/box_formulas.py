"""Formulas of box score statistics, on arrays of counts; a zero denominator gives NaN.

Counts are of one player or team and game: points, fgm, fga, fg3m, ftm, fta, oreb, dreb, ast, tov. Sources: BR is
basketball-reference's glossary, DO Dean Oliver, *Basketball on Paper*.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Counts = Mapping[str, Floats]

FREE_THROW_WEIGHT = 0.44
"""Possessions, or plays, that a free throw attempt ends on average (DO)."""


def game_minutes(ot_periods: Floats) -> Floats:
    """TmMin: minutes of all five men of a team, 240 + 25 an overtime."""
    return 240.0 + 25.0 * ot_periods


def overtimes(minutes: Floats) -> Floats:
    """Overtime periods that a team's player minutes amount to: the whole number nearest to (minutes − 240)/25, ≥ 0."""
    return np.asarray(np.maximum(np.rint((minutes - 240.0) / 25.0), 0.0))


def possessions(own: Counts, other: Counts) -> Floats:
    """Possessions of a game, one number for both teams; `tov` includes the teams' own turnovers (BR, two teams)."""
    return (_chances(own, other) + _chances(other, own)) / 2.0


def _chances(own: Counts, other: Counts) -> Floats:
    share = np.nan_to_num(over(own["oreb"], own["oreb"] + other["dreb"]))
    return own["fga"] + 0.4 * own["fta"] - 1.07 * share * (own["fga"] - own["fgm"]) + own["tov"]


def pace(poss: Floats, team_minutes: Floats) -> Floats:
    """Possessions per 48 minutes (BR)."""
    return over(48.0 * poss, team_minutes / 5.0)


def rating(points: Floats, poss: Floats) -> Floats:
    """Points per 100 possessions (BR)."""
    return over(100.0 * points, poss)


def ts_pct(own: Counts) -> Floats:
    """True shooting, 0 to 1.5 (BR)."""
    return over(own["points"], 2.0 * (own["fga"] + FREE_THROW_WEIGHT * own["fta"]))


def efg_pct(own: Counts) -> Floats:
    """Effective field goal share, 0 to 1.5 (BR)."""
    return over(own["fgm"] + 0.5 * own["fg3m"], own["fga"])


def plays(own: Counts) -> Floats:
    """Plays used: FGA + 0.44·FTA + TOV."""
    return own["fga"] + FREE_THROW_WEIGHT * own["fta"] + own["tov"]


def tov_pct(own: Counts) -> Floats:
    """Turnovers per play used, 0 to 1 (BR, DO)."""
    return over(own["tov"], plays(own))


def usage_rate(own: Counts, team: Counts, minutes: Floats, team_minutes: Floats) -> Floats:
    """Per 100: the team's plays that he used while on the floor, at most 100 (BR)."""
    used = over(100.0 * plays(own) * (team_minutes / 5.0), minutes * plays(team))
    return np.minimum(used, 100.0)


def ast_pct(own: Counts, team: Counts, minutes: Floats, team_minutes: Floats) -> Floats:
    """Team mates' field goals that he assisted while on the floor, 0 to 1; NaN if they made none (BR)."""
    others = over(minutes, team_minutes / 5.0) * team["fgm"] - own["fgm"]
    return np.clip(over(own["ast"], np.where(others > 0.0, others, np.nan)), 0.0, 1.0)


def rebound_pct(rebounds: Floats, team: Floats, opponent: Floats, minutes: Floats, team_minutes: Floats) -> Floats:
    """Available rebounds of one end that a player took while on the floor, at most 1 (BR).

    Offensive: his and his team's OREB, the opponent's DREB; defensive: DREB, DREB, OREB.
    """
    return np.minimum(over(rebounds * (team_minutes / 5.0), minutes * (team + opponent)), 1.0)


def over(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient; NaN where the denominator is 0."""
    return np.asarray(numerator / np.where(denominator == 0.0, np.nan, denominator))
