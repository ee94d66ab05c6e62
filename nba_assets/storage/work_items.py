"""Failed work in the ledger: what is retried when, and what is a dead letter."""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Engine, case, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import SCHEMA, work
from nba_assets.storage.records import Work, WorkItem, WorkStatus

_BOTH: Any = literal_column(
    f"ARRAY(SELECT DISTINCT one FROM unnest({SCHEMA}.work.correlation_ids || excluded.correlation_ids) AS one"
    " ORDER BY one)"
)
"""The drops of the earlier failures and of this one."""


class WorkItems:
    """The ledger's table of failed work; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record_failure(self, item: WorkItem, *, now: dt.datetime, retry_at: dt.datetime | None) -> Work:
        dead = retry_at is None
        statement = insert(work).values(
            work_id=item.work_id,
            processor_name=item.processor_name,
            dates=sorted({day.date() if isinstance(day, dt.datetime) else day for day in item.dates}),
            scope=item.scope,
            correlation_ids=sorted(set(item.correlation_ids)),
            status="dead" if dead else "retrying",
            attempts=1,
            next_attempt_at=retry_at,
            first_failed_at=now,
            last_failed_at=now,
            error_type=item.error_type,
            error_message=item.error_message.replace("\0", "\ufffd"),
            run_id=item.run_id,
        )
        new: Any = statement.excluded
        settled = work.c.status.in_(["replayed", "discarded"])
        statement = statement.on_conflict_do_update(
            index_elements=["work_id"],
            set_={
                "status": new.status,
                "attempts": case((settled, 1), else_=work.c.attempts + 1),
                "first_failed_at": case((settled, new.first_failed_at), else_=work.c.first_failed_at),
                "next_attempt_at": new.next_attempt_at,
                "last_failed_at": new.last_failed_at,
                "error_type": new.error_type,
                "error_message": new.error_message,
                "run_id": new.run_id,
                "correlation_ids": _BOTH,
            },
        )
        with plain_errors(), self._engine.begin() as connection:
            return cast(Work, dict(connection.execute(statement.returning(work)).mappings().one()))

    def resolve(self, work_ids: Sequence[str], status: WorkStatus | None) -> int:
        chosen = work.c.work_id == func.any(list(work_ids))
        statement = (
            delete(work).where(chosen)
            if status is None
            else update(work).where(chosen).values(status=status, next_attempt_at=None)
        )
        with plain_errors(), self._engine.begin() as connection:
            return connection.execute(statement).rowcount

    def list(self, *, status: Sequence[WorkStatus] | None, due: dt.datetime | None) -> builtins.list[Work]:
        wanted = select(work).order_by(work.c.last_failed_at, work.c.work_id)
        if status is not None:
            wanted = wanted.where(work.c.status == func.any(list(status)))
        if due is not None:
            wanted = wanted.where(work.c.status == "retrying", work.c.next_attempt_at <= due)
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Work, dict(row)) for row in connection.execute(wanted).mappings()]
