"""What becomes of work that failed: whether trying again can help, when that is, and when it is a dead letter.

| error | class |
|---|---|
| `TransientError`: a locked partition, Postgres away, tables that do not hold still, a killed builder | transient |
| any other `PlatformError`: a damaged file, a refused release, a wrong request | permanent |
| `OSError`: full disk, quota, too many files, busy, time-out, network (`storage.files.is_transient`) | transient |
| `OSError`: no right, read-only, no such path, a folder for a file | permanent |
| SQLAlchemy's, psycopg2's and DuckDB's `OperationalError`, `InterfaceError`, a lost connection | transient |
| `MemoryError`, a process pool that broke: other work may have taken the memory | transient |
| all else: `ValueError`, `KeyError`, `AssertionError`, `TypeError`, pandas, Arrow, a broken contract | permanent |

Permanent is for the same input: new input or new code is tried when it comes. Bad bytes never get here (they are in
quarantine at intake), nor does what is not there yet (it waits, which is no failure and costs no attempt).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import traceback
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import psycopg2  # type: ignore[import-untyped]
import sqlalchemy.exc

from nba_assets.errors import PlatformError, TransientError
from nba_assets.league import league_date
from nba_assets.storage.files import is_transient
from nba_assets.storage.records import Work, WorkItem

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

DELAYS = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 30, 60, 180, 420))
"""From a failed attempt to the next one; when that after the last of them fails, the work is a dead letter."""
JITTER = 0.2
"""Of a delay, at most, that is added so that work which failed together is not retried together."""
_TRANSIENT = (
    TransientError,
    MemoryError,
    BrokenExecutor,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
)

LOST = psycopg2.DatabaseError.__name__
"""What psycopg2 raises when the server goes in the middle of an answer; what a server says has a class of its own."""

Kind = Literal["permanent", "transient"]


def classify(error: BaseException) -> Kind:
    """Whether the same work may succeed later without anybody doing anything; see the table above."""
    import duckdb

    if isinstance(error, (*_TRANSIENT, duckdb.OperationalError)):
        return "transient"
    if isinstance(error, PlatformError):
        return "permanent"
    if isinstance(error, OSError) and is_transient(error):
        return "transient"
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.connection_invalidated:
        return "transient"
    if type(error) is psycopg2.DatabaseError:
        return "transient"
    return "permanent"


def classify_name(name: str) -> Kind:
    """The same by the name of the error's class, where nothing else is left of it."""
    names = {LOST, *(kind.__name__ for kind in _TRANSIENT)}
    return "transient" if name in names else "permanent"  # DuckDB's is called as SQLAlchemy's


def retry_at(work_id: str, attempts: int, failed_at: dt.datetime) -> dt.datetime | None:
    """When work that failed for the `attempts`-th time is tried again; None: no more.

    Each delay is longer by up to `JITTER` of it, by a function of the work and the attempt.
    """
    if attempts > len(DELAYS):
        return None
    drawn = int.from_bytes(hashlib.sha256(f"{work_id} {attempts}".encode()).digest()[:4], "big") / 2**32
    return failed_at + DELAYS[attempts - 1] * (1 + JITTER * drawn)


def failed(platform: Platform, item: WorkItem, error: BaseException) -> Work:
    """Record that the work failed: retried later, or a dead letter at once if that cannot help.

    Without correlation ids the item has those of the pending drops of its dates.
    """
    ids = item.correlation_ids or fed_by(platform, item.dates)
    item = replace(item, correlation_ids=ids, error_type=type(error).__name__, error_message=one_line(error))
    return record(platform, item, classify(error))


def record(platform: Platform, item: WorkItem, kind: Kind) -> Work:
    """Record work that failed with the error that it names."""
    now = platform.clock.now()
    permanent = kind == "permanent"
    return platform.ledger.record_failure(
        item,
        now=now,
        retry_at=lambda attempts: None if permanent else retry_at(item.work_id, attempts, now),
        permanent=permanent,
    )


def due(platform: Platform, now: dt.datetime | None = None) -> list[Work]:
    """Work whose next attempt is due and that nobody has taken, today's dates first, then by how long it is due."""
    moment = now or platform.clock.now()
    items = platform.ledger.work(due=moment)
    free = [item for item in items if item["leased_until"] is None or item["leased_until"] <= moment]
    today = league_date(moment)
    return sorted(free, key=lambda item: (max(item["dates"]) < today, item["next_attempt_at"], item["work_id"]))


def succeeded(platform: Platform, items: Sequence[Work], how: str) -> None:
    """The work is done: dead letters are kept as replayed, by `how`; the rest is forgotten."""
    if items:
        platform.ledger.done_work([item["work_id"] for item in items], how, platform.clock.now())


def fed_by(platform: Platform, days: Sequence[dt.date]) -> tuple[str, ...]:
    """The pending drops of the dates."""
    return tuple(sorted(set().union(*platform.ledger.pending_ids(days).values())))


def one_line(error: BaseException) -> str:
    """The error as its own words, or with its class where it is none of ours."""
    text = str(error) if isinstance(error, PlatformError) else "".join(traceback.format_exception_only(error))
    return " ".join(text.split())
