"""Notifications at their outer edge: they tell what a test says, and nothing of their own."""

from __future__ import annotations


class Told:
    """Each call tells the next of these, or fails so; without any, looks have to find everything."""

    def __init__(self, *told: list[str] | Exception) -> None:
        self.told = list(told)

    def wait(self, seconds: float) -> list[str]:
        told = self.told.pop(0) if self.told else []
        if isinstance(told, Exception):
            raise told
        return told

    def close(self) -> None:
        """Nobody listens."""
