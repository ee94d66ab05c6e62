"""The parts of `publish`, each to be run in a process of its own on a home: prints what was done as JSON."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import time
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from nba_assets.engine.manifest import MANIFEST
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish, rollback_release

SAID = "player_points_predictions"
TIMES = 5
"""Each is done so many times; the figure is the median."""
STEP = 0.1
"""Points by which what was said is moved each time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["slate", "season"])
    parser.add_argument("--start", type=dt.date.fromisoformat)
    parser.add_argument("--end", type=dt.date.fromisoformat)
    asked = parser.parse_args()
    platform = Platform.open()
    try:
        done = slate(platform) if asked.part == "slate" else season(platform, asked.start, asked.end)
    finally:
        platform.close()
    done[-1]["peak_mb"] = _peak_mb()
    print(json.dumps(done))


def slate(platform: Platform) -> list[dict[str, object]]:
    """The newest slate again and again: every document another, those of one game, none; then back and forth."""
    day = dt.date.fromisoformat(max(platform.warehouse.versions(SAID)))
    days = [pd.Timestamp(day)]
    rows = platform.warehouse.read(SAID, dates=(day, day))
    games = sorted(rows["game_id"].unique())
    _moved(platform, days)
    publish(platform, days)
    return [
        _timed(platform, "every document another", lambda: publish(platform, days), lambda: _moved(platform, days)),
        _timed(
            platform,
            "those of one game",
            lambda: publish(platform, days),
            lambda: _moved(platform, days, games[:1]),
        ),
        _timed(platform, "nothing new", lambda: publish(platform, days)),
        _timed(platform, "back to the release before", lambda: _back(platform)),
    ]


def season(platform: Platform, first: dt.date, last: dt.date) -> list[dict[str, object]]:
    """All dates of a range at once, every document of a player or a game another; then back."""
    days = list(pd.date_range(first, last))
    return [
        _timed(
            platform,
            "all dates, every document another",
            lambda: publish(platform, days),
            lambda: _moved(platform, days),
            1,
        ),
        _timed(platform, "nothing new", lambda: publish(platform, days), times=1),
        _timed(platform, "back to the release before", lambda: _back(platform), times=3),
    ]


def _timed(
    platform: Platform,
    what: str,
    act: Callable[[], object],
    before: Callable[[], object] = lambda: None,
    times: int = TIMES,
) -> dict[str, object]:
    seconds, spent, seen = [], [], []
    manifest_file = platform.settings.published / MANIFEST
    for _ in range(times):
        before()
        old = _objects(platform)
        began, own, at = time.perf_counter(), time.process_time(), time.time()
        act()
        seconds.append(time.perf_counter() - began)
        spent.append(time.process_time() - own)
        seen.append(max(0.0, manifest_file.stat().st_mtime - at))
    new = _objects(platform)
    manifest = current_manifest(platform)
    assert manifest is not None
    return {
        "what": what,
        "seconds": statistics.median(seconds),
        "own": statistics.median(spent),
        "seen": statistics.median(seen),
        "files": len(manifest["files"]),
        "objects": len(new - old),
    }


def _moved(platform: Platform, days: list[pd.Timestamp], games: Collection[str] | None = None) -> None:
    """What was said is moved a little: of all games, or of some."""
    rows = platform.warehouse.read(SAID, dates=(days[0].date(), days[-1].date()), history=True)
    moved = rows["game_id"].isin(games) if games is not None else rows["game_id"].notna()
    rows.loc[moved, "points_mean"] += STEP
    platform.warehouse.replace(SAID, days, rows)


def _peak_mb() -> float:
    """The most memory that this process has had since it began; `getrusage` would count its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _back(platform: Platform) -> None:
    manifest = current_manifest(platform)
    assert manifest is not None
    rollback_release(platform, manifest["sequence"] - 1)


def _objects(platform: Platform) -> set[str]:
    manifest = current_manifest(platform)
    return {file["sha256"] for file in manifest["files"].values()} if manifest is not None else set()


if __name__ == "__main__":
    main()
