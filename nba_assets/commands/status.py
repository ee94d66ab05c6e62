"""`nba-assets status`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nba_assets import console
from nba_assets.commands.session import PHASE_NAMES, account, opened
from nba_assets.commands.traces import Facts, executions, of_drop, of_failures, of_player, of_tables, quarantined
from nba_assets.contracts import tables
from nba_assets.engine.agreement import box_conflicts
from nba_assets.engine.empty_answers import empty_answers
from nba_assets.engine.graph import PHASES
from nba_assets.engine.landing_log import DROP
from nba_assets.engine.lateness import late, missing, overdue
from nba_assets.engine.quarantine import alarm_line, alarms
from nba_assets.engine.unresolved import COLUMNS, candidates, unresolved_names

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

SHOWN = 30
"""Lines of a section, unless the command asks for just that section."""
GAME = ("game_id", "away_tricode", "home_tricode", "tip_at", "game_status_text", "away_score", "home_score")


def run(
    *, date: dt.date | None, player: str, correlation_id: str, failed: bool, unresolved: bool, as_json: bool
) -> None:
    """Print the ledger's account, and what the options ask about."""
    with opened() as platform:
        facts: Facts = {"ledger": platform.ledger.counts(date=date)}
        if correlation_id:
            facts |= of_drop(platform, correlation_id)
        elif player:
            facts |= of_player(platform, player, date)
        elif failed:
            facts["failed"] = of_failures(platform, date)
        elif unresolved:
            facts["unresolved"] = _unresolved(platform, date, nearest=True)
        else:
            facts |= _of_all(platform, date)
    if as_json:
        console.as_json(facts)
        return
    console.say(account(facts.pop("ledger")))
    release = facts.pop("release", None)
    if (where := facts.pop("where", None)) is not None:
        console.say(f"The drop is {where}.")
    elif release is not None:
        console.say(f"Release {release['sequence']} of {release['generated_at']}, as of {release['as_of']}.")
    console.say("")
    for title, rows in facts.items():
        _section(title, rows, SHOWN if len(facts) > 1 else None)
    if unresolved and facts["unresolved"]:
        console.say("Who it is, you say: nba-assets alias add NAME ID --source SOURCE")
    if date is not None and not facts.get("games", True):
        console.say(f"No games are known on {date}.")


def _section(title: str, rows: list[Facts], shown: int | None) -> None:
    """The last rows of a section, and how to see the others."""
    if not rows:
        return
    tail = rows[-shown:] if shown else rows
    cells = [[_named(v) if name == "candidates" else console.plain(v) for name, v in row.items()] for row in tail]
    console.table(title.capitalize(), list(rows[0]), cells)
    if len(tail) < len(rows):
        how = "nba-assets status --unresolved" if title == "unresolved" else "nba-assets status --json"
        console.say(f"{len(rows) - len(tail):,} more {title}: {how}\n")


def _of_all(platform: Platform, date: dt.date | None) -> Facts:
    ledger = platform.ledger
    facts: Facts = {"phases": _phases(platform, date)}
    if date is None:
        from nba_assets.engine.release import current_manifest

        manifest = current_manifest(platform)
        release = {key: manifest[key] for key in ("sequence", "generated_at", "as_of")} if manifest else None
        facts = {"release": release} | facts
        lagging = late(platform)
        waiting: Sequence[Mapping[str, Any]] = console.records(ledger.frames("waiting"))
    else:
        owed = missing(platform, date)
        lagging = overdue(owed, platform.clock.now())
        facts |= {"games": _games(platform, date), "tables": of_tables(platform, date, owed)}
        waiting = ledger.waiting(date)
    failing = ledger.executions(standing=True, date=date)
    facts["failed"] = executions(row for row in failing if row["event_type"] != DROP)
    facts["waiting"] = [console.plain(dict(line)) for line in (*waiting, *empty_answers(platform, date))]
    ids = None if date is None else [drop["correlation_id"] for drop in ledger.drops(date=date)]
    facts["quarantine"] = quarantined(ledger.quarantined(state="open", correlation_ids=ids))
    facts["late"] = [{"late": str(each)} for each in lagging]
    if date is not None:
        facts["conflicts"] = console.records(box_conflicts(platform, (date, date)))
    facts["alarms"] = [{"alarm": alarm_line(rate)} for rate in alarms(platform)]
    facts["unresolved"] = _unresolved(platform, date, nearest=False)
    return facts


def _phases(platform: Platform, date: dt.date | None) -> list[Facts]:
    """Per phase, how many of its tables have rows, of which dates; of one date also which have none."""
    lines: list[Facts] = []
    for phase in range(2, 6):
        members = [t for t in tables().values() if PHASES.get(t.dataset) == phase]
        held = {t.name: list(platform.warehouse.versions(t.name, (date, date) if date else None)) for t in members}
        days = sorted({day for found in held.values() for day in found})
        line: Facts = {
            "phase": f"{phase} {PHASE_NAMES[phase]}",
            "tables with rows": sum(bool(found) for found in held.values()),
            "of": len(members),
        }
        if date is None:
            line |= {"dates": len(days), "first": days[0] if days else None, "last": days[-1] if days else None}
        else:
            line["without"] = ", ".join(name for name, found in held.items() if not found)
        lines.append(line)
    return lines


def _games(platform: Platform, date: dt.date) -> list[Facts]:
    return console.records(platform.warehouse.read("nbac_schedule", dates=(date, date), columns=list(GAME)))


def _unresolved(platform: Platform, date: dt.date | None, *, nearest: bool) -> list[Facts]:
    """Names without a league id, each with the men nearest to it if they are asked for."""
    names = unresolved_names(platform, date)
    lines = console.records(names[COLUMNS].assign(game_date=names["game_date"].astype("datetime64[us]").dt.date))
    if nearest:
        for line, found in zip(lines, candidates(platform, names), strict=True):
            line["candidates"] = found
    return lines


def _named(found: list[Facts]) -> str:
    """`Jalen Brunson NYK 1628973 (92), …`, the most alike first."""
    return ", ".join(f"{c['player_name']} {c['team']} {c['player_id']} ({c['similarity']})" for c in found)
