"""Captures: the drops that a raw table is built from, read from the landing zone and parsed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets import sources
from nba_assets.contracts import tables
from nba_assets.engine.newest import Newest
from nba_assets.sources.assemble import Capture

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.sources.parsed import Parsed
    from nba_assets.storage.records import Drop


class ParseCache:
    """Parsed drops of this process, the newest `limit` of them: intake and raw step parse each drop once."""

    def __init__(self, limit: int = 6000) -> None:
        self._kept: Newest[tuple[str, str, str], Parsed] = Newest(limit)

    def get(self, source: str, object_name: str, content_hash: str, data: bytes | None, platform: Platform) -> Parsed:
        key = (source, object_name, content_hash)
        found = self._kept.get(key)
        if found is None:
            payload = platform.landing.get(object_name, content_hash) if data is None else data
            found = sources.parse(source, payload, object_name)
            self._kept.put(key, found)
        return found


def season_of(day: dt.date) -> int:
    """The season's start year of a date; seasons are cut between the Finals and the next preseason."""
    return day.year if day >= _season_cut(day.year) else day.year - 1


def _season_cut(year: int) -> dt.date:
    return dt.date(2020, 11, 15) if year == 2020 else dt.date(year, 9, 15)


def speaking(platform: Platform, source: str, days: Sequence[dt.date]) -> list[tuple[Drop, list[dt.date]]]:
    """The drops of a source that speak for one of `days`, in order of knowing, each with those of the days.

    Those that it names; and the day before or after one where the schedule has ever listed a pair that it names: a
    game that was moved, or whose date the source takes from another clock.
    """
    wanted = set(days)
    drops = platform.ledger.drops_for(source, days)
    listed = listed_days(platform, [drop for drop in drops if drop["pairs"]], wanted)
    found = [(drop, sorted((wanted & set(drop["game_dates"])) | beside(drop, listed))) for drop in drops]
    return [(drop, spoken_for) for drop, spoken_for in found if spoken_for]


def listed_days(platform: Platform, drops: Sequence[Drop], days: Collection[dt.date]) -> dict[str, set[dt.date]]:
    """By pair that the drops name, those of `days` on which the schedule has ever listed it."""
    pairs = {pair for drop in drops for pair in drop["pairs"]}
    listed: dict[str, set[dt.date]] = {pair: set() for pair in pairs}
    if not pairs or not days:
        return listed
    columns = ["game_date", "away_tricode", "home_tricode"]
    games = platform.warehouse.read("nbac_schedule", dates=(min(days), max(days)), columns=columns, history=True)
    games = games.drop_duplicates()
    named = games["away_tricode"] + games["home_tricode"]
    for day, pair in zip(games["game_date"].dt.date, named, strict=True):
        if pair in pairs and day in days:
            listed[pair].add(day)
    return listed


def beside(drop: Drop, listed: Mapping[str, set[dt.date]]) -> set[dt.date]:
    """Of the days listed for the drop's pairs those that are next to a date it names."""
    near = {day + dt.timedelta(days=n) for day in drop["game_dates"] for n in (-1, 1)}
    return {day for pair in drop["pairs"] for day in listed[pair]} & near


def captures(platform: Platform, table: str, days: Sequence[dt.date]) -> list[Capture]:
    """Every applied or pending capture that speaks for one of the dates, parsed."""
    found = []
    for source in tables()[table].sources:
        wanted = _widened(source, days)
        for drop, _ in speaking(platform, source, wanted):
            parsed = platform.parses.get(source, drop["object_name"], drop["content_hash"], None, platform)
            found.append(capture_of(parsed, drop))
    return found


def capture_of(parsed: Parsed, drop: Drop) -> Capture:
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
