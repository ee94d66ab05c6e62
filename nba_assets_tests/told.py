"""Notifications at their outer edge: they tell what a test says, and nothing of their own."""

from __future__ import annotations


class Told:
    """Each call tells the next of these; without any, looks have to find everything."""

    def __init__(self, *told: list[str]) -> None:
        self.told = list(told)

    def wait(self, seconds: float) -> list[str]:
        return self.told.pop(0) if self.told else []

    def close(self) -> None:
        """Nobody listens."""
