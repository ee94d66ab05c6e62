"""What a season of automation leaves behind, in bulk: the rows of two real runs, copied for every day.

One refresh of a player's line and one run of a date are run for real. Their rows in Dagster's tables (runs, tags,
events, data versions, checks, keys) and in the execution log are then copied, with run ids, dates, keys and times of
their own, by the database itself: what the tables hold is what runs write, only many times. Skipped ticks are copies
too, of one that Dagster's own storage has written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorType, TickData, TickStatus
from sqlalchemy import Connection, Engine, text

from nba_assets.defs.automation.drops import drop_sensors
from nba_assets.defs.automation.sweeps import conditions

REFRESHES = 200
"""Runs a day that refresh one player: moved lines, injuries."""
DATE_RUNS = 12
"""Runs a day of a date: rosters, schedules, lines of a new game, results, corrections."""
TICKS = 10_000
"""Ticks a day of every sensor that looks each five seconds, nearly all of them skipped."""

_COPIES = """
CREATE TEMP TABLE copies AS
SELECT md5(:run || :day || n)::uuid::text AS run_id,
       CAST(:noon AS timestamp) + n * interval '4 minutes' AS moment,
       :day || '|line|' || (:player + n) AS key
FROM generate_series(1, :number) AS n
"""
_OWN = """
CREATE TEMP TABLE own AS
SELECT DISTINCT ON (processor_name) processor_name, input_hash, output_hash
FROM nba_orchestration.pipeline_execution_log
WHERE game_date = CAST(:day AS date) AND scope = '' AND status IN ('completed', 'skipped') AND input_hash IS NOT NULL
ORDER BY processor_name, sequence DESC
"""
_BODY = "replace(replace(replace({column}, :run, c.run_id), :key, c.key), :old_day, :day)"
_COPIED = {
    "runs": f"""
        INSERT INTO dagster.runs (run_id, snapshot_id, pipeline_name, mode, status, run_body, partition, partition_set,
            create_timestamp, update_timestamp, start_time, end_time)
        SELECT c.run_id, snapshot_id, pipeline_name, mode, status, {_BODY.format(column="run_body")},
            {_BODY.format(column="partition")}, partition_set, c.moment, c.moment,
            extract(epoch FROM c.moment), extract(epoch FROM c.moment) + 2
        FROM dagster.runs AS r, copies AS c WHERE r.run_id = :run ORDER BY c.moment""",
    "run tags": f"""
        INSERT INTO dagster.run_tags (run_id, key, value)
        SELECT c.run_id, t.key, {_BODY.format(column="t.value")}
        FROM dagster.run_tags AS t, copies AS c WHERE t.run_id = :run""",
    "events": f"""
        INSERT INTO dagster.event_logs (run_id, event, dagster_event_type, "timestamp", step_key, asset_key, partition)
        SELECT c.run_id, {_BODY.format(column="event")}, dagster_event_type, c.moment, step_key, asset_key,
            {_BODY.format(column="partition")}
        FROM dagster.event_logs AS e, copies AS c WHERE e.run_id = :run ORDER BY c.moment, e.id""",
    "versions": """
        INSERT INTO dagster.asset_event_tags (event_id, asset_key, key, value, event_timestamp)
        SELECT e.id, e.asset_key, 'dagster/data_version', md5(e.run_id), e."timestamp"
        FROM dagster.event_logs AS e JOIN copies AS c USING (run_id)
        WHERE e.dagster_event_type = 'ASSET_MATERIALIZATION'""",
    "checks": f"""
        INSERT INTO dagster.asset_check_executions (asset_key, check_name, partition, run_id, execution_status,
            evaluation_event, evaluation_event_timestamp, evaluation_event_storage_id, materialization_event_storage_id)
        SELECT asset_key, check_name, {_BODY.format(column="partition")}, c.run_id, execution_status,
            {_BODY.format(column="evaluation_event")}, c.moment, evaluation_event_storage_id,
            materialization_event_storage_id
        FROM dagster.asset_check_executions AS a, copies AS c WHERE a.run_id = :run""",
    "keys": """
        INSERT INTO dagster.dynamic_partitions (partitions_def_name, partition, create_timestamp)
        SELECT 'entity_refresh', key, moment FROM copies WHERE :key <> '' ON CONFLICT DO NOTHING""",
    "execution log": """
        INSERT INTO nba_orchestration.pipeline_execution_log (execution_id, correlation_ids, phase, processor_name,
            event_type, game_date, scope, affected_entities, status, started_at, completed_at, duration_seconds,
            dependencies_met, missing_dependencies, retry_count, records_processed, metadata, input_hash, output_hash,
            run_id)
        SELECT md5(l.execution_id || c.run_id), drops.ids, phase, processor_name, event_type, CAST(:day AS date),
            CASE WHEN scope <> '' THEN split_part(c.key, '|', 3) ELSE '' END,
            CASE WHEN scope <> '' THEN jsonb_build_object('players', jsonb_build_array(split_part(c.key, '|', 3)))
                 ELSE affected_entities END,
            status, c.moment AT TIME ZONE 'UTC', c.moment AT TIME ZONE 'UTC' + interval '1 second', 1,
            dependencies_met, missing_dependencies, retry_count, records_processed, metadata,
            CASE WHEN scope = '' THEN own.input_hash ELSE l.input_hash END,
            CASE WHEN scope = '' THEN own.output_hash ELSE l.output_hash END, c.run_id
        FROM copies AS c
        JOIN nba_orchestration.pipeline_execution_log AS l ON l.run_id = :run
        LEFT JOIN own USING (processor_name)
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(correlation_id), '{}') AS ids FROM (
            SELECT correlation_id FROM nba_orchestration.drops
            WHERE game_dates @> ARRAY[CAST(:day AS date)] OFFSET abs(hashtext(c.run_id)) % 40 LIMIT 1) AS one) AS drops
        ORDER BY c.moment, l.sequence""",
}


@dataclass(frozen=True)
class Model:
    """A run that was run for real: its id, the date it was about, the entity key of a refresh, how often a day."""

    run_id: str
    day: dt.date
    key: str
    a_day: int


def fill(engine: Engine, models: Sequence[Model], days: Sequence[dt.date]) -> None:
    """Copy the models' rows as often a day as they say, for each of the days in order."""
    for number, day in enumerate(days):
        with engine.begin() as connection:
            for model in models:
                _copy(connection, model, day, number)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def fill_ticks(instance: dg.DagsterInstance, engine: Engine, days: Sequence[dt.date], a_day: int = TICKS) -> None:
    """Skipped ticks of the drop sensors and the conditions, so many a day."""
    for sensor in [*drop_sensors, conditions]:
        kind = InstigatorType.AUTO_MATERIALIZE if sensor is conditions else InstigatorType.SENSOR
        origin = sensor.name
        tick = instance.create_tick(
            TickData(origin, sensor.name, kind, TickStatus.SKIPPED, days[0].toordinal() * 86400.0, selector_id=origin)
        )
        for day in days:
            with engine.begin() as connection:
                connection.execute(
                    text(
                        "INSERT INTO dagster.job_ticks (job_origin_id, selector_id, status, type, timestamp, tick_body)"
                        " SELECT job_origin_id, selector_id, status, type,"
                        " CAST(:day AS timestamp) + n * interval '1 day' / :number, tick_body"
                        " FROM dagster.job_ticks, generate_series(1, :number) AS n WHERE id = :tick"
                    ),
                    {"day": str(day), "number": a_day, "tick": tick.tick_id},
                )


def rows(engine: Engine) -> dict[str, int]:
    """How many rows the tables have that grow with automation."""
    names = {
        "runs": "dagster.runs",
        "events": "dagster.event_logs",
        "checks": "dagster.asset_check_executions",
        "keys": "dagster.dynamic_partitions",
        "ticks": "dagster.job_ticks",
        "execution log": "nba_orchestration.pipeline_execution_log",
        "drops": "nba_orchestration.drops",
    }
    with engine.connect() as connection:
        return {
            name: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
            for name, table in names.items()
        }


def _copy(connection: Connection, model: Model, day: dt.date, number: int) -> None:
    facts = {
        "run": model.run_id,
        "old_day": str(model.day),
        "day": str(day),
        "key": model.key,
        "noon": f"{day} 14:00:00",
        "player": 9_000_000 + number,
        "number": model.a_day,
    }
    connection.execute(text(_COPIES), facts)
    connection.execute(text(_OWN), facts)
    for statement in _COPIED.values():
        connection.execute(text(statement), facts)
    connection.execute(text("DROP TABLE copies, own"))
