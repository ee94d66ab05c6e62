"""The document store in Postgres: JSON by path, each stamped with the sequence of the release that wrote it."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Engine, text

from nba_assets.storage.embedded_postgres import create_schemas, engine_of, one_at_a_time, plain_errors

SCHEMA = "documents"

_TABLE = f"""
CREATE TABLE IF NOT EXISTS {SCHEMA}.documents (
    path text COLLATE "C" PRIMARY KEY,
    sequence bigint NOT NULL,
    body jsonb
)
"""
_PUT = f"""
INSERT INTO {SCHEMA}.documents AS d (path, sequence, body)
SELECT path, :sequence, body::jsonb FROM unnest(CAST(:paths AS text[]), CAST(:bodies AS text[])) AS new(path, body)
ORDER BY path
ON CONFLICT (path) DO UPDATE SET sequence = excluded.sequence, body = excluded.body
WHERE d.sequence <= excluded.sequence
"""
_DELETE = f"""
UPDATE {SCHEMA}.documents SET body = NULL, sequence = :sequence
WHERE path = ANY(:paths) AND sequence < :sequence AND body IS NOT NULL
"""
_LIST = f"""
SELECT path FROM {SCHEMA}.documents WHERE starts_with(path, :prefix) AND body IS NOT NULL ORDER BY path
"""


class PostgresDocumentStore:
    """The `DocumentStore` interface; `url` as `embedded_postgres.database_url` gives it.

    A removed document leaves its path and sequence, so that a late writer of an earlier release cannot bring it back.
    """

    def __init__(self, url: str) -> None:
        self._engine: Engine = engine_of(url)
        with plain_errors():
            create_schemas(self._engine, SCHEMA)
            with self._engine.begin() as connection, one_at_a_time(connection, SCHEMA):
                connection.execute(text(_TABLE))

    def close(self) -> None:
        self._engine.dispose()

    def put_many(self, documents: Mapping[str, Any], sequence: int) -> int:
        if not documents:
            return 0
        values = {
            "sequence": sequence,
            "paths": list(documents),
            "bodies": [orjson.dumps(body).decode() for body in documents.values()],
        }
        with plain_errors(), self._engine.begin() as connection:
            return connection.execute(text(_PUT), values).rowcount

    def get(self, path: str) -> Any | None:
        with plain_errors(), self._engine.connect() as connection:
            return connection.execute(
                text(f"SELECT body FROM {SCHEMA}.documents WHERE path = :path"), {"path": path}
            ).scalar()

    def list(self, prefix: str = "") -> Iterator[str]:
        with plain_errors(), self._engine.connect() as connection:
            return iter(connection.execute(text(_LIST), {"prefix": prefix}).scalars().all())

    def delete_many(self, paths: Sequence[str], sequence: int) -> int:
        with plain_errors(), self._engine.begin() as connection:
            values = {"paths": builtins.list(paths), "sequence": sequence}
            return connection.execute(text(_DELETE), values).rowcount
