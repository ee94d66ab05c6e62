"""Single draws, drawn from a stream in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BULK = 1024


class Dice:
    """A stream's uniform draws, one at a time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.uniform = self._draws().__next__
        """A number from 0 up to 1."""

    def _draws(self) -> Iterator[float]:
        while True:
            yield from self.rng.random(BULK).tolist()

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return int(self.uniform() * count)

    def chance(self, probability: float) -> bool:
        """Whether something so probable happens."""
        return self.uniform() < probability

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all alike."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items in proportion to its weight."""
        left = self.uniform() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            place = self.below(last + 1)
            order[last], order[place] = order[place], order[last]
        return order
