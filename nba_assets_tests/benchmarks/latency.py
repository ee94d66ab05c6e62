"""From a drop's rename into the landing zone to the new release's rename, by `nba-assets watch`, a process of its own.

A simulated league, fifteen games a date, three weeks of history; tomorrow's slate has its first lines. Then one man's
line moves, again and again: his event's payload with his points changed and all else as it was.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from nba_assets.commands.ingest import ingest_folder
from nba_assets.engine.platform import Platform, use
from nba_assets.settings import Settings
from nba_assets.simulator.files import write_day
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Season
from nba_assets.sources.paths import capture_stamp

SEED, GAMES, HISTORY, DROPS = 7, 15, 21, 200
PATIENCE = 60.0
out = Console()


def main(drops: int = DROPS) -> None:
    """Measure `drops` lines after a first one, which finds the process cold."""
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_", ignore_cleanup_errors=True) as work:
        home = Path(work) / "home"
        events = _history(home, Path(work))
        watch = subprocess.Popen(
            [sys.executable, "-m", "nba_assets.cli", "watch"],
            env=os.environ | {"NBA_ASSETS_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert watch.stdout is not None
            watch.stdout.readline()
            seconds = [_moved(home, events[number % len(events)], number) for number in range(drops + 1)]
        finally:
            watch.terminate()
            watch.wait(PATIENCE)
    _show(seconds[0], seconds[1:])


def _history(home: Path, work: Path) -> list[Path]:
    """Ingests all up to tomorrow's first lines; tomorrow's events, one file each."""
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    open_at = dt.datetime.combine(tomorrow, dt.time(17), dt.UTC)
    folder = Folder(work / "drops")
    season = Season(SEED, tomorrow - dt.timedelta(days=HISTORY), games=GAMES)
    for day in season.days(tomorrow):
        write_day(folder, day)
    for path in sorted(folder.out.rglob("*.*")):
        stamp = capture_stamp(path.relative_to(folder.out).as_posix())
        if stamp is not None and stamp > open_at:
            path.unlink()
    platform = Platform.open(Settings(home=home))
    use(platform)
    try:
        ingest_folder(platform, folder.out)
    finally:
        use(None)
        platform.close()
    return sorted((folder.out / "odds-api" / "player-props" / str(tomorrow)).rglob("*.json"))


def _moved(home: Path, event: Path, number: int) -> float:
    """Puts an event's file in which one man's line has moved; seconds until a new release is there."""
    payload = json.loads(event.read_text())
    man = _a_man(payload, number)
    now = dt.datetime.now(dt.UTC)
    for book in payload["bookmakers"]:
        for market in book["markets"]:
            for outcome in market["outcomes"]:
                if outcome["description"] == man:
                    outcome["point"] += 1.0 + number % 5
    target = (
        home / "landing" / event.relative_to(event.parents[4]).with_name(f"{now:%Y%m%d_%H%M%S}-snap-{now:%H%M}.json")
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}")
    staged.write_text(json.dumps(payload))
    before = _sequence(home)
    began = time.perf_counter()
    staged.rename(target)
    while _sequence(home) == before:
        assert time.perf_counter() - began < PATIENCE, f"no release for {target}"
        time.sleep(0.005)
    return time.perf_counter() - began


def _a_man(payload: dict[str, Any], number: int) -> str:
    names = sorted({o["description"] for b in payload["bookmakers"] for m in b["markets"] for o in m["outcomes"]})
    found: str = names[number % len(names)]
    return found


def _sequence(home: Path) -> int:
    found: int = json.loads((home / "published" / "v1" / "manifest.json").read_bytes())["sequence"]
    return found


def _show(first: float, seconds: list[float]) -> None:
    table = Table(title=f"A line moves: rename to release, {len(seconds)} drops, by watch", title_justify="left")
    for name in ("the first, s", "p50, s", "p95, s", "p99, s", "longest, s"):
        table.add_column(name, justify="right")
    found = [first, *np.percentile(seconds, [50, 95, 99]), max(seconds)]
    table.add_row(*(f"{value:.2f}" for value in found))
    out.print(table)
