"""Where a process kills itself: before or after one of the calls by which something becomes durable."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nba_assets.storage.document_store import PostgresDocumentStore
from nba_assets.storage.files import Staging
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets.storage.partition_files import PartitionFiles
from nba_assets.storage.warehouse import LocalWarehouse

POINTS: dict[str, tuple[Any, str, int]] = {
    "stage": (Staging, "_locked_file", 25),
    "fsync": (os, "fsync", 40),
    "rename": (Path, "replace", 25),
    "partition": (PartitionFiles, "write", 12),
    "partition removed": (PartitionFiles, "remove", 12),
    "table": (LocalWarehouse, "replace", 12),
    "ledger receive": (PostgresLedger, "receive", 3),
    "ledger stamp": (PostgresLedger, "stamp", 3),
    "ledger settle": (PostgresLedger, "settle", 4),
    "ledger lease": (PostgresLedger, "lease", 3),
    "ledger give back": (PostgresLedger, "give_back", 3),
    "ledger log": (PostgresLedger, "record_executions", 12),
    "ledger work": (PostgresLedger, "record_failure", 2),
    "ledger waiting": (PostgresLedger, "set_waiting", 4),
    "object kept": (LocalObjectStore, "keep", 4),
    "objects": (LocalObjectStore, "put_many", 4),
    "manifest": (LocalObjectStore, "put", 6),
    "documents": (PostgresDocumentStore, "put_many", 4),
}
"""By name: whose call it is, and among how many calls the last one is drawn."""


@dataclass(frozen=True)
class Death:
    """A process dies at its `count`-th call of the point, before or after it."""

    point: str
    count: int
    before: bool


def drawn(rng: random.Random) -> Death:
    """A death by chance."""
    point = rng.choice(list(POINTS))
    return Death(point, rng.randint(1, POINTS[point][2]), rng.random() < 0.5)


def arm(death: Death) -> None:
    """Let this process die so."""
    owner, name, _ = POINTS[death.point]
    setattr(owner, name, _deadly(getattr(owner, name), death))


def _deadly(call: Callable[..., Any], death: Death) -> Callable[..., Any]:
    calls: list[None] = []

    def deadly(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        last = len(calls) == death.count
        if last and death.before:
            os.kill(os.getpid(), signal.SIGKILL)
        found = call(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    return deadly
