"""Fields of the newest drops that their sources were not known to have."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.contracts import tables
from nba_assets.sources.drift import new_keys

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop

NEWEST = 3
"""Drops looked at, of each folder of a source."""
LOOKED_BACK = 3
"""Days before today whose drops are looked at."""


@dataclass(frozen=True)
class NewField:
    """A field, and the newest drop that has it."""

    source: str
    field: str
    object_name: str


def new_fields(platform: Platform, source: str) -> list[NewField]:
    """Every field of the source's newest drops that is new, sorted; by the drops of today and the days before."""
    today = platform.clock.now().date()
    days = [today - dt.timedelta(days=back) for back in range(-1, LOOKED_BACK + 1)]
    found: dict[str, str] = {}
    for drop in _newest(platform.ledger.drops_for(source, days), tables()[source].paths):
        data = platform.landing.get(drop["object_name"], drop["content_hash"])
        for key in new_keys(source, data):
            found.setdefault(key, drop["object_name"])
    return [NewField(source, key, name) for key, name in sorted(found.items())]


def _newest(drops: list[Drop], folders: tuple[str, ...]) -> list[Drop]:
    """The newest drops of each folder, the newest first."""
    ordered = sorted(drops, key=lambda drop: (drop["received_at"], drop["object_name"]), reverse=True)
    return [drop for folder in folders for drop in [d for d in ordered if d["object_name"].startswith(folder)][:NEWEST]]
