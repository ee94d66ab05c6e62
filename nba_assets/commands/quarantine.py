"""`nba-assets quarantine`: what did not pass, shown, tried again, discarded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import typer

from nba_assets import console
from nba_assets.commands.current import landed, make_current
from nba_assets.commands.session import PhaseTimes, account, opened
from nba_assets.engine.ingest import Window
from nba_assets.engine.intake import IntakeResult
from nba_assets.engine.platform import Platform
from nba_assets.engine.quarantine import Retried, chosen, date_labels, discard, grouped, retry
from nba_assets.errors import UsageError
from nba_assets.storage.records import Quarantined, QuarantineState

SHOWN = 30
STATES: dict[str, QuarantineState | None] = {
    "open": "open",
    "resolved": "resolved",
    "discarded": "discarded",
    "all": None,
}


def run_list(*, source: str, rule: str, date: dt.date | None, state: str, as_json: bool) -> None:
    """Print entries, counted by source, rule and date."""
    if state not in STATES:
        raise UsageError(f"no state {state!r}", f"one of {', '.join(STATES)}")
    with opened() as platform:
        entries = platform.ledger.quarantined(source=source or None, state=STATES[state])
        if rule:
            entries = [entry for entry in entries if entry["rule"] == rule]
        if date is not None:
            named = {drop["correlation_id"] for drop in platform.ledger.drops(date=date)}
            entries = [entry for entry in entries if entry["correlation_id"] in named]
        groups = [vars(group) for group in grouped(entries, date_labels(platform, entries))]
    if as_json:
        console.as_json({"groups": groups, "entries": entries})
        return
    if not entries:
        console.say(f"Nothing in quarantine is {state}." if state != "all" else "Nothing is or was in quarantine.")
        return
    times = ("first_seen", "last_seen")
    lines = [[_minute(v) if name in times else v for name, v in group.items()] for group in groups]
    console.table("By source, rule and date", list(groups[0]), lines)
    columns = ("quarantine_id", "state", "object_name", "place", "rule", "message")
    console.table("Newest entries", columns, [[dict(entry)[c] for c in columns] for entry in entries[-SHOWN:]])
    if len(entries) > SHOWN:
        console.say(f"{len(entries) - SHOWN:,} more: --source, --rule and --date choose, --json shows all")
    console.say("One of them in full: nba-assets quarantine show ID")


def run_show(text: str, *, as_json: bool) -> None:
    """Print everything about an entry, or about those of a drop, and where the bytes are."""
    with opened() as platform:
        entries = chosen(platform, [text])
        drops = {
            drop["correlation_id"]: drop
            for drop in platform.ledger.drops(correlation_ids=[entry["correlation_id"] for entry in entries])
        }
        facts = [_facts(platform, entry, dict(drops[entry["correlation_id"]])) for entry in entries]
    if as_json:
        console.as_json(facts)
        return
    for fact in facts:
        console.table("", ["", ""], [[name, console.plain(value)] for name, value in fact.items()])


def run_retry(ids: Sequence[str], *, source: str, everything: bool, as_json: bool) -> None:
    """Parse the kept bytes again; exit 1 if something still does not pass."""
    if bool(ids) + bool(source) + everything != 1:
        raise UsageError("what is to be tried again", "give IDs, or --source SOURCE, or --all")
    times = PhaseTimes()
    with opened() as platform:
        entries = chosen(platform, ids) if ids else platform.ledger.quarantined(source=source or None, state="open")

        def process(window: Window, result: IntakeResult) -> bool:
            landed(platform, result)
            make_current(platform, window, times, result.drops)
            return True

        found = retry(platform, entries, process) if entries else []
        counts = platform.ledger.counts()
    if as_json:
        console.as_json({"drops": [_outcome(one) for one in found], "ledger": counts, "phases": times.records()})
    else:
        for one in found:
            if one.resolved:
                console.say(_passed(one))
        good = sum(not one.rejects for one in found)
        console.say(f"{len(found):,} tried again: {good:,} pass, {len(found) - good:,} do not. {account(counts)}")
    for one in found:
        for reject in one.rejects:
            console.fail(
                f"still bad: {reject['source']}: {reject['object_name']}: {reject['place']}: rule {reject['rule']}:"
                f" {reject['message']}",
                f"nba-assets quarantine show {reject['quarantine_id']}",
            )
    if any(one.rejects for one in found):
        raise typer.Exit(1)


def run_discard(ids: Sequence[str], *, reason: str, as_json: bool) -> None:
    """Close entries with a reason; they and their bytes are kept."""
    with opened() as platform:
        entries = chosen(platform, ids)
        discard(platform, entries, reason)
        closed = platform.ledger.quarantined(ids=[entry["quarantine_id"] for entry in entries])
    if as_json:
        console.as_json(closed)
        return
    for entry in closed:
        console.say(f"{entry['quarantine_id']} discarded: {entry['object_name']}: {entry['place']}: {entry['reason']}")


def _facts(platform: Platform, entry: Quarantined, drop: dict[str, Any]) -> dict[str, Any]:
    path = platform.settings.quarantine.absolute() / entry["kept_at"]
    about = {name: drop[name] for name in ("known_at", "received_at", "size")}
    return {**entry, "bytes": str(path), "drop_status": drop["status"], **about}


def _passed(one: Retried) -> str:
    drop = one.drop
    days = ", ".join(map(str, drop["game_dates"][:3])) + (", …" if len(drop["game_dates"]) > 3 else "")
    return f"{drop['source']}: {drop['object_name']}: {drop['rows']} rows of {days}, known since {drop['known_at']}"


def _outcome(one: Retried) -> dict[str, Any]:
    names = ("correlation_id", "source", "object_name", "status", "outcome", "rows", "game_dates", "known_at")
    return {
        **{name: dict(one.drop)[name] for name in names},
        "passed": not one.rejects,
        "resolved": one.resolved,
        "still_bad": one.rejects,
    }


def _minute(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
