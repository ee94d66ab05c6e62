"""One step: make a table current for some dates. Reads, builds and writes under one lock, skips what is unchanged."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import conform, empty
from nba_assets.contracts.model import Role, Table, Versioning
from nba_assets.engine.aliases import alias_lines, own_aliases
from nba_assets.engine.builders import SECOND_SOURCE, Built, build_table
from nba_assets.engine.captures import captures, season_of
from nba_assets.engine.code_version import code_version
from nba_assets.engine.execution_log import ExecutionLog, Plan
from nba_assets.engine.graph import input_dates, read_range
from nba_assets.engine.look_ahead import known_ahead, looks_ahead
from nba_assets.storage.records import WaitingRow

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.scope import Scope

PREVIEW_ROWS = 5


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
    the correlation ids of the pending drops of its date. Raises what the build raises, after recording the failure in
    the execution log.
    """
    contract = tables()[table]
    days = sorted({day.date() for day in dates})
    started = platform.clock.now()
    began = time.perf_counter()
    with platform.ledger.lock(table, days):
        plan = _plan(platform, contract, days)
        written = platform.warehouse.versions(table)
        todo = _due(platform, contract, days, plan, written)
        log = ExecutionLog(platform, contract, plan, started, run_id, scope)
        made = _Made()
        for part in _by_season(todo):
            try:
                built = _build(platform, contract, part, scope)
                _write(platform, contract, part, built, scope)
            except Exception as error:
                log.failed(part, error)
                raise
            written = platform.warehouse.versions(table)
            log.completed(part, built, written)
            made.add(built)
        log.skipped(sorted(plan.present - set(todo)), written)
    outcomes = {
        str(day): ("waiting" if day in made.waiting_days else "completed")
        if day in todo
        else "skipped"
        if day in plan.present
        else "empty"
        for day in days
    }
    seconds = time.perf_counter() - began
    platform.finished(table, made.rows, seconds)
    return StepResult(
        table=table,
        outcomes=outcomes,
        rows=made.rows,
        data_version=_digest(f"{day} {written.get(str(day), '')}" for day in days),
        null_rates=made.null_rates,
        preview=empty(contract) if made.preview is None else made.preview,
        waiting=made.waiting_lines,
        seconds=seconds,
    )


@dataclass
class _Made:
    """What is told of all that a step built: the frames themselves are not kept."""

    rows: int = 0
    nulls: dict[str, int] = field(default_factory=dict)
    preview: pd.DataFrame | None = None
    waiting_days: set[dt.date] = field(default_factory=set)
    waiting_lines: list[str] = field(default_factory=list)

    def add(self, built: Built) -> None:
        frame = built.frame
        self.rows += len(frame)
        self.nulls = {str(name): self.nulls.get(str(name), 0) + int(n) for name, n in frame.isna().sum().items()}
        self.preview = frame.head(PREVIEW_ROWS) if self.preview is None or self.preview.empty else self.preview
        self.waiting_days |= built.waiting_days
        self.waiting_lines += built.waiting_lines

    @property
    def null_rates(self) -> dict[str, float]:
        return {name: round(count / self.rows, 4) for name, count in self.nulls.items()} if self.rows else {}


def _by_season(days: Sequence[dt.date]) -> list[list[dt.date]]:
    """The dates a season at a time: what is in memory at once is a season and what it reads."""
    return [list(part) for _, part in groupby(sorted(days), season_of)]


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


def _build(platform: Platform, contract: Table, days: Sequence[dt.date], scope: Scope | None) -> Built:
    inputs = {}
    for entry in contract.inputs:
        history = tables()[entry.table].versioning is Versioning.CLOSED
        inputs[entry.table] = platform.warehouse.read(
            entry.table, dates=read_range(entry, days), columns=entry.columns or None, history=history
        )
    found = captures(platform, contract.name, days) if contract.dataset == "nba_raw" else []
    stamps = [pd.Timestamp(day) for day in days]
    built = build_table(contract, inputs, stamps, scope, found, own_aliases(platform, contract))
    return _as_known(built, contract, pd.Timestamp(platform.clock.now()))


def _as_known(built: Built, contract: Table, now: pd.Timestamp) -> Built:
    """Without what is not known yet: rows of a later `known_at`, ends of versions that still stand."""
    if "not_before" in built.waiting.columns:
        over = (built.waiting["reason"] == SECOND_SOURCE) & (built.waiting["not_before"] <= now)
        built = replace(built, waiting=built.waiting[~over].drop(columns="not_before"))
    frame = built.frame
    if frame.empty or "known_at" not in frame.columns:
        return replace(built, frame=conform(frame, contract))
    early = frame["known_at"] > now
    if "superseded_at" in frame.columns:
        ends_later = frame["superseded_at"] > now
        frame = frame.assign(superseded_at=frame["superseded_at"].mask(ends_later))
        early |= ends_later
    unripe = frozenset(frame.loc[early, "game_date"].dt.date)
    known = frame[(frame["known_at"] <= now).fillna(True)]
    return replace(built, frame=conform(known, contract), unripe=unripe)


def _write(platform: Platform, contract: Table, days: Sequence[dt.date], built: Built, scope: Scope | None) -> None:
    stamps = [pd.Timestamp(day) for day in days]
    if scope is None:
        platform.warehouse.replace(contract.name, stamps, built.frame)
        waiting = [
            WaitingRow(day.date(), game, why)
            for day, game, why in built.waiting[["game_date", "game_id", "reason"]].itertuples(index=False)
        ]
        platform.ledger.set_waiting(contract.name, days, waiting, platform.clock.now())
    else:
        platform.warehouse.upsert(contract.name, built.frame, stamps, scope)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
