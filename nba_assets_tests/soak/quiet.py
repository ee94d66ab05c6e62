"""After the storm: one process on the home, nobody kills it, until nothing is left to do."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from nba_assets.clock import FixedClock
from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.watch import fast_lane
from nba_assets.contracts import tables
from nba_assets.defs.take_up import replay_work
from nba_assets.engine import platform as platforms
from nba_assets.engine.due import due
from nba_assets.engine.landing_zone import newest_dates, unseen
from nba_assets.engine.platform import Platform
from nba_assets.engine.quarantine import discard
from nba_assets.engine.release import publish
from nba_assets.settings import Settings
from nba_assets_tests.told import Told

ROUND = dt.timedelta(minutes=2)
ROUNDS = 400
"""Of the fast lane, two minutes each, in which all must have healed."""


def opened(home: Path, now: dt.datetime) -> tuple[Platform, FixedClock]:
    """The process's platform on the home."""
    clock = FixedClock(now)
    platform = Platform.open(Settings(home=home, database_url=None), clock)
    platforms.use(platform)
    return platform, clock


def quiesce(
    platform: Platform, clock: FixedClock, folder: Path, days: Sequence[dt.date], until: dt.datetime
) -> list[str]:
    """Ingest what is left in the folder, go round until nothing is open, then again at `until`; what stays open."""
    ingest_folder(platform, folder)
    watch = fast_lane(platform, Told())
    left: list[str] = []
    print(time.strftime("%X"), "the folder is ingested", flush=True)
    for begin in (clock.moment, until):
        clock.moment = max(begin, clock.moment)
        for _ in range(ROUNDS):
            done = watch.round()
            print(time.strftime("%X"), clock.moment, done, flush=True)
            left = [] if done.idle else [f"a round at {clock.moment} had work: {done}"[:400]]
            left = left or still_open(platform, days)
            if not left:
                break
            clock.moment += ROUND
        dead = [item for item in platform.ledger.work(status=["dead"]) if not item["permanent"]]
        if dead:
            print(time.strftime("%X"), "dead letters:", dead, flush=True)
            replay_work(platform, dead, "soak")
            left = still_open(platform, days)
    return left


def still_open(platform: Platform, days: Sequence[dt.date]) -> list[str]:
    """What is unseen, pending, failed, or due on those dates and any that games have moved to, one line each."""
    sources = [name for name, table in tables().items() if table.paths]
    found = [f"unseen: {entry.name}" for entry in unseen(platform, sources, newest_dates(platform))]
    found += [
        f"{drop['status']}: {drop['object_name']} leased by {drop['leased_by']} until {drop['leased_until']}"
        for drop in platform.ledger.drops(status=["received", "pending"])
    ]
    found += [
        f"{item['status']} work: {item['processor_name']} {item['dates'][0]} {item['scope']}: {item['error_message']}"
        for item in platform.ledger.work(status=["retrying", "dead"])
    ]
    known = map(dt.date.fromisoformat, platform.warehouse.versions("nbac_schedule"))
    wanted = sorted({*days, *known})
    return found + [f"due: {day} {', '.join(names)}" for day, names in due(platform, wanted).items()]


def publish_off_days(platform: Platform, days: Sequence[dt.date]) -> None:
    """A date without games has an empty slate as soon as any run comes by it: let all have theirs."""
    near = [days[0] + dt.timedelta(days=number) for number in range(-10, len(days) + 10)]
    games = platform.warehouse.versions("nbac_schedule")
    publish(platform, [pd.Timestamp(day) for day in near if str(day) not in games])


def close_quarantine(platform: Platform) -> None:
    """What a person does about files that were never right; then the status is published anew."""
    entries = platform.ledger.quarantined(state="open")
    if entries:
        discard(platform, entries, "not a file of the source")
    publish(platform, [])
