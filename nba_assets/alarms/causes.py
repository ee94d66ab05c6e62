"""What is wrong now: every rule by its kind, each a pure question to the ledger and the warehouse."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.alarms.deadlines import missed_deadlines
from nba_assets.alarms.feature_drift import feature_drift
from nba_assets.alarms.model_alarms import model_alarms, slate_without_features
from nba_assets.alarms.wording import counted, listed, minute, quoted
from nba_assets.engine.lateness import Late, late
from nba_assets.engine.quarantine import alarm_line, alarms
from nba_assets.storage.records import Cause, Drop, ProcessorRate, Work

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

RATE_OVER = dt.timedelta(days=1)
TOO_MANY_FAIL = 0.05
"""Share of a day's executions that may fail."""
NOT_LOOKED = "not_looked"
"""The kind of an alarm on a rule that could not be asked."""


@dataclass(frozen=True)
class Look:
    """What holds now, and the kinds that could be asked: of the others nothing is known."""

    causes: list[Cause]
    kinds: list[str]


def causes(platform: Platform) -> Look:
    """Every cause that holds now, by the platform's clock.

    A rule that cannot be asked (a table that cannot be read) is a cause of kind `not_looked`, and hides no other.
    """
    found: list[Cause] = []
    asked = [NOT_LOOKED]
    for kind, rule in RULES.items():
        try:
            found += rule(platform)
            asked.append(kind)
        except Exception as error:
            why = f"cannot look for {kind}: {type(error).__name__}: {quoted(str(error))}: nba-assets doctor"
            found.append(Cause(NOT_LOOKED, f"{NOT_LOOKED}|{kind}", why))
    return Look(found, asked)


def dead_letters(platform: Platform) -> list[Cause]:
    """Work whose last retry failed: one cause per processor and class of error."""
    groups: dict[tuple[str, str], list[Work]] = defaultdict(list)
    for work in platform.ledger.work(status=["dead"]):
        groups[work["processor_name"], work["error_type"]].append(work)
    return [
        Cause(
            "dead_letters",
            f"dead_letters|{processor}|{error}",
            f"{counted(len(works), 'dead letter')} of {processor} with {quoted(error) or 'no error'},"
            f" the first failed at {minute(min(work['first_failed_at'] for work in works))}:"
            f" {quoted(works[-1]['error_message'])}: put it right, then nba-assets dead-letters list, and replay or"
            " discard them",
        )
        for (processor, error), works in sorted(groups.items())
    ]


def stuck_updates(platform: Platform) -> list[Cause]:
    """Drops whose consequences are not in the tables for too long: one cause per source.

    The time counts from the receipt, or from when they last left quarantine.
    """
    minutes = platform.settings.stuck_after_minutes
    before = platform.clock.now() - dt.timedelta(minutes=minutes)
    old = [d for d in platform.ledger.drops(status=["received", "pending"]) if d["received_at"] <= before]
    since = {drop["correlation_id"]: drop["received_at"] for drop in old}
    for entry in platform.ledger.quarantined(correlation_ids=list(since)) if old else ():
        seen = entry["closed_at"] or entry["last_seen"]
        since[entry["correlation_id"]] = max(since[entry["correlation_id"]], seen)
    groups: dict[str, list[Drop]] = defaultdict(list)
    for drop in sorted(old, key=lambda drop: since[drop["correlation_id"]]):
        if since[drop["correlation_id"]] <= before:
            groups[drop["source"]].append(drop)
    return [
        Cause(
            "stuck_updates",
            f"stuck_updates|{source}",
            f"{counted(len(drops), 'drop')} of {source} pending for more than {minutes} minutes, the oldest since"
            f" {minute(since[drops[0]['correlation_id']])}: {quoted(drops[0]['object_name'])}: nba-assets status"
            f" --correlation-id {drops[0]['correlation_id']} shows how far it came",
        )
        for source, drops in sorted(groups.items())
    ]


def failure_rate(platform: Platform) -> list[Cause]:
    """More than a twentieth of the executions of the last 24 hours failed: one cause, which names the processors."""
    now = platform.clock.now()
    rates = platform.ledger.processor_rates(now - RATE_OVER, now)
    failed, ended = sum(r["failed"] for r in rates), sum(r["failed"] + r["completed"] for r in rates)
    if failed <= TOO_MANY_FAIL * ended:
        return []
    worst = sorted((r for r in rates if r["failed"]), key=lambda r: (-r["failed"], r["processor_name"]))
    return [
        Cause(
            "failure_rate",
            "failure_rate",
            f"{failed:,} of {ended:,} executions of the last 24 hours failed ({failed / ended:.1%}):"
            f" {listed([_rate(rate) for rate in worst])}: nba-assets status shows their errors",
        )
    ]


def late_sources(platform: Platform) -> list[Cause]:
    """Sources that should have a game by now: one cause per source and date."""
    groups: dict[tuple[str, dt.date], list[Late]] = defaultdict(list)
    for each in late(platform):
        groups[each.source, each.game_date].append(each)
    return [
        Cause(
            "late_sources",
            f"late_sources|{source}|{day}",
            f"{source} is late for {listed([game.teams for game in games])} of {day}, due since"
            f" {minute(min(game.due_at for game in games if game.due_at is not None))}:"
            f" nba-assets fetch {source} --date {day}",
        )
        for (source, day), games in sorted(groups.items())
    ]


def quarantine_rate(platform: Platform) -> list[Cause]:
    """Sources of whose newest receipts too many are in quarantine: one cause per source."""
    return [
        Cause(
            "quarantine_rate",
            f"quarantine_rate|{rate['source']}",
            f"{alarm_line(rate)}: nba-assets quarantine list --source {rate['source']}",
        )
        for rate in alarms(platform)
    ]


RULES: dict[str, Callable[[Platform], Iterable[Cause]]] = {
    "dead_letters": dead_letters,
    "stuck_updates": stuck_updates,
    "failure_rate": failure_rate,
    "late_sources": late_sources,
    "missed_deadlines": missed_deadlines,
    "quarantine_rate": quarantine_rate,
    "model_alarms": model_alarms,
    "slate_without_features": slate_without_features,
    "feature_drift": feature_drift,
}
"""By kind, what finds its causes."""


def _rate(rate: ProcessorRate) -> str:
    ended = rate["failed"] + rate["completed"]
    return f"{rate['processor_name']} {rate['failed']:,} of {ended:,} ({rate['error_type'] or 'no error'})"
