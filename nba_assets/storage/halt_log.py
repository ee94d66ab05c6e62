"""Halts in the ledger: since when nothing is decided, why, and when that ended."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.postgresql import insert

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import halts
from nba_assets.storage.records import Halt


class HaltLog:
    """The ledger's table of halts; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, reason: str, who: str, now: dt.datetime) -> bool:
        row = {"since": now, "reason": reason, "who": who}
        with plain_errors(), self._engine.begin() as connection:
            open_ = insert(halts).values(row).on_conflict_do_nothing()
            return bool(connection.execute(open_).rowcount)

    def end(self, who: str, now: dt.datetime) -> bool:
        over = update(halts).where(halts.c.resumed_at.is_(None)).values(resumed_at=now, resumed_by=who)
        with plain_errors(), self._engine.begin() as connection:
            return bool(connection.execute(over).rowcount)

    def all(self) -> list[Halt]:
        known = halts.c
        wanted = select(known.since, known.reason, known.who, known.resumed_at, known.resumed_by).order_by(
            known.halt_id
        )
        with plain_errors(), self._engine.connect() as connection:
            return [Halt(*row) for row in connection.execute(wanted)]
