"""What a date is waiting for: every table's state on it, since when, and which source is to blame."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets.contracts import tables
from nba_assets.contracts.model import Role, Table
from nba_assets.engine.due import Outlook, outlook
from nba_assets.engine.execution_log import WAITING as AWAITS
from nba_assets.engine.graph import build_order
from nba_assets.engine.lateness import Late
from nba_assets.storage.records import Execution, Waiting

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

CURRENT = "current"
DUE = "due"
WAITING = "waiting"
FAILED = "failed"
NOTHING = "nothing"
UNRIPE = ""
"""Input hash of an execution some of whose rows will be known later: it is due again whatever its inputs."""
HELD_UP = (DUE, WAITING, FAILED)


@dataclass(frozen=True)
class Blame:
    """A source that has not delivered and when it should have (None: nobody can say), or a table that failed."""

    source: str
    due_at: dt.datetime | None = None

    def told(self, now: dt.datetime) -> str:
        """`nbac_gamebook_player_stats, due 2024-11-02 16:00 UTC`, `…, late since …` or the bare name."""
        if self.due_at is None:
            return self.source
        return f"{self.source}, {'late since' if self.due_at <= now else 'due'} {self.due_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True)
class TableState:
    """One table on one date.

    current: as its inputs and code have it; due: a step would build it now; waiting: for `awaited`, all of it or the
    `games`; failed: its newest execution did, `awaited` is the error; nothing: it has no rows of the date and waits for
    none. `since` is None where nothing has happened yet.
    """

    table: str
    state: str
    since: dt.datetime | None = None
    awaited: tuple[str, ...] = ()
    games: tuple[str, ...] = ()
    blame: tuple[Blame, ...] = ()


@dataclass
class _Date:
    """What is known of the date while its tables are gone through, inputs before their consumers."""

    day: dt.date
    newest: dict[str, Execution]
    waiting: dict[str, list[Waiting]]
    missing: list[Late]
    since: dict[str, dt.datetime]
    states: dict[str, TableState] = field(default_factory=dict)


def date_state(platform: Platform, day: dt.date, owed: list[Late]) -> list[TableState]:
    """The state of every table that a step builds, in build order. Nothing is written.

    `owed`: the games that sources have not, `lateness.missing` of the date.
    """
    ledger, names = platform.ledger, [tables()[name].full_name for name in build_order()]
    waiting: dict[str, list[Waiting]] = {}
    for row in ledger.waiting(day):
        waiting.setdefault(row["table_name"], []).append(row)
    newest = ledger.newest_executions(day, names)
    kept_back = [name for name, last in newest.items() if _skip_reason(last).startswith(AWAITS)]
    since = ledger.waiting_since(day, kept_back) if kept_back else {}
    found = _Date(day, newest, waiting, owed, since)
    versions = functools.cache(platform.warehouse.versions)
    for name in build_order():
        found.states[name] = _state(platform, tables()[name], outlook(platform, name, day, versions), found)
    return list(found.states.values())


def _state(platform: Platform, table: Table, seen: Outlook, found: _Date) -> TableState:
    last = found.newest.get(table.full_name)
    if last is not None and last["status"] == "failed":
        return TableState(table.name, FAILED, last["completed_at"], (last["error_message"],))
    games = found.waiting.get(table.name, [])
    if seen.due and not (games and last is not None and last["input_hash"] == UNRIPE):
        return TableState(table.name, DUE, _changed_at(platform, table, found))
    if table.dataset == "nba_raw":
        return _raw(table, seen, last, found)
    lacking = [] if seen.written else _lacking(table, seen.missing)
    if lacking and (seen.present or any(found.states[name].state in HELD_UP for name in lacking)):
        blame = _earliest(blame for name in lacking for blame in _to_blame(name, found))
        since = found.since.get(table.full_name)
        awaited = tuple(" or ".join(_lacking(table, [group])) for group in seen.missing)
        return TableState(table.name, WAITING, since, awaited, blame=blame)
    if games:
        return _waiting_games(table, games, found)
    return _at_rest(table, seen, last)


def _raw(table: Table, seen: Outlook, last: Execution | None, found: _Date) -> TableState:
    """A raw table with drops of its own waits for the games of the date that its source has not."""
    owed = [late for late in found.missing if late.source == table.name]
    if not owed:
        return _at_rest(table, seen, last)
    awaited = (f"landing.{table.name}",)
    games = tuple(sorted({late.game_id for late in owed}))
    blame = _earliest(Blame(late.source, late.due_at) for late in owed)
    return TableState(table.name, WAITING, None, awaited, games, blame)


def _at_rest(table: Table, seen: Outlook, last: Execution | None) -> TableState:
    since = last["completed_at"] if last is not None else None
    return TableState(table.name, CURRENT if seen.written else NOTHING, since)


def _skip_reason(row: Execution) -> str:
    return str((row["metadata"] or {}).get("skip_reason", ""))


def _waiting_games(table: Table, rows: Sequence[Waiting], found: _Date) -> TableState:
    games = sorted({row["game_id"] for row in rows})
    needed = _critical_sources(table)
    owed = [late for late in found.missing if late.game_id in games and late.source in needed]
    blame = _earliest(Blame(late.source, late.due_at) for late in owed)
    reasons = tuple(dict.fromkeys(row["reason"] for row in rows))
    return TableState(table.name, WAITING, min(row["since"] for row in rows), reasons, tuple(games), blame)


def _lacking(table: Table, groups: Collection[str]) -> list[str]:
    """The critical inputs of the groups: of a group none is there."""
    return [e.table for e in table.inputs if e.role is Role.CRITICAL and (e.any_of or e.table) in groups]


def _to_blame(name: str, found: _Date) -> tuple[Blame, ...]:
    """Who is to blame that an input is not there: its own sources, or who is to blame for what it waits for."""
    table, state = tables()[name], found.states[name]
    if state.state == FAILED:
        return (Blame(name),)
    if table.dataset != "nba_raw":
        return state.blame
    owed = [Blame(late.source, late.due_at) for late in found.missing if late.source in table.sources]
    return tuple(owed) or tuple(Blame(source) for source in table.sources)


def _critical_sources(table: Table) -> set[str]:
    """The landing sources without which the table has no row of a game."""
    found: set[str] = set()
    for entry in table.inputs:
        if entry.role is Role.CRITICAL:
            needed = tables()[entry.table]
            found |= set(needed.sources) if needed.dataset == "nba_raw" else _critical_sources(needed)
    return found


def _earliest(blame: Iterable[Blame]) -> tuple[Blame, ...]:
    """Each source once, with the first time that it is due, the longest overdue first."""
    first: dict[str, Blame] = {}
    for one in blame:
        known = first.get(one.source)
        if known is None or _when(one) < _when(known):
            first[one.source] = one
    return tuple(sorted(first.values(), key=lambda one: (_when(one), one.source)))


def _when(blame: Blame) -> dt.datetime:
    return blame.due_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def _changed_at(platform: Platform, table: Table, found: _Date) -> dt.datetime | None:
    """When what a due table is built from last changed: its pending drops, or its inputs' newest executions."""
    if table.dataset == "nba_raw":
        drops = platform.ledger.drops(date=found.day, status=["pending"])
        moments = [drop["received_at"] for drop in drops if drop["source"] in table.sources]
        return min(moments, default=None)
    last = [found.newest.get(tables()[entry.table].full_name) for entry in table.inputs]
    return max((one["completed_at"] for one in last if one is not None and one["status"] == "completed"), default=None)
