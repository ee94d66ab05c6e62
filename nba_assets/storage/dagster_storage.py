"""Dagster's storages in the platform's Postgres: pooled connections, and one planned event per asset of a range.

`dagster.yaml` names these classes. Their configuration is the home whose embedded Postgres to use, or the URL of one's
own (which stays in the environment): any process that loads the instance starts the embedded server if need be.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster._serdes import ConfigurableClassData
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage, PostgresScheduleStorage
from pydantic import SecretStr
from sqlalchemy import Engine, make_url

from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import EVENT_BATCH
from nba_assets.storage.embedded_postgres import DAGSTER_SCHEMA, create_schemas, database_url, engine_of

Config = Mapping[str, Any]


def dagster_url(url: str) -> str:
    """The platform's database with Dagster's schema as the one that unqualified names mean."""
    parsed = make_url(url)
    return parsed.update_query_dict({"options": f"-csearch_path={DAGSTER_SCHEMA}"}).render_as_string(
        hide_password=False
    )


class _Pooled:
    """What the three storages share: the process's one pool of connections, and how they are configured."""

    _engine: Engine

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(postgres_url, inst_data=inst_data)  # type: ignore[call-arg]
        self._engine = engine_of(postgres_url).execution_options(isolation_level="AUTOCOMMIT")

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
    """The event log; a run over a range of partitions plans them with one event per asset."""

    @property
    def supports_partition_subset_in_asset_materialization_planned_events(self) -> bool:
        return True


class PooledPostgresRunStorage(_Pooled, PostgresRunStorage):
    """The runs."""


class PooledPostgresScheduleStorage(_Pooled, PostgresScheduleStorage):
    """Schedules, sensors and automation conditions."""
