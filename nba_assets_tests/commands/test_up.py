"""`nba-assets up`, for real: the watch and the daemon, one killed, all ended by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import psutil  # type: ignore[import-untyped]
from pydantic import SecretStr

from nba_assets.commands.up import children
from nba_assets.settings import Settings

UP = [sys.executable, "-m", "nba_assets.cli", "up", "--without", "webserver", "--without", "page"]


def pids(home: Path, least: int = 2, seconds: float = 60.0) -> dict[str, int]:
    """By name, the processes that `up` says it has started."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = {
                name: int(said.split("|")[1]) for name, said in orjson.loads((home / "up.json").read_bytes()).items()
            }
        except FileNotFoundError:
            found = {}
        if len(found) >= least:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing was started")


def test_up_restarts_what_is_killed_and_ends_all(settings: Settings) -> None:
    assert isinstance(settings.database_url, SecretStr)
    environment = os.environ | {
        "NBA_ASSETS_HOME": str(settings.home),
        "NBA_ASSETS_DATABASE_URL": settings.database_url.get_secret_value(),
    }
    process = subprocess.Popen(UP, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        first = pids(settings.home)
        os.kill(first["watch"], signal.SIGKILL)
        end = time.monotonic() + 30
        while pids(settings.home)["watch"] == first["watch"]:
            assert time.monotonic() < end, "it was not started again"
            time.sleep(0.1)
        second = pids(settings.home)
        assert second["daemon"] == first["daemon"]
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "watch ended with -9" in said
        assert not any(psutil.pid_exists(pid) for pid in second.values())
    finally:
        process.kill()
        process.wait()


def test_in_the_cloud_the_bucket_is_the_page(settings: Settings) -> None:
    both = (settings, settings.model_copy(update={"profile": "gcp"}))
    local, cloud = ({child.name for child in children(one, 3000, 8000)} for one in both)
    assert local - cloud == {"page"} and cloud == {"watch", "daemon", "webserver"}
