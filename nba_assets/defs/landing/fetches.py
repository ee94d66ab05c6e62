"""Fetches: a job and a schedule per source, at the cadence that its fetcher declares, in New York time.

The schedule asks the warehouse which games there are: a tick that no game calls for is skipped with its reason.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import dagster as dg

from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.run import report_landing
from nba_assets.engine.intake import scan, take
from nba_assets.fetching.cadence import due
from nba_assets.fetching.fetchers import Fetcher, fetchers
from nba_assets.fetching.keys import is_set
from nba_assets.fetching.run import Fetched, fetched, known_slate
from nba_assets.league import league_date
from nba_assets.storage.records import Drop, correlation_id

ZONE = "America/New_York"


def fetch_job(source: str) -> dg.JobDefinition:
    """Fetch one source for the date in its config, take the files in, report what changed in `landing/<source>`."""

    @dg.op(name=f"land_{source}", description=f"Fetch {source} for a date.", config_schema={"date": str})
    def land(context: dg.OpExecutionContext, platform: PlatformResource) -> None:
        home, day = platform.get(), dt.date.fromisoformat(context.op_config["date"])
        with fetched(home, [source], day) as found:
            report_landing(home, _touched(found, take(home, scan(found.folder)).drops))
        for report in found.reports:
            context.log.info(f"{report.source}: {report.outcome}, {len(report.files)} files. {report.reason}")
        failed = [f"{report.source}: {report.reason}" for report in found.reports if report.failed]
        if failed:
            raise dg.Failure("; ".join(failed), allow_retries=False)

    @dg.job(name=f"fetch_{source}", description=f"Phase 1 of {source}.", tags={"source": source, "phase": "1"})
    def job() -> None:
        land()

    return job


def _touched(found: Fetched, drops: Sequence[Drop]) -> dict[str, set[dt.date]]:
    """By source, the dates of the drops that were just fetched: what other drops touch is not reported again."""
    mine = {correlation_id(file.object_name, file.content_hash) for report in found.reports for file in report.files}
    dates: dict[str, set[dt.date]] = defaultdict(set)
    for drop in drops:
        if drop["correlation_id"] in mine:
            dates[drop["source"]].update(drop["game_dates"])
    return dates


def fetch_schedule(source: str, kind: Fetcher, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """The schedule of one source; nothing runs before it is started."""

    @dg.schedule(
        name=f"fetch_{source}",
        job=job,
        cron_schedule=kind.cadence.crons,
        execution_timezone=ZONE,
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
    def evaluate(
        context: dg.ScheduleEvaluationContext, platform: PlatformResource
    ) -> list[dg.RunRequest] | dg.SkipReason:
        if kind.key is not None and not is_set(kind.key):
            return dg.SkipReason(f"{kind.key} is not set")
        tick = context.scheduled_execution_time.astimezone(dt.UTC)
        today = league_date(tick)
        requests, games = [], 0
        for day in (today - dt.timedelta(days=1), today):
            slate = known_slate(platform.get(), day)
            games += len(slate.games)
            reason = due(kind.cadence, slate, tick)
            if reason is not None:
                config = dg.RunConfig({f"land_{source}": {"config": {"date": str(day)}}})
                tags = {"game_date": str(day), "reason": reason}
                requests.append(dg.RunRequest(run_key=f"{day} {tick.isoformat()}", run_config=config, tags=tags))
        if requests:
            return requests
        return dg.SkipReason("not due for the games of today and yesterday" if games else "no games today or yesterday")

    return evaluate


fetch_jobs = {source: fetch_job(source) for source in fetchers()}
fetch_schedules = [fetch_schedule(source, kind, fetch_jobs[source]) for source, kind in fetchers().items()]
