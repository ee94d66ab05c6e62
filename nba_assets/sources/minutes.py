"""Time on the floor in every form that the sources use."""

from __future__ import annotations

import functools
import re

CLOCK = re.compile(r"(\d{1,3})(?:\.0+)?:([0-5]\d)")
"""`36:04`, `265:00`, and the league's `36.000000:04`."""
ISO = re.compile(r"PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:(\d{1,2}(?:\.\d+)?)S)?")
WHOLE = re.compile(r"\d{1,3}")


def seconds(value: object) -> int | None:
    """Seconds of a time: `"36:04"`, `"PT36M04.00S"`, `"37"`, `35`; None for null and `""` (did not play).

    Zero is a time, not its absence. Raises `ValueError` for anything else.
    """
    if value is None or value == "":
        return None
    if type(value) is int and 0 <= value < 1000:
        return value * 60
    if isinstance(value, str):
        return _of_text(value)
    raise ValueError(f"{value!r} is not a time")


@functools.lru_cache(maxsize=8192)
def _of_text(text: str) -> int:
    clock = CLOCK.fullmatch(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    if WHOLE.fullmatch(text):
        return int(text) * 60
    iso = ISO.fullmatch(text)
    if iso and any(iso.groups()):
        hours, minutes, rest = iso.groups(default="0")
        return int(hours) * 3600 + int(minutes) * 60 + int(float(rest))
    raise ValueError(f"{text!r} is not a time")


def precision(times: list[int]) -> str:
    """`minute` if every time is a whole minute, whatever its form, else `second`."""
    return "second" if any(time % 60 for time in times) else "minute"
