"""One day: its files are brought wave by wave on a clock that the day moves, and what came of it is looked at."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from dagster import DagsterInstance, RunsFilter
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from nba_assets.engine import platform as platforms
from nba_assets.engine.attention import QUIET
from nba_assets.engine.platform import Platform
from nba_assets.modeling.prediction_grades import official
from nba_assets.settings import Settings
from nba_assets.storage import embedded_postgres
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets_tests.conftest import for_tests
from nba_assets_tests.landed import beside
from nba_assets_tests.live_day.files import DAY, TOGETHER, Wave, begin, league
from nba_assets_tests.live_day.lanes import running
from nba_assets_tests.live_day.releases import Releases
from nba_assets_tests.soak import clean, comparison
from nba_assets_tests.soak.clock import SteppedClock, new_clock
from nba_assets_tests.soak.quiet import still_open

PATIENCE = 300.0
STILL = {"watch": 0.8, "daemon": 14.0}
"""Seconds in which nothing happens, after which nothing more is expected."""
LATER = dt.timedelta(minutes=16)
"""Steps of the clock after the last wave: drops that said nothing new are seen to, and rows that became known."""
LATER_STEPS = 12
PREDICTIONS = ("player_points_predictions", "game_predictions")


@dataclass
class Report:
    """What a day came to. `problems`: what should not be, one line each."""

    lane: str
    waves: int = 0
    files: int = 0
    releases: int = 0
    live: Counter[str] = field(default_factory=Counter)
    """Live rows of players: how many say what, and `official`: how many are the last word on a man."""
    graded: Counter[str] = field(default_factory=Counter)
    """Official grades by run_kind and result."""
    receipts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def live_through(
    base: Path,
    lane: str,
    *,
    seed: int,
    games: int,
    history: int,
    together: dt.timedelta = TOGETHER,
    durable: bool = True,
    tell: Callable[[str], None] = print,
) -> Report:
    """Live the day in an empty folder by `watch` or by the daemon; `durable`: its database waits for the disk."""
    began = time.monotonic()
    past, waves = league(base / "files", seed, games, history, together)
    report = Report(lane, len(waves), sum(len(wave.files) for wave in waves))
    clock = new_clock(base / "clock", begin())
    with _opened(base / "home", clock, durable) as platform:
        clean.build(platform, past, base / "past")
        tell(f"{len(past)} files of the past are taken in after {time.monotonic() - began:.0f} s")
        releases = Releases(platform.settings.published)
        releases.start()
        with running(lane, base / "home", base / "clock"), dagster_instance(platform.settings) as instance:
            said = {table: pd.DataFrame() for table in PREDICTIONS}
            for wave, following in zip(waves, [*waves[1:], None], strict=True):
                _bring(platform, clock, wave)
                _wait(platform, instance, STILL[lane])
                is_quiet = following is None or following.at - clock.now() > QUIET
                if is_quiet and still_open(platform, [DAY]):
                    clock.step(QUIET.total_seconds())
                    _wait(platform, instance, STILL[lane])
                said = {table: _kept(platform, table, before, report) for table, before in said.items()}
                tell(f"{clock.now():%d %H:%M} {len(wave.files)} files, {releases.seen} releases")
            for _ in range(LATER_STEPS):
                clock.step(LATER.total_seconds())
                _wait(platform, instance, STILL[lane])
                if not still_open(platform, [DAY]):
                    break
        releases.stop()
        report.releases, report.problems = releases.seen, report.problems + releases.wrong
        _look(platform, report)
        with _opened(base / "clean_home", clock, durable) as untroubled:
            clean.build(
                untroubled,
                past | {name: data for wave in waves for name, data in wave.files.items()},
                base / "clean_files",
            )
            report.problems += comparison.different(platform, untroubled, live=True)
    report.seconds = time.monotonic() - began
    return report


@contextmanager
def _opened(home: Path, clock: SteppedClock, durable: bool) -> Iterator[Platform]:
    settings = Settings(home=home, database_url=None)
    if not durable:
        for_tests(embedded_postgres.database_url(settings))
    platform = Platform.open(settings, clock)
    platforms.use(platform)
    try:
        yield platform
    finally:
        platforms.use(None)
        platform.close()


def _bring(platform: Platform, clock: SteppedClock, wave: Wave) -> None:
    clock.step(max(0.0, (wave.at - clock.now()).total_seconds()))
    for name, data in wave.files.items():
        target = platform.settings.landing / name
        beside(target, data).rename(target)


def _wait(platform: Platform, instance: DagsterInstance, still: float) -> None:
    """Until for so many seconds no run was busy and the ledger had nothing new."""
    ends = time.monotonic() + PATIENCE
    last, since = {}, time.monotonic()
    while time.monotonic() - since < still:
        assert time.monotonic() < ends, "it does not come to rest"
        time.sleep(0.1)
        counts = platform.ledger.counts()
        if counts != last or instance.get_runs(RunsFilter(statuses=NOT_FINISHED_STATUSES), limit=1):
            last, since = counts, time.monotonic()


def _kept(platform: Platform, table: str, before: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The table's live rows now; all that were there before must be among them, as they were."""
    rows = platform.warehouse.read(table, dates=(DAY, DAY))
    now = rows[rows["run_kind"] == "live"].set_index("prediction_id")
    if len(before):
        gone = before.index.difference(now.index)
        if len(gone):
            report.problems.append(f"{table}: {len(gone)} live rows are gone")
        elif not now.loc[before.index].equals(before):
            report.problems.append(f"{table}: live rows are no longer what they were")
    return now


def _look(platform: Platform, report: Report) -> None:
    """What the day's live decisions were and became."""
    report.problems += still_open(platform, [DAY])
    report.receipts = counts = platform.ledger.counts()
    if counts["received_total"] != sum(counts[fate] for fate in ("applied", "duplicate", "quarantined", "pending")):
        report.problems.append(f"the ledger does not add up: {counts}")
    for table in PREDICTIONS:
        rows = platform.warehouse.read(table, dates=(DAY, DAY))
        live = rows[rows["run_kind"] == "live"]
        early = (live["created_at"] < live["tip_at"] - pd.Timedelta(minutes=30)) & (
            live["decision_at"] <= live["created_at"]
        )
        if not early.all() or not (live["known_at"] <= live["decision_at"]).all():
            report.problems.append(f"{table}: {int((~early).sum())} live rows were not made before T")
        missing = set(rows["game_id"]) - set(live["game_id"])
        if missing:
            report.problems.append(f"{table}: no live rows of {sorted(missing)}")
        if "decision" in rows.columns:
            report.live.update(live["decision"].tolist())
            report.live["official"] = int(
                (official(rows, ["game_id", "player_id"]) & (rows["run_kind"] == "live")).sum()
            )
            report.live["player_out"] = sum("player_out" in reasons for reasons in live["reasons"])
    grades = platform.warehouse.read("prediction_grades", dates=(DAY, DAY))
    grades = grades[grades["is_official"]]
    report.graded.update((grades["run_kind"] + " " + grades["result"]).tolist())
