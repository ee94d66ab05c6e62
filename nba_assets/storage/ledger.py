"""The ledger in Postgres."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on, insert

from nba_assets.batches import batched
from nba_assets.storage import ledger_frames, ledger_schema
from nba_assets.storage.alarm_log import AlarmLog
from nba_assets.storage.alias_log import AliasLog
from nba_assets.storage.embedded_postgres import engine_of, one_at_a_time, plain_errors
from nba_assets.storage.executions import Executions
from nba_assets.storage.ledger_schema import drops, landed, pipeline_execution_log, receipts, waiting
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.quarantine_items import QuarantineItems
from nba_assets.storage.records import (
    Alarm,
    AlarmState,
    Alias,
    AliasChange,
    Arrival,
    Cause,
    Drop,
    DropStatus,
    Execution,
    ProcessorRate,
    Quarantined,
    QuarantineEntry,
    QuarantineRate,
    QuarantineState,
    Receipt,
    Settlement,
    Waiting,
    WaitingRow,
    Work,
    WorkItem,
    WorkStatus,
)
from nba_assets.storage.work_items import WorkItems

BATCH = 5000
"""Rows per statement: a statement has at most 65,535 bound values."""

RAW = 2
"""The phase whose steps read drops."""

_EMPTY_COUNTS = {"received_total": 0, "applied": 0, "duplicate": 0, "quarantined": 0, "pending": 0}


class PostgresLedger:
    """The `Ledger` interface on SQLAlchemy Core; `url` as `embedded_postgres.database_url` gives it."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = engine_of(url)
        with plain_errors():
            ledger_schema.create(self._engine)
        self._executions = Executions(self._engine)
        self._work = WorkItems(self._engine)
        self._quarantine = QuarantineItems(self._engine)
        self._aliases = AliasLog(self._engine)
        self._alarms = AlarmLog(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def receive(self, arrivals: Sequence[Arrival], now: dt.datetime) -> list[Receipt]:
        if not arrivals:
            return []
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, "receive"):
            last = connection.execute(select(func.max(receipts.c.received_at))).scalar()
            received_at = max(now, last) if last is not None else now
            new: set[str] = set()
            for part in batched({a.correlation_id: a for a in arrivals}.values(), BATCH):
                statement = insert(drops).values([_drop_values(a, received_at) for a in part])
                statement = statement.on_conflict_do_nothing(index_elements=["object_name", "content_hash"])
                new.update(connection.execute(statement.returning(drops.c.correlation_id)).scalars())
            stored = _drops_by_correlation(connection, [a.correlation_id for a in arrivals])
            found: list[Receipt] = []
            for arrival in arrivals:
                key = arrival.correlation_id
                found.append(Receipt(stored[key], duplicate=key not in new))
                new.discard(key)
            for verdicts in batched(found, BATCH):
                rows = [
                    {
                        "drop_id": receipt.drop["drop_id"],
                        "received_at": received_at,
                        "verdict": "duplicate" if receipt.duplicate else "received",
                    }
                    for receipt in verdicts
                ]
                connection.execute(insert(receipts), rows)
        return found

    def settle(self, settlements: Sequence[Settlement], now: dt.datetime) -> None:
        with_dates = [s for s in settlements if s.game_dates is not None]
        without = [s for s in settlements if s.game_dates is None]
        with plain_errors(), self._engine.begin() as connection:
            for part in batched(without, BATCH):
                connection.execute(_settle_statement(), _settle_values(part, now))
            for part in batched(with_dates, BATCH):
                connection.execute(_settle_statement(), _settle_values(part, now))
                dates = [
                    {
                        "key": s.correlation_id,
                        "dates": sorted(set(map(_day, s.game_dates or ()))),
                        "named": sorted(set(s.pairs)),
                    }
                    for s in part
                ]
                connection.execute(
                    update(drops)
                    .where(drops.c.correlation_id == bindparam("key"))
                    .values(game_dates=bindparam("dates"), pairs=bindparam("named")),
                    dates,
                )

    def claim(self, correlation_ids: Sequence[str], source: str) -> None:
        claimed = update(drops).where(drops.c.correlation_id == func.any(list(correlation_ids)))
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(claimed.values(source=source))

    def quarantine(self, entries: Sequence[QuarantineEntry], now: dt.datetime) -> None:
        self._quarantine.record(entries, now)

    def quarantined(
        self,
        *,
        ids: Sequence[int] | None = None,
        correlation_ids: Sequence[str] | None = None,
        source: str | None = None,
        state: QuarantineState | None = None,
    ) -> list[Quarantined]:
        return self._quarantine.list(ids=ids, correlation_ids=correlation_ids, source=source, state=state)

    def close_quarantine(self, ids: Sequence[int], state: QuarantineState, reason: str, now: dt.datetime) -> int:
        return self._quarantine.close(ids, state, reason, now)

    def quarantine_rates(self, last: int) -> list[QuarantineRate]:
        return self._quarantine.rates(last)

    def change_alias(self, alias: Alias, change: AliasChange, dates: Sequence[dt.date], now: dt.datetime) -> None:
        self._aliases.change(alias, change, [_day(day) for day in dates], now)

    def aliases(self) -> list[Alias]:
        return self._aliases.current()

    def alias_changes(self, source: str, dates: Sequence[dt.date]) -> dict[dt.date, list[str]]:
        return self._aliases.touching(source, [_day(day) for day in dates])

    def drops_for(self, source: str, dates: Sequence[dt.date]) -> list[Drop]:
        days = sorted(set(map(_day, dates)))
        beside = sorted({day + dt.timedelta(days=n) for day in days for n in (-1, 1)})
        may_move = and_(func.cardinality(drops.c.pairs) > 0, drops.c.game_dates.overlap(beside))
        wanted = (
            select(drops)
            .where(drops.c.source == source, drops.c.status != "quarantined")
            .where(or_(drops.c.game_dates.overlap(days), may_move))
            .order_by(drops.c.known_at, drops.c.content_hash, drops.c.object_name)
        )
        return self._drops(wanted)

    def pending_ids(
        self, dates: Sequence[dt.date], *, sources: Sequence[str] | None = None, run_id: str = ""
    ) -> dict[dt.date, list[str]]:
        days = sorted(set(map(_day, dates)))
        each = select(func.unnest(drops.c.game_dates).label("day"), drops.c.correlation_id)
        each = each.where(drops.c.status == "pending", drops.c.game_dates.overlap(days))
        if sources is not None:
            each = each.where(drops.c.source == func.any(list(sources)))
        named = each.subquery()
        ids = func.array_agg(aggregate_order_by(named.c.correlation_id, named.c.correlation_id))
        wanted = select(named.c.day, ids).where(named.c.day == func.any(days)).group_by(named.c.day)
        if run_id:
            wanted = wanted.where(_began_with(run_id, days, named))
        with plain_errors(), self._engine.connect() as connection:
            return {day: list(found) for day, found in connection.execute(wanted)}

    def drops(
        self,
        *,
        source: str | None = None,
        date: dt.date | None = None,
        status: Sequence[DropStatus] | None = None,
        outcome: str | None = None,
        correlation_ids: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> list[Drop]:
        wanted = select(drops)
        if source is not None:
            wanted = wanted.where(drops.c.source == source)
        if date is not None:
            wanted = wanted.where(drops.c.game_dates.contains([_day(date)]))
        if status is not None:
            wanted = wanted.where(drops.c.status == func.any(list(status)))
        if outcome is not None:
            wanted = wanted.where(drops.c.outcome == outcome)
        if correlation_ids is not None:
            wanted = wanted.where(drops.c.correlation_id == func.any(list(correlation_ids)))
        if limit is None:
            return self._drops(wanted.order_by(drops.c.drop_id))
        return self._drops(wanted.order_by(drops.c.drop_id.desc()).limit(limit))[::-1]

    def lease(
        self, owner: str, now: dt.datetime, until: dt.datetime, sources: Sequence[str] | None = None
    ) -> list[Drop]:
        free = and_(drops.c.status == "pending", or_(drops.c.leased_until.is_(None), drops.c.leased_until <= now))
        if sources is not None:
            free = and_(free, drops.c.source == func.any(list(sources)))
        chosen = select(drops.c.drop_id).where(free).with_for_update(skip_locked=True)
        taken = update(drops).where(drops.c.drop_id.in_(chosen)).values(leased_by=owner, leased_until=until)
        with plain_errors(), self._engine.begin() as connection:
            found = [cast(Drop, dict(row)) for row in connection.execute(taken.returning(drops)).mappings()]
        return sorted(found, key=lambda drop: drop["drop_id"])

    def give_back(self, correlation_ids: Sequence[str], at: dt.datetime | None = None) -> None:
        ended = update(drops).where(drops.c.correlation_id == func.any(list(correlation_ids)))
        said = {"leased_until": at} if at is not None else {"leased_by": None, "leased_until": None}
        with plain_errors(), self._engine.begin() as connection:
            connection.execute(ended.values(said))

    def stamps(self, names: Sequence[str]) -> dict[str, str]:
        wanted = select(landed.c.object_name, landed.c.stamp).where(landed.c.object_name == func.any(list(names)))
        with plain_errors(), self._engine.connect() as connection:
            return {row.object_name: row.stamp for row in connection.execute(wanted)}

    def stamp(self, stamps: Mapping[str, str]) -> None:
        with plain_errors(), self._engine.begin() as connection:
            for part in batched(sorted(stamps.items()), BATCH):
                new = insert(landed).values([{"object_name": name, "stamp": stamp} for name, stamp in part])
                said = {"stamp": new.excluded.stamp}
                connection.execute(new.on_conflict_do_update(index_elements=["object_name"], set_=said))

    def counts(self, source: str | None = None, date: dt.date | None = None) -> dict[str, int]:
        total: Counter[str] = Counter(_EMPTY_COUNTS)
        for counted in self._counts(source, date).values():
            total.update(counted)
        return dict(total)

    def counts_by_source(self) -> dict[str, dict[str, int]]:
        return self._counts(None, None)

    def record_executions(self, executions: Sequence[Execution]) -> None:
        self._executions.record(executions)

    def last_hashes(self, table: str, dates: Sequence[dt.date], scope: str = "") -> dict[str, tuple[str, str]]:
        return self._executions.last_hashes(table, dates, scope)

    def executions(
        self,
        *,
        correlation_ids: Sequence[str] | None = None,
        date: dt.date | None = None,
        player: str | None = None,
        failed_since: dt.datetime | None = None,
        standing: bool = False,
        limit: int | None = None,
    ) -> list[Execution]:
        return self._executions.list(
            correlation_ids=correlation_ids,
            date=date,
            player=player,
            failed_since=failed_since,
            standing=standing,
            limit=limit,
        )

    def newest_executions(self, date: dt.date, processors: Sequence[str]) -> dict[str, Execution]:
        return self._executions.newest(date, processors)

    def waiting_since(self, date: dt.date, processors: Sequence[str]) -> dict[str, dt.datetime]:
        return self._executions.waiting_since(date, processors)

    def waiting(self, date: dt.date) -> list[Waiting]:
        wanted = select(waiting).where(waiting.c.game_date == _day(date)).order_by("table_name", "game_id", "reason")
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Waiting, dict(row)) for row in connection.execute(wanted).mappings()]

    def last_executions(self, dates: Sequence[dt.date]) -> dict[dt.date, dict[str, dt.datetime]]:
        log = pipeline_execution_log.c
        newest = (
            select(log.game_date, log.event_type, func.max(log.completed_at))
            .where(log.game_date == func.any([_day(day) for day in dates]), log.status == "completed")
            .where(log.phase.between(3, 5))
            .group_by(log.game_date, log.event_type)
        )
        found: dict[dt.date, dict[str, dt.datetime]] = {}
        with plain_errors(), self._engine.connect() as connection:
            for day, kind, ended in connection.execute(newest):
                found.setdefault(day, {})[kind] = ended
        return found

    def last_receipts(self, dates: Sequence[dt.date]) -> dict[dt.date, dt.datetime]:
        days = sorted(set(map(_day, dates)))
        each = select(func.unnest(drops.c.game_dates).label("day"), drops.c.received_at)
        named = each.where(drops.c.game_dates.overlap(days)).subquery()
        newest = select(named.c.day, func.max(named.c.received_at)).group_by(named.c.day)
        with plain_errors(), self._engine.connect() as connection:
            found = {row.day: row[1] for row in connection.execute(newest)}
        return {day: found[day] for day in days if day in found}

    def processor_rates(self, since: dt.datetime, until: dt.datetime) -> list[ProcessorRate]:
        log = pipeline_execution_log.c
        failed = log.status == "failed"
        wanted = (
            select(
                log.processor_name,
                func.count().filter(log.status == "completed").label("completed"),
                func.count().filter(failed).label("failed"),
                func.mode().within_group(log.error_type).filter(failed).label("error_type"),
            )
            .where(log.completed_at > since, log.completed_at <= until, log.status.in_(["completed", "failed"]))
            .group_by(log.processor_name)
            .order_by(log.processor_name)
        )
        with plain_errors(), self._engine.connect() as connection:
            return [cast(ProcessorRate, dict(row)) for row in connection.execute(wanted).mappings()]

    def set_waiting(self, table: str, dates: Sequence[dt.date], rows: Sequence[WaitingRow], now: dt.datetime) -> None:
        old = delete(waiting).where(
            waiting.c.table_name == table, waiting.c.game_date == func.any([_day(d) for d in dates])
        )
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, f"waiting {table}"):
            gone = connection.execute(old.returning(waiting))
            since = {(row.game_date, row.game_id, row.reason): row.since for row in gone}
            keys = sorted({(_day(row.game_date), row.game_id, row.reason) for row in rows})
            for part in batched(keys, BATCH):
                values = [
                    {
                        "table_name": table,
                        "game_date": k[0],
                        "game_id": k[1],
                        "reason": k[2],
                        "since": since.get(k, now),
                    }
                    for k in part
                ]
                connection.execute(insert(waiting), values)

    def failed_hashes(self, table: str, dates: Sequence[dt.date]) -> dict[dt.date, str]:
        log = pipeline_execution_log.c
        newest = (
            select(log.game_date, log.input_hash)
            .ext(distinct_on(log.game_date))
            .where(log.processor_name == table, log.status == "failed", log.input_hash.is_not(None))
            .where(log.game_date == func.any([_day(d) for d in dates]))
            .order_by(log.game_date, log.sequence.desc())
        )
        with plain_errors(), self._engine.connect() as connection:
            return {row.game_date: row.input_hash for row in connection.execute(newest)}

    def record_failure(
        self,
        item: WorkItem,
        *,
        now: dt.datetime,
        retry_at: Callable[[int], dt.datetime | None],
        permanent: bool = False,
    ) -> Work:
        return self._work.record_failure(item, now=now, retry_at=retry_at, permanent=permanent)

    def resolve_work(self, work_ids: Sequence[str], status: WorkStatus, reason: str, now: dt.datetime) -> int:
        return self._work.resolve(work_ids, status, reason, now)

    def done_work(self, work_ids: Sequence[str], reason: str, now: dt.datetime) -> int:
        return self._work.done(work_ids, reason, now)

    def lease_work(
        self,
        owner: str,
        now: dt.datetime,
        until: dt.datetime,
        work_ids: Sequence[str],
        status: Sequence[WorkStatus] = ("retrying",),
    ) -> list[Work]:
        return self._work.lease(owner, now, until, work_ids, status)

    def give_back_work(self, work_ids: Sequence[str]) -> None:
        self._work.give_back(work_ids)

    def work(
        self,
        *,
        status: Sequence[WorkStatus] | None = None,
        due: dt.datetime | None = None,
        ids: Sequence[str] | None = None,
        processor: str | None = None,
        within: Sequence[dt.date] | None = None,
        run_id: str | None = None,
    ) -> list[Work]:
        days = None if within is None else [_day(day) for day in within]
        return self._work.list(status=status, due=due, ids=ids, processor=processor, within=days, run_id=run_id)

    def hold(self, correlation_ids: Sequence[str], run_id: str) -> int:
        return self._work.hold(correlation_ids, run_id)

    def settle_held(self, now: dt.datetime) -> list[str]:
        return self._work.settle_held(now)

    def record_alarms(self, causes: Sequence[Cause], kinds: Sequence[str], now: dt.datetime) -> None:
        self._alarms.record(causes, kinds, now)

    def lease_alarm(self, now: dt.datetime, until: dt.datetime, quiet_since: dt.datetime) -> Alarm | None:
        return self._alarms.lease(now, until, quiet_since)

    def alarm_sent(self, cause: str, state: AlarmState, now: dt.datetime) -> None:
        self._alarms.sent(cause, state, now)

    def alarms(self, state: AlarmState | None = None) -> list[Alarm]:
        return self._alarms.list(state)

    def frames(self, name: str) -> pd.DataFrame:
        with plain_errors():
            return ledger_frames.frame(self._engine, name)

    def relation(
        self,
        name: str,
        columns: Collection[str],
        *,
        since: dt.datetime | None = None,
        correlation_id: str | None = None,
    ) -> pa.Table:
        with plain_errors():
            return ledger_frames.relation(self._engine, name, columns, since, correlation_id)

    def lock(self, table: str, dates: Sequence[dt.date], timeout: float = 60.0) -> AbstractContextManager[None]:
        return partition_lock(self._engine, table, dates, timeout)

    def _drops(self, wanted: Select[Any]) -> list[Drop]:
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Drop, dict(row)) for row in connection.execute(wanted).mappings()]

    def _counts(self, source: str | None, date: dt.date | None) -> dict[str, dict[str, int]]:
        filters = [drops.c.source == source] if source is not None else []
        if date is not None:
            filters.append(drops.c.game_dates.contains([_day(date)]))
        by_status = select(drops.c.source, drops.c.status, func.count()).where(*filters).group_by("source", "status")
        by_verdict = (
            select(drops.c.source, receipts.c.verdict, func.count())
            .join(drops, and_(drops.c.drop_id == receipts.c.drop_id, *filters))
            .group_by(drops.c.source, receipts.c.verdict)
        )
        with (
            plain_errors(),
            self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        ):
            statuses = connection.execute(by_status).all()
            verdicts = connection.execute(by_verdict).all()
        counted: dict[str, dict[str, int]] = {}
        for name, status, number in statuses:
            row = counted.setdefault(name, dict(_EMPTY_COUNTS))
            row["pending" if status == "received" else status] += number
        for name, verdict, number in verdicts:
            row = counted.setdefault(name, dict(_EMPTY_COUNTS))
            row["received_total"] += number
            if verdict == "duplicate":
                row["duplicate"] += number
        return dict(sorted(counted.items()))


def _day(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day


def _began_with(run_id: str, days: list[dt.date], named: Any) -> Any:
    """Whether the run's raw steps took the drop up for the date, if there are any."""
    log = pipeline_execution_log.c
    raw = and_(log.run_id == run_id, log.phase == RAW)
    took = select(log.game_date, func.unnest(log.correlation_ids)).where(raw, log.game_date == func.any(days))
    took = took.where(log.status.in_(["completed", "skipped"]))
    return or_(~exists().where(raw), tuple_(named.c.day, named.c.correlation_id).in_(took))


def _drop_values(arrival: Arrival, received_at: dt.datetime) -> dict[str, Any]:
    captured = arrival.captured_at
    trusted = captured is not None and captured <= received_at
    return {
        "correlation_id": arrival.correlation_id,
        "object_name": arrival.object_name,
        "content_hash": arrival.content_hash,
        "source": arrival.source,
        "game_dates": sorted(set(map(_day, arrival.game_dates))),
        "size": arrival.size,
        "received_at": received_at,
        "known_at": captured if trusted else received_at,
        "known_at_assumed": arrival.assumed or not trusted,
        "status": "received",
    }


def _drops_by_correlation(connection: Connection, keys: list[str]) -> dict[str, Drop]:
    rows = connection.execute(select(drops).where(drops.c.correlation_id == func.any(keys))).mappings()
    return {row["correlation_id"]: cast(Drop, dict(row)) for row in rows}


def _settle_statement() -> Any:
    return text(
        f"UPDATE {ledger_schema.SCHEMA}.drops AS d SET status = s.status, outcome = s.outcome, rows = s.rows,"
        " applied_at = CASE WHEN s.status = 'applied' THEN CAST(:now AS timestamptz) END"
        " FROM unnest(CAST(:keys AS text[]), CAST(:statuses AS text[]), CAST(:outcomes AS text[]),"
        " CAST(:rows AS bigint[])) AS s(key, status, outcome, rows) WHERE d.correlation_id = s.key"
    )


def _settle_values(part: list[Settlement], now: dt.datetime) -> dict[str, Any]:
    return {
        "now": now,
        "keys": [s.correlation_id for s in part],
        "statuses": [s.status for s in part],
        "outcomes": [s.outcome for s in part],
        "rows": [s.rows for s in part],
    }
