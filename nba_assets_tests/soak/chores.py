"""What the processes of an episode do until they are killed: the platform's own work, in all its forms."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pandas as pd

from nba_assets.alarms.check import check
from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.watch import fast_lane
from nba_assets.contracts import tables
from nba_assets.defs.run import run_range, run_refresh
from nba_assets.defs.take_up import take_up
from nba_assets.engine.attention import attend, settle
from nba_assets.engine.graph import build_order
from nba_assets.engine.landing_zone import newest_dates, take_landed, unseen
from nba_assets.engine.notifications import FolderNotifications
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import this_process
from nba_assets.engine.refresh import entity_key
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets.engine.sweep import sweep, swept_dates
from nba_assets.errors import PlatformError, UsageError

PAUSE = 0.05
"""Seconds between two pieces of work."""

Chore = Callable[[Platform, random.Random, Path], None]


def watch(platform: Platform, rng: random.Random, folder: Path) -> None:
    """The fast lane until death."""
    notifications = FolderNotifications(platform.settings.landing)
    fast_lane(platform, notifications).go_on(Event(), lambda _: None)


def ingest(platform: Platform, rng: random.Random, folder: Path) -> None:
    """What an operator has put into a folder. A run that failed is told to the operator; its work is in the ledger."""
    try:
        ingest_folder(platform, folder)
    except PlatformError as error:
        if not str(error).startswith("run "):
            raise


def take(platform: Platform, rng: random.Random, folder: Path) -> None:
    """What is new in the landing zone is taken in, no more: somebody else sees to it."""
    sources = [name for name, table in tables().items() if table.paths]
    take_landed(platform, unseen(platform, sources, newest_dates(platform)))


def see_to(platform: Platform, rng: random.Random, folder: Path) -> None:
    """The pending drops, with steps outside Dagster."""

    def run(first: dt.date, last: dt.date, _: object) -> bool:
        _steps(platform, first, last)
        return True

    attend(platform, f"soak|{this_process()}", lambda keys, ids: run_refresh(platform, keys, ids).success, run)


def steps(platform: Platform, rng: random.Random, folder: Path) -> None:
    """Every step from one drawn on, for some dates, and a release."""
    first, last = _range(platform, rng)
    _steps(platform, first, last, rng.randrange(len(build_order())))


def backfill(platform: Platform, rng: random.Random, folder: Path) -> None:
    first, last = _range(platform, rng)
    run_range(platform, first, last, from_phase=rng.randint(2, 6))


def refresh(platform: Platform, rng: random.Random, folder: Path) -> None:
    """Some games and players of one date."""
    games = platform.warehouse.read("upcoming_player_game_context", columns=["game_date", "game_id", "player_id"])
    if games.empty:
        return
    day = rng.choice(sorted(games["game_date"].unique()))
    own = games[games["game_date"] == day]
    keys = [entity_key(day.date(), "game", str(rng.choice(sorted(own["game_id"]))))]
    keys += [entity_key(day.date(), "player", str(one)) for one in rng.sample(sorted(own["player_id"]), 2)]
    try:
        run_refresh(platform, rng.sample(keys, rng.randint(1, 3)))
    except UsageError:  # the game has moved to another date meanwhile
        return


def sweeping(platform: Platform, rng: random.Random, folder: Path) -> None:
    """The sweep over the season, failed work taken up, drops settled: what the daemon's sensors do."""
    settle(platform)
    sweep(platform, lambda first, last, _: run_range(platform, first, last).success, swept_dates(platform, season=True))
    take_up(platform)
    check(platform)


def release(platform: Platform, rng: random.Random, folder: Path) -> None:
    first, last = _range(platform, rng)
    publish(platform, list(pd.date_range(first, last)))


CHORES: dict[str, tuple[Chore, int]] = {
    "watch": (watch, 8),
    "ingest": (ingest, 3),
    "take": (take, 2),
    "see to": (see_to, 2),
    "steps": (steps, 3),
    "backfill": (backfill, 2),
    "refresh": (refresh, 2),
    "sweep": (sweeping, 3),
    "publish": (release, 2),
}
"""By name what is done, and how often compared with the others."""


def go_on(platform: Platform, chore: str, rng: random.Random, folder: Path) -> None:
    """The chore, again and again."""
    while True:
        CHORES[chore][0](platform, rng, folder)
        time.sleep(PAUSE)


def _steps(platform: Platform, first: dt.date, last: dt.date, start: int = 0) -> None:
    days = list(pd.date_range(first, last))
    for name in build_order()[start:]:
        run_step(platform, name, days)
    publish(platform, days)


def _range(platform: Platform, rng: random.Random) -> tuple[dt.date, dt.date]:
    """Some of the dates that the schedule has, or today."""
    known = [dt.date.fromisoformat(text) for text in platform.warehouse.versions("nbac_schedule")]
    days = known or [platform.clock.now().date()]
    one, other = rng.choice(days), rng.choice(days)
    return min(one, other), max(one, other)
