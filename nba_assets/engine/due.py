"""What is due: the dates of a table whose inputs, code or rows are not those of its last execution."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.contracts import tables
from nba_assets.contracts.model import Role, Table
from nba_assets.engine.aliases import alias_lines
from nba_assets.engine.code_version import code_version
from nba_assets.engine.execution_log import Plan
from nba_assets.engine.graph import build_order, input_dates
from nba_assets.engine.halts import DECISIONS, halt_lines, standing
from nba_assets.engine.look_ahead import known_ahead, looks_ahead
from nba_assets.engine.model_choices import choice_lines
from nba_assets.engine.release_log import PROCESSOR
from nba_assets.engine.stale import failed_for_good
from nba_assets.league import league_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


Versions = Callable[[str], Mapping[str, str]]
"""The version of every partition of a table by ISO date."""


def due(platform: Platform, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
    """By date, the tables that a step would build now, in order, and the release that has to follow; else left out.

    A table whose input is due becomes due when that one is built: it is not listed before.
    """
    found: dict[dt.date, list[str]] = {}
    versions = functools.cache(platform.warehouse.versions)
    with platform.warehouse.listed_once():
        for name in build_order() if days else ():
            contract = tables()[name]
            plan = plan_of(platform, contract, days, versions)
            for day in due_of(platform, contract, days, plan, versions(name)):
                found.setdefault(day, []).append(name)
        for day in unreleased(platform, days, versions):
            found.setdefault(day, []).append(PROCESSOR)
    return dict(sorted(found.items()))


def unreleased(platform: Platform, days: Sequence[dt.date], versions: Versions) -> list[dt.date]:
    """Dates whose tables are not those of their last release: its process was killed before it got there.

    One whose release was refused for good, with the tables as they are, is not among them.
    """
    inputs = release_inputs(platform, days, versions)
    last = platform.ledger.last_hashes(PROCESSOR, list(inputs))
    behind = [day for day, now in inputs.items() if last.get(str(day), ("", ""))[0] != now]
    if not behind:
        return []
    dead = platform.ledger.work(status=["dead"], processor=PROCESSOR)
    refused = {day for item in dead if item["permanent"] for day in item["dates"]}
    failed = platform.ledger.failed_hashes(PROCESSOR, behind)
    return [day for day in behind if day not in refused or failed.get(day) != inputs[day]]


def release_inputs(platform: Platform, days: Sequence[dt.date], versions: Versions) -> dict[dt.date, str]:
    """By date with rows in any table, a digest of the versions of all, and of what else its documents show.

    That is a halt, and that work of the date failed for good. The newest date with decisions carries the halt of the
    status document, whenever it was.
    """
    lines: dict[dt.date, list[str]] = {day: [] for day in days}
    rows: set[dt.date] = set()
    for day, count in failed_for_good(platform, days).items():
        lines[day].append(f"dead letters {count}")
    if days and (halt := standing(platform)) is not None:
        newest = max(versions(DECISIONS), default="")
        for day in days:
            if day >= league_date(halt.since) or str(day) == newest:
                lines[day].append(f"halt {halt.since} {halt.reason}")
    for name in build_order() if days else ():
        there = versions(name)
        for day in days:
            if (version := there.get(str(day))) is not None:
                lines[day].append(f"{name} {version}")
                rows.add(day)
    return {day: digest(found) for day, found in lines.items() if day in rows}


@dataclass(frozen=True)
class Outlook:
    """A table on a date: whether it has rows, its inputs have, which critical ones lack, and a step would build it."""

    written: bool
    present: bool
    missing: list[str]
    due: bool


def outlook(platform: Platform, table: str, day: dt.date, versions: Versions) -> Outlook:
    """What a step would do with the date as things are; nothing is built."""
    contract = tables()[table]
    plan = plan_of(platform, contract, [day], versions)
    written = {text: version for text, version in versions(table).items() if text == str(day)}
    is_due = bool(due_of(platform, contract, [day], plan, written))
    return Outlook(bool(written), day in plan.present, plan.missing[day], is_due)


def plan_of(platform: Platform, contract: Table, days: Sequence[dt.date], versions: Versions | None = None) -> Plan:
    """What the table would be built from on each of the dates, and what is missing of it.

    `versions`: those of the tables' partitions, where they have been listed already.
    """
    of_table = versions or platform.warehouse.versions
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
    for lines_of in (choice_lines, halt_lines):
        for day, lines in lines_of(platform, contract, days).items():
            parts[day] += lines
    groups: dict[dt.date, dict[str, bool]] = {day: {} for day in days}
    inputs = {entry.table: of_table(entry.table) for entry in contract.inputs}
    for entry in contract.inputs:
        there = inputs[entry.table]
        known = sorted(there)
        ahead = known_ahead(platform, entry, days) if looks_ahead(contract, entry) else None
        of_span = functools.cache(functools.partial(_versions_digest, entry.table, there, known))
        for day in days:
            first, last = input_dates(entry, day)
            if ahead is not None:
                parts[day] += ahead[day]
                last = day
            parts[day].append(of_span(first, last))
            if str(day) in there and contract.dataset != "nba_raw" and entry.role is not Role.HISTORY:
                present.add(day)
            if entry.role is Role.CRITICAL:
                group = entry.any_of or entry.table
                groups[day][group] = groups[day].get(group, False) or str(day) in there
    for day in days:
        missing[day] = [group for group, there in groups[day].items() if not there]
    return Plan({day: digest(parts[day]) for day in days}, present, missing, inputs)


def _versions_digest(table: str, there: Mapping[str, str], known: Sequence[str], first: dt.date, last: dt.date) -> str:
    names = known[bisect_left(known, str(first)) : bisect_right(known, str(last))]
    return digest([table, *(f"{name} {there[name]}" for name in names)])


def due_of(
    platform: Platform,
    contract: Table,
    days: Sequence[dt.date],
    plan: Plan,
    written: Mapping[str, str],
    forced: Collection[dt.date] = (),
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


def digest(parts: Iterable[str]) -> str:
    """sha256 of the lines."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
