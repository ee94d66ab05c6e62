"""Replay: a drop, a date, a table or an entity through the phases again; equal input is skipped."""

from __future__ import annotations

import datetime as dt
import getpass
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from nba_assets.contracts import tables
from nba_assets.defs.run import RunReport, run_range, run_refresh
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.ingest import Window, affected
from nba_assets.engine.intake import applied
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import parse_key
from nba_assets.engine.replay import Replay
from nba_assets.errors import UsageError
from nba_assets.storage.records import Drop

FIRST_PHASE = 2


@dataclass(frozen=True)
class ReplayPlan:
    """What a replay runs: dates from a phase on, one table of them with what reads it, or an entity's refresh.

    Of a window `dates` are those that were asked for; the others read them.
    """

    asked_by: str
    start_phase: int
    key: str = ""
    window: Window | None = None
    dates: tuple[dt.date, ...] = ()
    drops: tuple[Drop, ...] = ()
    table: str = ""

    @property
    def title(self) -> str:
        if self.window is None:
            return self.key
        return f"{self.window.first} to {self.window.last}"


def planned(
    platform: Platform,
    *,
    correlation_id: str = "",
    date: dt.date | None = None,
    key: str = "",
    table: str = "",
    start_phase: int = FIRST_PHASE,
    asked_by: str = "",
) -> ReplayPlan:
    """What the request means. Raises `UsageError` if it names nothing, or something that is not there."""
    if bool(correlation_id) + (date is not None) + bool(key) != 1:
        raise UsageError("what is to be replayed", "give one of --correlation-id ID, --date DATE and --key KEY")
    who = asked_by or operator()
    if key:
        parse_key(key)
        if table:
            raise UsageError("a key is refreshed in all tables", "give --table with --date or --correlation-id")
        return ReplayPlan(who, start_phase, key)
    drops = _named(platform, correlation_id) if correlation_id else []
    dates = [date] if date is not None else drops[0]["game_dates"]
    window = affected(platform, dates, drops or None)
    assert window is not None
    name = _table(table) if table else ""
    return ReplayPlan(who, start_phase, "", window, tuple(dates), tuple(drops), name)


def operator() -> str:
    """Who runs this process: `user@machine`."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def run_replay(platform: Platform, plan: ReplayPlan) -> RunReport:
    """Run it, marked as a replay. A drop that was pending is applied if all phases of its dates succeeded."""
    if plan.window is None:
        return run_refresh(platform, [plan.key], from_phase=plan.start_phase, replay=Replay(plan.asked_by))
    forced = frozenset({tables()[plan.table].full_name} if plan.table else ())
    report = run_range(
        platform,
        plan.window.first,
        plan.window.last,
        from_phase=plan.start_phase,
        only=[plan.table] if plan.table else (),
        replay=Replay(plan.asked_by, forced, frozenset(plan.dates)),
    )
    pending = [drop for drop in plan.drops if drop["status"] == "pending"]
    if report.success and plan.start_phase == FIRST_PHASE and not plan.table:
        applied(platform, pending)
    return report


def _named(platform: Platform, correlation_id: str) -> Sequence[Drop]:
    drops = platform.ledger.drops(correlation_ids=[correlation_id])
    if not drops:
        raise UsageError(f"no drop has the correlation id {correlation_id!r}", "nba-assets status lists the newest")
    if drops[0]["status"] == "quarantined":
        raise UsageError(f"drop {correlation_id} is in quarantine", f"nba-assets quarantine retry {correlation_id}")
    if not drops[0]["game_dates"]:
        raise UsageError(f"drop {correlation_id} speaks for no date", "there is nothing to replay of it")
    return drops


def _table(text: str) -> str:
    """The bare name of a table that a step builds."""
    known = {table.name for table in tables().values() if table.dataset in STEP_DATASETS}
    name = text.rpartition(".")[2]
    if name not in known or text not in (name, tables()[name].full_name):
        raise UsageError(f"no step builds a table {text!r}", f"one of {', '.join(sorted(known))}")
    return name
