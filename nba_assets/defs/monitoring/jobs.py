"""All alarms on the landing zone as one job, and when it looks."""

import dagster as dg

from nba_assets.defs.monitoring.known_fields import known_fields
from nba_assets.defs.monitoring.on_time import on_time
from nba_assets.defs.monitoring.quarantine_rate import quarantine_rate

monitoring_checks = [on_time, known_fields, quarantine_rate]
monitoring = dg.define_asset_job(
    "monitoring",
    selection=dg.AssetSelection.checks(*monitoring_checks),
    description="Which sources are late, have new fields, or are quarantined too often.",
)
monitoring_schedule = dg.ScheduleDefinition(
    name="monitoring",
    job=monitoring,
    cron_schedule="5 * * * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
"""Every hour; nothing runs before it is started."""
