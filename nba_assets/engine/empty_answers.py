"""Sources that answered with nothing although the schedule has finals: what is still to come from them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import SpeaksFor, Versioning
from nba_assets.league import FINAL
from nba_assets.sources.parsed import Outcome

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop


def empty_answers(platform: Platform, date: dt.date | None = None) -> list[dict[str, Any]]:
    """Final games without rows of a source whose answer for their date (or for the game itself) held nothing.

    Rows as those of `nba_orchestration.waiting`: table_name, game_date, game_id, reason, since. An answer for one game
    has its id in the object name. Nothing was skipped: a full file that follows is a new drop.
    """
    empty: dict[tuple[str, dt.date], list[Drop]] = defaultdict(list)
    for drop in platform.ledger.drops(date=date, status=["pending", "applied"], outcome=Outcome.EMPTY.value):
        contract = tables()[drop["source"]]
        if contract.versioning is Versioning.CLOSED and contract.speaks_for is SpeaksFor.GAME:
            for day in drop["game_dates"]:
                empty[drop["source"], day].append(drop)
    found = []
    for (source, day), drops in sorted(empty.items()):
        for game in _lacking(platform, source, day):
            about = [drop for drop in drops if _about(drop, game)]
            if about:
                newest = max(about, key=lambda drop: drop["known_at"])
                found.append(
                    {
                        "table_name": source,
                        "game_date": day,
                        "game_id": game,
                        "reason": f"final, but the source answered with nothing: {newest['object_name']}",
                        "since": min(drop["known_at"] for drop in about),
                    }
                )
    return found


def _lacking(platform: Platform, source: str, day: dt.date) -> list[str]:
    """The date's final games of which the table has no row."""
    games = platform.warehouse.read("nbac_schedule", dates=(day, day), columns=["game_id", "game_status"])
    there = platform.warehouse.read(source, dates=(day, day), columns=["game_id"])["game_id"]
    finals: pd.DataFrame = games[(games["game_status"] == FINAL).fillna(False).astype(bool)]
    return sorted(set(finals["game_id"]) - set(there))


def _about(drop: Drop, game: str) -> bool:
    """Whether the answer is one for the whole date or for the game."""
    ids = [part for part in drop["object_name"].split("/") if len(part) == len(game) and part.isdecimal()]
    return not ids or game in ids
