"""The files of a simulated league: those of the past, and a day's in the order in which they come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from nba_assets.simulator.faults import simulate_with_faults
from nba_assets_tests.soak.league import captured

FAULTS = ("correction=1d", "line_move")
DAY = dt.date(2025, 11, 15)
MORNING = dt.timedelta(hours=9)
"""UTC: the last results of yesterday are there, the day's first files come."""
TOGETHER = dt.timedelta(minutes=10)
"""Files captured within it come together."""
BOX_SCORES = "nba-com/gamebooks-data/"
APART = dt.timedelta(seconds=20)
"""Box scores come one by one."""


@dataclass(frozen=True)
class Wave:
    """Files that come together, by name, and when."""

    at: dt.datetime
    files: dict[str, bytes]


def begin() -> dt.datetime:
    """When the day begins."""
    return dt.datetime.combine(DAY, dt.time(), dt.UTC) + MORNING


def league(
    folder: Path, seed: int, games: int, history: int, together: dt.timedelta = TOGETHER
) -> tuple[dict[str, bytes], list[Wave]]:
    """The past's files, and the day's in waves up to the corrections of the next evening."""
    simulate_with_faults(folder, seed=seed, start=DAY - dt.timedelta(days=history), end=DAY, faults=FAULTS, games=games)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    past = {name: path.read_bytes() for name, path in files.items() if captured(name) < begin()}
    today = sorted((name for name in files if name not in past), key=lambda name: (captured(name), name))
    found = []
    for at, names in groupby(today, key=lambda name: _slot(name, together)):
        wave = list(names)
        alone = [name for name in wave if name.startswith(BOX_SCORES)]
        others = [name for name in wave if name not in alone]
        for place, part in enumerate([*([name] for name in alone), *([others] if others else [])]):
            found.append(Wave(at + together + place * APART, {name: files[name].read_bytes() for name in part}))
    return past, found


def _slot(name: str, together: dt.timedelta) -> dt.datetime:
    moment = captured(name)
    return moment - (moment - begin()) % together
