"""Retention as a job, and when it runs: every night, where automation runs from the start; else once it is started.

Below `nba-assets up` nobody looks after the disk, and nothing that the job removes is needed by anything; alarms, which
tell people, wait until somebody has said whom.
"""

import dagster as dg

from nba_assets.defs.automation.drops import automation_status
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.retention import prune
from nba_assets.league import LEAGUE_ZONE


@dg.op(description="Remove what is older than the settings say and nothing needs.")
def prune_old(context: dg.OpExecutionContext, platform: PlatformResource) -> None:
    """What was removed is in the log."""
    for kind in prune(platform.get()):
        context.log.info(f"{kind.what}: {kind.removed} removed, {kind.kept} kept, each for {kind.kept_for}")


@dg.job(description="Rows of logs, runs, keys, releases and leftovers that are not needed any more.")
def retention() -> None:
    prune_old()


retention_schedule = dg.ScheduleDefinition(
    name="retention",
    job=retention,
    cron_schedule="30 6 * * *",
    execution_timezone=LEAGUE_ZONE.key,
    default_status=dg.DefaultScheduleStatus(automation_status().value),
)
"""After the night's results, before the morning's."""
