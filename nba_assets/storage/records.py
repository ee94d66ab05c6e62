"""What the ledger takes and gives: arrivals, drops, settlements, quarantine entries, waiting games, work, alarms."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

DropStatus = Literal["received", "applied", "quarantined", "pending"]
WorkStatus = Literal["retrying", "dead", "replayed", "discarded"]
QuarantineState = Literal["open", "resolved", "discarded"]
AliasChange = Literal["add", "remove"]
ModelChange = Literal["serve", "back"]
AlarmState = Literal["open", "resolved"]
LedgerPart = Literal["executions", "work", "alarms", "quarantine"]
"""What of the ledger is pruned: old rows of the execution log, and what was closed long ago."""


def iso_date(day: dt.date) -> str:
    """`2025-11-15` of a date or of a `pd.Timestamp` at midnight."""
    return day.isoformat()[:10]


def plain_day(day: dt.date) -> dt.date:
    """The date of a date or of a `pd.Timestamp`."""
    return day.date() if isinstance(day, dt.datetime) else day


def correlation_id(object_name: str, content_hash: str) -> str:
    """The correlation id of a drop: a function of its name and bytes, so that every process computes the same one."""
    return hashlib.sha256(f"{object_name}\0{content_hash}".encode()).hexdigest()[:16]


def kept_at(content_hash: str) -> str:
    """The name in the quarantine store of bytes of that hash."""
    return f"sha256/{content_hash[:2]}/{content_hash}"


@dataclass(frozen=True)
class Arrival:
    """One file seen in the landing zone.

    `captured_at` is the capture stamp in its name, None where it has none; `assumed`: nobody saw it at that time.
    """

    object_name: str
    content_hash: str
    source: str
    size: int
    game_dates: tuple[dt.date, ...] = ()
    captured_at: dt.datetime | None = None
    assumed: bool = False

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.object_name, self.content_hash)


class Drop(TypedDict):
    """One drop as the ledger has it; times are aware UTC datetimes."""

    drop_id: int
    correlation_id: str
    object_name: str
    content_hash: str
    source: str
    game_dates: list[dt.date]
    pairs: list[str]
    size: int
    received_at: dt.datetime
    known_at: dt.datetime
    known_at_assumed: bool
    status: DropStatus
    applied_at: dt.datetime | None
    outcome: str | None
    rows: int | None
    leased_by: str | None
    leased_until: dt.datetime | None


@dataclass(frozen=True)
class Receipt:
    """The verdict on one arrival: the drop, and whether the ledger had it already."""

    drop: Drop
    duplicate: bool


@dataclass(frozen=True)
class Settlement:
    """What became of a drop. `outcome` is the parser's (ok, empty, partial, bad), `rows` the rows it gave.

    `game_dates` replaces the drop's dates when parsing found out better than the object name knew, and `pairs` with
    them: `AWYHOM` of each game that it names by its teams and a start time.
    """

    correlation_id: str
    status: DropStatus
    outcome: str
    rows: int = 0
    game_dates: tuple[dt.date, ...] | None = None
    pairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuarantineEntry:
    """One thing that did not pass: which file, where in it, which rule, what was found."""

    source: str
    object_name: str
    content_hash: str
    place: str
    rule: str
    message: str
    excerpt: str = ""
    game: str | None = None

    @property
    def correlation_id(self) -> str:
        return correlation_id(self.object_name, self.content_hash)

    @property
    def kept_at(self) -> str:
        """Where the quarantine store keeps the file's bytes."""
        return kept_at(self.content_hash)


class Quarantined(TypedDict):
    """One quarantine entry as the ledger has it."""

    quarantine_id: int
    source: str
    object_name: str
    content_hash: str
    correlation_id: str
    place: str
    rule: str
    message: str
    excerpt: str
    game: str | None
    kept_at: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    state: QuarantineState
    closed_at: dt.datetime | None
    reason: str | None


class QuarantineRate(TypedDict):
    """A source's newest receipts: how many, of how many drops the file is in quarantine, and the rule most often."""

    source: str
    receipts: int
    quarantined: int
    rule: str | None


@dataclass(frozen=True)
class Alias:
    """What a person knows of a name: the league id it stands for, in one source or in all (`*`).

    `name` is as it was given, `lookup` its normalised form.
    """

    source: str
    lookup: str
    name: str
    player_id: str


@dataclass(frozen=True)
class ModelChoice:
    """That a recipe of players' points is to serve from a game date on; who chose it, and why (may be empty)."""

    recipe: str
    since: dt.date
    who: str
    why: str = ""


@dataclass(frozen=True)
class Halt:
    """That nothing is decided since then; who halted, why, and when and by whom it was ended (null while it stands)."""

    since: dt.datetime
    reason: str
    who: str
    resumed_at: dt.datetime | None = None
    resumed_by: str | None = None


@dataclass(frozen=True)
class WaitingRow:
    """One game that a table does not build yet, and what it waits for."""

    game_date: dt.date
    game_id: str
    reason: str


class Waiting(TypedDict):
    """One waiting game as the ledger has it."""

    table_name: str
    game_date: dt.date
    game_id: str
    reason: str
    since: dt.datetime


@dataclass(frozen=True)
class WorkItem:
    """A failed piece of work: a processor (table or phase), its dates, and the drops that fed it."""

    processor_name: str
    dates: tuple[dt.date, ...]
    scope: str = ""
    correlation_ids: tuple[str, ...] = ()
    error_type: str = ""
    error_message: str = ""
    run_id: str = ""

    @property
    def work_id(self) -> str:
        """The same work fails under the same id, however often."""
        parts = [self.processor_name, self.scope, *map(iso_date, sorted(self.dates))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Work(TypedDict):
    """One work item as the ledger has it."""

    work_id: str
    processor_name: str
    dates: list[dt.date]
    scope: str
    correlation_ids: list[str]
    status: WorkStatus
    attempts: int
    next_attempt_at: dt.datetime | None
    first_failed_at: dt.datetime
    last_failed_at: dt.datetime
    error_type: str
    error_message: str
    run_id: str
    permanent: bool
    died_at: dt.datetime | None
    leased_by: str | None
    leased_until: dt.datetime | None
    resolved_at: dt.datetime | None
    reason: str | None


class ProcessorRate(TypedDict):
    """Executions of a processor that ended in a span of time, and the class of error that most failures have."""

    processor_name: str
    completed: int
    failed: int
    error_type: str | None


@dataclass(frozen=True)
class Cause:
    """Something that is wrong now. `cause` is the same as long as it lasts; `message`, one line, says what to do."""

    kind: str
    cause: str
    message: str


class Alarm(TypedDict):
    """One cause as the ledger has it. `count`: checks at which it held since `first_seen`.

    `told` is the state that was last sent, at `last_sent`; somebody is sending it until `leased_until`.
    """

    cause: str
    kind: str
    message: str
    state: AlarmState
    count: int
    first_seen: dt.datetime
    last_seen: dt.datetime
    last_sent: dt.datetime | None
    resolved_at: dt.datetime | None
    told: AlarmState | None
    leased_until: dt.datetime | None


@dataclass(frozen=True)
class Pruned:
    """How many things were removed (or would be) and how many stay."""

    removed: int
    kept: int


Execution = dict[str, Any]
"""One row of `nba_orchestration.pipeline_execution_log` by column name; an absent nullable column is null."""

Drops = Sequence[Drop]
