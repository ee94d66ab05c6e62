"""Who plays how long: a coach's plan, and a night's real minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nba_assets.simulator.draws import Flags, Floats, Ints, proportional, whole
from nba_assets.simulator.roster import MINUTES

TEAM_MINUTES = 240.0
LONGEST = 40.0
"""Most minutes a coach plans for one man."""
OWN_SHARE = 0.45
"""How much of a man's plan is his own usual time; the rest is the time of the place he moves up to."""
DRESSED = 13
MEN = (9, 10, 11)
MEN_CHANCES = (0.3, 0.45, 0.25)
USUAL_MEN = 10
ON_COURT = 5
CLOSERS = 7
"""Men whom a coach uses in overtime."""


@dataclass(frozen=True)
class Rotation:
    """A team's night. `men`: who plays, in depth order, starters first, with `plan` minutes; `bench`: dressed, did not
    play; `spare`: healthy, not dressed; `hurt`: out."""

    men: Ints
    plan: Floats
    bench: Ints
    spare: Ints
    hurt: Ints


def plan(usual: Floats, men: int) -> Floats:
    """Planned minutes of the first `men` of a team's available players, whose usual minutes fall. They sum to 240.

    When somebody is missing, those behind him move up: most of his time goes to them.
    """
    weights = OWN_SHARE * usual[:men] + (1 - OWN_SHARE) * np.array(MINUTES[:men])
    return proportional(weights, TEAM_MINUTES, LONGEST)


def rotation(team_men: Ints, usual: Floats, out: Flags, men: int) -> Rotation:
    """The night of a team's players (`team_men`, any order) by all players' usual minutes and absences."""
    depth = team_men[np.argsort(-usual[team_men], kind="stable")]
    available = depth[~out[depth]]
    playing = available[:men]
    return Rotation(
        men=playing,
        plan=plan(usual[playing], len(playing)),
        bench=available[men:DRESSED],
        spare=available[DRESSED:],
        hurt=depth[out[depth]],
    )


def drawn_men(rng: np.random.Generator) -> int:
    """How many men a coach uses tonight."""
    return int(rng.choice(MEN, p=MEN_CHANCES))


def night(rng: np.random.Generator, planned: Floats) -> Floats:
    """Tonight's share of the minutes: the plan with foul trouble, feeling and match-ups."""
    scale = 0.10 + 0.32 * (1 - planned / LONGEST)
    return np.maximum(planned * (1 + scale * rng.standard_normal(len(planned))), 2.0)


def seconds(weights: Floats, length: int, margin: int, quarter: str) -> Ints:
    """Seconds of each man in a stretch of `length` seconds, 5 x `length` in all. `margin`: the score's before it.

    In a decided game the first five rest in the fourth quarter, in a close one they stay; overtime is theirs.
    """
    place = np.arange(len(weights))
    weights = weights.copy()
    if quarter == "fourth" and abs(margin) >= 20:
        weights *= np.where(place < ON_COURT, 0.35, 1.8)
    elif quarter == "fourth" and abs(margin) <= 8:
        weights *= np.where(place < ON_COURT, 1.2, 0.8)
    elif quarter == "overtime":
        weights *= np.where(place < CLOSERS, weights, 0.0)
        weights += 1e-6
    longest = length if quarter != "regulation" else round(0.94 * length)
    return whole(proportional(weights, float(ON_COURT * length), float(longest)), ON_COURT * length)
