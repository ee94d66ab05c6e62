"""F26-F30 and F42: readers beside a writer, two writers, rows older than they are, a full disk, clocks, lost rows."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import re
import resource
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nba_assets.alarms.causes import causes
from nba_assets.clock import FixedClock
from nba_assets.contracts.frames import conform
from nba_assets.engine.intake import applied, scan, take
from nba_assets.engine.lateness import missing
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.errors import PlatformError, TransientError
from nba_assets.monitoring.date_state import date_state
from nba_assets.scope import Scope
from nba_assets.settings import Settings
from nba_assets.storage import partition_files
from nba_assets.storage.arrow_warehouse import contract_of
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.records import Work
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.engine.conftest import Home
from nba_assets_tests.engine.three_games import ADAM, CORRECTED_AT, FIRST, LINES, SECOND, correction
from nba_assets_tests.faults.children import beside
from nba_assets_tests.faults.conftest import BUILT, EARLY, take_built
from nba_assets_tests.faults.soundness import assert_sound
from nba_assets_tests.handmade import Drops, Game, player_id, player_name
from nba_assets_tests.storage.backends import no_ledger

SUMMARY, GAMEBOOK, PROPS = "player_game_summary", "nbac_gamebook_player_stats", "odds_api_player_points_props"
BORIS = player_name("BOS", 1)
DAYS = [pd.Timestamp(FIRST.day)]
OTHER = Game("0022400109", FIRST.day, "DEN", "LAL", {"DEN": [22] + [10] * 7, "LAL": [25] + [10] * 7})
"""A second game of the first one's date."""
STAMP = f"{CORRECTED_AT:%Y%m%d_%H%M%S}"
MINUTE = dt.timedelta(minutes=1)


def points(platform: Platform, player: str = ADAM) -> float:
    rows = platform.warehouse.read(SUMMARY, dates=(FIRST.day, FIRST.day))
    return float(rows.loc[rows["player_id"] == player, "points"].iloc[0])


def with_correction(platform: Platform, folder: Path) -> None:
    """A correction of the first game that has come as far as the raw table; its drop is pending."""
    take(platform, scan(correction(folder)))
    run_step(platform, GAMEBOOK, DAYS)


def carried_on(platform: Platform, build: Sequence[str] = BUILT) -> None:
    """The rest of the tables made, the pending drops counted as applied."""
    for name in build:
        run_step(platform, name, [pd.Timestamp(day) for day in (FIRST.day, SECOND.day)])
    applied(platform, platform.ledger.drops(status=["pending"]))


def wait(platform: Platform, delay: dt.timedelta) -> None:
    assert isinstance(platform.clock, FixedClock)
    platform.clock.moment += delay


def failed_work(platform: Platform) -> Work:
    """The one piece of it: of the players' summary of the first date, to be retried."""
    (item,) = platform.ledger.work()
    assert (item["processor_name"], item["dates"]) == (f"nba_analytics.{SUMMARY}", [FIRST.day])
    assert item["status"] == "retrying" and item["next_attempt_at"] is not None
    assert item["next_attempt_at"] > platform.clock.now()
    return item


def statuses(platform: Platform) -> list[str]:
    """How the executions of the players' summary of the first date ended, in order."""
    log = platform.ledger.frames("pipeline_execution_log").sort_values("sequence")
    mine = (log["processor_name"] == f"nba_analytics.{SUMMARY}") & (log["game_date"] == DAYS[0])
    return [str(status) for status in log.loc[mine, "status"]]


def halves(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two contents of a date, of different sizes and sums."""
    first = conform(rows.assign(points=1), contract_of(SUMMARY))
    return first, conform(first.iloc[: len(first) // 2].assign(points=4), contract_of(SUMMARY))


def write_in_turn(root: Path, times: int) -> None:
    """Replace the first date by one content and the other; what is superseded goes at once."""
    partition_files.GRACE = 0.2
    warehouse = LocalWarehouse(root, no_ledger)
    contents = halves(warehouse.read(SUMMARY, dates=(FIRST.day, FIRST.day), history=True))
    for number in range(times):
        warehouse.replace(SUMMARY, [FIRST.day], contents[number % 2])
        time.sleep(0.25 if number % 20 == 0 else 0.001)


def test_f26_readers_beside_a_writer_never_see_an_empty_date_a_doubled_one_or_a_mixture(played: Platform) -> None:
    root, span = played.settings.warehouse, (FIRST.day, FIRST.day)
    before = played.warehouse.read(SUMMARY, dates=span, history=True)
    contents = [(len(rows), float(rows["points"].sum())) for rows in (before, *halves(before))]
    asked = f"SELECT COUNT(*) AS n, SUM(points) AS total FROM nba_analytics.{SUMMARY} WHERE game_date = '{FIRST.day}'"
    seen = set()
    writer, reader = beside(write_in_turn, root, 80), LocalWarehouse(root, no_ledger)
    while writer.is_alive():
        rows = reader.read(SUMMARY, dates=span, history=True)
        seen.add((len(rows), float(rows["points"].sum())))
        told = reader.query(asked).iloc[0]
        seen.add((int(told["n"]), float(told["total"])))
    assert writer.exitcode == 0
    assert seen <= set(contents) and set(contents[1:]) <= seen, seen


def test_f27_two_writers_of_one_date_take_turns_and_neither_loses_what_the_other_wrote(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two platforms refresh one game each, on a disk so slow that each could read before the other has written."""
    platform = home("shared")
    drops = Drops(tmp_path / "drops")
    drops.player_list(FIRST.day)
    for final in (False, True):
        drops.schedule(FIRST.day, [FIRST, OTHER], final=final)
    drops.bdl(FIRST.day, [FIRST, OTHER])
    take_built(platform, tmp_path / "drops")
    for game, name in ((FIRST, player_name("BOS", 0)), (OTHER, player_name("DEN", 0))):
        Drops(tmp_path / "more").gamebook(game, stamp=STAMP, edit={name: {"ast": 9}})
    take(platform, scan(tmp_path / "more"))
    run_step(platform, GAMEBOOK, DAYS)

    writers = [Platform.open(platform.settings, platform.clock) for _ in range(2)]
    sync = os.fsync
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", lambda handle: (time.sleep(0.2), sync(handle))[1])
        threads = [
            threading.Thread(target=run_step, args=(one, SUMMARY, DAYS), kwargs={"scope": Scope(games={game.game_id})})  # type: ignore[arg-type]
            for one, game in zip(writers, (FIRST, OTHER), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    rows = platform.warehouse.read(SUMMARY, dates=(FIRST.day, FIRST.day)).set_index("player_id")["ast"]
    assert rows[[ADAM, player_id("DEN", 0)]].tolist() == [9, 9]
    for one in writers:
        one.close()
    carried_on(platform)
    assert_sound(platform, BUILT)


def test_f27_a_writer_of_another_date_does_not_wait(played: Platform) -> None:
    url = played.settings.database_url
    assert url is not None
    played.settings.lock_seconds = 0.2
    with partition_lock(engine_of(url.get_secret_value()), SUMMARY, [FIRST.day], 1):
        assert run_step(played, SUMMARY, [pd.Timestamp(SECOND.day)]).outcomes == {str(SECOND.day): "skipped"}
        with pytest.raises(TransientError, match="another process is writing"):
            run_step(played, SUMMARY, DAYS)
    failed_work(played)
    assert set(run_step(played, SUMMARY, DAYS).outcomes.values()) == {"skipped"}
    assert played.ledger.work() == []


class Edge:
    """The warehouse's outer edge; what a test does not change is the warehouse's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Lagging(Edge):
    """Serves a table as another warehouse has it, so many times."""

    def __init__(self, inner: Any, table: str, old: LocalWarehouse, times: int) -> None:
        super().__init__(inner)
        self.table, self.old, self.times = table, old, times

    def read(self, table: Any, **options: Any) -> pd.DataFrame:
        if table == self.table and self.times:
            self.times -= 1
            return self.old.read(table, **options)
        rows: pd.DataFrame = self.inner.read(table, **options)
        return rows


@pytest.mark.parametrize("times", [1, 100], ids=["once", "always"])
def test_f28_a_step_that_read_rows_older_than_there_are_runs_again(
    played: Platform, tmp_path: Path, times: int
) -> None:
    shutil.copytree(played.settings.warehouse, tmp_path / "old")
    old = LocalWarehouse(tmp_path / "old", no_ledger)
    with_correction(played, tmp_path / "drops")
    good = played.warehouse
    played.warehouse = Lagging(good, GAMEBOOK, old, times)
    if times == 1:
        run_step(played, SUMMARY, DAYS)
    else:
        with pytest.raises(TransientError, match="does not hold still"):
            run_step(played, SUMMARY, DAYS)
        failed_work(played)
        played.warehouse = good
        assert set(run_step(played, SUMMARY, DAYS).outcomes.values()) == {"completed"}
    assert points(played) == 20
    assert played.ledger.work() == []
    carried_on(played)
    assert_sound(played, BUILT)


def a_small_disk(folder: Path) -> None:
    """Give this process, and no other, a disk of 4 kB where files are staged. Raises `OSError` where it may not."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, mounts, private, recursive = 0x10000000, 0x00020000, 1 << 18, 1 << 14
    me = os.getuid(), os.getgid()

    def done(result: int) -> None:
        if result:
            raise OSError(ctypes.get_errno(), "no small disk")

    if me[0] == 0:
        done(libc.unshare(mounts))
    else:
        done(libc.unshare(user | mounts))
        Path("/proc/self/setgroups").write_text("deny")
        for kind, number in zip(("uid", "gid"), me, strict=True):
            Path(f"/proc/self/{kind}_map").write_text(f"{number} {number} 1")
    done(libc.mount(None, b"/", None, private | recursive, None))
    done(libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, b"size=4k"))


def short_files(_: Path) -> None:
    """Let no file of this process grow over 4 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


NOT_ALLOWED = 77


def build_on_a_full_disk(settings: Settings, now: dt.datetime, fill: Callable[[Path], None]) -> None:
    platform = Platform.open(settings, FixedClock(now))
    try:
        fill(settings.warehouse / ".staging")
    except OSError:
        os._exit(NOT_ALLOWED)
    with suppress(TransientError):
        run_step(platform, SUMMARY, DAYS)


@pytest.mark.parametrize(
    ("fill", "says"),
    [(a_small_disk, "No space left on device"), (short_files, "File too large")],
    ids=["a small disk", "short files"],
)
def test_f29_on_a_full_disk_the_old_rows_stay_and_the_work_waits_for_space(
    played: Platform, tmp_path: Path, fill: Callable[[Path], None], says: str
) -> None:
    with_correction(played, tmp_path / "drops")
    old = played.warehouse.versions(SUMMARY)
    child = beside(build_on_a_full_disk, played.settings, played.clock.now(), fill)
    child.join(60)
    if child.exitcode == NOT_ALLOWED:
        pytest.skip("this user may not mount a disk of its own")
    assert child.exitcode == 0

    assert played.warehouse.versions(SUMMARY) == old and points(played) == 22
    item = failed_work(played)
    assert item["error_message"] == f"cannot write nba_analytics.{SUMMARY}: {says}"
    assert statuses(played)[-1] == "failed"
    assert played.ledger.counts()["pending"] == 1
    wait(played, played.settings.stuck_after_minutes * MINUTE)
    assert f"stuck_updates|{GAMEBOOK}" in {cause.cause for cause in causes(played).causes}

    assert set(run_step(played, SUMMARY, DAYS).outcomes.values()) == {"completed"}
    assert points(played) == 20 and played.ledger.work() == []
    carried_on(played)
    assert causes(played).causes == []
    assert_sound(played, BUILT)


def test_f30_receipts_never_run_back_and_a_stamp_from_the_future_wins_nothing(home: Home, tmp_path: Path) -> None:
    """Our clock loses ten minutes for a while, then a source's is ten minutes fast."""
    platform = home("clocks")
    clock = platform.clock
    assert isinstance(clock, FixedClock)
    half_past_nine = dt.datetime.combine(FIRST.day, dt.time(21, 30), dt.UTC)
    clock.moment = half_past_nine - dt.timedelta(hours=1)
    Drops(tmp_path / "morning").before(FIRST)
    take_built(platform, tmp_path / "morning", EARLY)
    told = []
    for number, (ours, stamp, line) in enumerate([(0, 30, 15.5), (-8, 32, 16.5), (10, 50, 19.5), (15, 44, 18.5)]):
        clock.moment = half_past_nine + ours * MINUTE
        Drops(tmp_path / str(number)).props(FIRST, LINES | {BORIS: line}, minute=stamp)
        take_built(platform, tmp_path / str(number), EARLY)
        (drop,) = platform.ledger.drops(source=PROPS, limit=1)
        receipt, known = ((drop[name] - half_past_nine) // MINUTE for name in ("received_at", "known_at"))
        told.append((receipt, known, drop["known_at_assumed"]))
    assert told == [(0, 0, False), (0, 0, True), (10, 10, True), (15, 14, False)]
    wait(platform, dt.timedelta(hours=4))
    carried_on(platform, EARLY)
    rows = platform.warehouse.read("upcoming_player_game_context", dates=(FIRST.day, FIRST.day))
    assert rows.set_index("player_id")["consensus_line"][player_id("BOS", 1)] == 18.5, "said last"
    assert_sound(platform, EARLY)


class Losing(Edge):
    """A writer that loses every second row and reports success."""

    def replace(self, table: Any, dates: Any, frame: pd.DataFrame) -> dict[str, str]:
        versions: dict[str, str] = self.inner.replace(table, dates, frame.iloc[::2])
        return versions


def no_rename(_: Path, target: Path) -> Path:
    """A rename that reports success."""
    return target


@pytest.mark.parametrize("lost", ["rows", "files"])
def test_f42_work_is_completed_only_when_its_rows_are_read_back(
    played: Platform, tmp_path: Path, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_correction(played, tmp_path / "drops")
    before, good = statuses(played), played.warehouse
    with monkeypatch.context() as edge:
        if lost == "rows":
            played.warehouse = Losing(good)
        else:
            edge.setattr(Path, "replace", no_rename)
        with pytest.raises(PlatformError) as told:
            run_step(played, SUMMARY, DAYS)
    assert re.search("9 rows are there, 18 were written|not there as it was written", str(told.value)), told.value
    assert statuses(played) == [*before, "failed"]
    failed_work(played)
    assert played.ledger.counts()["pending"] == 1

    played.warehouse = good
    assert set(run_step(played, SUMMARY, DAYS).outcomes.values()) == {"completed"}
    assert played.ledger.work() == [] and points(played) == 20
    carried_on(played)
    assert_sound(played, BUILT)


def test_f42_an_answer_without_rows_is_waited_for_by_the_schedule_and_told_when_it_is_late(
    home: Home, tmp_path: Path
) -> None:
    """A source answers that there is nothing, of a date whose game is over."""
    platform = home("empty")
    clock = platform.clock
    assert isinstance(clock, FixedClock)
    clock.moment = FIRST.tip + dt.timedelta(hours=9)
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST)
    drops.schedule(FIRST.day, [FIRST], final=True)
    drops.bdl(FIRST.day, [])
    take_built(platform, tmp_path / "drops")
    (empty,) = platform.ledger.drops(source="bdl_player_boxscores")
    assert (empty["status"], empty["outcome"]) == ("applied", "empty")
    assert "completed" not in statuses(platform)
    state = {one.table: one for one in date_state(platform, FIRST.day, missing(platform, FIRST.day))}[SUMMARY]
    assert state.state == "waiting" and {one.source for one in state.blame} >= {"bdl_player_boxscores", GAMEBOOK}

    wait(platform, dt.timedelta(days=1))
    assert f"late_sources|bdl_player_boxscores|{FIRST.day}" in {cause.cause for cause in causes(platform).causes}
    Drops(tmp_path / "full").after(FIRST)
    take_built(platform, tmp_path / "full")
    assert statuses(platform)[-1] == "completed"
    late = [cause.cause for cause in causes(platform).causes if GAMEBOOK in cause.cause or "bdl" in cause.cause]
    assert late == []
    assert_sound(platform, BUILT)
