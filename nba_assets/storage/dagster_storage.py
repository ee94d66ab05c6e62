"""Dagster's storages in the platform's Postgres: pooled connections, and one planned event per asset of a range.

`dagster.yaml` names these classes. Their configuration is the home whose embedded Postgres to use, or the URL of one's
own (which stays in the environment): any process that loads the instance starts the embedded server if need be.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster._core.instance.utils import RUNLESS_RUN_ID
from dagster._core.storage.event_log import SqlEventLogStorageTable
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    AssetKeyTable,
    DynamicPartitionsTable,
)
from dagster._serdes import ConfigurableClassData, deserialize_value
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage, PostgresScheduleStorage
from pydantic import SecretStr
from sqlalchemy import Engine, Text, and_, delete, exists, func, literal, make_url, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from nba_assets.batches import batched
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import EVENT_BATCH
from nba_assets.storage.embedded_postgres import DAGSTER_SCHEMA, create_schemas, database_url, engine_of

Config = Mapping[str, Any]
TOGETHER = 1000
"""Events that are deleted in one statement."""
_MATERIALIZATION = dg.DagsterEventType.ASSET_MATERIALIZATION.value


def dagster_url(url: str) -> str:
    """The platform's database with Dagster's schema as the one that unqualified names mean.

    Its commits do not wait for the disk: a crash of the machine may cost the last moments of Dagster's log, which is
    never the authority on what was done; the ledger is, and it waits.
    """
    options = f"-csearch_path={DAGSTER_SCHEMA} -csynchronous_commit=off"
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)


class _Pooled:
    """What the three storages share: the process's one pool of connections, and how they are configured."""

    _engine: Engine

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(postgres_url, inst_data=inst_data)  # type: ignore[call-arg]
        self._engine = engine_of(postgres_url, autocommit=True)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {
            "home": dg.Field(dg.StringSource, is_required=False),
            "url": dg.Field(dg.StringSource, is_required=False),
        }

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Config) -> Self:
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", EVENT_BATCH)
        secret = SecretStr(config_value["url"]) if "url" in config_value else None
        url = database_url(Settings(home=Path(config_value.get("home", ".")), database_url=secret))
        create_schemas(engine_of(url), DAGSTER_SCHEMA)
        return cls(dagster_url(url), inst_data=inst_data)


class TunedPostgresEventLogStorage(_Pooled, PostgresEventLogStorage):
    """The event log; a run over a range of partitions plans them with one event per asset.

    Dagster itself looks for failed partitions and those in progress among planned events of single partitions only;
    here those of ranges count as well.
    """

    @property
    def supports_partition_subset_in_asset_materialization_planned_events(self) -> bool:
        return True

    def get_latest_asset_partition_materialization_attempts_without_materializations(
        self, asset_key: dg.AssetKey, after_storage_id: int | None = None
    ) -> Mapping[str, tuple[str, int]]:
        """Run and id of each partition's newest planned event that no materialization has followed."""
        attempts = dict(
            super().get_latest_asset_partition_materialization_attempts_without_materializations(
                asset_key, after_storage_id
            )
        )
        ranges = self._planned_ranges(asset_key, after_storage_id)
        if not ranges:
            return attempts
        made = self.get_latest_storage_id_by_partition(asset_key, dg.DagsterEventType.ASSET_MATERIALIZATION)
        for event_id, planned in ranges:
            subset = planned.get_dagster_event().partitions_subset
            for key in subset.get_partition_keys() if subset is not None else ():
                if event_id > made.get(key, 0) and event_id > attempts.get(key, ("", 0))[1]:
                    attempts[key] = (planned.run_id, event_id)
        return attempts

    def delete_events_of_runs(self, run_ids: Sequence[str]) -> None:
        """As `delete_events` of each, and their checks' results, which that one leaves; each check's newest stays."""
        log, tags, checks = SqlEventLogStorageTable, AssetEventTagsTable, AssetCheckExecutionsTable
        theirs = select(log.c.id).where(log.c.run_id.in_(run_ids), log.c.asset_key.is_not(None))
        newest = select(func.max(checks.c.id)).group_by(checks.c.asset_key, checks.c.check_name)
        with self.index_connection() as connection:
            connection.execute(delete(tags).where(tags.c.event_id.in_(theirs)))
            connection.execute(delete(checks).where(checks.c.run_id.in_(run_ids), checks.c.id.not_in(newest)))
            connection.execute(delete(log).where(log.c.run_id.in_(run_ids)))

    def runs_of_newest_materializations(
        self, keyed: Sequence[dg.AssetKey], keys_name: str, gone: Sequence[str]
    ) -> set[str]:
        """The runs that hold the newest materialization of a partition of an asset, or were an asset's last.

        Of the `keyed` assets only those partitions count that are keys of the dynamic partitions of that name, and not
        among those that are as good as `gone`.
        """
        log, keys = SqlEventLogStorageTable.c, DynamicPartitionsTable.c
        texts = [key.to_string() for key in keyed]
        as_good_as_gone = select(func.unnest(literal(list(gone), ARRAY(Text))))
        there = log.partition.in_(
            select(keys.partition).where(keys.partitions_def_name == keys_name, keys.partition.not_in(as_good_as_gone))
        )
        newest = (
            select(func.max(log.id))
            .where(log.dagster_event_type == _MATERIALIZATION, log.asset_key.is_not(None))
            .where(or_(log.asset_key.not_in(texts), there))
            .group_by(log.asset_key, log.partition)
        )
        last = select(AssetKeyTable.c.last_run_id).where(AssetKeyTable.c.last_run_id.is_not(None))
        with self.index_connection() as connection:
            return {
                *connection.execute(select(log.run_id).distinct().where(log.id.in_(newest))).scalars(),
                *connection.execute(last).scalars(),
            }

    def superseded_runless_events(self, before: dt.datetime, *, dry_run: bool) -> tuple[int, int]:
        """Delete what was reported without a run before a time, if its partition has a newer report; gone and kept."""
        log, tags = SqlEventLogStorageTable, AssetEventTagsTable
        newer = log.alias()
        same = and_(*(newer.c[name] == log.c[name] for name in ("asset_key", "dagster_event_type", "partition")))
        runless = and_(log.c.run_id == RUNLESS_RUN_ID, log.c.asset_key.is_not(None))
        old = and_(runless, log.c.timestamp < before.astimezone(dt.UTC).replace(tzinfo=None))
        chosen = and_(old, exists().where(same, newer.c.id > log.c.id))
        with self.index_connection() as connection:
            there = connection.execute(select(func.count()).select_from(log).where(runless)).scalar_one()
            ids = list(connection.execute(select(log.c.id).where(chosen)).scalars())
            for part in () if dry_run else batched(ids, TOGETHER):
                connection.execute(delete(tags).where(tags.c.event_id.in_(part)))
                connection.execute(delete(log).where(log.c.id.in_(part)))
        return len(ids), there - len(ids)

    def keys_asked_before(self, name: str, moment: dt.datetime) -> list[str]:
        """Keys of the dynamic partitions of that name that were made (anew) before a time, the oldest first."""
        keys = DynamicPartitionsTable.c
        wanted = select(keys.partition).where(keys.partitions_def_name == name).order_by(keys.id)
        old = wanted.where(keys.create_timestamp < moment.astimezone(dt.UTC).replace(tzinfo=None))
        with self.index_connection() as connection:
            return list(connection.execute(old).scalars())

    def _planned_ranges(self, asset_key: dg.AssetKey, after: int | None) -> list[tuple[int, dg.EventLogEntry]]:
        """Planned events of ranges with their ids, oldest first."""
        log = SqlEventLogStorageTable.c
        wanted = select(log.id, log.event).where(
            log.asset_key == asset_key.to_string(),
            log.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED.value,
            log.partition.is_(None),
            log.id > (after or 0),
        )
        wanted = self._add_assets_wipe_filter_to_query(wanted, self._get_assets_details([asset_key]), [asset_key])
        with self.index_connection() as connection:
            rows = connection.execute(wanted.order_by(log.id)).all()
        return [(event_id, deserialize_value(event, dg.EventLogEntry)) for event_id, event in rows]


class PooledPostgresRunStorage(_Pooled, PostgresRunStorage):
    """The runs."""


class PooledPostgresScheduleStorage(_Pooled, PostgresScheduleStorage):
    """Schedules, sensors and automation conditions."""
