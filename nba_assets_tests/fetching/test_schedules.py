"""Fetches in Dagster: a schedule per source that asks for what a date's games call for, and a job that lands it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.definitions.schedule_definition import ScheduleExecutionData

from nba_assets.definitions import defs
from nba_assets.defs.landing.fetches import fetch_jobs
from nba_assets.engine import platform as platforms
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.fetching.fetchers import fetchers
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets_tests.fetching.conftest import DAY, EARLY, LATE, MORNING, NOON, Reply, Site, Time
from nba_assets_tests.handmade import Drops

NO_GAMES = dt.datetime(2024, 11, 5, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def home(at_home: Settings, time: Time, tmp_path: Path) -> Iterator[Platform]:
    """The process's platform: its warehouse has the schedule of two games."""
    platform = Platform.open(at_home, time.clock)
    platforms.use(platform)
    Drops(tmp_path / "drops").schedule(DAY, [EARLY, LATE], final=False)
    take(platform, scan(tmp_path / "drops"))
    run_step(platform, "nbac_schedule", [pd.Timestamp(DAY)])
    yield platform
    platforms.use(None)
    platform.close()


def evaluate(source: str, tick: dt.datetime) -> ScheduleExecutionData:
    found = defs.resolve_schedule_def(f"fetch_{source}")
    context = dg.build_schedule_context(
        scheduled_execution_time=tick, resources={"platform": defs.resources["platform"]}
    )
    return found.evaluate_tick(context)


def dates(source: str, tick: dt.datetime) -> list[str]:
    """The dates for which a run is requested."""
    return [
        request.run_config["ops"][f"land_{source}"]["config"]["date"] for request in evaluate(source, tick).run_requests
    ]


def test_every_source_has_a_stopped_schedule_in_new_york_time() -> None:
    for source in fetchers():
        schedule = defs.resolve_schedule_def(f"fetch_{source}")
        assert schedule.job_name == f"fetch_{source}"
        assert schedule.execution_timezone == "America/New_York"
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_lines_are_asked_for_five_minutes_before_a_tip(home: Platform, keys: str) -> None:
    tick = EARLY.tip - dt.timedelta(minutes=5)
    (request,) = evaluate("odds_api_player_points_props", tick).run_requests
    assert request.tags["reason"] == "closing capture"
    assert dates("odds_api_player_points_props", tick) == ["2024-11-01"]
    assert dates("nbac_injury_report", tick) == ["2024-11-01"]


def test_results_past_midnight_belong_to_the_date_of_the_games(home: Platform) -> None:
    after_midnight = dt.datetime(2024, 11, 2, 5, 0, tzinfo=dt.UTC)
    assert dates("nbac_player_boxscores", after_midnight) == ["2024-11-01"]
    assert dates("nbac_gamebook_player_stats", MORNING) == ["2024-11-01"]


def test_an_off_day_is_skipped_with_its_reason(home: Platform, keys: str) -> None:
    for source in fetchers():
        if source not in ("nbac_schedule", "bigdataball_play_by_play"):
            tick = evaluate(source, NO_GAMES)
            assert tick.run_requests == [], source
            assert tick.skip_message == "no games today or yesterday"
    assert dates("nbac_schedule", NO_GAMES) == ["2024-11-05"], "only the schedule itself is looked at, at noon"


def test_a_tick_between_the_cadences_is_skipped_with_its_reason(home: Platform, keys: str) -> None:
    tick = evaluate("odds_api_player_points_props", NOON + dt.timedelta(minutes=5))
    assert tick.skip_message == "not due for the games of today and yesterday"


def test_a_source_without_its_key_is_skipped_with_its_reason(home: Platform, no_keys: None) -> None:
    assert evaluate("bdl_player_boxscores", MORNING).skip_message == "BDL_API_KEY is not set"


def config(source: str) -> dict[str, object]:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return {"ops": {f"land_{source}": {"config": {"date": str(DAY)}}}, **quiet}


def run(home: Platform, source: str) -> dg.ExecuteInProcessResult:
    resolved = defs.resolve_job_def(fetch_jobs[source].name)
    with dagster_instance(home.settings) as instance:
        return resolved.execute_in_process(instance=instance, run_config=config(source), raise_on_error=False)


def test_a_run_lands_its_files_and_reports_the_dates_that_they_change(home: Platform, site: Site) -> None:
    site.serve("/wp-json/api/v1/get-game-officials", {"nba": {"Table": {"rows": []}}})
    assert run(home, "nbac_referee_assignments").success
    assert any(name.startswith("nba-com/referee-assignments/2024-11-01/") for name in home.landing.list())
    with dagster_instance(home.settings) as instance:
        key = dg.AssetKey(["landing", "nbac_referee_assignments"])
        assert instance.get_materialized_partitions(key) == {"2024-11-01"}


def test_f05_a_run_whose_source_refuses_fails_with_the_reason_and_is_not_retried(
    home: Platform, site: Site, keys: str
) -> None:
    site.serve("/v1/box_scores", Reply(f"key {keys}".encode(), 401))
    result = run(home, "bdl_player_boxscores")
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    said = repr(failed)
    assert "api.balldontlie.io answers 401: key ***" in said
    assert "canary" not in said
    assert site.paths() == ["/v1/box_scores"]
