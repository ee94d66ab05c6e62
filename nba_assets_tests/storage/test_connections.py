"""Connections in the pool: a dead one is replaced before it is used."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from nba_assets.settings import Settings
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


def test_a_server_that_is_killed_in_the_middle_of_work_is_started_again(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=None)
    engine = engine_of(embedded_postgres.database_url(settings))
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 7 AS number"))
        connection.commit()
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(lambda: engine.connect().execute(text("SELECT sum(n) FROM generate_series(1, 8000000) n")))
        pid = int((settings.postgres / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        embedded_postgres._urls.clear()  # as in a process that comes now
        again = engine_of(embedded_postgres.database_url(settings))
        with again.connect() as connection:
            assert connection.execute(text("SELECT number FROM kept")).scalar_one() == 7
        error = busy.exception()
    assert error is None or isinstance(error, DBAPIError)
    embedded_postgres.release(settings)
