"""The quarantine at the desk: find entries, try them again, discard them, and notice a source that has too many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.engine.ingest import Window, affected
from nba_assets.engine.intake import IntakeResult, add_pending, applied, judge
from nba_assets.engine.rejects import TOO_LARGE
from nba_assets.errors import UsageError
from nba_assets.sources.paths import source_of
from nba_assets.storage.records import Drop, Quarantined, QuarantineEntry, QuarantineRate, kept_at

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

NEWEST = 50
"""Receipts of a source that its rate is taken of."""
TOO_MANY = 0.2
"""Share of them in quarantine above which a source is named."""
PASSED = "passed at a retry"
NAME = "name"
"""The rule of names that are refused: what lies there was never taken as a drop."""
LIST = "nba-assets quarantine list"


@dataclass(frozen=True)
class Retried:
    """A drop that was parsed again: as it is now, the rejects that it still has, and how many it has no more."""

    drop: Drop
    rejects: list[Quarantined]
    resolved: int


def chosen(platform: Platform, ids: Sequence[str]) -> list[Quarantined]:
    """Entries by their numbers, or by the correlation ids of their drops. Raises `UsageError` for one that is none."""
    found: dict[int, Quarantined] = {}
    for text in ids:
        if text.isdecimal() and len(text) < 16:
            entries = platform.ledger.quarantined(ids=[int(text)])
        else:
            entries = platform.ledger.quarantined(correlation_ids=[text])
        if not entries:
            raise UsageError(f"nothing in quarantine has the id {text!r}", f"{LIST} --state all shows what there is")
        found |= {entry["quarantine_id"]: entry for entry in entries}
    return list(found.values())


def retry(
    platform: Platform, entries: Sequence[Quarantined], run: Callable[[Window, IntakeResult], bool]
) -> list[Retried]:
    """Parse the drops of the entries again, and run what those that pass change, known since their own capture.

    A drop is tried as a whole; one that fails stays in quarantine, with `last_seen` moved.
    """
    ids = list(dict.fromkeys(entry["correlation_id"] for entry in entries))
    asked = {entry["quarantine_id"] for entry in entries}
    before = platform.ledger.drops(correlation_ids=ids)
    known = platform.ledger.quarantined(correlation_ids=ids)
    ready = [drop for drop in (_landed(platform, one, known) for one in before) if drop is not None]
    result = IntakeResult()
    judge(platform, ready, result)
    refused = set(ids) - {drop["correlation_id"] for drop in ready}
    again = {(e.correlation_id, e.place, e.rule) for e in result.quarantined}
    again |= {(e["correlation_id"], e["place"], e["rule"]) for e in known if e["correlation_id"] in refused}
    counted = [entry for entry in known if entry["state"] == "open" or entry["quarantine_id"] in asked]
    gone = [e["quarantine_id"] for e in counted if (e["correlation_id"], e["place"], e["rule"]) not in again]
    platform.ledger.close_quarantine(gone, "resolved", PASSED, platform.clock.now())
    for drop in before:
        if drop["status"] == "applied":
            result.dirty.setdefault(drop["source"], set()).update(drop["game_dates"])
    add_pending(platform.ledger.drops(correlation_ids=ids, status=["pending"]), result)
    window = affected(platform, result.dates)
    if window is None or run(window, result):
        applied(platform, result.drops)
    return _report(platform, ids, {*gone, *asked})


def _report(platform: Platform, ids: Sequence[str], about: set[int]) -> list[Retried]:
    drops = platform.ledger.drops(correlation_ids=ids)
    entries = platform.ledger.quarantined(correlation_ids=ids)
    found = []
    for drop in drops:
        own = [entry for entry in entries if entry["correlation_id"] == drop["correlation_id"]]
        passed = [e for e in own if e["state"] == "resolved" and e["quarantine_id"] in about]
        still = [e for e in own if e["state"] == "open" or (e["state"] == "discarded" and e["quarantine_id"] in about)]
        found.append(Retried(drop, still, len(passed)))
    return found


def discard(platform: Platform, entries: Sequence[Quarantined], reason: str) -> None:
    """Close entries for good: they stay visible with the reason, and the bytes stay where they are.

    Raises `UsageError` without a reason, and for an entry that is closed.
    """
    if not reason.strip():
        raise UsageError("a discard needs a reason", "give --reason TEXT")
    for entry in entries:
        if entry["state"] != "open":
            raise UsageError(
                f"entry {entry['quarantine_id']} is {entry['state']}: {entry['reason']}", f"{LIST} shows what is open"
            )
    ids = [entry["quarantine_id"] for entry in entries]
    platform.ledger.close_quarantine(ids, "discarded", reason.strip(), platform.clock.now())


def alarms(platform: Platform) -> list[QuarantineRate]:
    """The sources of whose newest receipts too many are in quarantine."""
    return [rate for rate in platform.ledger.quarantine_rates(NEWEST) if share(rate) > TOO_MANY]


def share(rate: QuarantineRate) -> float:
    """Quarantined of the source's newest receipts, 0 to 1."""
    return rate["quarantined"] / rate["receipts"]


def alarm_line(rate: QuarantineRate) -> str:
    """`nbac_schedule: 12 of its newest 50 receipts are in quarantine, most by rule json`."""
    return (
        f"{rate['source']}: {rate['quarantined']} of its newest {rate['receipts']} receipts are in quarantine,"
        f" most by rule {rate['rule']}"
    )


def _landed(platform: Platform, drop: Drop, entries: Sequence[Quarantined]) -> Drop | None:
    """The drop ready to be parsed; None if it cannot be: a name or size that is refused, a path that no source claims.

    A path that a source claims by now is landed at last.
    """
    own = [entry for entry in entries if entry["correlation_id"] == drop["correlation_id"]]
    source = source_of(drop["object_name"])
    if source is None or any(entry["rule"] in (NAME, TOO_LARGE) for entry in own):
        platform.ledger.quarantine([_again(entry) for entry in own], platform.clock.now())
        return None
    if source == drop["source"]:
        return drop
    kept = platform.quarantine.get(kept_at(drop["content_hash"]), drop["content_hash"])
    platform.landing.put(drop["object_name"], kept)
    platform.ledger.claim([drop["correlation_id"]], source)
    return {**drop, "source": source}


def _again(entry: Quarantined) -> QuarantineEntry:
    return QuarantineEntry(
        source=entry["source"],
        object_name=entry["object_name"],
        content_hash=entry["content_hash"],
        place=entry["place"],
        rule=entry["rule"],
        message=entry["message"],
        excerpt=entry["excerpt"],
        game=entry["game"],
    )


@dataclass(frozen=True)
class Group:
    """Open (or closed) entries of one source, rule and date."""

    source: str
    rule: str
    date: str
    count: int
    first_seen: dt.datetime
    last_seen: dt.datetime


def grouped(entries: Sequence[Quarantined], dates: dict[str, str]) -> list[Group]:
    """Entries by source, rule and date of their drops, in that order; `dates`: that date by correlation id."""
    found: dict[tuple[str, str, str], list[Quarantined]] = {}
    for entry in entries:
        name = (entry["source"], entry["rule"], dates.get(entry["correlation_id"], ""))
        found.setdefault(name, []).append(entry)
    return [
        Group(*name, len(own), min(e["first_seen"] for e in own), max(e["last_seen"] for e in own))
        for name, own in sorted(found.items())
    ]


def date_labels(platform: Platform, entries: Sequence[Quarantined]) -> dict[str, str]:
    """By correlation id the date that a drop names, or the first and last of several; empty without any."""
    ids = sorted({entry["correlation_id"] for entry in entries})
    days = {drop["correlation_id"]: sorted(drop["game_dates"]) for drop in platform.ledger.drops(correlation_ids=ids)}
    return {
        name: "" if not found else str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"
        for name, found in days.items()
    }
