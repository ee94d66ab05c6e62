"""Failed work in Dagster: runs whose steps could not say why they failed, jobs that replay, what goes together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.test_utils import create_run_for_test

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.automation.retries import retries
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.take_up import grouped
from nba_assets.engine import platform as platforms
from nba_assets.engine.dead_letters import dead_letters
from nba_assets.engine.failure import failed
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.errors import TransientError
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.records import Work, WorkItem
from nba_assets_tests.engine.three_games import FIRST
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
