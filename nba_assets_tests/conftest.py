"""Fixtures that every test may use: a database of its own, a platform on it, the shared real data."""

from __future__ import annotations

import gc
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text
from xdist.scheduler import LoadScopeScheduling

from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage import embedded_postgres

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
os.environ["COLUMNS"] = "160"
os.fsync = lambda fd: None  # tests kill processes, never the machine: nothing has to reach the disk
REQUIRED = set(filter(None, os.environ.get("NBA_ASSETS_REQUIRE", "").split(",")))


FEW_FIXTURES = ("faults", "engine", "commands", "gcp", "defs", "real", "laws", "simulator")
"""Folders whose tests share costly fixtures, longest first: each stays on one worker, as each file does elsewhere."""

LONG = ("live_day", "soak", *FEW_FIXTURES)
"""Folders that take long begin first, in this order, so that no worker is alone with one in the end."""


class FoldersAndFiles(LoadScopeScheduling):
    """Gives a worker a whole folder of `FEW_FIXTURES`, or a whole file, in its order."""

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.split("::", 1)[0])
        return next((part for part in path.parts if part in FEW_FIXTURES), str(path))


def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto` one worker more than cores: tests of processes wait for them a third of their time."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FoldersAndFiles:
    """Where tests are spread over workers (`-n`), in the order in which they were collected."""
    config.option.loadscopereorder = False
    return FoldersAndFiles(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Each worker begins to collect elsewhere: it finds compiled what the others have collected meanwhile."""
    if hasattr(config, "workerinput") and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        folders = sorted(str(path) for path in Path(__file__).parent.iterdir() if path.is_dir())
        number = int(config.workerinput["workerid"].removeprefix("gw"))
        begin = len(folders) * number // config.workerinput["workercount"]
        config.args = [*folders[begin:], *folders[:begin]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long folders first, the others by file, whatever was collected first."""
    items.sort(
        key=lambda item: (min(LONG.index(part) if part in LONG else len(LONG) for part in item.path.parts), item.path)
    )


def pytest_collection_finish() -> None:
    """What was imported stays: nothing of it has to be looked at whenever something may be thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_unconfigure() -> None:
    """At the end all of it is thrown away, as libraries look for it."""
    gc.unfreeze()


def absent(what: str, reason: str) -> None:
    """Skip the test for want of `what`, or fail it where `NBA_ASSETS_REQUIRE` says that it must be there."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real data and the tool that writes it as drops."""
    if not (SHARED / "data" / "payloads").is_dir():
        absent("shared", f"the real data is not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    path = "/usr/bin/chromium"
    if not Path(path).exists():
        absent("browser", f"{path} is not installed")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an embedded Postgres for this test process, in a folder that no other pytest touches."""
    with tempfile.TemporaryDirectory(prefix="nba_assets_tests_", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), database_url=None)
        url = embedded_postgres.database_url(settings)
        for_tests(url)
        yield url
        embedded_postgres.release(settings)


def for_tests(url: str) -> None:
    """Nothing has to reach the disk, and no database lives long."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@contextmanager
def new_database(postgres: str, like: str = "") -> Iterator[str]:
    """The URL of a new database of the server, empty or a copy of the one at the URL `like`; dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    template = f'TEMPLATE "{make_url(like).database}"' if like else ""
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" {template} STRATEGY FILE_COPY'))
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    yield url
    embedded_postgres.engine_of(url).dispose()
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """A new, empty database."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of an empty home on a database of its own."""
    return Settings(home=tmp_path / "home", database_url=SecretStr(database_url))


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    """An empty platform."""
    opened = Platform.open(settings)
    yield opened
    opened.close()
