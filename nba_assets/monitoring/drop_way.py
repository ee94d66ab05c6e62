"""The way of a drop: how far it came, phase by phase, and whether readers see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.engine.graph import PHASES
from nba_assets.engine.landing_log import DUPLICATE, LANDING
from nba_assets.engine.release_log import RELEASE
from nba_assets.storage.records import Drop, Execution, Quarantined, Work

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

PUBLISHED = PHASES["published"]
COMPLETED = "completed"
SKIPPED = "skipped"
FAILED = "failed"
STATUSES = (FAILED, COMPLETED, SKIPPED)
"""What a phase is, by the newest executions of its steps: the first of these that one of them is."""


@dataclass(frozen=True)
class PhaseState:
    """One phase on a drop's way: its status, steps and dates gone through, first and last time, rows, and the why.

    `why` is the first error of a failed phase, else every reason for which a step was skipped.
    """

    phase: int
    status: str
    steps: int
    first_at: dt.datetime
    last_at: dt.datetime
    rows: int
    why: str


@dataclass(frozen=True)
class Way:
    """A drop's way so far. `release` is the sequence of the first release that has it, visible since `visible_at`.

    `where` says it in one sentence.
    """

    drop: Drop
    phases: tuple[PhaseState, ...]
    release: int | None
    visible_at: dt.datetime | None
    where: str


def ways(platform: Platform, drops: Sequence[Drop]) -> tuple[list[Way], list[Execution]]:
    """The drops' ways in their order, and every execution that one of them fed."""
    ids = [drop["correlation_id"] for drop in drops]
    log = platform.ledger.executions(correlation_ids=ids) if ids else []
    entries = platform.ledger.quarantined(correlation_ids=ids) if ids else []
    work = platform.ledger.work(status=["retrying", "dead"])
    now = platform.clock.now()
    return [_way(drop, _of(drop, log), entries, work, now) for drop in drops], log


def _of(drop: Drop, log: Sequence[Execution]) -> list[Execution]:
    """The executions of a drop; a second arrival of its bytes is no step of its way."""
    own = [row for row in log if drop["correlation_id"] in row["correlation_ids"]]
    return [row for row in own if (row["metadata"] or {}).get("skip_reason") != DUPLICATE]


def _way(
    drop: Drop, log: Sequence[Execution], entries: Sequence[Quarantined], work: Sequence[Work], now: dt.datetime
) -> Way:
    phases = [_phase(number, [row for row in log if row["phase"] == number]) for number in _numbers(log)]
    seen = [row for row in log if row["phase"] == PUBLISHED and row["status"] != FAILED]
    first = next((row for row in seen if row["status"] == COMPLETED), seen[0] if seen else None)
    sequence = (first["metadata"] or {}).get(RELEASE) if first is not None else None
    visible_at = first["completed_at"] if sequence is not None and first is not None else None
    where = _where(drop, phases, first, entries, work, now)
    return Way(drop, tuple(phases), sequence, visible_at, where)


def _numbers(log: Sequence[Execution]) -> list[int]:
    return sorted({row["phase"] for row in log})


def _phase(number: int, log: Sequence[Execution]) -> PhaseState:
    newest = {(row["processor_name"], row["game_date"], row["scope"]): row for row in log}.values()
    status = next(status for status in STATUSES if any(row["status"] == status for row in newest))
    errors = [f"{row['processor_name']}: {row['error_message']}" for row in newest if row["status"] == FAILED]
    reasons = sorted({(row["metadata"] or {}).get("skip_reason", "") for row in newest if row["status"] == SKIPPED})
    return PhaseState(
        phase=number,
        status=status,
        steps=len(newest),
        first_at=min(row["started_at"] for row in log),
        last_at=max(row["completed_at"] or row["started_at"] for row in log),
        rows=sum(row["records_processed"] or 0 for row in newest),
        why=errors[0] if errors else ", ".join(filter(None, reasons)),
    )


def _where(
    drop: Drop,
    phases: Sequence[PhaseState],
    release: Execution | None,
    entries: Collection[Quarantined],
    work: Sequence[Work],
    now: dt.datetime,
) -> str:
    if drop["status"] == "quarantined":
        own = [entry for entry in entries if entry["correlation_id"] == drop["correlation_id"]]
        return f"in quarantine since {_moment(drop['received_at'])}" + (
            f": rule {own[0]['rule']}: {own[0]['message']} (nba-assets quarantine show {drop['correlation_id']})"
            if own
            else ""
        )
    failed = next((phase for phase in reversed(phases) if phase.status == FAILED), None)
    if failed is not None:
        return f"failed in phase {failed.phase} at {_moment(failed.last_at)}: {failed.why}{_retry(drop, work)}"
    if release is not None:
        sequence = (release["metadata"] or {}).get(RELEASE)
        if release["status"] == COMPLETED:
            return f"published in release {sequence}, visible since {_moment(release['completed_at'])}"
        said = f"release {sequence} has all that there is of it" if sequence is not None else "there is no release yet"
        return f"through at {_moment(release['completed_at'])} without anything new to publish: {said}"
    reached = max((phase.phase for phase in phases), default=LANDING - 1)
    at = max((phase.last_at for phase in phases), default=drop["received_at"])
    if drop["status"] == "applied":
        return f"applied at {_moment(drop['applied_at'] or at)}; no release is recorded for it"
    place = "received, not parsed yet" if reached < LANDING else f"in phase {reached}"
    return f"{place} since {_moment(at)}, {_ago(now - at)}"


def _retry(drop: Drop, work: Sequence[Work]) -> str:
    own = next((item for item in work if drop["correlation_id"] in item["correlation_ids"]), None)
    if own is None:
        return ""
    if own["next_attempt_at"] is None:
        return f"; a dead letter after {own['attempts']} attempts ({own['work_id']})"
    return f"; tried again at {_moment(own['next_attempt_at'])}"


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _ago(span: dt.timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} hours ago"
