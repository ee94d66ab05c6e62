"""Failed work in Dagster: runs whose steps could not say why they failed, jobs that replay, what goes together."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.test_utils import create_run_for_test

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.automation.retries import retries
from nba_assets.defs.lost_work import record_lost
from nba_assets.defs.partitions import PARTITION, RANGE_END, RANGE_START
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.take_up import grouped, take_up
from nba_assets.engine import platform as platforms
from nba_assets.engine.dead_letters import dead_letters
from nba_assets.engine.failure import failed
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import this_process
from nba_assets.errors import TransientError
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.records import Work, WorkItem
from nba_assets_tests.engine.test_three_games import FIRST
from nba_assets_tests.handmade import Drops

NOW = dt.datetime(2024, 11, 2, 12, tzinfo=dt.UTC)
TODAY = dt.date(2024, 11, 2)
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def home(platform: Platform) -> Iterator[Platform]:
    """An empty platform of a morning in November, this process's own."""
    platform.clock = FixedClock(NOW)
    platforms.use(platform)
    yield platform
    platforms.use(None)


def items(*spans: tuple[int, int]) -> list[Work]:
    """Work of dates so many days after today."""
    days = [[TODAY + dt.timedelta(days=n) for n in range(first, last + 1)] for first, last in spans]
    return [{"work_id": str(number), "dates": dates} for number, dates in enumerate(days)]  # type: ignore[typeddict-item]


def groups(*spans: tuple[int, int]) -> list[list[str]]:
    return [sorted(item["work_id"] for item in group) for group in grouped(items(*spans), TODAY)]


def test_work_whose_dates_touch_is_one_run_and_todays_goes_first_alone() -> None:
    assert groups((-60, -58), (-57, -57), (-20, -10), (-15, -14)) == [["2", "3"], ["0", "1"]]
    assert groups((-60, 0), (0, 0)) == [["1"], ["0"]], "a backfill does not hold up today"
    assert groups((0, 0), (-1, 0), (-3, -2)) == [["0", "1"], ["2"]], "last night goes with today"
    assert groups(*[(-n, -n) for n in range(10, 55)]) == [sorted(map(str, range(45)))], "45 items, one run"
    assert groups() == []


def step_events(instance: dg.DagsterInstance, run: dg.DagsterRun, *steps: tuple[str, str]) -> None:
    for key, kind in steps:
        event = dg.DagsterEvent(kind, job_name=run.job_name, step_key=key)
        instance.report_dagster_event(event, run_id=run.run_id)


def test_f38_a_step_whose_process_was_killed_is_work_to_be_retried(home: Platform) -> None:
    with dagster_instance(home.settings) as instance:
        tags = {RANGE_START: "2024-11-01", RANGE_END: "2024-11-03"}
        run = create_run_for_test(instance, job_name="all_phases", tags=tags)
        begun, done = dg.DagsterEventType.STEP_START.value, dg.DagsterEventType.STEP_SUCCESS.value
        table = "nba_analytics__player_game_summary"
        step_events(instance, run, ("nba_raw__nbac_schedule", begun), (table, begun), ("published", begun))
        home.ledger.record_failure(
            WorkItem("published.release", (TODAY,), run_id=run.run_id), now=NOW, retry_at=lambda _: NOW
        )
        event = dg.DagsterEvent(
            done,
            job_name=run.job_name,
            step_key="nba_raw__nbac_schedule",
            event_specific_data=dg._core.events.StepSuccessData(1.0),
        )
        instance.report_dagster_event(event, run_id=run.run_id)
        assert record_lost(home, instance, run) == ["nba_analytics.player_game_summary"]
        (item,) = home.ledger.work(processor="nba_analytics.player_game_summary")
        assert (item["status"], len(item["dates"])) == ("retrying", 3) and "killed" in item["error_message"]
        assert record_lost(home, instance, run) == [], "told once"

        key = "2024-11-01|team|NYK"
        run = create_run_for_test(instance, job_name="entity_refresh", tags={PARTITION: key})
        step_events(instance, run, ("entity_refresh__analytics", begun))
        assert record_lost(home, instance, run) == ["entity_refresh.analytics"]
        assert [item["scope"] for item in home.ledger.work(run_id=run.run_id)] == [key]


def test_f38_work_whose_taker_is_gone_counts_as_failed_and_is_due_again_later(home: Platform) -> None:
    code = "from nba_assets.engine.processes import this_process; print(this_process())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert gone.split("|")[0] == this_process().split("|")[0]
    item = failed(home, WorkItem("nba_raw.nbac_schedule", (TODAY,)), TransientError("busy"))
    later = NOW + dt.timedelta(seconds=15)
    home.clock = FixedClock(later)
    assert len(home.ledger.lease_work(gone, later, later + dt.timedelta(hours=1), [item["work_id"]])) == 1
    assert take_up(home) == []
    (after,) = home.ledger.work()
    assert (after["attempts"], after["leased_by"]) == (2, None) and "is gone" in after["error_message"]
    assert after["next_attempt_at"] is not None and after["next_attempt_at"] >= later + dt.timedelta(seconds=30)


def test_the_jobs_take_up_replay_and_discard(home: Platform, tmp_path: Path) -> None:
    """Each starts a run of its own inside its run."""
    drops = Drops(tmp_path / "drops")
    drops.player_list(FIRST.day)
    drops.schedule(FIRST.day, [FIRST], final=False)
    (drop, _) = take(home, scan(tmp_path / "drops")).drops
    item = failed(home, WorkItem("published.release", (FIRST.day,)), TransientError("busy"))
    home.clock = FixedClock(NOW + dt.timedelta(minutes=1))
    with dagster_instance(home.settings) as instance:

        def run(job: str, **ops: object) -> dg.ExecuteInProcessResult:
            config = QUIET | {"ops": {name: {"config": facts} for name, facts in ops.items()}}
            found = defs.resolve_job_def(job)
            return found.execute_in_process(instance=instance, run_config=config, raise_on_error=False)

        assert run("retry_due_work").success
        assert home.ledger.work() == [], item["work_id"]

        asked = {"date": str(FIRST.day), "table": "nbac_schedule", "asked_by": "a test"}
        assert run("replay", replay_request=asked).success
        log = home.ledger.frames("pipeline_execution_log")
        log = log[(log["processor_name"] == "nba_raw.nbac_schedule") & (log["game_date"] == pd.Timestamp(FIRST.day))]
        assert log["metadata"].tolist() == ['{"asked_by":"a test","forced":true}']
        assert not run("replay", replay_request={"correlation_id": "ffff"}).success

        letter = failed(home, WorkItem("nba_raw.nbac_player_list", (FIRST.day,)), ValueError("no"))
        other = failed(home, WorkItem("nba_raw.nbac_injury_report", (FIRST.day,)), ValueError("no"))
        assert run("discard_dead_letters", discard_dead={"ids": [other["work_id"]], "reason": "a test"}).success
        assert dead_letters(home) == [letter]
        assert run("replay_dead_letters", replay_dead={"asked_by": "a test"}).success
        assert {one["status"] for one in home.ledger.work()} == {"discarded", "replayed"}
    assert home.ledger.drops(correlation_ids=[drop["correlation_id"]])[0]["status"] == "pending", "nobody held it"


def test_the_daemon_asks_once_for_work_that_is_due_again(home: Platform) -> None:
    with dagster_instance(home.settings) as instance:

        def tick() -> list[dg.RunRequest]:
            context = dg.build_sensor_context(instance=instance, resources={"platform": PlatformResource()})
            return list(retries.evaluate_tick(context).run_requests or [])

        assert tick() == []
        item = WorkItem("nba_raw.nbac_schedule", (TODAY,))
        home.ledger.record_failure(item, now=NOW, retry_at=lambda _: NOW + dt.timedelta(seconds=10))
        assert tick() == [], "not yet"
        home.clock.moment += dt.timedelta(seconds=10)  # type: ignore[attr-defined]
        assert len(tick()) == 1
        create_run_for_test(instance, job_name="retry_due_work", status=dg.DagsterRunStatus.STARTED)
        assert tick() == [], "a run is on its way"
