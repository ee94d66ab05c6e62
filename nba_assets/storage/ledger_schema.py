"""The ledger's tables in Postgres, schema `nba_orchestration`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Engine,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import CreateIndex

from nba_assets.errors import PlatformError
from nba_assets.storage.embedded_postgres import one_at_a_time

SCHEMA = "nba_orchestration"
VERSION = 7
OLDEST = 2
"""The oldest version that is brought up to date in place."""

metadata = MetaData(schema=SCHEMA)
_TIME = DateTime(timezone=True)
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

drops = Table(
    "drops",
    metadata,
    Column("drop_id", BigInteger, Identity(), primary_key=True),
    Column("correlation_id", Text, nullable=False, unique=True),
    Column("object_name", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("game_dates", ARRAY(Date), nullable=False),
    Column("pairs", ARRAY(Text), nullable=False, server_default="{}"),
    Column("size", BigInteger, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("known_at", _TIME, nullable=False),
    Column("known_at_assumed", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("applied_at", _TIME),
    Column("outcome", Text),
    Column("rows", BigInteger),
    Column("leased_by", Text),
    Column("leased_until", _TIME),
    UniqueConstraint("object_name", "content_hash"),
)
Index("drops_by_date", drops.c.game_dates, postgresql_using="gin")
Index("drops_by_source", drops.c.source, drops.c.status)

landed = Table(
    "landed",
    metadata,
    Column("object_name", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("receipt_id", BigInteger, Identity(), primary_key=True),
    Column("drop_id", BigInteger, nullable=False, index=True),
    Column("received_at", _TIME, nullable=False),
    Column("verdict", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", BigInteger, Identity(), primary_key=True),
    Column("source", Text, nullable=False),
    Column("object_name", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("correlation_id", Text, nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("game", Text),
    Column("kept_at", Text, nullable=False),
    Column("first_seen", _TIME, nullable=False),
    Column("last_seen", _TIME, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed_at", _TIME),
    Column("reason", Text),
    UniqueConstraint("object_name", "content_hash", "place", "rule"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("change_id", BigInteger, Identity(), primary_key=True),
    Column("changed_at", _TIME, nullable=False),
    Column("change", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("lookup", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("player_id", Text, nullable=False),
    Column("game_dates", ARRAY(Date), nullable=False),
)

model_choices = Table(
    "model_choices",
    metadata,
    Column("change_id", BigInteger, Identity(), primary_key=True),
    Column("changed_at", _TIME, nullable=False),
    Column("change", Text, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
)

halts = Table(
    "halts",
    metadata,
    Column("halt_id", BigInteger, Identity(), primary_key=True),
    Column("since", _TIME, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("resumed_at", _TIME),
    Column("resumed_by", Text),
)
Index("one_halt_stands", halts.c.resumed_at.is_(None), unique=True, postgresql_where=halts.c.resumed_at.is_(None))

waiting = Table(
    "waiting",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("game_date", Date, primary_key=True),
    Column("game_id", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("since", _TIME, nullable=False),
)

pipeline_execution_log = Table(
    "pipeline_execution_log",
    metadata,
    Column("sequence", BigInteger, Identity(), primary_key=True),
    Column("execution_id", Text, nullable=False),
    Column("correlation_ids", ARRAY(Text), nullable=False, server_default="{}"),
    Column("source_execution_id", Text),
    Column("phase", Integer, nullable=False),
    Column("processor_name", Text, nullable=False),
    Column("event_type", Text),
    Column("game_date", Date, nullable=False),
    Column("scope", Text, nullable=False, server_default=""),
    Column("affected_entities", JSONB),
    Column("status", Text, nullable=False),
    Column("started_at", _TIME, nullable=False),
    Column("completed_at", _TIME),
    Column("duration_seconds", Double),
    Column("dependencies_met", Boolean),
    Column("missing_dependencies", ARRAY(Text), nullable=False, server_default="{}"),
    Column("error_type", Text),
    Column("error_message", Text),
    Column("retry_count", Integer, nullable=False, server_default="0"),
    Column("records_processed", BigInteger),
    Column("pubsub_message_id", Text),
    Column("metadata", JSONB),
    Column("input_hash", Text),
    Column("output_hash", Text),
    Column("run_id", Text),
)
_log = pipeline_execution_log.c
Index("executions_by_step", _log.processor_name, _log.scope, _log.game_date, _log.sequence)
Index("executions_by_correlation", _log.correlation_ids, postgresql_using="gin")
Index("executions_by_run", _log.run_id)
RUN_LAST = and_(_log.status == "completed", _log.phase.between(3, 5))
_RUN_LAST = Index("executions_run_last", _log.game_date, _log.event_type, _log.completed_at, postgresql_where=RUN_LAST)
_READ_BY = (
    Index("executions_by_date", _log.game_date, _log.processor_name, _log.sequence),
    Index("executions_by_time", _log.started_at, postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    Index("executions_failed", _log.started_at, postgresql_where=_log.status == "failed"),
    Index(
        "executions_by_entity",
        _log.affected_entities,
        postgresql_using="gin",
        postgresql_ops={"affected_entities": "jsonb_path_ops"},
    ),
)

work = Table(
    "work",
    metadata,
    Column("work_id", Text, primary_key=True),
    Column("processor_name", Text, nullable=False),
    Column("dates", ARRAY(Date), nullable=False),
    Column("scope", Text, nullable=False),
    Column("correlation_ids", ARRAY(Text), nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", _TIME),
    Column("first_failed_at", _TIME, nullable=False),
    Column("last_failed_at", _TIME, nullable=False),
    Column("error_type", Text, nullable=False),
    Column("error_message", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("permanent", Boolean, nullable=False, server_default="false"),
    Column("died_at", _TIME),
    Column("leased_by", Text),
    Column("leased_until", _TIME),
    Column("resolved_at", _TIME),
    Column("reason", Text),
)

alarms = Table(
    "alarms",
    metadata,
    Column("cause", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("first_seen", _TIME, nullable=False),
    Column("last_seen", _TIME, nullable=False),
    Column("last_sent", _TIME),
    Column("resolved_at", _TIME),
    Column("told", Text),
    Column("leased_until", _TIME),
)


def _made(index: Index) -> str:
    """The statement that makes the index where there is none."""
    return str(CreateIndex(index, if_not_exists=True).compile(dialect=_POSTGRES))


UPGRADES = {
    3: (
        f"ALTER TABLE {SCHEMA}.drops ADD COLUMN IF NOT EXISTS leased_by text",
        f"ALTER TABLE {SCHEMA}.drops ADD COLUMN IF NOT EXISTS leased_until timestamptz",
    ),
    4: (
        *map(_made, _READ_BY),
        f"ALTER TABLE IF EXISTS {SCHEMA}.alarms ADD COLUMN IF NOT EXISTS told text",
        f"ALTER TABLE IF EXISTS {SCHEMA}.alarms ADD COLUMN IF NOT EXISTS leased_until timestamptz",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS permanent boolean NOT NULL DEFAULT false",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS died_at timestamptz",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS leased_by text",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS leased_until timestamptz",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS resolved_at timestamptz",
        f"ALTER TABLE {SCHEMA}.work ADD COLUMN IF NOT EXISTS reason text",
    ),
    5: (_made(_RUN_LAST),),
    6: (),
    7: (),
}
"""By version, what the tables of the version before lack; new tables are made in any case, after these."""


def create(engine: Engine) -> None:
    """Create the tables where there are none, bring those of an older version up to date.

    Raises `PlatformError` if a newer version of the platform wrote them, or one that is too old.
    """
    with engine.begin() as connection:
        found = connection.execute(text(f"SELECT to_regclass('{SCHEMA}.schema_version')")).scalar()
        version = connection.execute(text(f"SELECT max(version) FROM {SCHEMA}.schema_version")).scalar() if found else 0
        if version and version > VERSION:
            raise PlatformError("the ledger was written by a newer version of nba_assets", "upgrade nba_assets")
        if version and version < OLDEST:
            raise PlatformError(
                "the ledger was written by an older version of nba_assets",
                "set NBA_ASSETS_HOME to a new home and ingest the old one's landing folder into it",
            )
        if version == VERSION:
            return
        with one_at_a_time(connection, SCHEMA):
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            for number in range(version + 1, VERSION + 1) if version else ():
                for statement in UPGRADES[number]:
                    connection.execute(text(statement))
            metadata.create_all(connection)
            connection.execute(
                text(f"INSERT INTO {SCHEMA}.schema_version VALUES (:version) ON CONFLICT DO NOTHING"),
                {"version": VERSION},
            )
