"""Who gets what, where a man can only get what happens while he is on the floor."""

from __future__ import annotations

from collections.abc import Sequence

from nba_assets.simulator.events.dice import Dice

NOBODY = -1


def deal(dice: Dice, counts: Sequence[int], allowed: Sequence[Sequence[int]]) -> list[int]:
    """The man who gets each item, or `NOBODY`: at random, and as many items as can be given out.

    `counts`: how many items each man may get; `allowed`: the men who may get each item. No other dealing gives out
    more (augmenting paths, Kuhn 1955).
    """
    owner = [NOBODY] * len(allowed)
    items: list[list[int]] = [[] for _ in counts]
    for item, men in enumerate(allowed):
        for man in men:
            items[man].append(item)
    for man in sorted(range(len(counts)), key=lambda man: len(items[man])):
        if not counts[man]:
            continue
        free = dice.shuffled([item for item in items[man] if owner[item] == NOBODY])
        for item in free[: counts[man]]:
            owner[item] = man
        for _ in range(counts[man] - len(free)):
            if not _find_one_more(man, items, owner):
                break
    return owner


def _find_one_more(man: int, items: list[list[int]], owner: list[int]) -> bool:
    """Give the man one more item; others swap theirs for it."""
    came: dict[int, tuple[int, int]] = {}
    waiting, seen = [man], {man}
    for wanting in waiting:
        for item in items[wanting]:
            holder = owner[item]
            if holder == NOBODY:
                owner[item] = wanting
                while wanting != man:
                    taken, wanting = came[wanting]
                    owner[taken] = wanting
                return True
            if holder not in seen:
                seen.add(holder)
                came[holder] = (item, wanting)
                waiting.append(holder)
    return False
