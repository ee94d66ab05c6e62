"""What a migration tells of itself: its progress, and of every part what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Tell = Callable[[str, int, int], None]
"""Told of progress: of which part, how much is done, of how much."""


@dataclass(frozen=True)
class Part:
    """One part of an installation: objects, partitions, rows or documents of it that were copied or were there.

    `rows` and `bytes` are those that were verified in the target; of a dry run, those that would be copied.
    """

    part: str
    copied: int
    already_there: int
    rows: int | None = None
    bytes: int | None = None
