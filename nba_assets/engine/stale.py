"""Dates whose tables are older than they should be: work of theirs failed for good and waits for a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nba_assets.contracts import tables

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def failed_for_good(platform: Platform, days: Iterable[dt.date]) -> dict[dt.date, int]:
    """How many dead letters the tables of each date have; dates without one are left out."""
    wanted, made = set(days), {contract.full_name for contract in tables().values()}
    dead = platform.ledger.work(status=["dead"]) if wanted else []
    return dict(
        Counter(day for item in dead if item["processor_name"] in made for day in item["dates"] if day in wanted)
    )
