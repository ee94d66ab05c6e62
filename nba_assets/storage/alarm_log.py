"""Alarms in the ledger: which cause holds since when, who was told of it, and who is telling it now."""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Engine, and_, case, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from nba_assets.batches import batched
from nba_assets.storage.embedded_postgres import one_at_a_time, plain_errors
from nba_assets.storage.ledger_schema import alarms
from nba_assets.storage.quarantine_items import clean
from nba_assets.storage.records import Alarm, AlarmState, Cause

BATCH = 5000
"""Causes per statement: a statement has at most 65,535 bound values."""


class AlarmLog:
    """The ledger's table of alarms; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, causes: Sequence[Cause], kinds: Sequence[str], now: dt.datetime) -> None:
        stray = sorted({cause.kind for cause in causes} - set(kinds))
        if stray:
            raise ValueError(f"causes of {', '.join(stray)} among those of {', '.join(sorted(kinds))}")
        unique = {clean(cause.cause): cause for cause in causes}
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, "alarms"):
            for part in batched(sorted(unique.items()), BATCH):
                connection.execute(_opened([_values(key, cause, now) for key, cause in part]))
            over = and_(
                alarms.c.state == "open",
                alarms.c.kind == func.any(list(kinds)),
                alarms.c.cause != func.all(sorted(unique)),
            )
            connection.execute(update(alarms).where(over).values(state="resolved", resolved_at=now))

    def lease(self, now: dt.datetime, until: dt.datetime, quiet_since: dt.datetime) -> Alarm | None:
        free = or_(alarms.c.leased_until.is_(None), alarms.c.leased_until <= now)
        again = or_(alarms.c.last_sent.is_(None), alarms.c.last_sent <= quiet_since)
        untold = or_(
            and_(alarms.c.state == "open", again),
            and_(alarms.c.state == "resolved", alarms.c.told == "open"),
        )
        chosen = (
            select(alarms.c.cause)
            .where(free, untold)
            .order_by(alarms.c.first_seen, alarms.c.cause)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = update(alarms).where(alarms.c.cause == chosen).values(leased_until=until).returning(alarms)
        with plain_errors(), self._engine.begin() as connection:
            row = connection.execute(taken).mappings().one_or_none()
        return None if row is None else cast(Alarm, dict(row))

    def sent(self, cause: str, state: AlarmState, now: dt.datetime) -> None:
        told = update(alarms).where(alarms.c.cause == cause).values(told=state, last_sent=now, leased_until=None)
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(told)

    def list(self, state: AlarmState | None) -> builtins.list[Alarm]:
        wanted = select(alarms).order_by(alarms.c.first_seen, alarms.c.cause)
        if state is not None:
            wanted = wanted.where(alarms.c.state == state)
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Alarm, dict(row)) for row in connection.execute(wanted).mappings()]


def _values(key: str, cause: Cause, now: dt.datetime) -> dict[str, Any]:
    return {
        "cause": key,
        "kind": cause.kind,
        "message": clean(cause.message),
        "state": "open",
        "count": 1,
        "first_seen": now,
        "last_seen": now,
    }


def _opened(rows: builtins.list[dict[str, Any]]) -> Any:
    """New causes, those that hold still, and those that hold again: these begin anew."""
    statement = insert(alarms).values(rows)
    new: Any = statement.excluded
    still = alarms.c.state == "open"
    return statement.on_conflict_do_update(
        index_elements=["cause"],
        set_={
            "kind": new.kind,
            "message": new.message,
            "state": "open",
            "count": case((still, alarms.c.count + 1), else_=1),
            "first_seen": case((still, alarms.c.first_seen), else_=new.first_seen),
            "last_seen": func.greatest(alarms.c.last_seen, new.last_seen),
            "resolved_at": null(),
        },
    )
