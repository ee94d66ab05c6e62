"""What `nba-assets status` tells of one drop, one player, one date, and of what failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.session import PHASE_NAMES
from nba_assets.contracts import tables
from nba_assets.engine.lateness import Late
from nba_assets.errors import UsageError
from nba_assets.monitoring.date_state import date_state
from nba_assets.monitoring.drop_way import Way, ways
from nba_assets.monitoring.player_updates import LOOKED_BACK, player_updates
from nba_assets.storage.records import Execution, Quarantined

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

DAY = dt.timedelta(days=1)
DROP = ("object_name", "status", "outcome", "rows", "known_at", "received_at")
EXECUTION = ("started_at", "processor_name", "game_date", "event_type", "status", "records_processed", "error_message")
QUARANTINED = ("last_seen", "source", "object_name", "place", "rule", "message")
TOUCHING = 30
"""Refreshes of a player that are told."""

Facts = dict[str, Any]


def of_drop(platform: Platform, correlation_id: str) -> Facts:
    """One drop: where it is, phase by phase, whether a release has it, and every step that it fed."""
    drops = platform.ledger.drops(correlation_ids=[correlation_id])
    if not drops:
        raise UsageError(
            f"no drop has the correlation id {correlation_id!r}",
            "list them: nba-assets query 'SELECT correlation_id, object_name FROM nba_orchestration.drops'",
        )
    (way,), log = ways(platform, drops)
    return {
        "where": way.where,
        "release": _release(platform, way),
        "drops": [{name: dict(way.drop)[name] for name in DROP}],
        "phases": [{**asdict(one), "phase": f"{one.phase} {PHASE_NAMES[one.phase]}"} for one in way.phases],
        "executions": executions(log),
        "quarantine": quarantined(platform.ledger.quarantined(correlation_ids=[correlation_id])),
    }


def of_player(platform: Platform, player: str, date: dt.date | None) -> Facts:
    """One player: who he is, his newest updates, how far his rows have come, and the refreshes that touched them."""
    days = [dt.date.fromisoformat(day) for day in platform.warehouse.versions("nbac_schedule")][-LOOKED_BACK:]
    span = (date, date) if date is not None else (days[0], days[-1]) if days else None
    who = _identity(platform, player, span)
    rows = []
    for table in tables().values():
        if "player_id" in table.column_names and table.dataset != "nba_orchestration":
            his = platform.warehouse.read(table, dates=span, columns=["game_date", "player_id"])
            his = his[his["player_id"] == player]
            if len(his):
                there = his["game_date"].dt.date
                rows.append({"table": table.full_name, "rows": len(his), "first": there.min(), "last": there.max()})
    log = platform.ledger.executions(player=player, date=date, limit=TOUCHING)
    return {
        "player": [who],
        "updates": [_update(way) for way in player_updates(platform, player, date)],
        "rows": rows,
        "executions": executions(log),
    }


def of_tables(platform: Platform, date: dt.date, owed: list[Late]) -> list[Facts]:
    """Every table of a date: current, due or waiting, since when, for what, and who is to blame."""
    now = platform.clock.now()
    return [
        {
            "table": one.table,
            "state": one.state,
            "since": _seconds(one.since),
            "games": len(one.games) or None,
            "waits for": "; ".join(one.awaited),
            "to blame": "; ".join(blame.told(now) for blame in one.blame),
        }
        for one in date_state(platform, date, owed)
    ]


def of_failures(platform: Platform, date: dt.date | None) -> list[Facts]:
    """What failed in the last day (of a date, if one is given), the newest last, with the ids to look it up."""
    since = platform.clock.now() - DAY
    return [
        {
            "at": _seconds(row["completed_at"] or row["started_at"]),
            "phase": row["phase"],
            "processor_name": row["processor_name"],
            "game_date": row["game_date"],
            "error_type": row["error_type"],
            "error_message": row["error_message"],
            "correlation_id": row["correlation_ids"][0] if row["correlation_ids"] else None,
            "drops": len(row["correlation_ids"]),
            "run_id": row["run_id"] or None,
            "execution_id": row["execution_id"],
        }
        for row in platform.ledger.executions(failed_since=since, date=date)
    ]


def executions(log: Iterable[Execution]) -> list[Facts]:
    """Executions as they are shown, times to the second."""
    return [{name: _seconds(row[name]) for name in EXECUTION} for row in log]


def quarantined(entries: Sequence[Quarantined]) -> list[Facts]:
    """Quarantine entries as they are shown, times to the second."""
    return [{name: _seconds(dict(entry)[name]) for name in QUARANTINED} for entry in entries]


def _release(platform: Platform, way: Way) -> Facts | None:
    if way.release is None:
        return None
    from nba_assets.engine.release import current_manifest

    manifest = current_manifest(platform)
    return {
        "sequence": way.release,
        "visible_at": way.visible_at,
        "current": manifest["sequence"] if manifest is not None else None,
    }


def _update(way: Way) -> Facts:
    return {
        "received_at": _seconds(way.drop["received_at"]),
        "correlation_id": way.drop["correlation_id"],
        "object_name": way.drop["object_name"],
        "phases": " ".join(f"{one.phase}" for one in way.phases if one.status != "failed"),
        "release": way.release,
        "visible_at": _seconds(way.visible_at),
        "where": way.where,
    }


def _identity(platform: Platform, player: str, span: tuple[dt.date, dt.date] | None) -> Facts:
    """Id, name and team as last known: on the dates, else ever. Raises `UsageError` for an id that never was."""
    columns = ["game_date", "player_id", "player_name", "team_tricode"]
    for dates in dict.fromkeys([span, None]):
        known: pd.DataFrame = platform.warehouse.read("player_identity", dates=dates, columns=columns)
        known = known[known["player_id"] == player]
        if len(known):
            newest = known.sort_values("game_date").iloc[-1]
            return {"player_id": player, "name": newest["player_name"], "team": newest["team_tricode"]}
    raise UsageError(
        f"no player has the league id {player!r}",
        'look it up: nba-assets query "SELECT player_id, player_name FROM nba_raw.player_identity WHERE'
        " player_lookup LIKE '%jokic%'\"",
    )


def _seconds(value: Any) -> Any:
    return console.plain(value.replace(microsecond=0) if isinstance(value, dt.datetime) else value)
