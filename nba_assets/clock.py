"""The platform's one clock: nothing else reads the time, no transform reads it at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> dt.datetime:
        """Now, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


@dataclass
class FixedClock:
    """A clock that a test or the demo sets."""

    moment: dt.datetime

    def now(self) -> dt.datetime:
        return self.moment
