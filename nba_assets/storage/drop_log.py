"""What was received: each drop exactly once, its fate, who sees to it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from nba_assets.batches import batched
from nba_assets.storage import ledger_schema
from nba_assets.storage.embedded_postgres import one_at_a_time, plain_errors
from nba_assets.storage.ledger_schema import drops, landed, pipeline_execution_log, receipts
from nba_assets.storage.records import Arrival, Drop, DropStatus, Receipt, Settlement, plain_day

BATCH = 5000
"""Rows per statement: a statement has at most 65,535 bound values."""

RAW = 2
"""The phase whose steps read drops."""

_EMPTY_COUNTS = {"received_total": 0, "applied": 0, "duplicate": 0, "quarantined": 0, "pending": 0}


class DropLog:
    """The ledger's drops, receipts and landed objects; see the `Ledger` interface."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
                        "dates": sorted(set(map(plain_day, s.game_dates or ()))),
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

    def drops_for(self, source: str, dates: Sequence[dt.date]) -> list[Drop]:
        days = sorted(set(map(plain_day, dates)))
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
        days = sorted(set(map(plain_day, dates)))
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
            wanted = wanted.where(drops.c.game_dates.contains([plain_day(date)]))
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

    def last_receipts(self, dates: Sequence[dt.date]) -> dict[dt.date, dt.datetime]:
        days = sorted(set(map(plain_day, dates)))
        each = select(func.unnest(drops.c.game_dates).label("day"), drops.c.received_at)
        named = each.where(drops.c.game_dates.overlap(days)).subquery()
        newest = select(named.c.day, func.max(named.c.received_at)).group_by(named.c.day)
        with plain_errors(), self._engine.connect() as connection:
            found = {row.day: row[1] for row in connection.execute(newest)}
        return {day: found[day] for day in days if day in found}

    def last_known(self) -> dict[str, dt.datetime]:
        newest = select(drops.c.source, func.max(drops.c.known_at)).where(drops.c.status != "quarantined")
        with plain_errors(), self._engine.connect() as connection:
            return {row.source: row[1] for row in connection.execute(newest.group_by(drops.c.source))}

    def _drops(self, wanted: Select[Any]) -> list[Drop]:
        with plain_errors(), self._engine.connect() as connection:
            return [cast(Drop, dict(row)) for row in connection.execute(wanted).mappings()]

    def _counts(self, source: str | None, date: dt.date | None) -> dict[str, dict[str, int]]:
        filters = [drops.c.source == source] if source is not None else []
        if date is not None:
            filters.append(drops.c.game_dates.contains([plain_day(date)]))
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
        "game_dates": sorted(set(map(plain_day, arrival.game_dates))),
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
