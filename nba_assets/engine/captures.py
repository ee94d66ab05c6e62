"""Captures: the drops that a raw table is built from, read from the landing zone and parsed."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import sources
from nba_assets.contracts import tables
from nba_assets.sources.assemble import Capture

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.sources.parsed import Parsed
    from nba_assets.storage.records import Drop


class ParseCache:
    """Parsed drops of this process, the newest `limit` of them: intake and raw step parse each drop once."""

    def __init__(self, limit: int = 6000) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[str, str, str], Parsed] = OrderedDict()

    def get(self, source: str, object_name: str, content_hash: str, data: bytes | None, platform: Platform) -> Parsed:
        key = (source, object_name, content_hash)
        found = self._kept.get(key)
        if found is None:
            payload = platform.landing.get(object_name, content_hash) if data is None else data
            found = self._kept[key] = sources.parse(source, payload, object_name)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
        return found


def season_of(day: dt.date) -> int:
    """The season's start year of a date; seasons are cut between the Finals and the next preseason."""
    return day.year if day >= _season_cut(day.year) else day.year - 1


def _season_cut(year: int) -> dt.date:
    return dt.date(2020, 11, 15) if year == 2020 else dt.date(year, 9, 15)


def captures(platform: Platform, table: str, days: Sequence[dt.date]) -> list[Capture]:
    """Every applied or pending capture that speaks for one of the dates, parsed."""
    found = []
    for source in tables()[table].sources:
        wanted = _widened(source, days)
        for drop in platform.ledger.drops_for(source, wanted):
            parsed = platform.parses.get(source, drop["object_name"], drop["content_hash"], None, platform)
            found.append(_capture(parsed, drop))
    return found


def _capture(parsed: Parsed, drop: Drop) -> Capture:
    """The drop as a capture, known at the time that its payload or its name states, never after its receipt."""
    known_at, assumed = pd.Timestamp(drop["known_at"]), drop["known_at_assumed"]
    stated = parsed.captured_at
    if stated is not None and stated <= pd.Timestamp(drop["received_at"]):
        known_at, assumed = stated, False
    return Capture(parsed, drop["object_name"], drop["content_hash"], known_at, assumed)


def _widened(source: str, days: Sequence[dt.date]) -> list[dt.date]:
    if not tables()[source].keys_move:
        return list(days)
    seasons = {season_of(day) for day in days}
    return [
        day.date()
        for season in sorted(seasons)
        for day in pd.date_range(_season_cut(season), _season_cut(season + 1) - dt.timedelta(days=1))
    ]
