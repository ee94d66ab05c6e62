"""What stops the clock between plays: fouls without free throws, timeouts, changes of men."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nba_assets.simulator.events.casting import Course
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.lineups import Shift
from nba_assets.simulator.events.plays import FOULED_OUT
from nba_assets.simulator.events.possessions import AWAY, HOME, Possession, on_floor

AT_A_CHANGE = 0.7
"""Share of the common fouls after which men are changed, if that can be."""
TIMEOUT = 0.4
"""Chance of a timeout at a change of men without a foul."""
TIMEOUTS = 7


@dataclass(frozen=True)
class Foul:
    """A common foul. `drawn`: who was fouled; both are places in their teams' rotations."""

    team: int
    man: int
    drawn: int


@dataclass
class Stop:
    """What happens at a moment between two plays. `timeout`: the team, or None; `changes`: (team, leaves, enters)."""

    ball: int
    fives: tuple[tuple[int, ...], tuple[int, ...]]
    fouls: list[Foul] = field(default_factory=list)
    timeout: int | None = None
    changes: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Interruptions:
    """`stops` by moment (seconds since the tip); `during`: fouls early in a possession, by its place."""

    stops: dict[int, Stop]
    during: dict[int, list[Foul]]


def interruptions(
    dice: Dice, course: Course, breaks: Sequence[int], fouls: tuple[Sequence[int], Sequence[int]]
) -> Interruptions:
    """The game's interruptions. `breaks`: the periods' ends; `fouls`: by team, each man's; a sixth is his last deed."""
    found = Interruptions(_changes(course), {})
    within = sorted(moment for moment in found.stops if moment not in breaks)
    for team in (HOME, AWAY):
        left = list(course.common_fouls[team])
        last = [man for man, count in enumerate(fouls[team]) if count == FOULED_OUT]
        for man in last:
            left.remove(man)
        for man in left:
            _place_foul(dice, course.turns, found, within, team, man)
        for man in last:
            moment = _leaves(course.shifts[team], man, breaks[-1])
            stop = found.stops.setdefault(moment, _stop(course, moment))
            _add_foul(dice, stop, team, man)
    _call_timeouts(dice, [found.stops[moment] for moment in within])
    return found


def _changes(course: Course) -> dict[int, Stop]:
    stops: dict[int, Stop] = {}
    for team in (HOME, AWAY):
        for before, after in pairwise(course.shifts[team]):
            stop = stops.setdefault(after.start, _stop(course, after.start))
            leave = sorted(set(before.five) - set(after.five))
            enter = sorted(set(after.five) - set(before.five))
            stop.changes += [(team, *pair) for pair in zip(leave, enter, strict=True)]
    return stops


def _stop(course: Course, moment: int) -> Stop:
    place = min(bisect_right(course.turns, moment, key=lambda turn: turn.end), len(course.turns) - 1)
    return Stop(
        course.turns[place].team, (on_floor(course.shifts[HOME], moment), on_floor(course.shifts[AWAY], moment))
    )


def _place_foul(
    dice: Dice, turns: Sequence[Possession], found: Interruptions, within: Sequence[int], team: int, man: int
) -> None:
    """A foul by a man on the floor while the other team has the ball, best just before men are changed."""
    stops = [stop for stop in map(found.stops.__getitem__, within) if not stop.fouls and man in stop.fives[team]]
    against = [stop for stop in stops if stop.ball != team]
    if against and dice.chance(AT_A_CHANGE):
        _add_foul(dice, dice.pick(against), team, man)
        return
    place = dice.pick([n for n, turn in enumerate(turns) if turn.team != team and man in turn.other])
    found.during.setdefault(place, []).append(Foul(team, man, dice.pick(turns[place].own)))


def _add_foul(dice: Dice, stop: Stop, team: int, man: int) -> None:
    stop.fouls.append(Foul(team, man, dice.pick(stop.fives[1 - team])))


def _leaves(shifts: Sequence[Shift], man: int, end: int) -> int:
    """The moment from which on a man is no longer on the floor."""
    after = [later.start for earlier, later in pairwise(shifts) if man in earlier.five and man not in later.five]
    return end if man in shifts[-1].five else after[-1]


def _call_timeouts(dice: Dice, stops: Sequence[Stop]) -> None:
    left = [TIMEOUTS, TIMEOUTS]
    for stop in stops:
        if not stop.fouls and left[stop.ball] and dice.chance(TIMEOUT):
            stop.timeout = stop.ball
            left[stop.ball] -= 1
