"""One step: make a table current for some dates. Reads, builds and writes under one lock, skips what is unchanged."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import empty
from nba_assets.contracts.model import Table
from nba_assets.engine.attempt import Attempt
from nba_assets.engine.due import digest, due_of, plan_of
from nba_assets.engine.execution_log import ExecutionLog, Plan
from nba_assets.engine.making import Made, make
from nba_assets.engine.seasons import made_by_season
from nba_assets.errors import TransientError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay
    from nba_assets.scope import Scope

TRIES = 5
"""How often dates are made whose inputs were read older than they are."""


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
    them. An execution carries the correlation ids of the pending drops of its date: of a raw table those of its own
    sources, later those that the run's raw steps took up. Raises what the build raises, after all dates that can be
    built were, and after recording the failure in the execution log and as work to be retried.
    """
    contract = tables()[table]
    days = sorted({day.date() for day in dates})
    started = platform.clock.now()
    began = time.perf_counter()
    attempt = Attempt(platform, contract.full_name, days, entities, run_id, replay)
    lock = platform.ledger.lock(table, days, platform.settings.lock_seconds)
    with attempt, lock, platform.warehouse.listed_once():
        fed_by = _fed_by(platform, contract, days, run_id)
        plan = plan_of(platform, contract, days)
        written = platform.warehouse.versions(table)
        forced = replay.forced(contract.full_name, days) if replay is not None else set()
        dead = attempt.hopeless(plan.input_hash) if replay is None else set()
        todo = [day for day in due_of(platform, contract, days, plan, written, forced) if day not in dead]
        attempt.keep(dead)
        attempt.affected = plan.present
        log = ExecutionLog(platform, contract, plan, fed_by, started, run_id, scope, replay, attempt.attempts)
        made, failures = Made(), []
        for part, done in made_by_season(platform, contract, todo, scope):
            done, read = _held_still(platform, contract, part, scope, done, plan)
            if isinstance(done, Exception):
                log.failed(part, done)
                failures.append((part, done))
                continue
            written = platform.warehouse.versions(table)
            replace(log, plan=_with_own(platform, contract, part, read, written)).completed(part, done, written)
            made += done
        if failures:
            for error, parts in groupby(failures, itemgetter(1)):
                attempt.failed([day for part, _ in parts for day in part], error)
            raise failures[0][1]
        log.skipped(sorted(set(days) - set(todo) - dead), written)
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
        data_version=digest(f"{day} {written.get(str(day), '')}" for day in days),
        null_rates=made.null_rates,
        preview=empty(contract) if made.preview is None else made.preview,
        waiting=[*made.waiting_lines],
        seconds=seconds,
    )


def _with_own(
    platform: Platform, contract: Table, days: Sequence[dt.date], plan: Plan, written: Mapping[str, str]
) -> Plan:
    """The plan of a table that reads its own earlier dates with those that were just written; else as it is."""
    if contract.name not in {entry.table for entry in contract.inputs}:
        return plan
    return plan_of(platform, contract, days, lambda name: written if name == contract.name else plan.versions[name])


def _held_still(
    platform: Platform,
    contract: Table,
    days: Sequence[dt.date],
    scope: Scope | None,
    made: Made | Exception,
    plan: Plan,
) -> tuple[Made | Exception, Plan]:
    """What was made (or what its build raised), and the plan of what was really read for it.

    Inputs may change between plan and read, and a back end may give rows older than there are: those are made again.
    """
    for _ in range(TRIES):
        if isinstance(made, Exception) or made.is_of(plan.versions, contract, days):
            return made, plan
        plan = plan_of(platform, contract, days)
        if not made.is_of(plan.versions, contract, days):
            try:
                made = make(platform, contract, days, scope)
            except Exception as error:  # told to the caller, who logs it with the dates
                made = error
    unsteady = TransientError(
        f"what {contract.full_name} reads does not hold still: {days[0]} was read {TRIES} times",
        "other rows were read than are there: it is tried again",
    )
    return unsteady, plan


def _fed_by(platform: Platform, contract: Table, days: Sequence[dt.date], run_id: str) -> dict[dt.date, list[str]]:
    if contract.dataset == "nba_raw":
        return platform.ledger.pending_ids(days, sources=contract.sources)
    return platform.ledger.pending_ids(days, run_id=run_id)
