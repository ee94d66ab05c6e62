"""How messages say lists, numbers, times and what others wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

NAMED = 5
"""How many of a list a message names."""
LONGEST = 200
"""Characters of a quotation."""


def listed(names: Sequence[str]) -> str:
    """`a, b, c, d, e and 3 more`."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def counted(number: int, noun: str) -> str:
    """`1 drop`, `1,000 drops`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def minute(moment: dt.datetime) -> str:
    """`2024-11-02 04:00 UTC`."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def quoted(text: str) -> str:
    """What a file or an error said, on one line, printable and shortened."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
