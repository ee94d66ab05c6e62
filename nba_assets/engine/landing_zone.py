"""What lies in the landing zone and is not in the ledger yet: looked for by prefix, never by listing everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from nba_assets.contracts import tables
from nba_assets.engine.captures import season_of
from nba_assets.engine.intake import Incoming, IntakeResult, take_new
from nba_assets.league import league_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.interfaces import ObjectEntry

NEWEST_DAYS = 7
"""Dates up to today whose prefixes are looked at every time."""
AFTER_SLASH = "0"
"""The character that comes next after a slash: before it ends what begins with a folder's name."""
AHEAD = 1
"""Dates after today that drops speak of already."""


def newest_dates(platform: Platform) -> list[dt.date]:
    """The dates whose drops are expected now, the newest first."""
    today = league_date(platform.clock.now())
    return [today + dt.timedelta(days=AHEAD - number) for number in range(NEWEST_DAYS + AHEAD)]


@dataclass(frozen=True)
class Span:
    """Names that start with a prefix, from one on and before another: folders of dates that follow one another."""

    prefix: str
    first: str = ""
    before: str = ""


def spans(source: str, days: Iterable[dt.date]) -> list[Span]:
    """Where the source's drops of the dates lie: folders of dates, of dates in a season's, of seasons.

    Dates that follow one another are one span, so that they are one listing.
    """
    contract, wanted = tables()[source], sorted(set(days))
    seasons = sorted({_label(day) for day in wanted})
    if contract.keys_move:
        return [Span(f"{path}{season}/") for path in contract.paths for season in seasons]
    runs = [[day for _, day in run] for _, run in groupby(enumerate(wanted), lambda at: at[1].toordinal() - at[0])]
    found = [(folder, run) for path in contract.paths for run in runs for folder in (path, *_seasons_of(path, run))]
    return [Span(folder, f"{folder}{run[0]}/", f"{folder}{run[-1]}{AFTER_SLASH}") for folder, run in found]


def unseen(platform: Platform, sources: Sequence[str], days: Sequence[dt.date]) -> list[ObjectEntry]:
    """Objects of the sources and dates that are new, or not what they were when they were taken in; by name."""
    found = {
        entry.name: entry
        for source in sources
        for span in spans(source, days)
        for entry in platform.landing.entries(span.prefix, span.first, span.before)
    }
    known = platform.ledger.stamps(list(found))
    return [entry for name, entry in sorted(found.items()) if known.get(name) != entry.stamp]


def named(platform: Platform, names: Iterable[str]) -> list[ObjectEntry]:
    """Those of the names that are objects which are new or changed; what is gone or never was one is left out."""
    found = {name: entry for name in sorted(set(names)) if (entry := platform.landing.entry(name)) is not None}
    known = platform.ledger.stamps(list(found))
    return [entry for name, entry in found.items() if known.get(name) != entry.stamp]


def take_landed(platform: Platform, entries: Iterable[ObjectEntry]) -> IntakeResult:
    """Take in objects that lie in the landing zone: the ledger records each content once."""
    return take_new(platform, _incoming(entries))


def _incoming(entries: Iterable[ObjectEntry]) -> Iterator[Incoming]:
    for entry in entries:
        yield Incoming(entry.name, Path(entry.name), entry=entry)


def _seasons_of(path: str, days: Iterable[dt.date]) -> list[str]:
    return sorted({f"{path}{_label(day)}/" for day in days})


def _label(day: dt.date) -> str:
    season = season_of(day)
    return f"{season}-{(season + 1) % 100:02d}"
