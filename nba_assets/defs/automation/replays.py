"""What an operator does about failed work, as Dagster jobs: take up what is due, replay, discard.

Each starts runs of its own in its process; the config is that of the command of the same name.
"""

import datetime as dt

import dagster as dg

from nba_assets.defs.lost_work import record_lost
from nba_assets.defs.replay import FIRST_PHASE, planned, run_replay
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.take_up import RUNS, TakenUp, replay_work, take_up
from nba_assets.engine.dead_letters import dead_letters, discard

JOB_TAGS = {"nba_assets/about": "failed work"}
ASKED_BY = "Dagster"


class RetryConfig(dg.Config):
    """At most so many runs."""

    runs: int = RUNS


class ReplayConfig(dg.Config):
    """One of `correlation_id`, `date` and `key`; `table` is rebuilt even if nothing changed."""

    correlation_id: str = ""
    date: str = ""
    key: str = ""
    table: str = ""
    start_phase: int = FIRST_PHASE
    asked_by: str = ASKED_BY


class DeadLetterConfig(dg.Config):
    """Which dead letters: none named is all of them."""

    ids: list[str] = []
    asked_by: str = ASKED_BY


class DiscardConfig(dg.Config):
    """Which dead letters, and why."""

    ids: list[str]
    reason: str


@dg.op(description="Run failed work again whose next attempt is due.")
def take_up_due_work(context: dg.OpExecutionContext, config: RetryConfig, platform: PlatformResource) -> None:
    _told(context, take_up(platform.get(), limit=config.runs))


@dg.op(description="Run a drop, a date, a table of it or an entity again.")
def replay_request(context: dg.OpExecutionContext, config: ReplayConfig, platform: PlatformResource) -> None:
    home = platform.get()
    wanted = planned(
        home,
        correlation_id=config.correlation_id,
        date=dt.date.fromisoformat(config.date) if config.date else None,
        key=config.key,
        table=config.table,
        start_phase=config.start_phase,
        asked_by=config.asked_by,
    )
    report = run_replay(home, wanted)
    context.log.info(f"{wanted.title}: run {report.run_id}")
    if not report.success:
        raise dg.Failure(f"run {report.run_id}: {report.failures}", allow_retries=False)


@dg.op(description="Run dead letters again.")
def replay_dead(context: dg.OpExecutionContext, config: DeadLetterConfig, platform: PlatformResource) -> None:
    home = platform.get()
    found = replay_work(home, dead_letters(home, config.ids), config.asked_by)
    _told(context, found)
    failures = {one.run_id: one.failures for one in found if not one.success}
    if failures:
        raise dg.Failure(f"failed again: {failures}", allow_retries=False)


@dg.op(description="Give dead letters up, with a reason.")
def discard_dead(context: dg.OpExecutionContext, config: DiscardConfig, platform: PlatformResource) -> None:
    home = platform.get()
    for item in discard(home, dead_letters(home, config.ids) if config.ids else [], config.reason):
        context.log.info(f"{item['work_id']} {item['processor_name']} discarded: {item['reason']}")


def _told(context: dg.OpExecutionContext, found: list[TakenUp]) -> None:
    for one in found:
        names = ", ".join(sorted({item["processor_name"] for item in one.items}))
        context.log.info(f"{names} of {one.first} to {one.last}: {'done' if one.success else one.failures}")
    context.log.info(f"{len(found)} runs")


@dg.job(tags=JOB_TAGS, description="Take up failed work that is due: what the sweep does, by hand.")
def retry_due_work() -> None:
    take_up_due_work()


@dg.job(tags=JOB_TAGS, description="Replay by correlation id, date (and table) or key, from a phase on.")
def replay() -> None:
    replay_request()


@dg.job(tags=JOB_TAGS, description="Replay dead letters: those of the config, or all.")
def replay_dead_letters() -> None:
    replay_dead()


@dg.job(tags=JOB_TAGS, description="Discard dead letters, with a reason.")
def discard_dead_letters() -> None:
    discard_dead()


@dg.run_failure_sensor(
    name="lost_work",
    description="Records steps of failed runs whose process was killed as work to be retried.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def lost_work(context: dg.RunFailureSensorContext, platform: PlatformResource) -> None:
    lost = record_lost(platform.get(), context.instance, context.dagster_run)
    context.log.info(f"run {context.dagster_run.run_id}: {', '.join(lost) or 'its failures are recorded'}")


failed_work_jobs = [retry_due_work, replay, replay_dead_letters, discard_dead_letters]
