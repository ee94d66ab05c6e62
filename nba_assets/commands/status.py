"""`nba-assets status`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import PHASE_NAMES, account, opened
from nba_assets.contracts import tables
from nba_assets.engine.agreement import box_conflicts
from nba_assets.engine.empty_answers import empty_answers
from nba_assets.engine.graph import PHASES
from nba_assets.engine.lateness import late
from nba_assets.engine.quarantine import alarm_line, alarms
from nba_assets.engine.release import current_manifest
from nba_assets.engine.unresolved import COLUMNS, candidates, unresolved_names
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

SHOWN = 30
"""Lines of a section, unless the command asks for just that section."""
DROP = ("object_name", "status", "outcome", "rows", "known_at", "received_at")
GAME = ("game_id", "away_tricode", "home_tricode", "tip_at", "game_status_text", "away_score", "home_score")
EXECUTION = ("started_at", "processor_name", "game_date", "event_type", "status", "records_processed", "error_message")
QUARANTINED = ("last_seen", "source", "object_name", "place", "rule", "message")
WORK = ["processor_name", "game_date", "scope"]

Facts = dict[str, Any]


def run(*, date: dt.date | None, player: str, correlation_id: str, unresolved: bool, as_json: bool) -> None:
    """Print the ledger's account, and what the options ask about."""
    with opened() as platform:
        facts: Facts = {"ledger": platform.ledger.counts(date=date)}
        if correlation_id:
            facts |= _of_drop(platform, correlation_id)
        elif player:
            facts |= _of_player(platform, player, date)
        elif unresolved:
            facts["unresolved"] = _unresolved(platform, date, nearest=True)
        else:
            facts |= _of_all(platform, date)
    if as_json:
        console.as_json(facts)
        return
    console.say(account(facts.pop("ledger")))
    if (release := facts.pop("release", None)) is not None:
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
    log = platform.ledger.frames("pipeline_execution_log")
    waiting, quarantine = platform.ledger.frames("waiting"), platform.ledger.frames("quarantine")
    quarantine = quarantine[quarantine["state"] == "open"]
    facts: Facts = {"phases": _phases(platform, date)}
    if date is None:
        manifest = current_manifest(platform)
        release = {key: manifest[key] for key in ("sequence", "generated_at", "as_of")} if manifest else None
        facts = {"release": release} | facts
    else:
        facts["games"] = _games(platform, date)
        waiting = waiting[waiting["game_date"] == pd.Timestamp(date)]
        log = log[log["game_date"] == pd.Timestamp(date)]
        quarantine = quarantine[quarantine["object_name"].isin([d["object_name"] for d in _drops(platform, date)])]
    newest = log.sort_values("sequence").drop_duplicates(WORK, keep="last")
    facts["failed"] = _executions(newest[newest["status"] == "failed"])
    facts["waiting"] = console.records(waiting) + [console.plain(line) for line in empty_answers(platform, date)]
    facts["quarantine"] = _quarantined(quarantine)
    facts["late"] = [{"late": str(each)} for each in late(platform, date)]
    if date is not None:
        facts["conflicts"] = console.records(box_conflicts(platform, (date, date)))
    facts["alarms"] = [{"alarm": alarm_line(rate)} for rate in alarms(platform)]
    facts["unresolved"] = _unresolved(platform, date, nearest=False)
    return facts


def _of_drop(platform: Platform, correlation_id: str) -> Facts:
    """One drop: what became of it, and every step that it fed."""
    drops = platform.ledger.drops(correlation_ids=[correlation_id])
    if not drops:
        raise UsageError(
            f"no drop has the correlation id {correlation_id!r}",
            "list them: nba-assets query 'SELECT correlation_id, object_name FROM nba_orchestration.drops'",
        )
    drop = drops[0]
    log = platform.ledger.frames("pipeline_execution_log")
    quarantine = platform.ledger.frames("quarantine")
    same = (quarantine["object_name"] == drop["object_name"]) & (quarantine["content_hash"] == drop["content_hash"])
    return {
        "drops": [{name: dict(drop)[name] for name in DROP}],
        "executions": _executions(log[log["correlation_ids"].map(lambda ids: correlation_id in ids)]),
        "quarantine": _quarantined(quarantine[same]),
    }


def _of_player(platform: Platform, player: str, date: dt.date | None) -> Facts:
    """One player: who he is, how far his rows have come, and the refreshes that touched them."""
    span = (date, date) if date else None
    known = platform.warehouse.read(
        "player_identity", columns=["game_date", "player_id", "player_name", "team_tricode"]
    )
    known = known[known["player_id"] == player]
    if known.empty:
        raise UsageError(
            f"no player has the league id {player!r}",
            'look it up: nba-assets query "SELECT player_id, player_name FROM nba_raw.player_identity WHERE'
            " player_lookup LIKE '%jokic%'\"",
        )
    newest = known.sort_values("game_date").iloc[-1]
    rows = []
    for table in tables().values():
        if "player_id" in table.column_names and table.dataset != "nba_orchestration":
            his = platform.warehouse.read(table, dates=span, columns=["game_date", "player_id"])
            his = his[his["player_id"] == player]
            if len(his):
                days = his["game_date"].dt.date
                rows.append({"table": table.full_name, "rows": len(his), "first": days.min(), "last": days.max()})
    log = platform.ledger.frames("pipeline_execution_log")
    touched = log["affected_entities"].fillna("").str.contains(f'"{player}"', regex=False)
    if date is not None:
        touched &= log["game_date"] == pd.Timestamp(date)
    return {
        "player": [{"player_id": player, "name": newest["player_name"], "team": newest["team_tricode"]}],
        "rows": rows,
        "executions": _executions(log[touched]),
    }


def _executions(log: pd.DataFrame) -> list[Facts]:
    log = log.sort_values("sequence")
    return console.records(log.assign(started_at=log["started_at"].dt.floor("s"))[list(EXECUTION)])


def _quarantined(entries: pd.DataFrame) -> list[Facts]:
    return console.records(entries.assign(last_seen=entries["last_seen"].dt.floor("s"))[list(QUARANTINED)])


def _drops(platform: Platform, date: dt.date) -> list[Any]:
    return platform.ledger.drops(date=date, status=["quarantined", "pending", "applied"])


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
