"""The execution log in the ledger: appended by every step, read by drop, date, player or failure."""

from __future__ import annotations

import builtins
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Engine, Subquery, Text, and_, exists, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY, insert

from nba_assets.batches import batched
from nba_assets.storage.embedded_postgres import plain_errors
from nba_assets.storage.ledger_schema import RUN_LAST, pipeline_execution_log
from nba_assets.storage.quarantine_items import clean
from nba_assets.storage.records import Execution, iso_date, plain_day

BATCH = 1000
"""Rows per statement: a statement has at most 65,535 bound values."""

RUN_KINDS = ("full_load", "incremental")
"""Event types by which a sweep sees that a date was run, or entities of it."""
_COLUMNS = tuple(c.name for c in pipeline_execution_log.c if c.name != "sequence")
_DEFAULTS: dict[str, Any] = {"scope": "", "correlation_ids": [], "missing_dependencies": [], "retry_count": 0}


class Executions:
    """The ledger's execution log; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, executions: Sequence[Execution]) -> None:
        rows = [_values(execution) for execution in executions]
        with plain_errors(), self._engine.begin() as connection:
            for part in batched(rows, BATCH):
                connection.execute(insert(pipeline_execution_log), part)

    def last_hashes(self, table: str, dates: Sequence[dt.date], scope: str) -> dict[str, tuple[str, str]]:
        log, days = pipeline_execution_log.c, _days(dates)
        one = (
            select(log.input_hash, log.output_hash)
            .where(log.processor_name == table, log.scope == scope, log.game_date == days.c.day)
            .where(log.status.in_(["completed", "skipped"]), log.input_hash.is_not(None))
            .order_by(log.sequence.desc())
            .limit(1)
            .lateral()
        )
        newest = select(days.c.day, one).join_from(days, one, true())
        with plain_errors(), self._engine.connect() as connection:
            found = connection.execute(newest).all()
        return {iso_date(day): (input_hash, output_hash or "") for day, input_hash, output_hash in found}

    def last(self, dates: Sequence[dt.date]) -> dict[dt.date, dict[str, dt.datetime]]:
        log, days = pipeline_execution_log.c, _days(dates)
        kinds = select(func.unnest(literal(list(RUN_KINDS), ARRAY(Text))).label("kind")).subquery()
        one = (
            select(log.completed_at)
            .where(log.game_date == days.c.day, log.event_type == kinds.c.kind)
            .where(RUN_LAST, log.completed_at.is_not(None))
            .order_by(log.completed_at.desc())
            .limit(1)
            .lateral()
        )
        newest = select(days.c.day, kinds.c.kind, one).join_from(days, kinds, true()).join(one, true())
        found: dict[dt.date, dict[str, dt.datetime]] = {}
        with plain_errors(), self._engine.connect() as connection:
            for day, kind, ended in connection.execute(newest):
                found.setdefault(day, {})[kind] = ended
        return found

    def list(
        self,
        *,
        correlation_ids: Sequence[str] | None,
        date: dt.date | None,
        player: str | None,
        failed_since: dt.datetime | None,
        standing: bool,
        limit: int | None,
    ) -> builtins.list[Execution]:
        log = pipeline_execution_log.c
        wanted = select(pipeline_execution_log)
        if correlation_ids is not None:
            wanted = wanted.where(log.correlation_ids.overlap(list(correlation_ids)))
        if date is not None:
            wanted = wanted.where(log.game_date == plain_day(date))
        if player is not None:
            wanted = wanted.where(log.affected_entities.contains({"players": [player]}))
        if failed_since is not None:
            wanted = wanted.where(log.status == "failed", log.started_at >= failed_since)
        if standing:
            later = pipeline_execution_log.alias("later").c
            same = (getattr(later, name) == getattr(log, name) for name in ("processor_name", "scope", "game_date"))
            wanted = wanted.where(log.status == "failed", ~exists().where(and_(*same, later.sequence > log.sequence)))
        wanted = wanted.order_by(log.sequence) if limit is None else wanted.order_by(log.sequence.desc()).limit(limit)
        with plain_errors(), self._engine.connect() as connection:
            found = [dict(row) for row in connection.execute(wanted).mappings()]
        return found if limit is None else found[::-1]

    def newest(self, date: dt.date, processors: Sequence[str]) -> dict[str, Execution]:
        log = pipeline_execution_log
        names = select(func.unnest(literal(list(processors), ARRAY(Text))).label("name")).subquery()
        one = (
            select(log)
            .where(log.c.game_date == plain_day(date), log.c.processor_name == names.c.name)
            .order_by(log.c.sequence.desc())
            .limit(1)
            .lateral()
        )
        wanted = select(one).join_from(names, one, true())
        with plain_errors(), self._engine.connect() as connection:
            return {row["processor_name"]: dict(row) for row in connection.execute(wanted).mappings()}

    def waiting_since(self, date: dt.date, processors: Sequence[str]) -> dict[str, dt.datetime]:
        log = pipeline_execution_log.c
        wanted = (
            select(log.processor_name, func.min(log.started_at))
            .where(log.game_date == plain_day(date), log.processor_name == func.any(list(processors)))
            .where(log.status == "skipped", log.metadata["skip_reason"].astext.startswith("waiting for "))
            .group_by(log.processor_name)
        )
        with plain_errors(), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(wanted)}


def _days(dates: Sequence[dt.date]) -> Subquery:
    """The dates as rows: each is looked up by itself, so that no more is read for it however long the log is."""
    days = sorted(set(map(plain_day, dates)))
    return select(func.unnest(literal(days, ARRAY(Date))).label("day")).subquery()


def _values(execution: Execution) -> dict[str, Any]:
    unknown = sorted(set(execution) - set(_COLUMNS))
    if unknown:
        raise ValueError(f"pipeline_execution_log has no columns {', '.join(unknown)}")
    row = {name: execution.get(name) for name in _COLUMNS}
    row.update({name: default for name, default in _DEFAULTS.items() if row[name] is None})
    if isinstance(row["game_date"], dt.date):
        row["game_date"] = plain_day(row["game_date"])
    if row["duration_seconds"] is None and row["started_at"] is not None and row["completed_at"] is not None:
        row["duration_seconds"] = (row["completed_at"] - row["started_at"]).total_seconds()
    if isinstance(row["error_message"], str):
        row["error_message"] = clean(row["error_message"])
    return row
