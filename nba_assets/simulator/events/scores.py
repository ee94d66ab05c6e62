"""When each man's makes and misses happen: so that every period has its score."""

from __future__ import annotations

from collections.abc import Sequence

from nba_assets.simulator.events.dealing import NOBODY
from nba_assets.simulator.events.dice import Dice
from nba_assets.simulator.events.plays import Play
from nba_assets.simulator.events.possessions import Possession

EXCHANGES = 300
"""Exchanges tried before the game is dealt anew."""


def keep_scores(dice: Dice, turns: Sequence[Possession], periods: Sequence[int]) -> bool:
    """Let a team's men exchange last plays among their own possessions until it scores `periods`; whether it does."""
    rest = list(periods)
    of: list[list[Possession]] = [[] for _ in periods]
    for turn in turns:
        of[turn.period - 1].append(turn)
        rest[turn.period - 1] -= turn.points
    for _ in range(EXCHANGES):
        if not any(rest):
            return True
        over, short = rest.index(min(rest)), rest.index(max(rest))
        if not _exchange(dice, of[over], of[short], rest, (over, short)):
            _shake(dice, of, rest)
    return False


def _exchange(
    dice: Dice, one: list[Possession], other: list[Possession], rest: list[int], periods: tuple[int, int]
) -> bool:
    """The exchange that brings both periods nearest to their scores; whether there is one that helps."""
    over, short = periods
    best, found = abs(rest[over]) + abs(rest[short]), None
    theirs: dict[int, list[Possession]] = {}
    for turn in dice.shuffled(other):
        theirs.setdefault(turn.plays[-1].man, []).append(turn)
    for turn in dice.shuffled(one):
        mine = turn.plays[-1]
        for their in theirs.get(mine.man, ()) if mine.man != NOBODY else ():
            moved = mine.points - their.plays[-1].points
            left = abs(rest[over] + moved) + abs(rest[short] - moved)
            if left < best:
                best, found = left, (turn, their)
    if found is None:
        return False
    _swap(*found, rest)
    return True


def _shake(dice: Dice, of: list[list[Possession]], rest: list[int]) -> None:
    """Exchange two plays of one man wherever: another start for those that help."""
    turn = dice.pick(dice.pick(of))
    man = turn.plays[-1].man
    others = [other for period in of for other in period if other.plays[-1].man == man]
    _swap(turn, dice.pick(others), rest)


def _swap(one: Possession, other: Possession, rest: list[int]) -> None:
    moved = one.plays[-1].points - other.plays[-1].points
    rest[one.period - 1] += moved
    rest[other.period - 1] -= moved
    first: Play = one.plays[-1]
    one.plays[-1], other.plays[-1] = other.plays[-1], first
