"""Training by schedule: every Monday morning the week's models, before anybody asks for them."""

from __future__ import annotations

import datetime as dt

import dagster as dg

from nba_assets.contracts.model import Refit
from nba_assets.defs.automation.drops import automation_status
from nba_assets.defs.partitions import RANGE_END, RANGE_START
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine.attention import today
from nba_assets.league import LEAGUE_ZONE
from nba_assets.refits import refit_date

training = dg.define_asset_job(
    "training",
    selection=dg.AssetSelection.assets(["nba_predictions", "stage_models"], ["nba_predictions", "points_model"]),
    description="The stages of a season and the models of a week, on the first game date that they serve.",
)


@dg.schedule(
    job=training,
    cron_schedule="0 10 * * 1",
    execution_timezone=LEAGUE_ZONE.key,
    default_status=dg.DefaultScheduleStatus(automation_status().value),
    description="Requests the models of the week's first date with a game.",
)
def training_schedule(
    context: dg.ScheduleEvaluationContext, platform: PlatformResource
) -> dg.RunRequest | dg.SkipReason:
    """A run of that date's models; none in a week without games."""
    home = platform.get()
    monday = refit_date(Refit.WEEK, today(home))
    week = (str(monday), str(monday + dt.timedelta(days=6)))
    days = [day for day in sorted(home.warehouse.versions("nbac_schedule")) if week[0] <= day <= week[1]]
    if not days:
        return dg.SkipReason(f"no game from {week[0]} to {week[1]}")
    return dg.RunRequest(run_key=f"training {days[0]}", tags={RANGE_START: days[0], RANGE_END: days[0]})
