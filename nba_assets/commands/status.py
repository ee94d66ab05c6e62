"""`nba-assets status`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import PHASE_NAMES, opened
from nba_assets.contracts import tables
from nba_assets.engine.graph import PHASES
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

NAMED_TABLES = ("nbac_gamebook_player_stats", "bdl_player_boxscores", "odds_api_player_points_props")
"""Raw tables whose rows carry names that the registry resolves."""
SHOWN = 40


def run(*, date: dt.date | None, player: str, correlation_id: str, unresolved: bool, as_json: bool) -> None:
    """Print the ledger's account, and what the options ask about."""
    with opened() as platform:
        facts = _facts(platform, date, player, correlation_id)
    if as_json:
        console.as_json(facts)
        return
    ledger = facts["ledger"]
    console.out.print(
        f"Ledger: {ledger['received_total']} received = {ledger['applied']} applied + {ledger['duplicate']} duplicate"
        f" + {ledger['quarantined']} quarantined + {ledger['pending']} pending."
    )
    for name in ("drops", "phases", "games", "executions", "waiting", "quarantine"):
        _section(name, facts.get(name, []))
    names = facts["unresolved"]
    _section("unresolved", names if unresolved else names[:SHOWN])
    if len(names) > SHOWN and not unresolved:
        console.out.print(f"{len(names) - SHOWN} more: nba-assets status --unresolved")


def _section(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        console.table(
            title.capitalize(), list(rows[0]), [["" if v is None else v for v in row.values()] for row in rows]
        )


def _facts(platform: Platform, date: dt.date | None, player: str, correlation_id: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "ledger": platform.ledger.counts(date=date),
        "unresolved": unresolved_names(platform, date),
    }
    facts["phases"] = _phases(platform, date)
    if date is not None:
        facts["games"] = _games(platform, date)
    if correlation_id:
        drops = platform.ledger.drops(correlation_ids=[correlation_id])
        if not drops:
            raise UsageError(
                f"no drop has the correlation id {correlation_id!r}",
                "nba-assets query 'SELECT * FROM nba_orchestration.drops'",
            )
        facts["drops"] = [
            {k: drop[k] for k in ("object_name", "status", "outcome", "rows", "known_at", "received_at")}
            for drop in drops
        ]
    log = platform.ledger.frames("pipeline_execution_log")
    facts["executions"] = _executions(log, date, player, correlation_id)
    for name in ("waiting", "quarantine"):
        frame = platform.ledger.frames(name)
        if date is not None and "game_date" in frame.columns:
            frame = frame[frame["game_date"] == pd.Timestamp(date)]
        facts[name] = console.records(frame.tail(SHOWN))
    return facts


def _phases(platform: Platform, date: dt.date | None) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for phase in range(2, 6):
        members = [t for t in tables().values() if PHASES.get(t.dataset) == phase]
        held = {t.name: list(platform.warehouse.versions(t.name, (date, date) if date else None)) for t in members}
        days = sorted({day for found in held.values() for day in found})
        lines.append(
            {
                "phase": f"{phase} {PHASE_NAMES[phase]}",
                "tables with rows": sum(bool(found) for found in held.values()),
                "of": len(members),
                "dates": len(days),
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
        )
    return lines


def _games(platform: Platform, date: dt.date) -> list[dict[str, Any]]:
    games = platform.warehouse.read("nbac_schedule", dates=(date, date))
    columns = ["game_id", "away_tricode", "home_tricode", "tip_at", "game_status_text", "away_score", "home_score"]
    return console.records(games[columns])


def _executions(log: pd.DataFrame, date: dt.date | None, player: str, correlation_id: str) -> list[dict[str, Any]]:
    if not (player or correlation_id):
        log = log[log["status"] == "failed"]
    if date is not None:
        log = log[log["game_date"] == pd.Timestamp(date)]
    if player:
        log = log[log["affected_entities"].fillna("").str.contains(f'"{player}"', regex=False)]
    if correlation_id:
        log = log[log["correlation_ids"].map(lambda ids: correlation_id in ids)]
    columns = [
        "phase",
        "processor_name",
        "game_date",
        "event_type",
        "status",
        "started_at",
        "records_processed",
        "error_message",
    ]
    return console.records(log[columns].sort_values(["started_at", "phase"]).tail(SHOWN))


def unresolved_names(platform: Platform, date: dt.date | None) -> list[dict[str, Any]]:
    """Current rows without a league id: source, name, team, how many rows, first date."""
    found: list[dict[str, Any]] = []
    for name in NAMED_TABLES:
        contract = tables()[name]
        columns = [c for c in ("game_date", "player_id", "player_name", "team_tricode") if c in contract.column_names]
        frame = platform.warehouse.read(name, dates=(date, date) if date else None, columns=columns)
        frame = frame[frame["player_id"].isna()]
        keys = [c for c in columns if c not in ("game_date", "player_id")]
        if frame.empty:
            continue
        counted = frame.groupby(keys, dropna=False)["game_date"].agg(rows="size", first="min").reset_index()
        found += console.records(counted.assign(first=counted["first"].dt.date).assign(source=name))
    return found
