"""The one Definitions object."""

import dagster as dg

from nba_assets.defs.automation.drops import drop_sensors
from nba_assets.defs.automation.replays import failed_work_jobs, lost_work
from nba_assets.defs.automation.retries import retries
from nba_assets.defs.automation.sweeps import conditions, sweep
from nba_assets.defs.automation.training import training, training_schedule
from nba_assets.defs.entity_refresh.assets import entity_refresh_assets
from nba_assets.defs.jobs import all_phases, entity_refresh
from nba_assets.defs.landing.assets import landing_assets
from nba_assets.defs.landing.fetches import fetch_jobs, fetch_schedules
from nba_assets.defs.monitoring.alarms import alarms, alarms_digest, alarms_digest_schedule, alarms_schedule
from nba_assets.defs.monitoring.jobs import monitoring, monitoring_checks, monitoring_schedule
from nba_assets.defs.monitoring.retention import retention, retention_schedule
from nba_assets.defs.published.assets import published
from nba_assets.defs.resources import resources_of
from nba_assets.defs.tables.assets import table_assets
from nba_assets.settings import Settings

defs = dg.Definitions(
    assets=[*landing_assets, *table_assets, published, *entity_refresh_assets],
    asset_checks=monitoring_checks,
    jobs=[
        all_phases,
        entity_refresh,
        monitoring,
        alarms,
        alarms_digest,
        retention,
        training,
        *failed_work_jobs,
        *fetch_jobs.values(),
    ],
    schedules=[
        *fetch_schedules,
        monitoring_schedule,
        alarms_schedule,
        alarms_digest_schedule,
        retention_schedule,
        training_schedule,
    ],
    sensors=[*drop_sensors, retries, sweep, conditions, lost_work],
    resources=resources_of(Settings()),
    executor=dg.in_process_executor,
)
