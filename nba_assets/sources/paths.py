"""What an object name says: its source, its capture time, its date."""

from __future__ import annotations

import datetime as dt
import functools
import re

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.sources.moments import day

STAMP = re.compile(r"(?:^|[/-])(\d{8}_\d{6})(?:-due-(\d{8}_\d{6}))?(?:-snap-\d{4})?\.[A-Za-z0-9]+$")
"""The time of the capture, and of a fetch long after the event the time by which its source had published it."""
FORM = "%Y%m%d_%H%M%S"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@functools.cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    """(prefix, source), the longest first."""
    found = [(prefix, table.name) for table in tables().values() for prefix in table.paths]
    return tuple(sorted(found, key=lambda entry: (-len(entry[0]), entry)))


def source_of(object_name: str) -> str | None:
    """The raw table that claims the object by the longest prefix of its name, None if none does."""
    for prefix, source in _prefixes():
        if object_name.startswith(prefix) and len(object_name) > len(prefix):
            return source
    return None


def capture_stamp(object_name: str) -> pd.Timestamp | None:
    """When the content was known by its name, UTC; None without a stamp.

    It is the capture time (`<YYYYMMDD_HHMMSS>.<ext>`, before `-snap-<HHMM>` for odds), or the one after `-due-`.
    """
    found = STAMP.search(object_name)
    if found is None:
        return None
    try:
        stamps = [dt.datetime.strptime(text, FORM).replace(tzinfo=dt.UTC) for text in found.groups() if text]
    except ValueError:
        return None
    return pd.Timestamp(min(stamps))


def due_name(object_name: str, due_at: dt.datetime) -> str:
    """The object's name with the time by which its source had published it."""
    stem, _, kind = object_name.rpartition(".")
    return f"{stem}-due-{due_at.astimezone(dt.UTC):{FORM}}.{kind}"


def is_assumed(object_name: str) -> bool:
    """Whether the time in the name is one by which the content must have been there, not one at which it was seen."""
    found = STAMP.search(object_name)
    return found is not None and found[2] is not None


def path_date(object_name: str) -> dt.date | None:
    """The first folder of the name that is a date; None where there is none (a schedule's folder is a season)."""
    for part in object_name.split("/")[:-1]:
        if DATE.fullmatch(part):
            try:
                return day(part)
            except ValueError:
                continue
    return None
