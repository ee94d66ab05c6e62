"""The ledger in Postgres."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import cast

import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert

from nba_assets.batches import batched
from nba_assets.storage import ledger_frames, ledger_schema
from nba_assets.storage.alarm_log import AlarmLog
from nba_assets.storage.alias_log import AliasLog
from nba_assets.storage.choice_log import ChoiceLog
from nba_assets.storage.drop_log import BATCH, DropLog
from nba_assets.storage.embedded_postgres import engine_of, one_at_a_time, plain_errors
from nba_assets.storage.executions import Executions
from nba_assets.storage.halt_log import HaltLog
from nba_assets.storage.ledger_retention import LedgerRetention
from nba_assets.storage.ledger_schema import pipeline_execution_log, waiting
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.quarantine_items import QuarantineItems
from nba_assets.storage.records import (
    Alarm,
    AlarmState,
    Alias,
    AliasChange,
    Cause,
    Execution,
    Halt,
    LedgerPart,
    ModelChange,
    ModelChoice,
    ProcessorRate,
    Pruned,
    Quarantined,
    QuarantineEntry,
    QuarantineRate,
    QuarantineState,
    Waiting,
    WaitingRow,
    Work,
    WorkItem,
    WorkStatus,
    plain_day,
)
from nba_assets.storage.work_items import WorkItems


class PostgresLedger(DropLog):
    """The `Ledger` interface on SQLAlchemy Core; `url` as `embedded_postgres.database_url` gives it."""

    def __init__(self, url: str) -> None:
        super().__init__(engine_of(url))
        with plain_errors():
            ledger_schema.create(self._engine)
        self._executions = Executions(self._engine)
        self._work = WorkItems(self._engine)
        self._quarantine = QuarantineItems(self._engine)
        self._aliases = AliasLog(self._engine)
        self._choices = ChoiceLog(self._engine)
        self._halts = HaltLog(self._engine)
        self._alarms = AlarmLog(self._engine)
        self._retention = LedgerRetention(self._engine)

    def close(self) -> None:
        self._engine.dispose()

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
        self._aliases.change(alias, change, [plain_day(day) for day in dates], now)

    def aliases(self) -> list[Alias]:
        return self._aliases.current()

    def alias_changes(self, source: str, dates: Sequence[dt.date]) -> dict[dt.date, list[str]]:
        return self._aliases.touching(source, [plain_day(day) for day in dates])

    def choose_model(self, choice: ModelChoice, change: ModelChange, now: dt.datetime) -> None:
        self._choices.change(choice, change, now)

    def model_choices(self) -> list[ModelChoice]:
        return self._choices.standing()

    def halt(self, reason: str, who: str, now: dt.datetime) -> bool:
        return self._halts.begin(reason, who, now)

    def resume(self, who: str, now: dt.datetime) -> bool:
        return self._halts.end(who, now)

    def halts(self) -> list[Halt]:
        return self._halts.all()

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
        wanted = (
            select(waiting).where(waiting.c.game_date == plain_day(date)).order_by("table_name", "game_id", "reason")
        )
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Waiting, dict(row)) for row in connection.execute(wanted).mappings()]

    def last_executions(self, dates: Sequence[dt.date]) -> dict[dt.date, dict[str, dt.datetime]]:
        return self._executions.last(dates)

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
            waiting.c.table_name == table, waiting.c.game_date == func.any([plain_day(d) for d in dates])
        )
        with plain_errors(), self._engine.begin() as connection, one_at_a_time(connection, f"waiting {table}"):
            gone = connection.execute(old.returning(waiting))
            since = {(row.game_date, row.game_id, row.reason): row.since for row in gone}
            keys = sorted({(plain_day(row.game_date), row.game_id, row.reason) for row in rows})
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
            .where(log.game_date == func.any([plain_day(d) for d in dates]))
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
        days = None if within is None else [plain_day(day) for day in within]
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

    def prune(self, part: LedgerPart, before: dt.datetime, dry_run: bool) -> Pruned:
        return self._retention.prune(part, before, dry_run)

    def rejected_bytes(self, before: dt.datetime) -> list[str]:
        return self._retention.rejected_bytes(before)

    def landed(self) -> list[str]:
        return self._retention.landed()

    def forget_landed(self, names: Sequence[str]) -> None:
        self._retention.forget_landed(names)

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
