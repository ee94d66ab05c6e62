"""The real drops of 1 to 15 November 2024, ingested once by the command itself."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings

START, END = dt.date(2024, 11, 1), dt.date(2024, 11, 15)


@dataclass(frozen=True)
class Ingested:
    """The home, the folder of the drops, and what two ingests of it printed."""

    home: Path
    drops: Path
    first: dict[str, Any]
    second: dict[str, Any]
    manifests: tuple[bytes, bytes]
    partitions: tuple[dict[str, str], dict[str, str]]


def ingest(home: Path, folder: Path) -> dict[str, Any]:
    """`nba-assets ingest FOLDER --json`, which must exit with 0."""
    env = os.environ | {"NBA_ASSETS_HOME": str(home)}
    command = [sys.executable, "-m", "nba_assets.cli", "ingest", str(folder), "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def stamps(home: Path) -> dict[str, str]:
    """Every file of the warehouse with the time it was written."""
    return {str(path): str(path.stat().st_mtime_ns) for path in (home / "warehouse").rglob("*.parquet")}


@pytest.fixture(scope="session")
def ingested(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    work = tmp_path_factory.mktemp("real")
    home, drops = work / "home", work / "drops"
    tool = [sys.executable, str(shared / "tools" / "make_real_drops.py"), str(drops)]
    subprocess.run([*tool, "--start", str(START), "--end", str(END)], check=True, capture_output=True)
    manifest = home / "published" / "v1" / "manifest.json"
    first = ingest(home, drops)
    before = manifest.read_bytes(), stamps(home)
    second = ingest(home, drops)
    after = manifest.read_bytes(), stamps(home)
    return Ingested(home, drops, first, second, (before[0], after[0]), (before[1], after[1]))


@pytest.fixture(scope="session")
def real(ingested: Ingested) -> Iterator[Platform]:
    """The platform that holds the ingested drops."""
    platform = Platform.open(Settings(home=ingested.home, database_url=None))
    yield platform
    platform.close()
