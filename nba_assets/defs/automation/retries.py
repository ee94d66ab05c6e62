"""Failed work whose next attempt is due is taken up by the daemon too, where no `watch` has done it."""

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from nba_assets.defs.automation.drops import automation_status
from nba_assets.defs.automation.replays import retry_due_work
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine.failure import due

SECONDS = 10


@dg.sensor(
    name="retries",
    job=retry_due_work,
    minimum_interval_seconds=SECONDS,
    default_status=automation_status(),
    description="Asks for the job that runs failed work again, one run of it at a time.",
)
def retries(context: dg.SensorEvaluationContext, platform: PlatformResource) -> dg.RunRequest | dg.SkipReason:
    home = platform.get()
    items = due(home, home.clock.now())
    if not items:
        return dg.SkipReason("nothing is due again")
    wanted = dg.RunsFilter(job_name=retry_due_work.name, statuses=NOT_FINISHED_STATUSES)
    if context.instance.get_runs(wanted, limit=1):
        return dg.SkipReason(f"{len(items)} are due again; a run is on its way")
    return dg.RunRequest()
