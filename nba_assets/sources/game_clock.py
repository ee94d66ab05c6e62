"""The game clock: time left in a period, in every form that the sources use, and time since the tip."""

from __future__ import annotations

import functools
import re

REGULATION = 4
LAST_PERIOD = 14
QUARTER, OVERTIME = 720.0, 300.0
CLOCK = re.compile(r"(?:0{1,2}:)?(\d{1,2}):([0-5]\d(?:\.\d{1,3})?)")
"""`11:44`, `0:11:44`."""
ISO = re.compile(r"PT(?:(\d{1,2})M)?(?:([0-5]?\d(?:\.\d{1,3})?)S)?")


@functools.lru_cache(maxsize=8192)
def clock_seconds(text: str) -> float:
    """Seconds of `PT11M44.00S`, `11:44` or `0:11:44`, fractions kept. Raises `ValueError` for anything else."""
    found = CLOCK.fullmatch(text) or ISO.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(f"{text!r} is not a time of the game clock")
    minutes, seconds = found.groups(default="0")
    return round(int(minutes) * 60 + float(seconds), 3)


def period_seconds(period: int) -> float:
    """Length of a period; from the fifth on they are overtimes."""
    return QUARTER if period <= REGULATION else OVERTIME


def elapsed_seconds(period: int, left: float) -> float:
    """Time played since the tip, with `left` seconds to go in the period."""
    before = QUARTER * min(period - 1, REGULATION) + OVERTIME * max(period - 1 - REGULATION, 0)
    return round(before + period_seconds(period) - left, 3)
