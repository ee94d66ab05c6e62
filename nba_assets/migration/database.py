"""The ledger and Dagster's storage from one Postgres into another, as of one moment, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from nba_assets.errors import PlatformError
from nba_assets.storage import ledger_schema, postgres_dump
from nba_assets.storage.embedded_postgres import DAGSTER_SCHEMA, engine_of, plain_errors

LEDGER = ledger_schema.SCHEMA
SCHEMAS = (LEDGER, DAGSTER_SCHEMA)
LANDED = f"{LEDGER}.{ledger_schema.landed.name}"
"""What objects of the landing zone look like, which every store says in its own way."""
_NOT_DATA = (LANDED, f"{LEDGER}.{ledger_schema.schema_version.name}")
OLDEST_TARGET = 17
"""The oldest Postgres that knows every setting in a script of the tools' `pg_dump`."""

Digests = dict[str, tuple[int, str]]
"""Number and hash of the rows of every table, by schema and name."""


@dataclass(frozen=True)
class Dump:
    """The source's database at one moment."""

    script: Path
    digests: Digests
    landed: Mapping[str, str]


def identity(engine: Engine) -> str | None:
    """What tells a ledger from every other: its first receipt; None of an empty one."""
    first = f"SELECT correlation_id, received_at FROM {LEDGER}.drops ORDER BY drop_id LIMIT 1"
    with plain_errors(), engine.connect() as connection:
        found = connection.execute(text(first)).one_or_none()
    return f"{found.correlation_id} {found.received_at.timestamp():.6f}" if found is not None else None


def refuse_same(source: Engine, target: Engine) -> None:
    """Raises `PlatformError` if both are one database."""
    which = "SELECT current_database(), pg_postmaster_start_time(), inet_server_port()"
    with plain_errors(), source.connect() as one, target.connect() as other:
        if one.execute(text(which)).one() == other.execute(text(which)).one():
            raise PlatformError(
                "both installations have the same Postgres database",
                "NBA_ASSETS_DATABASE_URL names the cloud's, NBA_ASSETS_LOCAL_DATABASE_URL a local one of your own",
            )


def refuse_versions(source: Engine, target: Engine) -> None:
    """Raises `PlatformError` where Postgres' own tools cannot carry one database into the other."""
    (ours, theirs), tools = (_major(engine) for engine in (source, target)), postgres_dump.major_version()
    if ours > tools or theirs < OLDEST_TARGET:
        raise PlatformError(
            f"the source's Postgres is version {ours}, the target's {theirs}; the tools here are {tools}",
            f"the source may be {tools} or older, the target {OLDEST_TARGET} or newer: upgrade the one that is not",
        )


def dump(url: str, folder: Path) -> Dump:
    """Write the source's schemas as SQL, with the digests of exactly what is in it."""
    script = folder / "database.sql"
    snapshot = engine_of(url).connect().execution_options(isolation_level="REPEATABLE READ")
    with plain_errors(), snapshot as connection:
        name = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        postgres_dump.dump_script(url, script, SCHEMAS, name, LANDED)
        stamps = connection.execute(text(f"SELECT object_name, stamp FROM {LANDED}"))
        landed = {row.object_name: row.stamp for row in stamps}
        return Dump(script, _digests(connection), landed)


def digests(engine: Engine) -> Digests:
    """Those of the database as it is now; of schemas that are not there none."""
    with plain_errors(), engine.connect() as connection:
        return _digests(connection)


def ledger_of(found: Digests) -> Digests:
    """What of the digests is the ledger's own data."""
    return {name: digest for name, digest in found.items() if name.startswith(f"{LEDGER}.") and name not in _NOT_DATA}


def is_empty(found: Digests) -> bool:
    """Whether a ledger has no row yet, and Dagster no run."""
    runs, _ = found.get(f"{DAGSTER_SCHEMA}.runs", (0, ""))
    return not runs and not any(rows for rows, _ in ledger_of(found).values())


def rows_of(found: Digests, schema: str) -> int:
    """Rows in a schema."""
    return sum(rows for name, (rows, _) in found.items() if name.startswith(f"{schema}."))


def restore(url: str, dumped: Dump, stamps: Mapping[str, str], folder: Path) -> None:
    """Put the dump in the place of what is there, with the stamps of the target's landing zone, all or nothing."""
    before, after = folder / "before.sql", folder / "after.sql"
    schemas = sorted({name.partition(".")[0] for name in dumped.digests})
    before.write_text("".join(f'DROP SCHEMA IF EXISTS "{name}" CASCADE;\n' for name in schemas))
    lines = "".join(f"{name}\t{stamp}\n" for name, stamp in sorted(stamps.items()))
    after.write_text(f"COPY {LANDED} (object_name, stamp) FROM stdin;\n{lines}\\.\n")
    engine_of(url).dispose()
    postgres_dump.run_scripts(url, [before, dumped.script, after])


def differing(ours: Digests, theirs: Digests) -> Sequence[str]:
    """Tables of the source whose rows the target has not all and exactly."""
    return [name for name, digest in ours.items() if theirs.get(name) != digest]


def _digests(connection: Connection) -> Digests:
    """By a sum of the rows' hashes, which no order changes."""
    connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    found: Digests = {}
    for schema in SCHEMAS:
        for table in sorted(inspect(connection).get_table_names(schema=schema)):
            if f"{schema}.{table}" != LANDED:
                row = connection.execute(
                    text(
                        "SELECT count(*) AS n, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS digest"
                        f' FROM "{schema}"."{table}" AS t'
                    )
                ).one()
                found[f"{schema}.{table}"] = (row.n, row.digest)
    return found


def _major(engine: Engine) -> int:
    with plain_errors(), engine.connect() as connection:
        return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
