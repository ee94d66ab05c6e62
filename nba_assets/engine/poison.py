"""Which of a build's dates cannot be built: one bad date never keeps the others of its call from being made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from nba_assets.engine.failure import classify

ENOUGH = 3
"""Single dates that fail, after which the fault is taken to be in the code: the rest is not tried one by one."""

T = TypeVar("T")


def made_apart(
    make: Callable[[list[dt.date]], T], days: Sequence[dt.date]
) -> Iterator[tuple[list[dt.date], T | Exception]]:
    """Make the dates in one call; if that raises what would be raised again, find the bad ones by halving.

    Each part with what was made of it, or with what its build raised; together they are the dates, each once. An error
    that may be over later is of all dates of its call, and ends it.
    """
    waiting, singles = [list(days)], 0
    error: Exception | None = None
    while waiting:
        part = waiting.pop()
        if error is not None and singles >= ENOUGH:
            yield part, error
            continue
        try:
            made = make(part)
        except Exception as raised:  # told to the caller, who logs it with the dates
            error = raised
        else:
            yield part, made
            continue
        if len(part) <= 1 or classify(error) == "transient":
            singles += 1
            yield part, error
            if classify(error) == "transient":
                yield from ((rest, error) for rest in waiting)
                return
        else:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]
