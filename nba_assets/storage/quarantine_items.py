"""Quarantine entries in the ledger: what was rejected, and what became of it."""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Engine, case, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import drops, quarantine, receipts
from nba_assets.storage.records import Quarantined, QuarantineEntry, QuarantineRate, QuarantineState

BATCH = 3000
"""Entries per statement: a statement has at most 65,535 bound values."""


class QuarantineItems:
    """The ledger's table of rejects; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, entries: Sequence[QuarantineEntry], now: dt.datetime) -> None:
        unique = list({(e.object_name, e.content_hash, e.place, e.rule): e for e in entries}.values())
        with plain_errors(), self._engine.begin() as connection:
            for start in range(0, len(unique), BATCH):
                rows = [{**_fields(entry), "first_seen": now, "last_seen": now} for entry in unique[start:][:BATCH]]
                statement = insert(quarantine).values(rows)
                new: Any = statement.excluded
                stays_out = quarantine.c.state == "discarded"
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["object_name", "content_hash", "place", "rule"],
                        set_={
                            "last_seen": func.greatest(quarantine.c.last_seen, new.last_seen),
                            "message": new.message,
                            "excerpt": new.excerpt,
                            "source": new.source,
                            "state": case((stays_out, quarantine.c.state), else_="open"),
                            "closed_at": case((stays_out, quarantine.c.closed_at)),
                            "reason": case((stays_out, quarantine.c.reason)),
                        },
                    )
                )

    def list(
        self,
        *,
        ids: Sequence[int] | None,
        correlation_ids: Sequence[str] | None,
        source: str | None,
        state: QuarantineState | None,
    ) -> builtins.list[Quarantined]:
        wanted = select(quarantine).order_by(quarantine.c.quarantine_id)
        if ids is not None:
            wanted = wanted.where(quarantine.c.quarantine_id == func.any(list(ids)))
        if correlation_ids is not None:
            wanted = wanted.where(quarantine.c.correlation_id == func.any(list(correlation_ids)))
        if source is not None:
            wanted = wanted.where(quarantine.c.source == source)
        if state is not None:
            wanted = wanted.where(quarantine.c.state == state)
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Quarantined, dict(row)) for row in connection.execute(wanted).mappings()]

    def close(self, ids: Sequence[int], state: QuarantineState, reason: str, now: dt.datetime) -> int:
        chosen = (quarantine.c.quarantine_id == func.any(list(ids))) & (quarantine.c.state != state)
        statement = update(quarantine).where(chosen).values(state=state, reason=clean(reason), closed_at=now)
        with plain_errors(), self._engine.begin() as connection:
            return connection.execute(statement).rowcount

    def rates(self, last: int) -> builtins.list[QuarantineRate]:
        """Per source, by name; one statement."""
        still_open = select(true()).where(
            quarantine.c.correlation_id == drops.c.correlation_id, quarantine.c.state == "open"
        )
        rank = func.row_number().over(partition_by=drops.c.source, order_by=receipts.c.receipt_id.desc())
        newest = (
            select(
                drops.c.source,
                drops.c.correlation_id,
                ((drops.c.status == "quarantined") & still_open.exists()).label("bad"),
                rank.label("rank"),
            )
            .join(receipts, receipts.c.drop_id == drops.c.drop_id)
            .subquery()
        )
        rules = (
            select(quarantine.c.correlation_id, func.min(quarantine.c.rule).label("rule"))
            .where(quarantine.c.state == "open")
            .group_by(quarantine.c.correlation_id)
            .subquery()
        )
        wanted = (
            select(
                newest.c.source,
                func.count().label("receipts"),
                func.count().filter(newest.c.bad).label("quarantined"),
                func.mode().within_group(rules.c.rule).filter(newest.c.bad).label("rule"),
            )
            .join(rules, rules.c.correlation_id == newest.c.correlation_id, isouter=True)
            .where(newest.c.rank <= last)
            .group_by(newest.c.source)
            .order_by(newest.c.source)
        )
        with plain_errors(), self._engine.connect() as connection:
            return [cast(QuarantineRate, dict(row)) for row in connection.execute(wanted).mappings()]


def _fields(entry: QuarantineEntry) -> dict[str, Any]:
    fields = vars(entry) | {"correlation_id": entry.correlation_id, "kept_at": entry.kept_at}
    return {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}


def clean(value: str) -> str:
    """Text that Postgres takes: without NUL and lone surrogates."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
