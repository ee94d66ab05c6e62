"""The sweep as a sensor: what should be there and is not is requested; and the sensor of the conditions."""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from nba_assets.defs.automation.drops import automation_status
from nba_assets.defs.jobs import all_phases
from nba_assets.defs.partitions import RANGE_END, RANGE_START
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.run import close_lost_runs
from nba_assets.engine.attention import ranges, settle, today
from nba_assets.engine.sweep import AT_ONCE, missing, swept_dates
from nba_assets.settings import Settings

ROUNDS = 100
"""The whole season is looked at in one round of so many."""
LATER = {"dagster/priority": "-1", "nba_assets/sweep": "true"}
"""Behind what drops ask for."""

conditions = dg.AutomationConditionSensorDefinition(
    "conditions",
    target=dg.AssetSelection.all(),
    minimum_interval_seconds=5,
    default_status=automation_status(),
    description="Evaluates the tables' automation conditions.",
)


@dg.sensor(
    name="sweep",
    job=all_phases,
    minimum_interval_seconds=Settings().sweep_seconds,
    default_status=automation_status(),
    description="Closes dead runs, counts finished drops as applied, starts what is missing.",
)
def sweep(context: dg.SensorEvaluationContext, platform: PlatformResource) -> dg.SensorResult | dg.SkipReason:
    """Requests a run per range of dates on which something is due; today's first, a few at once."""
    home = platform.get()
    closed = close_lost_runs(home, context.instance)
    done = settle(home)
    number = int(context.cursor or 0)
    days = swept_dates(home, season=number % ROUNDS == 0)
    wanted = ranges(set(missing(home, days)), today(home))[:AT_ONCE]
    active = _being_run(context.instance)
    requests = [
        dg.RunRequest(tags={RANGE_START: str(first), RANGE_END: str(last), **LATER})
        for first, last in wanted
        if (str(first), str(last)) not in active
    ]
    if requests:
        return dg.SensorResult(run_requests=requests, cursor=str(number + 1))
    context.update_cursor(str(number + 1))
    return dg.SkipReason(f"nothing is missing; {len(closed)} dead runs closed, {len(done)} drops applied")


def _being_run(instance: dg.DagsterInstance) -> set[tuple[str, str]]:
    """Ranges that a sweep has requested and whose runs have not ended."""
    open_runs = instance.get_runs(dg.RunsFilter(tags={"nba_assets/sweep": "true"}, statuses=NOT_FINISHED_STATUSES))
    return {(run.tags.get(RANGE_START, ""), run.tags.get(RANGE_END, "")) for run in open_runs}
