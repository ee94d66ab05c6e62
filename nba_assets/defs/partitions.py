"""Partitions: the league's dates, and the keys of entity refreshes."""

import dagster as dg

from nba_assets.settings import Settings

DAYS_AHEAD = 8
"""Dates after today that already have partitions: today's slate and the week that schedules speak of."""
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"
KEYS = "nba_assets/keys"
"""Run tag: all the entity keys of a refresh run, separated by commas."""
PARTITION = "dagster/partition"
"""Tags of a run over a range of partitions, or over one."""

game_dates = dg.DailyPartitionsDefinition(
    start_date=Settings().first_date.isoformat(), timezone="America/New_York", end_offset=DAYS_AHEAD
)
entity_keys = dg.DynamicPartitionsDefinition(name="entity_refresh")
