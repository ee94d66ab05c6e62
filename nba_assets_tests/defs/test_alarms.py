"""Alarms and digest as Dagster runs them."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.monitoring.alarms import alarms, alarms_digest, alarms_digest_schedule, alarms_schedule
from nba_assets.engine import platform as platforms
from nba_assets.engine.platform import Platform
from nba_assets_tests.alarms.conftest import CANARY, NOON, Webhook, web_server
from nba_assets_tests.alarms.test_causes import fails


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with web_server() as hook:
        yield hook


@pytest.fixture
def told(platform: Platform, webhook: Webhook) -> Iterator[Platform]:
    """This process's platform at noon, with one dead letter and a target."""
    platform.clock = FixedClock(NOON)
    platform.settings.alarm_urls = SecretStr(webhook.url)
    fails(platform, 0)
    platforms.use(platform)
    yield platform
    platforms.use(None)


def run(job: dg.JobDefinition) -> tuple[bool, str]:
    """Whether the run succeeded, and all that Dagster keeps of it."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def(job.name).execute_in_process(instance=instance, raise_on_error=False)
        return result.success, "\n".join(str(entry) for entry in instance.all_logs(result.run_id))


def test_an_open_alarm_is_sent_and_is_no_failure_of_the_run(told: Platform, webhook: Webhook) -> None:
    success, log = run(alarms)
    assert success and "1 open, 1 sent to 1 targets" in log
    assert webhook.titles == ["nba-assets: dead_letters nba_raw.nbac_schedule ValueError"]


def test_a_target_that_takes_nothing_fails_the_run_by_its_kind_only(told: Platform, webhook: Webhook) -> None:
    told.settings.alarm_urls = SecretStr(f"{webhook.url},json://{CANARY}@127.0.0.1:1/{CANARY}")
    for job in (alarms, alarms_digest):
        success, log = run(job)
        assert not success and "did not take a message: JSON (target 2 of 2)" in log
        assert CANARY not in log
    assert len(webhook.titles) == 2, "the other one took both"


def test_they_run_every_five_minutes_and_at_a_quarter_past_nine_once_started() -> None:
    for schedule in (alarms_schedule, alarms_digest_schedule):
        assert defs.resolve_schedule_def(schedule.name).default_status is dg.DefaultScheduleStatus.STOPPED
        assert schedule.execution_timezone == "America/New_York"
    ticks = alarms_schedule.cron_schedule, alarms_digest_schedule.cron_schedule
    assert ticks == ("*/5 * * * *", "15 9 * * *")
