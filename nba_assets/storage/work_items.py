"""Failed work in the ledger: what is retried when, what is a dead letter, and the drops that wait for it."""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Engine, and_, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Date

from nba_assets.storage.embedded_postgres import one_at_a_time, plain_errors
from nba_assets.storage.ledger_schema import drops, work
from nba_assets.storage.records import Work, WorkItem, WorkStatus, plain_day

OPEN: tuple[WorkStatus, ...] = ("retrying", "dead")
HELD = "failed work"
"""Who has leased a drop whose consequences failed: the work items that name it."""
FOR_GOOD = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


class WorkItems:
    """The ledger's table of failed work; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record_failure(
        self, item: WorkItem, *, now: dt.datetime, retry_at: Callable[[int], dt.datetime | None], permanent: bool
    ) -> Work:
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, f"work {item.work_id}"):
            found = connection.execute(select(work).where(work.c.work_id == item.work_id)).mappings().first()
            before = cast(Work, dict(found)) if found is not None and found["status"] in OPEN else None
            values = _failed(item, before, now, retry_at, permanent)
            statement = insert(work).values(work_id=item.work_id, **values)
            statement = statement.on_conflict_do_update(index_elements=["work_id"], set_=values)
            return cast(Work, dict(connection.execute(statement.returning(work)).mappings().one()))

    def resolve(self, work_ids: Sequence[str], status: WorkStatus, reason: str, now: dt.datetime) -> int:
        closed = update(work).where(_chosen(work_ids), work.c.status.in_(OPEN)).values(_closed(status, reason, now))
        with plain_errors(), self._engine.begin() as connection:
            return connection.execute(closed).rowcount

    def done(self, work_ids: Sequence[str], reason: str, now: dt.datetime) -> int:
        chosen = and_(_chosen(work_ids), work.c.status.in_(OPEN))
        with plain_errors(), self._engine.begin() as connection:
            kept = update(work).where(chosen, work.c.died_at.is_not(None)).values(_closed("replayed", reason, now))
            forgotten = delete(work).where(chosen, work.c.died_at.is_(None))
            return connection.execute(kept).rowcount + connection.execute(forgotten).rowcount

    def lease(
        self, owner: str, now: dt.datetime, until: dt.datetime, work_ids: Sequence[str], status: Sequence[WorkStatus]
    ) -> builtins.list[Work]:
        taken = work.alias()
        elsewhere = (
            select(literal(1))
            .select_from(taken)
            .where(taken.c.leased_until > now, taken.c.leased_by != owner, taken.c.dates.overlap(work.c.dates))
        )
        free = and_(
            or_(work.c.leased_until.is_(None), work.c.leased_until <= now),
            work.c.status == func.any(list(status)),
            ~elsewhere.exists(),
        )
        leased = update(work).where(_chosen(work_ids), free).values(leased_by=owner, leased_until=until)
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, "lease work"):
            rows = connection.execute(leased.returning(work)).mappings()
            return [cast(Work, dict(row)) for row in rows]

    def give_back(self, work_ids: Sequence[str]) -> None:
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(update(work).where(_chosen(work_ids)).values(leased_by=None, leased_until=None))

    def list(
        self,
        *,
        status: Sequence[WorkStatus] | None,
        due: dt.datetime | None,
        ids: Sequence[str] | None,
        processor: str | None,
        within: Sequence[dt.date] | None,
        run_id: str | None,
    ) -> builtins.list[Work]:
        wanted = select(work).order_by(work.c.last_failed_at, work.c.work_id)
        if status is not None:
            wanted = wanted.where(work.c.status == func.any(list(status)))
        if due is not None:
            wanted = wanted.where(work.c.status == "retrying", work.c.next_attempt_at <= due)
        if ids is not None:
            wanted = wanted.where(_chosen(ids))
        if processor is not None:
            wanted = wanted.where(work.c.processor_name == processor)
        if within is not None:
            wanted = wanted.where(work.c.dates.contained_by(literal(sorted(within), ARRAY(Date))))
        if run_id is not None:
            wanted = wanted.where(work.c.run_id == run_id)
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Work, dict(row)) for row in connection.execute(wanted).mappings()]

    def hold(self, correlation_ids: Sequence[str], run_id: str) -> int:
        ids = sorted(set(correlation_ids))
        mine = and_(work.c.run_id == run_id, work.c.status.in_(OPEN))
        with plain_errors(), self._engine.begin() as connection:
            items = connection.execute(select(work).where(mine)).mappings().all()
            for item in items:
                both = sorted({*item["correlation_ids"], *ids})
                connection.execute(update(work).where(work.c.work_id == item["work_id"]).values(correlation_ids=both))
            if items:
                named = and_(drops.c.correlation_id == func.any(ids), drops.c.status == "pending")
                connection.execute(update(drops).where(named).values(leased_by=HELD, leased_until=FOR_GOOD))
            return len(items)

    def settle_held(self, now: dt.datetime) -> builtins.list[str]:
        held = and_(drops.c.leased_by == HELD, drops.c.status == "pending")
        with plain_errors(), self._engine.begin() as connection:
            waiting = _held_by(connection)
            free = update(drops).where(held, drops.c.correlation_id != func.all(sorted(waiting)))
            done = free.values(status="applied", applied_at=now, leased_by=None, leased_until=None)
            return sorted(connection.execute(done.returning(drops.c.correlation_id)).scalars())


def _held_by(connection: Connection) -> set[str]:
    """The drops that open work names."""
    named = select(func.unnest(work.c.correlation_ids)).where(work.c.status.in_(OPEN))
    return set(connection.execute(named).scalars())


def _chosen(work_ids: Sequence[str]) -> Any:
    return work.c.work_id == func.any(list(work_ids))


def _closed(status: WorkStatus, reason: str, now: dt.datetime) -> dict[str, Any]:
    ended = {"next_attempt_at": None, "leased_by": None, "leased_until": None}
    return {"status": status, "reason": reason, "resolved_at": now, **ended}


def _failed(
    item: WorkItem,
    before: Work | None,
    now: dt.datetime,
    retry_at: Callable[[int], dt.datetime | None],
    permanent: bool,
) -> dict[str, Any]:
    """The item's row after one more failure; `before`: as it was, if it was open."""
    due = before["next_attempt_at"] if before is not None else None
    early = due is not None and now < due and not permanent
    attempts = 1 if before is None else before["attempts"] + (not early)
    again = due if early else retry_at(attempts)
    died_at = before["died_at"] if before is not None else None
    if again is None:
        died_at = died_at or now
    return {
        "processor_name": item.processor_name,
        "dates": sorted(set(map(plain_day, item.dates))),
        "scope": item.scope,
        "correlation_ids": sorted({*item.correlation_ids, *(before["correlation_ids"] if before is not None else ())}),
        "status": "dead" if again is None else "retrying",
        "attempts": attempts,
        "next_attempt_at": again,
        "first_failed_at": before["first_failed_at"] if before is not None else now,
        "last_failed_at": now,
        "error_type": item.error_type,
        "error_message": item.error_message.replace("\0", "\ufffd"),
        "run_id": item.run_id,
        "permanent": permanent,
        "died_at": died_at,
        "leased_by": None,
        "leased_until": None,
        "resolved_at": None,
        "reason": None,
    }
