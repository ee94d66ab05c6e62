"""One step: make a table current for some dates. Reads, builds and writes under one lock, skips what is unchanged."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Role, Table
from nba_assets.engine.aliases import alias_lines
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.code_version import code_version
from nba_assets.engine.execution_log import ExecutionLog, Plan
from nba_assets.engine.graph import input_dates
from nba_assets.engine.look_ahead import known_ahead, looks_ahead
from nba_assets.engine.making import Made
from nba_assets.engine.seasons import made_by_season

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay
    from nba_assets.scope import Scope


@dataclass(frozen=True)
class StepResult:
    """What a step did per date, and what the table now holds.

    Dates are completed, skipped (unchanged), waiting, empty or dead (a dead letter whose input is still that which
    failed: not tried again).
    """

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
    entities: str = "",
    run_id: str = "",
    replay: Replay | None = None,
) -> StepResult:
    """Make `table` current for `dates`; with a scope, only its rows (`entities`: the keys that it came from).

    Dates whose inputs, code and written partition are those of the last execution are skipped, unless a replay forces
    them. An execution carries the correlation ids of the pending drops of its date. Raises what the build raises, after
    all dates that can be built were, and after recording the failure in the execution log and as work to be retried.
    """
    contract = tables()[table]
    days = sorted({day.date() for day in dates})
    started = platform.clock.now()
    began = time.perf_counter()
    attempt = Attempt(platform, contract.full_name, days, entities, run_id, replay)
    with attempt, platform.ledger.lock(table, days, platform.settings.lock_seconds):
        plan = _plan(platform, contract, days)
        written = platform.warehouse.versions(table)
        forced = replay.forced(contract.full_name, days) if replay is not None else set()
        dead = attempt.hopeless(plan.input_hash) if replay is None else set()
        todo = [day for day in _due(platform, contract, days, plan, written, forced) if day not in dead]
        attempt.keep(dead)
        attempt.affected = plan.present
        log = ExecutionLog(platform, contract, plan, started, run_id, scope, replay, attempt.attempts)
        made, failures = Made(), []
        for part, done in made_by_season(platform, contract, todo, scope):
            if isinstance(done, Exception):
                log.failed(part, done)
                failures.append((part, done))
                continue
            written = platform.warehouse.versions(table)
            log.completed(part, done, written)
            made += done
        if failures:
            for error, parts in groupby(failures, itemgetter(1)):
                attempt.failed([day for part, _ in parts for day in part], error)
            raise failures[0][1]
        log.skipped(sorted(plan.present - set(todo) - dead), written)
    outcomes = {
        str(day): ("waiting" if day in made.waiting_days else "completed")
        if day in todo
        else "dead"
        if day in dead
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
    forced: Collection[dt.date],
) -> list[dt.date]:
    """Dates with something to build or to clear that are forced, or not of the last execution's input and output."""
    last = platform.ledger.last_hashes(contract.full_name, days)
    due = []
    for day in days:
        if day not in plan.present and str(day) not in written:
            continue
        if contract.dataset != "nba_raw" and plan.missing[day] and str(day) not in written:
            continue
        if day not in forced and last.get(str(day)) == (plan.input_hash[day], written.get(str(day), "")):
            continue
        due.append(day)
    return due


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
