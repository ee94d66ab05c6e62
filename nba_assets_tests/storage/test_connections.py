"""Connections in the pool: a dead one is replaced before it is used."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from nba_assets.storage import embedded_postgres
from nba_assets.storage.embedded_postgres import engine_of


def backend(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


@pytest.mark.parametrize("level", ["READ COMMITTED", "AUTOCOMMIT"])
def test_a_connection_that_the_server_ended_is_replaced(
    database_url: str, postgres: str, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setattr(embedded_postgres, "IDLE", 0.0)
    engine = engine_of(database_url).execution_options(isolation_level=level)
    before = backend(engine)
    assert backend(engine) == before, "a live one is used again"
    with engine_of(postgres).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    assert backend(engine) != before
