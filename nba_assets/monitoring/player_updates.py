"""A player's newest updates: which drops moved his rows, how far they came, and when readers saw them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.monitoring.drop_way import Way, ways
from nba_assets.storage.records import correlation_id

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

NEWEST = 10
"""Updates that are told."""
LOOKED_BACK = 7
"""Dates with games, up to the newest, whose rows are looked at."""
FROM = ["game_date", "player_id", "known_at", "source_path", "source_hash"]


def player_updates(platform: Platform, player: str, date: dt.date | None = None) -> list[Way]:
    """The ways of the newest drops that changed a raw row of the player, in order of knowing.

    An unchanged re-capture changed nothing and is not among them. Drops of those dates that no table has yet are: they
    may be about him.
    """
    days = _dates(platform, player, date)
    if not days:
        return []
    ids = _fed(platform, player, days)
    waiting = platform.ledger.pending_ids(days)
    ids |= {one for found in waiting.values() for one in found}
    drops = sorted(platform.ledger.drops(correlation_ids=sorted(ids)), key=lambda drop: drop["known_at"])
    found, _ = ways(platform, drops[-NEWEST:])
    return found


def _dates(platform: Platform, player: str, date: dt.date | None) -> list[dt.date]:
    """The date, or the last ones on which the schedule lists games."""
    if date is not None:
        return [date]
    known = platform.warehouse.versions("nbac_schedule")
    return [dt.date.fromisoformat(day) for day in [*known][-LOOKED_BACK:]]


def _fed(platform: Platform, player: str, days: list[dt.date]) -> set[str]:
    """The drops that the player's raw rows of the dates, all versions, come from."""
    found: list[pd.DataFrame] = []
    for table in tables().values():
        if table.dataset == "nba_raw" and set(FROM) <= set(table.column_names):
            span = (days[0], days[-1])
            rows = platform.warehouse.read(table, dates=span, columns=FROM, history=True)
            found.append(rows.loc[rows["player_id"] == player, ["source_path", "source_hash"]])
    return {correlation_id(path, sha) for path, sha in pd.concat(found).drop_duplicates().itertuples(index=False)}
