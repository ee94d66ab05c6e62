"""What the ledger forgets: old rows of the execution log, and what was closed long ago.

Drops, receipts, aliases, open failed work, and decisions of a person about rejects are never forgotten. Of the old rows
of the execution log those stay that the platform still goes by:

- per table and date the newest execution of whole dates that an equal input is skipped by;
- per table and date the newest row of all, which says how the date stands;
- per date the newest completed step of Phases 3 to 5, by which the sweep knows what was run;
- failures that nothing has put right, and all of the dates and tables of open failed work;
- since when a table waits that still does;
- the release that a drop went into: for every drop it can be said when readers saw it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, FromClause, Table, and_, delete, func, select, text

from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import SCHEMA, alarms, landed, quarantine, work
from nba_assets.storage.records import LedgerPart, Pruned

BATCH = 10_000
"""Rows that are deleted in one transaction: nobody waits long for it."""

_LOG = f"{SCHEMA}.pipeline_execution_log"
_DOOMED = f"""
CREATE TEMP TABLE doomed AS
WITH kept AS (
    SELECT * FROM (
        SELECT DISTINCT ON (processor_name, game_date) sequence FROM {_LOG}
        WHERE scope = '' AND status IN ('completed', 'skipped') AND input_hash IS NOT NULL
        ORDER BY processor_name, game_date, sequence DESC) AS skipped_by
    UNION ALL
    SELECT max(sequence) FROM {_LOG} GROUP BY game_date, processor_name
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (game_date, event_type) sequence FROM {_LOG}
        WHERE status = 'completed' AND phase BETWEEN 3 AND 5
        ORDER BY game_date, event_type, completed_at DESC) AS run_last
    UNION ALL
    SELECT sequence FROM {_LOG} AS failed
    WHERE status = 'failed' AND NOT EXISTS (
        SELECT FROM {_LOG} AS later
        WHERE (later.processor_name, later.scope, later.game_date)
            = (failed.processor_name, failed.scope, failed.game_date) AND later.sequence > failed.sequence)
    UNION ALL
    SELECT log.sequence FROM {_LOG} AS log JOIN {SCHEMA}.work AS item
        ON item.processor_name = log.processor_name AND log.game_date = ANY(item.dates)
    WHERE item.status IN ('retrying', 'dead')
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (processor_name, game_date) sequence FROM {_LOG}
        WHERE status = 'skipped' AND metadata->>'skip_reason' LIKE 'waiting for %'
        ORDER BY processor_name, game_date, started_at) AS waits_since
)
SELECT sequence FROM {_LOG}
WHERE coalesce(completed_at, started_at) < :before
    AND sequence NOT IN (SELECT sequence FROM kept WHERE sequence IS NOT NULL)
    AND NOT (phase = 6 AND status <> 'failed' AND correlation_ids <> '{{}}')
ORDER BY sequence
"""
_DELETED = f"""
WITH part AS (SELECT sequence FROM doomed WHERE sequence > :after ORDER BY sequence LIMIT :batch),
gone AS (DELETE FROM {_LOG} AS log USING part WHERE log.sequence = part.sequence)
SELECT max(sequence) FROM part
"""


class LedgerRetention:
    """Forgets what the ledger need not keep; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def prune(self, part: LedgerPart, before: dt.datetime, dry_run: bool) -> Pruned:
        if part == "executions":
            return self._executions(before, dry_run)
        table, over = _CLOSED[part](before)
        with plain_errors(), self._engine.begin() as connection:
            there = connection.execute(select(func.count()).select_from(table)).scalar_one()
            if dry_run:
                gone = connection.execute(select(func.count()).select_from(table).where(over)).scalar_one()
            else:
                gone = connection.execute(delete(table).where(over)).rowcount
        return Pruned(gone, there - gone)

    def rejected_bytes(self, before: dt.datetime) -> list[str]:
        table, over = _rejects(before)
        other = quarantine.alias()
        _, others = _rejects(before, other)
        needed = select(other.c.kept_at).where(~others)
        wanted = select(table.c.kept_at).distinct().where(over, table.c.kept_at.not_in(needed))
        with plain_errors(), self._engine.connect() as connection:
            return sorted(connection.execute(wanted).scalars())

    def landed(self) -> list[str]:
        with plain_errors(), self._engine.connect() as connection:
            return list(connection.execute(select(landed.c.object_name).order_by(landed.c.object_name)).scalars())

    def forget_landed(self, names: Sequence[str]) -> None:
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(delete(landed).where(landed.c.object_name == func.any(list(names))))

    def _executions(self, before: dt.datetime, dry_run: bool) -> Pruned:
        with plain_errors(), self._session() as connection:
            connection.execute(text(_DOOMED), {"before": before})
            connection.execute(text("ALTER TABLE doomed ADD PRIMARY KEY (sequence)"))
            doomed = int(connection.execute(text("SELECT count(*) FROM doomed")).scalar_one())
            there = int(connection.execute(text(f"SELECT count(*) FROM {_LOG}")).scalar_one())
            after = None if dry_run else -1
            while after is not None:
                after = connection.execute(text(_DELETED), {"after": after, "batch": BATCH}).scalar()
        return Pruned(doomed, there - doomed)

    @contextmanager
    def _session(self) -> Iterator[Connection]:
        """A connection that commits every statement, and whose temporary table is gone with it."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                yield connection
            finally:
                connection.execute(text("DROP TABLE IF EXISTS doomed"))


def _work(before: dt.datetime) -> tuple[Table, ColumnElement[bool]]:
    return work, and_(work.c.status.in_(["replayed", "discarded"]), work.c.resolved_at < before)


def _alarms(before: dt.datetime) -> tuple[Table, ColumnElement[bool]]:
    """Those that somebody was told of as open are still to be told as resolved."""
    told = alarms.c.told.is_distinct_from("open")
    return alarms, and_(alarms.c.state == "resolved", alarms.c.resolved_at < before, told)


def _rejects(before: dt.datetime, entries: FromClause = quarantine) -> tuple[Table, ColumnElement[bool]]:
    return quarantine, and_(entries.c.state == "resolved", entries.c.closed_at < before)


_CLOSED: dict[str, Callable[[dt.datetime], tuple[Table, ColumnElement[bool]]]] = {
    "work": _work,
    "alarms": _alarms,
    "quarantine": _rejects,
}
