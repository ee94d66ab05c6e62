"""Locks on partitions: Postgres advisory locks, gone with the connection of whoever held them."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from nba_assets.errors import PlatformError, TransientError
from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.records import iso_date

_CANCELED = "57014"
_OUT_OF_MEMORY = "53200"


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


WRITERS = _key("nba_assets writers")
"""Every holder of a partition lock shares this one; a backup holds it alone."""


@contextlib.contextmanager
def partition_lock(engine: Engine, table: str, dates: Sequence[dt.date], timeout: float) -> Iterator[None]:
    """Hold the partitions of a table against every other holder; see `Ledger.lock`."""
    names = {_key(f"{table}|{day}"): f"{table} {day}" for day in sorted({iso_date(day) for day in dates})}
    with _own_connection(engine) as connection:
        _acquire(connection, names, timeout)
        yield


@contextlib.contextmanager
def no_writers(engine: Engine, timeout: float) -> Iterator[None]:
    """Wait until nobody holds a partition and keep everybody from taking one."""
    deadline = time.monotonic() + timeout
    with _own_connection(engine) as connection:
        # Asked for again and again instead of queued for: a queue would stop a holder that needs a second lock.
        while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": WRITERS}).scalar():
            if time.monotonic() > deadline:
                raise PlatformError("the platform is still writing", "try again when no run is in progress")
            time.sleep(0.05)
        yield


@contextlib.contextmanager
def _own_connection(engine: Engine) -> Iterator[Connection]:
    with plain_errors():
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        yield connection
    finally:
        try:
            if not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
        except DBAPIError:
            connection.invalidate()
        finally:
            connection.close()


def _acquire(connection: Connection, names: dict[int, str], timeout: float) -> None:
    keys = sorted(names)
    limit = max(1, round(timeout * 1000))
    try:
        connection.execute(text(f"SET statement_timeout = {limit}"))
        connection.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": WRITERS})
        connection.execute(
            text("SELECT count(pg_advisory_lock(key)) FROM unnest(CAST(:keys AS bigint[])) AS key"), {"keys": keys}
        )
        connection.execute(text("RESET statement_timeout"))
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", "")
        held = _first_held(connection, keys) if code == _CANCELED else None
        connection.invalidate()
        if code == _CANCELED:
            what = f"writing {names[held]}" if held is not None else "making a backup"
            raise TransientError(
                f"another process is {what}", f"waited {timeout:g} s: try again when it has finished"
            ) from error
        if code == _OUT_OF_MEMORY:
            raise PlatformError(
                f"Postgres has no room for {len(keys)} locks", "raise max_locks_per_transaction or use fewer dates"
            ) from error
        with plain_errors():
            raise


def _first_held(connection: Connection, keys: list[int]) -> int | None:
    found = connection.execute(
        text(
            "SELECT min(key) FROM unnest(CAST(:keys AS bigint[])) AS key JOIN pg_locks ON locktype = 'advisory'"
            " AND granted AND pid <> pg_backend_pid() AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32) | objid::bigint = key"
        ),
        {"keys": keys},
    ).scalar()
    return None if found is None else int(found)
