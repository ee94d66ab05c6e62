"""What the platform asks of its ledger. The Postgres one implements it; see `interfaces` for the other stores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import pandas as pd
import pyarrow as pa

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
    Receipt,
    Settlement,
    Waiting,
    WaitingRow,
    Work,
    WorkItem,
    WorkStatus,
)


class Ledger(Protocol):
    """What was received, executed, rejected and awaited; the one authority on every drop.

    Identity, per source and in total: received_total = applied + duplicate + quarantined + pending.
    Every method takes many items and runs a fixed number of statements in one transaction.
    """

    def close(self) -> None:
        """Give back what the ledger holds: its connections."""
        ...

    def receive(self, arrivals: Sequence[Arrival], now: dt.datetime) -> list[Receipt]:
        """Record arrivals exactly once by (object name, content hash); one receipt each, in their order.

        `received_at` is `now`, or the last receipt's time if that is later. `known_at` is the capture stamp if there
        is one not after the receipt, else the receipt, and `known_at_assumed` says so.
        """
        ...

    def settle(self, settlements: Sequence[Settlement], now: dt.datetime) -> None:
        """Record what became of drops; settling again replaces the earlier outcome."""
        ...

    def claim(self, correlation_ids: Sequence[str], source: str) -> None:
        """Make the source that now claims their paths that of the drops."""
        ...

    def quarantine(self, entries: Sequence[QuarantineEntry], now: dt.datetime) -> None:
        """Record rejects; the same (object, hash, place, rule) again moves `last_seen` and reopens a resolved one."""
        ...

    def quarantined(
        self,
        *,
        ids: Sequence[int] | None = None,
        correlation_ids: Sequence[str] | None = None,
        source: str | None = None,
        state: QuarantineState | None = None,
    ) -> list[Quarantined]:
        """Quarantine entries that pass every filter given, by number."""
        ...

    def close_quarantine(self, ids: Sequence[int], state: QuarantineState, reason: str, now: dt.datetime) -> int:
        """Close entries. Returns how many were not in that state already."""
        ...

    def quarantine_rates(self, last: int) -> list[QuarantineRate]:
        """Of each source's `last` newest receipts, those whose drop is in quarantine with an open entry."""
        ...

    def change_alias(self, alias: Alias, change: AliasChange, dates: Sequence[dt.date], now: dt.datetime) -> None:
        """Add an alias (in place of another id for that name in that source) or remove it; `dates` is what it moves."""
        ...

    def aliases(self) -> list[Alias]:
        """The aliases as they are now, by source and name."""
        ...

    def alias_changes(self, source: str, dates: Sequence[dt.date]) -> dict[dt.date, list[str]]:
        """Per date, one line per change that moves rows of the source, in order; without one, no entry."""
        ...

    def choose_model(self, choice: ModelChoice, change: ModelChange, now: dt.datetime) -> None:
        """Have a recipe serve, or take the newest standing choice back (`choice` says which that is)."""
        ...

    def model_choices(self) -> list[ModelChoice]:
        """The choices that stand, oldest first: those that were made and not taken back."""
        ...

    def halt(self, reason: str, who: str, now: dt.datetime) -> bool:
        """Have nothing decided from now on. False if a halt stands already, which stays as it is."""
        ...

    def resume(self, who: str, now: dt.datetime) -> bool:
        """End the halt that stands. False if none does."""
        ...

    def halts(self) -> list[Halt]:
        """All halts, oldest first."""
        ...

    def drops_for(self, source: str, dates: Sequence[dt.date]) -> list[Drop]:
        """Drops of the source that are not quarantined and may speak for one of the dates, by (`known_at`, hash, name).

        They name one of the dates, or have pairs and name the day before or after one.
        """
        ...

    def pending_ids(
        self, dates: Sequence[dt.date], *, sources: Sequence[str] | None = None, run_id: str = ""
    ) -> dict[dt.date, list[str]]:
        """By date, the correlation ids of the pending drops that name it, sorted.

        With `sources` only of theirs; with `run_id` only those that the run's raw steps took up, if it has raw steps:
        a drop that arrives in the middle of a run is not in what that run makes.
        """
        ...

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
        """Drops that pass every filter given, in order of receipt (with `limit`, the newest of them)."""
        ...

    def lease(
        self, owner: str, now: dt.datetime, until: dt.datetime, sources: Sequence[str] | None = None
    ) -> list[Drop]:
        """Take the pending drops that nobody has taken (or whose lease is over) until a time, in order of receipt.

        Two processes never get the same drop; one that dies leaves its drops to the next when the lease is over.
        """
        ...

    def give_back(self, correlation_ids: Sequence[str], at: dt.datetime | None = None) -> None:
        """End the leases of drops, whatever became of them: now, or at a time until which nobody need look at them."""
        ...

    def stamps(self, names: Sequence[str]) -> dict[str, str]:
        """What objects of the landing zone looked like when they were last taken in, of those names that were."""
        ...

    def stamp(self, stamps: Mapping[str, str]) -> None:
        """Record what objects of the landing zone looked like when they were taken in."""
        ...

    def counts(self, source: str | None = None, date: dt.date | None = None) -> dict[str, int]:
        """`received_total`, `applied`, `duplicate`, `quarantined`, `pending` (received or pending)."""
        ...

    def counts_by_source(self) -> dict[str, dict[str, int]]:
        """The same per source."""
        ...

    def record_executions(self, executions: Sequence[Execution]) -> None:
        """Append rows to the execution log."""
        ...

    def last_hashes(self, table: str, dates: Sequence[dt.date], scope: str = "") -> dict[str, tuple[str, str]]:
        """By ISO date, input and output hash of the newest completed or skipped execution of the table (full name)."""
        ...

    def last_executions(self, dates: Sequence[dt.date]) -> dict[dt.date, dict[str, dt.datetime]]:
        """By date and event type (full_load, incremental), when its newest completed step of Phases 3 to 5 ended."""
        ...

    def last_receipts(self, dates: Sequence[dt.date]) -> dict[dt.date, dt.datetime]:
        """By date, when the newest drop that names it was received; dates without one are left out."""
        ...

    def last_known(self) -> dict[str, dt.datetime]:
        """By source, when the newest of its drops was known, of those that are not in quarantine."""
        ...

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
        """Rows of the execution log that pass every filter given, in order of writing (with `limit`, the newest).

        One of the drops fed it; the date; the player is among its entities; it failed and began since then; it failed
        and the same step, date and scope has no later row (`standing`).
        """
        ...

    def newest_executions(self, date: dt.date, processors: Sequence[str]) -> dict[str, Execution]:
        """The date's newest row of each processor (full name) that has one, whatever its scope."""
        ...

    def waiting_since(self, date: dt.date, processors: Sequence[str]) -> dict[str, dt.datetime]:
        """When each of the processors was first skipped on the date because it waited for an input."""
        ...

    def waiting(self, date: dt.date) -> list[Waiting]:
        """The date's games that are not built yet, by table and game."""
        ...

    def processor_rates(self, since: dt.datetime, until: dt.datetime) -> list[ProcessorRate]:
        """Completed and failed executions that ended after `since` and not after `until`, by processor."""
        ...

    def set_waiting(self, table: str, dates: Sequence[dt.date], rows: Sequence[WaitingRow], now: dt.datetime) -> None:
        """Make the rows the table's waiting games of those dates; a reason that lasts keeps its `since`."""
        ...

    def record_failure(
        self,
        item: WorkItem,
        *,
        now: dt.datetime,
        retry_at: Callable[[int], dt.datetime | None],
        permanent: bool = False,
    ) -> Work:
        """Count one more failed attempt, end the item's lease, and return it as it is now.

        `retry_at` says from the number of failed attempts when the next one is; None: the item is dead. A failure
        before that time is not counted (something else ran the same work in between), unless it is permanent.
        """
        ...

    def resolve_work(self, work_ids: Sequence[str], status: WorkStatus, reason: str, now: dt.datetime) -> int:
        """Mark open items replayed or discarded, and say why. Returns how many were open."""
        ...

    def done_work(self, work_ids: Sequence[str], reason: str, now: dt.datetime) -> int:
        """Open items were done: those that were dead letters are kept as replayed, the others forgotten."""
        ...

    def lease_work(
        self,
        owner: str,
        now: dt.datetime,
        until: dt.datetime,
        work_ids: Sequence[str],
        status: Sequence[WorkStatus] = ("retrying",),
    ) -> list[Work]:
        """Take those of the items until a time that still have the status, that nobody has taken, and whose dates
        share none with an item that another process has taken."""
        ...

    def give_back_work(self, work_ids: Sequence[str]) -> None:
        """End the leases of items, whatever became of them."""
        ...

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
        """Work items that pass every filter given, in order of their last failure.

        `due`: retrying, and the next attempt is not later; `within`: they have none but these dates.
        """
        ...

    def hold(self, correlation_ids: Sequence[str], run_id: str) -> int:
        """Leave the drops of a failed run to the work items that it made; returns how many items there are.

        Without an item nothing is held. A held drop stays pending, and `lease` passes it over.
        """
        ...

    def settle_held(self, now: dt.datetime) -> list[str]:
        """Held drops that no open work item names any more are applied; their correlation ids."""
        ...

    def failed_hashes(self, table: str, dates: Sequence[dt.date]) -> dict[dt.date, str]:
        """By date, the input hash of the newest failed execution of the table (full name)."""
        ...

    def record_alarms(self, causes: Sequence[Cause], kinds: Sequence[str], now: dt.datetime) -> None:
        """Record that of these kinds exactly these causes hold now.

        A new one is opened, one that was resolved opened anew, one that is open counted up; those of the kinds that
        are not among the causes are resolved. A cause of another kind raises `ValueError`.
        """
        ...

    def lease_alarm(self, now: dt.datetime, until: dt.datetime, quiet_since: dt.datetime) -> Alarm | None:
        """Take the right to send one alarm, until a time; None if there is nothing to be told.

        To be told is an open one of which nothing was sent after `quiet_since`, and a resolved one that was told as
        open. Two processes never get the same one; one that dies before `alarm_sent` leaves it to the next when the
        lease is over.
        """
        ...

    def alarm_sent(self, cause: str, state: AlarmState, now: dt.datetime) -> None:
        """Record that the cause was told in that state, and end the lease."""
        ...

    def alarms(self, state: AlarmState | None = None) -> list[Alarm]:
        """Alarms (in that state), those first seen first."""
        ...

    def prune(self, part: LedgerPart, before: dt.datetime, dry_run: bool) -> Pruned:
        """Forget what ended or was closed before a time and nothing needs; see `ledger_retention`.

        In small transactions: a kill leaves the rest for the next call.
        """
        ...

    def rejected_bytes(self, before: dt.datetime) -> list[str]:
        """Names in the quarantine store of bytes to which only entries refer that were resolved before a time."""
        ...

    def landed(self) -> list[str]:
        """Names of the objects of the landing zone that were taken in, whether or not they are still there."""
        ...

    def forget_landed(self, names: Sequence[str]) -> None:
        """Forget what these objects looked like: one that comes again is looked at again."""
        ...

    def frames(self, name: str) -> pd.DataFrame:
        """A table of `nba_orchestration` by its bare name, as a frame of its contract."""
        ...

    def relation(
        self,
        name: str,
        columns: Collection[str],
        *,
        since: dt.datetime | None = None,
        correlation_id: str | None = None,
    ) -> pa.Table:
        """Those columns of such a table and its key's, in Arrow, in no order: what a query needs.

        Of the execution log only what began since then, and what the drop fed, if these are given.
        """
        ...

    def lock(self, table: str, dates: Sequence[dt.date], timeout: float = 60.0) -> AbstractContextManager[None]:
        """Hold the right to read, build and write those partitions of the table, against every other process.

        Taken in one order, so two holders never wait for each other. Raises `PlatformError` naming the first
        partition that another process holds when `timeout` seconds have passed.
        """
        ...
