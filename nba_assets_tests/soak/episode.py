"""An episode: a league, a storm over an empty home, then quiet, and the comparison with a run without any trouble."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from nba_assets_tests.soak import aftermath, reader
from nba_assets_tests.soak.aftermath import Aftermath
from nba_assets_tests.soak.clock import new_clock
from nba_assets_tests.soak.league import AFTER_ALL, BEFORE_ALL, DATES, FIRST, deliveries, evenly, in_time, league
from nba_assets_tests.soak.storm import Counts, Storm, small_disk

LAST = dt.datetime.combine(FIRST + dt.timedelta(days=DATES + 3), dt.time(23), dt.UTC)
"""The clock at the end: looks still reach back to the first date."""
HOURS = 8
"""Of the clock that a storm after all games takes."""
PATIENCE = 900.0
"""Seconds for the aftermath."""


@dataclass
class Report:
    """What an episode did and found; without `problems` all is as it must be."""

    seed: int
    live: bool
    home: Path
    counts: Counts
    seconds: float
    faults: tuple[str, ...] = ()
    fates: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    live_rows: int = 0
    divergences: list[str] = field(default_factory=list)
    reads: int = 0
    releases: int = 0
    problems: list[str] = field(default_factory=list)


def run(seed: int, seconds: float, base: Path, *, live: bool) -> Report:
    """A storm of so many seconds in the empty folder `base`, which is removed if all is well.

    `live`: the clock goes through the games' days and files come when they would; else all is over when they come.
    """
    began = time.monotonic()
    for name in ("home", "by_hand", "logs"):
        (base / name).mkdir(parents=True)
    found = league(base / "league", seed)
    rng = random.Random(f"deliveries {seed}")
    brought = deliveries(found, rng)
    start = BEFORE_ALL if live else AFTER_ALL
    timed = in_time(brought, rng) if live else evenly(brought, start, HOURS)
    clock = new_clock(base / "clock", start)
    pace = (timed[-1][0] - start).total_seconds() / seconds
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nba_assets_tests.soak.worker"])
    seen, stop = base / "reader.json", base / "reader.stop"
    reading = context.Process(target=reader.read_on, args=(base / "home" / "published", seen, stop), daemon=True)
    reading.start()
    storm = Storm(f"storm {seed}", base, clock, pace=pace)
    with small_disk(base / "home" / "warehouse"):
        storm.rage(timed, seconds)
        after = Aftermath(
            base / "home", base / "clean", base / "by_hand", base / "aftermath.json", clock.now(), LAST, live
        )
        ending = context.Process(target=aftermath.find, args=(after, found))
        ending.start()
        ending.join(PATIENCE)
        ending.kill()
        stop.touch()
        reading.join()
    report = Report(seed, live, base, storm.counts, time.monotonic() - began, found.faults)
    _judge(report, after.told, seen)
    if not report.problems:
        shutil.rmtree(base, ignore_errors=True)
    return report


def _judge(report: Report, told: Path, seen: Path) -> None:
    """Fill in what the aftermath and the reader have told, and what of it is a problem."""
    read = json.loads(seen.read_text())
    report.reads, report.releases = read["reads"], read["releases"]
    report.problems += [f"a reader saw a mixture: {read['wrong']}"] if read["wrong"] else []
    report.problems += [f"a process ended with {json.loads(path.read_text())['error']}" for path in _crashes(report)]
    if not told.exists():
        report.problems.append(f"the aftermath did not end: see {report.home / 'logs' / 'aftermath.log'}")
        return
    found = json.loads(told.read_text())
    report.fates, report.failures, report.divergences = found["fates"], found["failures"], found["divergences"]
    report.dead_letters, report.live_rows = found["dead"], found["live_rows"]
    report.problems += [f"stays open: {line}" for line in found["left"]]
    report.problems += [f"failed for good: {line}" for line in found["lasting"]]
    report.problems += [f"diverges: {line}" for line in found["divergences"]]


def _crashes(report: Report) -> list[Path]:
    return sorted((report.home / "logs").glob("*.crash"))
