"""The platform's Dagster instance: its `dagster.yaml`, and the instance itself, opened once a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import database_url
from nba_assets.storage.files import Staging, make_folder, storage_error, write_file

if TYPE_CHECKING:
    from dagster import DagsterInstance

DAGSTER_YAML = "dagster.yaml"
STORAGES = {
    "event_log_storage": "TunedPostgresEventLogStorage",
    "run_storage": "PooledPostgresRunStorage",
    "schedule_storage": "PooledPostgresScheduleStorage",
}
EVENT_BATCH = "1000"
"""Materialization events that Dagster stores in one statement."""
DATABASE_URL = "NBA_ASSETS_DATABASE_URL"
QUEUE = {
    "module": "dagster.core.run_coordinator",
    "class": "QueuedRunCoordinator",
    "config": {
        "dequeue_interval_seconds": 1,
        "tag_concurrency_limits": [{"key": "dagster/backfill", "limit": 1}],
    },
}
"""A run of one drop waits a second at most. Backfills wait for one another: their runs never fill the queue's slots."""
SKIPPED_TICKS_DAYS = 1
"""For which Dagster keeps ticks in which nothing was to be done: every sensor has thousands a day."""
RUNS_END = {
    "enabled": True,
    "poll_interval_seconds": 60,
    "start_timeout_seconds": 180,
    "max_runtime_seconds": 4 * 3600,
    "free_slots_after_run_end_seconds": 300,
}
"""A run that never starts, or never ends, is ended by the daemon, and gives its slots back: what it was about is failed
work then. A season of dates takes minutes."""
COMPUTE_LOGS = "compute_logs"
"""Where in the private bucket Dagster's compute logs lie."""
COMPUTE_LOG_SECONDS = 60
NO_COMPUTE_LOGS = {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
"""Of runs in this process: a terminal stays ours, no helper process answers a Ctrl-C."""

_opened: dict[Path, DagsterInstance] = {}
_lock = threading.Lock()


def write_dagster_yaml(settings: Settings) -> Path:
    """Write the instance's configuration into `DAGSTER_HOME` (`settings.dagster`) and start the database.

    A database of one's own is named by its environment variable; its URL is never written. Raises `PlatformError` if
    the folder cannot be written or the database cannot be had.
    """
    database_url(settings)
    path = settings.dagster.absolute() / DAGSTER_YAML
    data = orjson.dumps(_configuration(settings), option=orjson.OPT_INDENT_2)  # JSON is YAML
    try:
        make_folder(path.parent)
        if not path.is_file() or path.read_bytes() != data:
            write_file(Staging(path.parent), path, data)
    except OSError as error:
        raise storage_error(error, f"write {path}") from error
    return path


@contextmanager
def dagster_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """The instance of the home, kept open for the next caller in this process."""
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", EVENT_BATCH)
    with _lock:
        home = settings.dagster.absolute()
        if home not in _opened:
            _opened[home] = _open(settings)
        instance = _opened[home]
    yield instance


def _open(settings: Settings) -> DagsterInstance:
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    path = write_dagster_yaml(settings)
    overrides = {"compute_logs": NO_COMPUTE_LOGS}
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        if os.environ.get(DATABASE_URL) != url:
            overrides |= _storages({"url": url})
    return DagsterInstance.from_ref(InstanceRef.from_dir(str(path.parent), overrides=overrides))


def _configuration(settings: Settings) -> dict[str, Any]:
    where = {"home": str(settings.home.absolute())} if settings.database_url is None else {"url": {"env": DATABASE_URL}}
    quiet = {"telemetry": {"enabled": False}, "nux": {"enabled": False}}
    ends = {"run_coordinator": QUEUE, "run_monitoring": RUNS_END, "retention": _ticks(settings.keep_runs_days)}
    return {**_storages(where), **_compute_logs(settings), **ends, **quiet}


def _compute_logs(settings: Settings) -> dict[str, Any]:
    """In the cloud a run's machine is gone when it ends: what it printed lies in the private bucket."""
    if settings.profile == "local":
        return {}
    config = {
        "bucket": settings.private_bucket,
        "prefix": COMPUTE_LOGS,
        "local_dir": str(settings.dagster.absolute() / "compute_logs"),
        "upload_interval": COMPUTE_LOG_SECONDS,
    }
    return {"compute_logs": {"module": "dagster_gcp.gcs", "class": "GCSComputeLogManager", "config": config}}


def _ticks(days: int) -> dict[str, Any]:
    """How long Dagster keeps ticks: those that asked for runs as long as these."""
    kept = {"skipped": SKIPPED_TICKS_DAYS, "success": days, "failure": days, "started": days}
    return {kind: {"purge_after_days": kept} for kind in ("schedule", "sensor", "auto_materialize")}


def _storages(config: dict[str, Any]) -> dict[str, Any]:
    return {
        role: {"module": "nba_assets.storage.dagster_storage", "class": name, "config": config}
        for role, name in STORAGES.items()
    }
