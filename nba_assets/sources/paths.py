"""What an object name says: its source, its capture time, its date."""

from __future__ import annotations

import datetime as dt
import functools
import re

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.sources.moments import day

STAMP = re.compile(r"(?:^|[/-])(\d{8}_\d{6})(?:-snap-\d{4})?\.[A-Za-z0-9]+$")
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
    """The capture time in the name (`<YYYYMMDD_HHMMSS>.<ext>`, before `-snap-<HHMM>` for odds), UTC; None without."""
    found = STAMP.search(object_name)
    if found is None:
        return None
    try:
        return pd.Timestamp(dt.datetime.strptime(found[1], "%Y%m%d_%H%M%S").replace(tzinfo=dt.UTC))
    except ValueError:
        return None


def path_date(object_name: str) -> dt.date | None:
    """The first folder of the name that is a date; None where there is none (a schedule's folder is a season)."""
    for part in object_name.split("/")[:-1]:
        if DATE.fullmatch(part):
            try:
                return day(part)
            except ValueError:
                continue
    return None
