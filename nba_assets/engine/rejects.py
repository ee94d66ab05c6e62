"""Rejects: what did not pass, recorded with its place and rule, its bytes kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nba_assets.sources.parsed import Reject
from nba_assets.storage.records import Drop, QuarantineEntry, kept_at

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TOO_LARGE = "file_size"
"""The rule of files too large to be read: they were never landed."""


def record_rejects(platform: Platform, drop: Drop, rejects: Sequence[Reject]) -> list[QuarantineEntry]:
    """Keep a drop's bytes and record its rejects; returns them as recorded."""
    name = kept_at(drop["content_hash"])
    if not platform.quarantine.exists(name):
        platform.quarantine.put(name, platform.landing.get(drop["object_name"], drop["content_hash"]))
    entries = [
        QuarantineEntry(
            source=drop["source"],
            object_name=drop["object_name"],
            content_hash=drop["content_hash"],
            place=reject.place,
            rule=reject.rule,
            message=reject.message,
            excerpt=reject.excerpt,
            game=reject.game,
        )
        for reject in rejects
    ]
    platform.ledger.quarantine(entries, platform.clock.now())
    return entries
