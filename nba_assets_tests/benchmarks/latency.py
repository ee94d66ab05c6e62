"""From a drop's rename into the landing zone to the new release's rename: by `nba-assets watch`, by the daemon alone.

Each is a process of its own on its own home, as in production; drops come one by one, each finds the process at rest.
The first one finds it cold.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks.live_league import GAMES, League, league
from nba_assets_tests.landed import beside

PATIENCE = 60.0
REST = 0.5
"""Seconds from a release to the next drop: what follows the manifest's rename is done."""
COUNTS = {"lines": 150, "injuries": 60, "box_scores": 15}
"""Drops by watch of each kind, after the first lines of each game."""
BY_DAEMON = {"lines": 20, "injuries": 20}
LANES = {
    "watch": ([sys.executable, "-m", "nba_assets.cli", "watch"], COUNTS),
    "daemon": ([sys.executable, "-m", "nba_assets.cli", "up", "--without", "watch", "--without", "page",
                "--without", "webserver"], BY_DAEMON),
}  # fmt: skip
WARM_UP = {"watch": 5.0, "daemon": 45.0}
"""Seconds from a process's start to its first drop."""

Taken = dict[str, list[float | None]]


def main() -> None:
    """Measure both lanes."""
    out = Console()
    for lane in LANES:
        with league() as made:
            show(out, lane, measured(made, lane))


def measured(made: League, lane: str) -> Taken:
    """Seconds of each drop by kind, None for one that made no release; `first`: of the very first drop."""
    command, counts = LANES[lane]
    taken: Taken = {}
    with _running(made.home, command):
        time.sleep(WARM_UP[lane])
        streams = {"lines": made.lines(), "injuries": made.injuries(), "box_scores": made.box_scores()}
        firsts = [_seconds(made.home, *drop) for drop in islice(streams["lines"], GAMES)]
        taken["first"] = firsts[:1]
        for kind, number in counts.items():
            taken[kind] = [_seconds(made.home, *drop) for drop in islice(streams[kind], number)]
    return taken


@contextmanager
def _running(home: Path, command: list[str]) -> Iterator[None]:
    log = home.parent / "process.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=os.environ | {"NBA_ASSETS_HOME": str(home)}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(2 * PATIENCE)


def _seconds(home: Path, name: str, data: bytes) -> float | None:
    """Put the drop there; seconds until a new release is there, None if there is none: it said nothing new."""
    target = home / "landing" / name
    staged = beside(target, data)
    time.sleep(REST)
    before = _sequence(home)
    began = time.perf_counter()
    staged.rename(target)
    while _sequence(home) == before:
        if time.perf_counter() - began > PATIENCE:
            return None
        time.sleep(0.005)
    return time.perf_counter() - began


def _sequence(home: Path) -> int:
    found: int = json.loads((home / "published" / "v1" / "manifest.json").read_bytes())["sequence"]
    return found


def show(out: Console, lane: str, taken: Taken) -> None:
    """A table of percentiles by kind of drop."""
    table = Table(title=f"Rename to release by {lane}, seconds", title_justify="left")
    for name in ("drops of", "number", "without a release", "p50", "p95", "p99", "longest"):
        table.add_column(name, justify="right")
    for kind, all_seconds in taken.items():
        seconds = [one for one in all_seconds if one is not None]
        found = [*np.percentile(seconds, [50, 95, 99]), max(seconds)]
        table.add_row(
            kind, str(len(all_seconds)), str(len(all_seconds) - len(seconds)), *(f"{value:.2f}" for value in found)
        )
    out.print(table)
