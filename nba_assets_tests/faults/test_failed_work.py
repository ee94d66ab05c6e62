"""F25, F31, F33, F34, F40: a step fails for a real reason; what is lost, retried, delayed or told because of it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.defs.replay import planned, run_replay
from nba_assets.defs.run import RunReport, run_range
from nba_assets.defs.take_up import replay_work, take_up, take_up_neighbours
from nba_assets.engine import platform as platforms
from nba_assets.engine.dead_letters import dead_letters, discard
from nba_assets.engine.failure import failed
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.ingest import Window, affected
from nba_assets.engine.intake import IntakeResult, scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import refresh_phase
from nba_assets.engine.step import run_step
from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.records import WorkItem
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, Kept, early_steps, kept, take_in
from nba_assets_tests.engine.three_games import CORRECTED_AT, FIRST, SECOND, correction, season
from nba_assets_tests.faults.conftest import BUILT, EARLY
from nba_assets_tests.faults.soundness import assert_adds_up, assert_sound
from nba_assets_tests.handmade import Drops, Game

SUMMARY, OFFENSE, DEFENSE = "player_game_summary", "team_offense_game_summary", "team_defense_game_summary"
LOG = "nbac_player_boxscores"
"""Read by the players' summary alone."""
STAMP = f"{CORRECTED_AT:%Y%m%d_%H%M%S}"
HOUR = dt.timedelta(hours=1)
Versions = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def three_games(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("three_games")
    with kept(postgres, folder / "home", lambda platform: take_in(platform, season(folder / "drops"))) as platform:
        yield platform


@contextmanager
def copy_of(original: Kept, postgres: str, folder: Path) -> Iterator[Platform]:
    """A copy of the platform, which is this process's own; its steps do not wait for locks."""
    with new_database(postgres, original.url) as url:
        home = shutil.copytree(original.home, folder)
        platform = Platform.open(Settings(home=home, database_url=SecretStr(url), lock_seconds=0.1), FixedClock(NOW))
        platforms.use(platform)
        yield platform
        platforms.use(None)
        platform.close()


@pytest.fixture
def played(three_games: Kept, postgres: str, tmp_path: Path) -> Iterator[Platform]:
    with copy_of(three_games, postgres, tmp_path / "copy") as platform:
        yield platform


def both_corrections(folder: Path) -> Path:
    """Corrected gamebooks of the first two games."""
    correction(folder)
    points = SECOND.points | {"BOS": [28, 17, 12, 11, 10, 10, 10, 10]}
    Drops(folder).gamebook(Game(SECOND.game_id, SECOND.day, SECOND.away, SECOND.home, points), stamp=STAMP)
    return folder


@pytest.fixture(scope="module")
def corrected(three_games: Kept, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """What the tables hold after both corrections where nothing fails."""
    folder = tmp_path_factory.mktemp("clean")
    with copy_of(three_games, postgres, folder / "copy") as platform:
        take_in(platform, both_corrections(folder / "drops"))
        return contents(platform)


def contents(platform: Platform) -> Versions:
    names = [table.name for table in tables().values() if table.dataset in STEP_DATASETS]
    return {name: platform.warehouse.versions(name) for name in names}


def dispatched(platform: Platform, folder: Path, damage: Path | None = None) -> tuple[IntakeResult, RunReport]:
    """What a dispatcher does: take the drops in, run what they change, leave what fails to the failed work.

    `damage`: a partition that is cut short once the raw tables are made.
    """
    result = take(platform, scan(folder))
    window = affected(platform, result.dates, result.drops)
    assert window is not None
    if damage is not None:
        early_steps(platform, window)
        damage.write_bytes(damage.read_bytes()[:1000])
    report = run_range(platform, window.first, window.last, from_phase=2 if damage is None else 3)
    if not report.success:
        platform.ledger.hold([drop["correlation_id"] for drop in result.drops], report.run_id)
    return result, report


@contextmanager
def held(platform: Platform, table: str, day: dt.date) -> Iterator[None]:
    """Another session holds the partition."""
    url = platform.settings.database_url
    assert url is not None
    with partition_lock(engine_of(url.get_secret_value()), table, [day], 1):
        yield


def executions(platform: Platform, table: str) -> pd.DataFrame:
    log = platform.ledger.frames("pipeline_execution_log").sort_values("sequence")
    return log[log["processor_name"] == tables()[table].full_name]


def wait(platform: Platform, delay: dt.timedelta) -> None:
    assert isinstance(platform.clock, FixedClock)
    platform.clock.moment += delay


def test_f31_f34_one_consumer_fails_the_others_go_on_and_its_drop_stays_pending_until_it_is_done(
    played: Platform, corrected: Versions, tmp_path: Path
) -> None:
    with held(played, OFFENSE, FIRST.day):
        result, report = dispatched(played, both_corrections(tmp_path / "drops"))
        assert set(report.failures) == {f"nba_analytics__{OFFENSE}"}
        assert f"nba_analytics__{DEFENSE}" in report.done, "a sibling goes on"
        (item,) = played.ledger.work()
        assert (item["processor_name"], item["status"], item["attempts"]) == (f"nba_analytics.{OFFENSE}", "retrying", 1)
        assert FIRST.day in item["dates"] and "another process is writing" in item["error_message"]
        assert set(item["correlation_ids"]) == {drop["correlation_id"] for drop in result.drops}
        assert played.ledger.lease("watch", NOW, NOW + HOUR) == [], "the drops are the failed work's"
        assert played.ledger.counts()["pending"] == 2
        assert_adds_up(played)

        wait(played, dt.timedelta(seconds=9))
        assert take_up(played) == [], "not due yet"
        wait(played, dt.timedelta(seconds=4))
        (again,) = take_up(played)
        assert not again.success
        (item,) = played.ledger.work()
        assert item["attempts"] == 2 and item["leased_by"] is None
    assert played.warehouse.versions(DEFENSE) == corrected[DEFENSE]

    wait(played, dt.timedelta(seconds=37))
    (done,) = take_up(played)
    assert done.success, done.failures
    assert played.ledger.work() == []
    assert played.ledger.counts()["pending"] == 0
    assert contents(played) == corrected, "and so are the tables that read it"
    last = executions(played, OFFENSE).iloc[-1]
    assert (last["run_id"], last["retry_count"]) == (done.run_id, 2)
    assert_sound(played)


def test_f40_a_poisoned_date_is_tried_once_and_delays_no_other(
    played: Platform, corrected: Versions, tmp_path: Path
) -> None:
    """The file of a partition that the build of 3 November reads is damaged."""
    files = played.settings.warehouse / "nba_raw" / LOG
    (file,) = files.glob(f"{SECOND.day}.*")
    whole = file.read_bytes()
    _, report = dispatched(played, both_corrections(tmp_path / "drops"), file)
    assert set(report.failures) == {f"nba_analytics__{SUMMARY}"}
    (letter,) = dead_letters(played)
    assert (letter["dates"], letter["attempts"], letter["permanent"]) == ([SECOND.day], 1, True)
    assert f"cannot read nba_raw.{LOG}" in letter["error_message"] and len(letter["correlation_ids"]) == 2
    assert played.warehouse.versions(SUMMARY)[str(FIRST.day)] == corrected[SUMMARY][str(FIRST.day)]

    (rest,) = take_up_neighbours(played, report.run_id)
    assert rest.success, rest.failures
    for table in (OFFENSE, DEFENSE):
        assert played.warehouse.versions(table)[str(FIRST.day)] == corrected[table][str(FIRST.day)]

    for _ in range(322):
        wait(played, dt.timedelta(minutes=1))
        assert take_up(played) == []
    assert played.ledger.work() == [letter]
    report = run_range(played, FIRST.day, SECOND.day, from_phase=3)
    assert report.success, "later runs of these dates are not held up by it"
    tried = executions(played, SUMMARY)
    assert (tried[tried["game_date"] == pd.Timestamp(SECOND.day)]["status"] == "failed").sum() == 1
    wait(played, dt.timedelta(days=8))
    assert dead_letters(played) == [letter], "kept until somebody decides"
    assert played.ledger.counts()["pending"] == 2

    (failing,) = replay_work(played, dead_letters(played), "a test")
    (letter,) = dead_letters(played)
    assert not failing.success and letter["attempts"] == 2, "a replay that fails resolves nothing"
    assert letter["leased_by"] is None

    file.write_bytes(whole)
    (done,) = replay_work(played, dead_letters(played), "a test")
    assert done.success, done.failures
    (closed,) = played.ledger.work()
    assert (closed["status"], closed["reason"]) == ("replayed", f"replayed by a test in run {done.run_id[:8]}")
    assert contents(played) == corrected
    assert played.ledger.counts()["pending"] == 0
    tried = executions(played, SUMMARY)
    last = tried[tried["game_date"] == pd.Timestamp(SECOND.day)].iloc[-1]
    assert (last["event_type"], last["retry_count"]) == ("replay", 2) and '"asked_by":"a test"' in last["metadata"]
    assert_sound(played)


def test_f40_a_bad_file_of_one_game_is_no_failed_work_and_delays_no_other_game(
    tmp_path: Path, platform: Platform
) -> None:
    platform.clock = FixedClock(NOW)
    drops = Drops(tmp_path / "drops")
    other = Game("0022400109", FIRST.day, "DEN", "LAL", {"DEN": [22] + [10] * 7, "LAL": [25] + [10] * 7})
    drops.player_list(FIRST.day)
    drops.schedule(FIRST.day, [FIRST, other], final=True)
    drops.bdl(FIRST.day, [FIRST, other])
    drops.gamebook(other)
    drops.gamebook(FIRST).write_text("<html>502 Bad Gateway</html>")
    result = take(platform, scan(tmp_path / "drops"))
    assert len(result.quarantined) == 1
    early_steps(platform, Window(FIRST.day, FIRST.day), ("nba_raw", "nba_analytics"))
    assert other.game_id in set(platform.warehouse.read(SUMMARY)["game_id"])
    assert platform.ledger.work() == []
    assert_sound(platform, EARLY)


def test_f25_a_failure_after_the_commit_doubles_nothing(played: Platform, corrected: Versions, tmp_path: Path) -> None:
    """The rows are written, then the log of executions cannot be."""
    url = played.settings.database_url
    assert url is not None
    log = "nba_orchestration.pipeline_execution_log"
    take(played, scan(correction(tmp_path / "drops")))
    days = [pd.Timestamp(FIRST.day)]
    run_step(played, "nbac_gamebook_player_stats", days)
    block = f"ALTER TABLE {log} ADD CONSTRAINT full_disk CHECK (status <> 'completed') NOT VALID"
    for statement in (block, f"ALTER TABLE {log} DROP CONSTRAINT full_disk"):
        with engine_of(url.get_secret_value()).begin() as connection:
            connection.execute(text(statement))
        if statement is block:
            with pytest.raises(Exception, match="full_disk"):
                run_step(played, SUMMARY, days)
            assert [item["dates"] for item in dead_letters(played)] == [[FIRST.day]]
    assert played.warehouse.versions(SUMMARY)[str(FIRST.day)] == corrected[SUMMARY][str(FIRST.day)], "it was committed"
    run_step(played, SUMMARY, days)
    rows = played.warehouse.read(SUMMARY, dates=(FIRST.day, FIRST.day))
    assert not rows.duplicated(list(tables()[SUMMARY].key)).any()
    assert played.warehouse.versions(SUMMARY)[str(FIRST.day)] == corrected[SUMMARY][str(FIRST.day)]
    assert dead_letters(played) == []
    for name in BUILT:
        run_step(played, name, days)
    assert_sound(played, BUILT)


def test_f33_a_replay_is_idempotent_and_marked_as_one(played: Platform) -> None:
    before = contents(played)
    (drop,) = [one for one in played.ledger.drops(date=FIRST.day) if one["source"] == "nbac_gamebook_player_stats"]
    plan = planned(played, correlation_id=drop["correlation_id"], start_phase=3, asked_by="a test")
    report = run_replay(played, plan)
    assert report.success and contents(played) == before
    rows = executions(played, SUMMARY)
    rows = rows[rows["run_id"] == report.run_id]
    assert set(rows["status"]) == {"skipped"} and set(rows["event_type"]) == {"replay"}
    assert executions(played, "nbac_gamebook_player_stats")["run_id"].ne(report.run_id).all(), "from phase 3 on"

    report = run_replay(played, planned(played, date=FIRST.day, table=SUMMARY, asked_by="a test"))
    assert report.success and contents(played) == before, "rebuilt, and the same rows"
    rows = executions(played, SUMMARY)
    rows = rows[rows["run_id"] == report.run_id].set_index("game_date")
    assert rows["status"][pd.Timestamp(FIRST.day)] == "completed"
    assert rows["metadata"][pd.Timestamp(FIRST.day)] == '{"asked_by":"a test","forced":true}'
    assert (rows.drop(pd.Timestamp(FIRST.day))["status"] == "skipped").all()
    assert executions(played, DEFENSE).iloc[-1]["run_id"] == report.run_id, "and what reads it is looked at"
    assert_sound(played)


def test_a_discarded_failure_is_kept_with_its_reason_and_frees_its_drops(played: Platform, tmp_path: Path) -> None:
    take(played, scan(correction(tmp_path / "drops")))
    (drop,) = played.ledger.drops(status=["pending"])
    with held(played, SUMMARY, FIRST.day), pytest.raises(PlatformError):
        run_step(played, SUMMARY, [pd.Timestamp(FIRST.day)], run_id="run")
    assert played.ledger.hold([drop["correlation_id"]], "run") == 1
    (item,) = played.ledger.work()
    for _ in range(5):
        wait(played, HOUR)
        with held(played, SUMMARY, FIRST.day), pytest.raises(PlatformError):
            run_step(played, SUMMARY, [pd.Timestamp(FIRST.day)], run_id="run")
    (letter,) = dead_letters(played, [item["work_id"]])
    assert letter["attempts"] == 6
    discard(played, [letter], "the game was annulled")
    assert [(one["status"], one["reason"]) for one in played.ledger.work()] == [("discarded", "the game was annulled")]
    assert played.ledger.counts()["pending"] == 0
    assert_adds_up(played)


def test_f40_a_refresh_of_a_game_that_is_elsewhere_now_is_run_as_its_date(played: Platform) -> None:
    key = f"{FIRST.day}|game|{SECOND.game_id}"
    with pytest.raises(TransientError, match="has no game on 2024-11-01; it may have moved"):
        refresh_phase(played, "predictions", [key])
    gone = WorkItem("entity_refresh.raw", (FIRST.day,), key)
    good = WorkItem("entity_refresh.precompute", (FIRST.day,), f"{FIRST.day}|game|{FIRST.game_id}")
    for item in (gone, good):
        failed(played, item, TransientError("its process was killed"))
    wait(played, HOUR)
    (taken,) = take_up(played)
    assert (taken.success, taken.keys) == (True, [])
    assert played.ledger.work(status=["retrying", "dead"]) == []


def test_f40_what_a_run_does_not_reach_has_failed_and_is_not_tried_for_ever(played: Platform) -> None:
    failed(played, WorkItem(f"nba_analytics.{OFFENSE}", (FIRST.day,)), TransientError("its process was killed"))
    failed(played, WorkItem(f"nba_analytics.{SUMMARY}", (FIRST.day,)), TransientError("its process was killed"))
    wait(played, HOUR)
    both_corrections(played.settings.home.parent / "more")
    take(played, scan(played.settings.home.parent / "more"))
    with held(played, SUMMARY, FIRST.day):
        (taken,) = take_up(played)
    assert not taken.success
    left = {item["processor_name"]: item for item in played.ledger.work(status=["retrying"])}
    later = left[f"nba_analytics.{OFFENSE}"]
    assert later["attempts"] == 2
    assert later["next_attempt_at"] > played.clock.now()
    assert "not reached" in later["error_message"]
