"""Who is on the floor when: five men at every moment, each for exactly his seconds of the box score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nba_assets.simulator.events.dice import Dice

ON_COURT = 5
HALF = 1440
QUARTER, OVERTIME = 720, 300
STARTERS_ONLY, STARTERS_FIRST, STAYS, RESTLESS = 100.0, 0.6, 0.4, 0.1
"""What counts for a man beside the share of the time left that is still his: he is a starter and the game or the second
half begins, he is on the floor already, and luck."""
PLAYS_OUT = 240
"""Seconds: with so few left a man on the floor plays them out."""
SHORT_NIGHT = 300
"""Seconds: who plays less than this does so in one half."""
AT_THE_TIP = 120
"""Seconds that a starter plays at least in the first half, if he plays so long."""
WHISTLES = (60, 140)
"""Seconds between two chances to change men."""


@dataclass(frozen=True)
class Shift:
    """Five men (places in the team's rotation, rising) on the floor from `start`, in seconds since the tip."""

    start: int
    five: tuple[int, ...]


def period_lengths(periods: int) -> list[int]:
    """Seconds of each period: four quarters, then overtimes."""
    return [QUARTER] * 4 + [OVERTIME] * (periods - 4)


def whistles(dice: Dice, length: int) -> list[int]:
    """The moments, in seconds since the tip, at which both coaches may change men; the ends of all quarters are."""
    low, high = WHISTLES
    marks = {*range(QUARTER, HALF * 2 + 1, QUARTER), *range(HALF * 2, length + 1, OVERTIME)}
    now = 0
    while (now := now + low + dice.below(high - low)) < length:
        marks.add(now)
    return sorted(marks)


def shifts(dice: Dice, seconds: Sequence[int], marks: Sequence[int]) -> list[Shift]:
    """The shifts of a team whose men play `seconds`, starters first.

    Needs seconds that sum to five times the game's, none above it. Every man gets exactly his: who has no second to
    spare until the half is over stays or comes (McNaughton 1959: then five can always be found).
    """
    length = sum(seconds) // ON_COURT
    first_half = _first_half(dice, seconds, length)
    second_half = [whole - first for whole, first in zip(seconds, first_half, strict=True)]
    found: list[Shift] = []
    for start, end, share in ((0, HALF, first_half), (HALF, length, second_half)):
        for shift in _half(dice, start, end, share, marks):
            if not found or found[-1].five != shift.five:
                found.append(shift)
    return found


def _first_half(dice: Dice, seconds: Sequence[int], length: int) -> list[int]:
    """How much of each man's time falls into the first half: about his usual share, 5 x 1440 seconds in all."""
    rest = length - HALF
    low = [max(0, whole - rest, min(whole, AT_THE_TIP) * (man < ON_COURT)) for man, whole in enumerate(seconds)]
    high = [min(HALF, whole) for whole in seconds]
    share = []
    for whole, least, most in zip(seconds, low, high, strict=True):
        wanted = whole * HALF / length * (0.85 + 0.3 * dice.uniform())
        if whole < SHORT_NIGHT and not least:
            wanted = whole if dice.chance(0.5) else 0
        share.append(min(max(round(wanted), least), most))
    missing = ON_COURT * HALF - sum(share)
    room = [most - own if missing > 0 else own - least for own, least, most in zip(share, low, high, strict=True)]
    step, left, space = (1 if missing > 0 else -1), abs(missing), sum(room)
    for man, own in enumerate(room):
        moved = math.ceil(left * own / space) if space else 0
        share[man] += step * moved
        left -= moved
        space -= own
    return share


def _half(dice: Dice, start: int, end: int, share: Sequence[int], marks: Sequence[int]) -> list[Shift]:
    """The shifts of a half; the last one takes the overtimes with it."""
    rest = list(share)
    now, five = start, tuple(range(ON_COURT))
    found = []
    coming = [mark for mark in marks if start < mark < end] + [end]
    while now < end:
        left = end - now
        five = _five(dice, rest, left, five, None if now > start else STARTERS_FIRST if start else STARTERS_ONLY)
        while coming[0] <= now:
            coming.pop(0)
        step = min(coming[0] - now, *(rest[man] for man in five))
        idle = [left - own for man, own in enumerate(rest) if man not in five]
        step = min(step, *idle) if idle else step
        found.append(Shift(now, five))
        for man in five:
            rest[man] -= step
        now += step
    return found


def _five(dice: Dice, rest: Sequence[int], left: int, before: Sequence[int], begins: float | None) -> tuple[int, ...]:
    """Who plays next of the men with `rest` seconds to play in the half's `left` ones. `begins`: a starter's bonus."""

    def claim(man: int) -> float:
        own = rest[man]
        if own in (0, left):
            return 1000.0 if own else -1000.0
        share = own / left + RESTLESS * dice.uniform()
        if begins is not None:
            return share + begins * (man < ON_COURT)
        if man in before:
            share += STAYS if own > PLAYS_OUT else 10.0
        return share

    claims = [claim(man) for man in range(len(rest))]
    order = sorted(range(len(rest)), key=lambda man: -claims[man])
    return tuple(sorted(order[:ON_COURT]))
