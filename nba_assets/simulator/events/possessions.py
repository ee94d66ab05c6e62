"""Whose ball it is, from the tip to the end: possessions in turn, each with its time and the ten men on the floor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from nba_assets.simulator.draws import whole
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.lineups import Shift
from nba_assets.simulator.events.plays import Play

HOME, AWAY = 0, 1
SHORTEST = 3
"""Seconds."""
FIRST_PERIODS = {1, 4}
"""Periods of four that begin with the ball of who won the tip."""


@dataclass(eq=False)
class Possession:
    """A team's turn with the ball. Its plays happen from `start` on, the last one at `end` (seconds since the tip).

    `fives`: the men of (home, away) on the floor during the plays; `before`: seconds since the last possession's end.
    """

    team: int
    period: int
    start: int
    end: int
    before: int
    fives: tuple[tuple[int, ...], tuple[int, ...]]
    plays: list[Play] = field(default_factory=list)
    technicals: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(play.points for play in self.plays) + sum(made for _, made in self.technicals)

    @property
    def own(self) -> tuple[int, ...]:
        return self.fives[self.team]

    @property
    def other(self) -> tuple[int, ...]:
        return self.fives[1 - self.team]


def possessions(
    dice: Dice, ends: tuple[int, int], lengths: Sequence[int], shifts: tuple[Sequence[Shift], Sequence[Shift]]
) -> list[Possession]:
    """As many possessions of (home, away) as `ends` says, one team's after the other's in every period.

    Needs numbers that differ by no more than there are periods.
    """
    turns = _turns(dice, ends, lengths)
    starts = list(accumulate(lengths, initial=0))
    changes = sorted({shift.start for team in shifts for shift in team} | set(starts))
    found = []
    for period, order in enumerate(turns, start=1):
        last = starts[period - 1]
        for team, end in zip(order, _ends(dice, len(order), starts[period - 1], lengths[period - 1]), strict=True):
            changed = changes[bisect_left(changes, end) - 1]
            fives = (on_floor(shifts[HOME], end), on_floor(shifts[AWAY], end))
            found.append(Possession(team, period, max(last, changed), end, end - last, fives))
            last = end
    return found


def _turns(dice: Dice, ends: tuple[int, int], lengths: Sequence[int]) -> list[list[int]]:
    """Which team has the ball, possession by possession, in each period."""
    fewer = min(ends)
    shares = np.array(lengths) * (fewer / sum(lengths))
    ahead, extra = (HOME if ends[HOME] > ends[AWAY] else AWAY), max(ends) - fewer
    tip = dice.below(2)
    first = [tip if n in FIRST_PERIODS else 1 - tip if n <= 4 else dice.below(2) for n in range(1, len(lengths) + 1)]
    longer = sorted(range(len(lengths)), key=lambda n: (first[n] != ahead, n))[:extra]
    turns = []
    for n, count in enumerate(whole(shares, fewer).tolist()):
        starter = ahead if n in longer else first[n]
        turns.append([starter, 1 - starter] * count + ([ahead] if n in longer else []))
    return turns


def _ends(dice: Dice, count: int, start: int, length: int) -> list[int]:
    """When each possession of a period ends; some seconds may be left after the last."""
    weights = np.array([0.15 + dice.uniform() for _ in range(count)] + [0.3 * dice.uniform()])
    free = length - SHORTEST * count
    extra = whole(weights * (free / weights.sum()), free).tolist()
    return list(accumulate((SHORTEST + more for more in extra[:count]), initial=start))[1:]


def on_floor(shifts: Sequence[Shift], moment: int) -> tuple[int, ...]:
    """The five at a moment: who comes at it comes after what happens then."""
    return shifts[bisect_left(shifts, moment, key=lambda shift: shift.start) - 1].five
