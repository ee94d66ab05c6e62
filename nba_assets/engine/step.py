"""One step: make a table current for some dates. Reads, builds and writes under one lock, skips what is unchanged."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Role, Table
from nba_assets.engine.aliases import alias_lines
from nba_assets.engine.code_version import code_version
from nba_assets.engine.execution_log import ExecutionLog, Plan
from nba_assets.engine.graph import input_dates
from nba_assets.engine.look_ahead import known_ahead, looks_ahead
from nba_assets.engine.making import Made
from nba_assets.engine.seasons import made_by_season

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.scope import Scope


@dataclass(frozen=True)
class StepResult:
    """What a step did: per date completed, skipped (unchanged), waiting or empty, and what the table now holds."""

    table: str
    outcomes: dict[str, str]
    rows: int
    data_version: str
    null_rates: dict[str, float] = field(default_factory=dict)
    preview: pd.DataFrame = field(default_factory=pd.DataFrame)
    waiting: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def changed(self) -> list[str]:
        """Dates whose partition was built anew."""
        return [day for day, outcome in self.outcomes.items() if outcome in ("completed", "waiting")]


def run_step(
    platform: Platform,
    table: str,
    dates: Sequence[pd.Timestamp],
    *,
    scope: Scope | None = None,
    run_id: str = "",
) -> StepResult:
    """Make `table` current for `dates`; with a scope, only its rows.

    Dates whose inputs, code and written partition are those of the last execution are skipped. An execution carries
    the correlation ids of the pending drops of its date: of a raw table those of its own sources, later those that the
    run's raw steps took up. Raises what the build raises, after recording the failure in the execution log.
    """
    contract = tables()[table]
    days = sorted({day.date() for day in dates})
    started = platform.clock.now()
    began = time.perf_counter()
    with platform.ledger.lock(table, days):
        fed_by = _fed_by(platform, contract, days, run_id)
        plan = _plan(platform, contract, days)
        written = platform.warehouse.versions(table)
        todo = _due(platform, contract, days, plan, written)
        log = ExecutionLog(platform, contract, plan, fed_by, started, run_id, scope)
        made, failures = Made(), []
        for part, done in made_by_season(platform, contract, todo, scope):
            if isinstance(done, Exception):
                log.failed(part, done)
                failures.append(done)
                continue
            written = platform.warehouse.versions(table)
            log.completed(part, done, written)
            made += done
        if failures:
            raise failures[0]
        log.skipped(sorted(set(days) - set(todo)), written)
    outcomes = {
        str(day): ("waiting" if day in made.waiting_days else "completed")
        if day in todo
        else "skipped"
        if day in plan.present
        else "empty"
        for day in days
    }
    seconds = time.perf_counter() - began
    platform.finished(table, made.count, seconds)
    return StepResult(
        table=table,
        outcomes=outcomes,
        rows=made.count,
        data_version=_digest(f"{day} {written.get(str(day), '')}" for day in days),
        null_rates=made.null_rates,
        preview=empty(contract) if made.preview is None else made.preview,
        waiting=[*made.waiting_lines],
        seconds=seconds,
    )


@dataclass(frozen=True)
class Outlook:
    """A table on a date: whether it has rows, its inputs have, which critical ones lack, and a step would build it."""

    written: bool
    present: bool
    missing: list[str]
    due: bool


def outlook(platform: Platform, table: str, day: dt.date) -> Outlook:
    """What a step would do with the date as things are; nothing is built."""
    contract = tables()[table]
    plan, written = _plan(platform, contract, [day]), platform.warehouse.versions(table, (day, day))
    due = bool(_due(platform, contract, [day], plan, written))
    return Outlook(bool(written), day in plan.present, plan.missing[day], due)


def _fed_by(platform: Platform, contract: Table, days: Sequence[dt.date], run_id: str) -> dict[dt.date, list[str]]:
    if contract.dataset == "nba_raw":
        return platform.ledger.pending_ids(days, sources=contract.sources)
    return platform.ledger.pending_ids(days, run_id=run_id)


def _plan(platform: Platform, contract: Table, days: Sequence[dt.date]) -> Plan:
    code = code_version(contract.name)
    parts: dict[dt.date, list[str]] = {day: [code] for day in days}
    present: set[dt.date] = set()
    missing: dict[dt.date, list[str]] = {day: [] for day in days}
    if contract.dataset == "nba_raw":
        for day, lines in platform.capture_index(contract.name, days).items():
            parts[day] += lines
            if lines:
                present.add(day)
        for day, lines in alias_lines(platform, contract, days).items():
            parts[day] += lines
    groups: dict[dt.date, dict[str, bool]] = {day: {} for day in days}
    for entry in contract.inputs:
        versions = platform.warehouse.versions(entry.table)
        known = sorted(versions)
        ahead = known_ahead(platform, entry, days) if looks_ahead(contract, entry) else None
        for day in days:
            first, last = input_dates(entry, day)
            if ahead is not None:
                parts[day] += ahead[day]
                last = day
            names = known[bisect_left(known, str(first)) : bisect_right(known, str(last))]
            parts[day].append(_digest([entry.table, *(f"{name} {versions[name]}" for name in names)]))
            if str(day) in versions and contract.dataset != "nba_raw" and entry.role is not Role.HISTORY:
                present.add(day)
            if entry.role is Role.CRITICAL:
                group = entry.any_of or entry.table
                groups[day][group] = groups[day].get(group, False) or str(day) in versions
    for day in days:
        missing[day] = [group for group, there in groups[day].items() if not there]
    return Plan({day: _digest(parts[day]) for day in days}, present, missing)


def _due(
    platform: Platform,
    contract: Table,
    days: Sequence[dt.date],
    plan: Plan,
    written: Mapping[str, str],
) -> list[dt.date]:
    """Dates with something to build or to clear, whose last execution was not of the same input and output."""
    last = platform.ledger.last_hashes(contract.full_name, days)
    due = []
    for day in days:
        if day not in plan.present and str(day) not in written:
            continue
        if contract.dataset != "nba_raw" and plan.missing[day] and str(day) not in written:
            continue
        if last.get(str(day)) == (plan.input_hash[day], written.get(str(day), "")):
            continue
        due.append(day)
    return due


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
