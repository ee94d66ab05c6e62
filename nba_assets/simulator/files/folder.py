"""Where drops are written, and how many of each source."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import orjson

SOURCES = (
    "nbac_schedule",
    "nbac_player_list",
    "nbac_gamebook_player_stats",
    "nbac_player_boxscores",
    "nbac_team_boxscore",
    "bdl_player_boxscores",
    "odds_api_player_points_props",
)


class Folder:
    """Drops below a folder. `written`: files by source, in the order of `SOURCES`."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.written = dict.fromkeys(SOURCES, 0)
        self._made: set[Path] = set()

    def write(self, source: str, name: str, payload: Any) -> None:
        """One JSON drop under its object name."""
        path = self.out / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        path.write_bytes(orjson.dumps(payload))
        self.written[source] += 1


def stamp(day: dt.date, time: dt.time) -> str:
    """A capture stamp as object names have it, UTC."""
    return f"{day:%Y%m%d}_{time:%H%M%S}"


def morning_after(day: dt.date, time: dt.time) -> str:
    """A capture stamp on the day after a league date, when its games are over: the last ends before 06:30 UTC."""
    return stamp(day + dt.timedelta(days=1), time)
