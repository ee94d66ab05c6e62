"""The clock of an episode: the machine's, moved by what a file says, so that all its processes are moved together."""

from __future__ import annotations

import datetime as dt
import mmap
import struct
import time
from pathlib import Path

AHEAD = struct.Struct("<d")
"""Seconds that the clock is ahead of the machine's."""


class SteppedClock:
    """The clock of a process, `skew` seconds wrong. The file is read at every look: a step is seen at once."""

    def __init__(self, path: Path, skew: float = 0.0) -> None:
        self._skew = skew
        with path.open("r+b") as file:
            self._ahead = mmap.mmap(file.fileno(), AHEAD.size)

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(time.time() + self.ahead + self._skew, dt.UTC)

    @property
    def ahead(self) -> float:
        (seconds,) = AHEAD.unpack(self._ahead[: AHEAD.size])
        return float(seconds)

    def step(self, seconds: float) -> None:
        """Move the clock of every process by so much, forwards or back."""
        self._ahead[: AHEAD.size] = AHEAD.pack(self.ahead + seconds)


def new_clock(path: Path, now: dt.datetime) -> SteppedClock:
    """A clock that says `now`, kept in a new file."""
    path.write_bytes(AHEAD.pack(now.timestamp() - time.time()))
    return SteppedClock(path)
