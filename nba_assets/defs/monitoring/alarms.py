"""Alarms and the digest as jobs, and when they run; nothing runs before it is started."""

import dagster as dg

from nba_assets.alarms.check import check
from nba_assets.alarms.digest import digest
from nba_assets.alarms.sending import targets, untaken
from nba_assets.defs.resources import PlatformResource
from nba_assets.league import LEAGUE_ZONE


@dg.op(description="Find what is wrong, record it, tell what was not told within the hour.")
def check_alarms(context: dg.OpExecutionContext, platform: PlatformResource) -> None:
    """An open alarm is no failure of the run; a target that takes nothing is."""
    found = check(platform.get())
    for alarm in found.open:
        context.log.warning(f"{alarm['cause']}: {alarm['message']}")
    context.log.info(f"{len(found.open)} open, {len(found.told.sent)} sent to {found.targets} targets")
    _raise(found.told.failing)


@dg.op(description="Send yesterday's record, today's slate, what is open and the model's health.")
def send_digest(context: dg.OpExecutionContext, platform: PlatformResource) -> None:
    """The digest is in the log too."""
    found = digest(platform.get())
    context.log.info(f"{found.title}\n\n{found.text}")
    _raise(untaken(targets(platform.get().settings.alarm_urls), found.title, found.text, "info"))


def _raise(names: list[str]) -> None:
    if names:
        raise dg.Failure(f"did not take a message: {', '.join(names)}", allow_retries=False)


@dg.job(description="What is wrong now, recorded and told: one message per cause and hour.")
def alarms() -> None:
    check_alarms()


@dg.job(description="The digest of the morning.")
def alarms_digest() -> None:
    send_digest()


alarms_schedule = dg.ScheduleDefinition(
    name="alarms",
    job=alarms,
    cron_schedule="*/5 * * * *",
    execution_timezone=LEAGUE_ZONE.key,
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
alarms_digest_schedule = dg.ScheduleDefinition(
    name="alarms_digest",
    job=alarms_digest,
    cron_schedule="15 9 * * *",
    execution_timezone=LEAGUE_ZONE.key,
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
