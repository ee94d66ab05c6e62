"""Where drops are written, and how many of each source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import orjson


class Folder:
    """Drops below a folder. `written`: files by source."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written: Counter[str] = Counter()
        self._made: set[Path] = set()

    def write(self, source: str, name: str, payload: Any) -> None:
        """One JSON drop under its object name."""
        self.write_bytes(source, name, orjson.dumps(payload))

    def write_bytes(self, source: str, name: str, data: bytes) -> None:
        """One drop of any format."""
        path = self.out / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        path.write_bytes(data)
        self.written[source] += 1


def stamp(day: dt.date, time: dt.time) -> str:
    """A capture stamp as object names have it, UTC."""
    return f"{day:%Y%m%d}_{time:%H%M%S}"


def morning_after(day: dt.date, time: dt.time) -> str:
    """A capture stamp on the day after a league date, when its games are over: the last ends before 06:30 UTC."""
    return stamp(day + dt.timedelta(days=1), time)
