"""F38, F39: kill -9 of a process in the middle of a run, and of a sensor's between its ledger and its cursor."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.test_utils import create_run_for_test
from dagster._daemon.monitoring.run_monitoring import check_run_timeout

from nba_assets.clock import FixedClock
from nba_assets.commands.watch import fast_lane
from nba_assets.definitions import defs
from nba_assets.defs.automation.sweeps import sweep
from nba_assets.defs.lost_work import record_lost
from nba_assets.defs.partitions import PARTITION, RANGE_END, RANGE_START
from nba_assets.defs.run import QUIET
from nba_assets.defs.take_up import take_up
from nba_assets.engine import platform as platforms
from nba_assets.engine.failure import failed
from nba_assets.engine.landing_zone import named as landed
from nba_assets.engine.landing_zone import take_landed
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import this_process
from nba_assets.errors import TransientError
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.records import WorkItem
from nba_assets_tests.defs.test_sensors import named, tick
from nba_assets_tests.engine.live import Live
from nba_assets_tests.faults.children import Death, killed
from nba_assets_tests.faults.conftest import quiesce
from nba_assets_tests.faults.soundness import assert_sound
from nba_assets_tests.faults.test_event_faults import PROPS, TOMORROW, WRITES
from nba_assets_tests.told import Told

NOW = dt.datetime(2024, 11, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2024, 11, 2)
SUMMARY = "nba_analytics.player_game_summary"
IN_A_TICK = (
    Death("nba_assets.storage.ledger:PostgresLedger.receive"),
    Death("nba_assets.storage.ledger:PostgresLedger.lease"),
    Death("nba_assets.defs.automation.drops:make_newest"),
)
"""The drop is in the ledger; it is taken; all is done but to tell Dagster the run and the cursor."""


@pytest.fixture
def ours(live: Live) -> Iterator[Live]:
    """The live day, its platform this process's own."""
    platforms.use(live.platform)
    yield live
    platforms.use(None)


def watch_once(settings: Settings, now: dt.datetime) -> None:
    platform = Platform.open(settings, FixedClock(now))
    platforms.use(platform)
    fast_lane(platform, Told()).round()


def tick_once(settings: Settings, now: dt.datetime) -> None:
    platforms.use(Platform.open(settings, FixedClock(now)))
    with dagster_instance(settings) as instance:
        tick(named("odds_api"), instance)


def test_f38_of_a_run_whose_worker_was_killed_the_run_is_ended_and_the_work_taken_up(ours: Live) -> None:
    """The watch's process dies while tomorrow's schedule is on its way through the phases."""
    ours.put(WRITES[4])
    platform = ours.platform
    killed(
        Death("nba_assets.storage.warehouse:LocalWarehouse.replace", call=4),
        watch_once,
        platform.settings,
        ours.clock.moment,
    )
    (drop,) = platform.ledger.drops(status=["pending"])
    assert str(drop["leased_by"]).startswith("watch|")
    with dagster_instance(platform.settings) as instance:
        (dead,) = instance.get_runs()
        assert dead.status is dg.DagsterRunStatus.STARTED

        done = fast_lane(platform, Told()).round()
        assert [one["correlation_id"] for one in done.attended.applied] == [drop["correlation_id"]]
        ended = instance.get_run_by_id(dead.run_id)
        assert ended is not None and ended.status is dg.DagsterRunStatus.FAILURE
    assert platform.ledger.work(status=["retrying", "dead"]) == [], "what was lost is recorded, and has been done"
    quiesce(ours)
    assert_sound(platform)


def work_once(settings: Settings, now: dt.datetime, day: dt.date) -> None:
    """What a worker of the daemon does."""
    platforms.use(Platform.open(settings, FixedClock(now)))
    tags = {RANGE_START: str(day), RANGE_END: str(day)}
    with dagster_instance(settings) as instance:
        defs.resolve_job_def("all_phases").execute_in_process(instance=instance, tags=tags, run_config=QUIET)


def test_f38_a_killed_worker_of_the_daemon_is_known_by_its_process_and_its_step_is_retried(ours: Live) -> None:
    """The sweep ends its run; what it was about is failed work, and its drop stays pending until that is done."""
    platform, day = ours.platform, TOMORROW.day
    take_landed(platform, landed(platform, ours.put(WRITES[4])))
    third_table = Death("nba_assets.storage.warehouse:LocalWarehouse.replace", call=3)
    killed(third_table, work_once, platform.settings, ours.clock.moment, day)
    with dagster_instance(platform.settings) as instance:
        (dead,) = instance.get_runs()
        assert dead.status is dg.DagsterRunStatus.STARTED
        tick(sweep, instance)
        ended = instance.get_run_by_id(dead.run_id)
        assert ended is not None and ended.status is dg.DagsterRunStatus.FAILURE
    (item,) = platform.ledger.work()
    assert (item["status"], item["dates"], item["run_id"]) == ("retrying", [day], dead.run_id)
    assert "its process was killed" in item["error_message"] and platform.ledger.counts()["pending"] == 1

    ours.at(dt.timedelta(seconds=15))
    (done,) = take_up(platform)
    assert done.success and platform.ledger.work() == []
    quiesce(ours)
    assert_sound(platform)


def test_f38_a_run_that_never_ends_is_ended_by_the_daemon(ours: Live) -> None:
    with dagster_instance(ours.platform.settings) as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 4 * 3600
        tags = {RANGE_START: str(TODAY), RANGE_END: str(TODAY)}
        run = create_run_for_test(instance, job_name="all_phases", tags=tags, status=dg.DagsterRunStatus.STARTED)
        (record,) = instance.get_run_records(dg.RunsFilter(run_ids=[run.run_id]))
        began = dt.datetime.now(dt.UTC).timestamp() - 5 * 3600
        check_run_timeout(instance, record._replace(start_time=began), logging.getLogger(), 4 * 3600.0)
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None and ended.status is dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize("death", IN_A_TICK, ids=str)
def test_f39_a_sensor_killed_between_ledger_and_cursor_loses_nothing_and_doubles_nothing(
    death: Death, ours: Live
) -> None:
    ours.put(WRITES[0])
    platform = ours.platform
    killed(death, tick_once, platform.settings, ours.clock.moment)
    with dagster_instance(platform.settings) as instance:
        assert instance.get_runs() == []
        requests = [*tick(named("odds_api"), instance), *tick(named("odds_api"), instance)]
        assert len(requests) == 1, "asked for again, and once"
        job = defs.resolve_job_def("entity_refresh")
        assert job.execute_in_process(instance=instance, tags=requests[0].tags).success
        assert tick(named("odds_api"), instance) == []
    (drop,) = platform.ledger.drops(source=PROPS, limit=1)
    assert drop["status"] == "applied" and platform.ledger.counts()["pending"] == 0
    quiesce(ours)
    assert_sound(platform)


@pytest.fixture
def morning(platform: Platform) -> Iterator[Platform]:
    """An empty platform of a morning in November, this process's own."""
    platform.clock = FixedClock(NOW)
    platforms.use(platform)
    yield platform
    platforms.use(None)


def step_events(instance: dg.DagsterInstance, run: dg.DagsterRun, *steps: tuple[str, str]) -> None:
    for key, kind in steps:
        event = dg.DagsterEvent(kind, job_name=run.job_name, step_key=key)
        instance.report_dagster_event(event, run_id=run.run_id)


def test_f38_a_step_whose_process_was_killed_is_work_to_be_retried(morning: Platform) -> None:
    with dagster_instance(morning.settings) as instance:
        tags = {RANGE_START: "2024-11-01", RANGE_END: "2024-11-03"}
        run = create_run_for_test(instance, job_name="all_phases", tags=tags)
        begun, done = dg.DagsterEventType.STEP_START.value, dg.DagsterEventType.STEP_SUCCESS.value
        table = "nba_analytics__player_game_summary"
        step_events(instance, run, ("nba_raw__nbac_schedule", begun), (table, begun), ("published", begun))
        morning.ledger.record_failure(
            WorkItem("published.release", (TODAY,), run_id=run.run_id), now=NOW, retry_at=lambda _: NOW
        )
        event = dg.DagsterEvent(
            done,
            job_name=run.job_name,
            step_key="nba_raw__nbac_schedule",
            event_specific_data=dg._core.events.StepSuccessData(1.0),
        )
        instance.report_dagster_event(event, run_id=run.run_id)
        assert record_lost(morning, instance, run) == [SUMMARY]
        (item,) = morning.ledger.work(processor=SUMMARY)
        assert (item["status"], len(item["dates"])) == ("retrying", 3) and "killed" in item["error_message"]
        assert record_lost(morning, instance, run) == [], "told once"

        key = "2024-11-01|team|NYK"
        run = create_run_for_test(instance, job_name="entity_refresh", tags={PARTITION: key})
        step_events(instance, run, ("entity_refresh__analytics", begun))
        assert record_lost(morning, instance, run) == ["entity_refresh.analytics"]
        assert [item["scope"] for item in morning.ledger.work(run_id=run.run_id)] == [key]


def test_f38_work_whose_taker_is_gone_counts_as_failed_and_is_due_again_later(morning: Platform) -> None:
    code = "from nba_assets.engine.processes import this_process; print(this_process())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert gone.split("|")[0] == this_process().split("|")[0]
    item = failed(morning, WorkItem("nba_raw.nbac_schedule", (TODAY,)), TransientError("busy"))
    later = NOW + dt.timedelta(seconds=15)
    morning.clock = FixedClock(later)
    assert len(morning.ledger.lease_work(gone, later, later + dt.timedelta(hours=1), [item["work_id"]])) == 1
    assert take_up(morning) == []
    (after,) = morning.ledger.work()
    assert (after["attempts"], after["leased_by"]) == (2, None) and "is gone" in after["error_message"]
    assert after["next_attempt_at"] is not None and after["next_attempt_at"] >= later + dt.timedelta(seconds=30)
