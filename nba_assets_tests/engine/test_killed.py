"""kill -9 in the middle of an ingest, then the same command again: the same bytes as an undisturbed run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.conftest import NOW, Home, take_in
from nba_assets_tests.engine.test_three_games import correction, season

POINTS = (
    "LocalObjectStore.put_many:1",
    "PostgresLedger.receive:1",
    "PostgresLedger.settle:1",
    "LocalWarehouse.replace:12",
    "PostgresLedger.record_executions:9",
    "PostgresDocumentStore.put_many:1",
)
"""Class and method, and after which call of it the process dies."""

CHILD = """
import os, signal, sys
from pathlib import Path
from nba_assets.engine.platform import Platform
from nba_assets.storage import document_store, ledger, object_store, warehouse
from nba_assets_tests.engine.conftest import NOW, take_in
from nba_assets.clock import FixedClock

name, _, count = sys.argv[2].partition(":")
owner, _, method = name.partition(".")
modules = (document_store, ledger, object_store, warehouse)
cls = next(getattr(m, owner) for m in modules if hasattr(m, owner))
inner, calls = getattr(cls, method), []

def deadly(*args, **kwargs):
    result = inner(*args, **kwargs)
    calls.append(1)
    if len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(cls, method, deadly)
take_in(Platform.open(clock=FixedClock(NOW)), Path(sys.argv[1]))
"""


def contents(platform: Platform) -> dict[str, dict[str, str]]:
    """The version of every partition of every table."""
    names = [t.name for t in tables().values() if t.dataset in STEP_DATASETS]
    return {name: platform.warehouse.versions(name) for name in names}


@dataclass(frozen=True)
class Undisturbed:
    """A run that nobody killed: its drops, the versions in its tables, its published objects."""

    folder: Path
    tables: dict[str, dict[str, str]]
    objects: dict[str, bytes]


@pytest.fixture(scope="module")
def undisturbed(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    drops = season(folder / "drops")
    correction(drops)
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=folder / "home", database_url=SecretStr(url)), FixedClock(NOW))
        take_in(platform, drops)
        found = Undisturbed(drops, contents(platform), published(platform))
        platform.close()
    return found


def published(platform: Platform) -> dict[str, bytes]:
    return {name: platform.published.get(name) for name in platform.published.list("v1/objects/")}


@pytest.mark.parametrize("point", POINTS)
def test_a_rerun_after_a_kill_gives_the_bytes_of_an_undisturbed_run(
    point: str, home: Home, undisturbed: Undisturbed
) -> None:
    folder, killed = undisturbed.folder, home("killed")

    url = killed.settings.database_url
    assert url is not None
    env = os.environ | {
        "NBA_ASSETS_HOME": str(killed.settings.home),
        "NBA_ASSETS_DATABASE_URL": url.get_secret_value(),
    }
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), point], env=env, capture_output=True, text=True, check=False
    )
    assert child.returncode == -signal.SIGKILL, child.stderr

    take_in(killed, folder)
    assert contents(killed) == undisturbed.tables
    counts = killed.ledger.counts()
    assert counts["applied"] == 22 and counts["pending"] == 0
    assert counts["received_total"] == sum(counts[k] for k in ("applied", "duplicate", "quarantined", "pending"))
    assert published(killed).items() >= undisturbed.objects.items(), "every object of the undisturbed release is there"
