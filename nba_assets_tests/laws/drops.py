"""Drops as the landing zone keeps them: a name and bytes, parsed once, known from the stamp in the name."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from nba_assets import sources
from nba_assets.contracts import tables
from nba_assets.contracts.model import Table
from nba_assets.engine.captures import beside
from nba_assets.engine.judgement import named_pairs, touched
from nba_assets.sources.assemble import Capture
from nba_assets.sources.parsed import Parsed
from nba_assets.sources.paths import capture_stamp, source_of

STAMP = re.compile(r"\d{8}_\d{6}")


@dataclass(frozen=True)
class Drop:
    """One file of one source."""

    name: str
    data: bytes

    @cached_property
    def source(self) -> str:
        return str(source_of(self.name))

    @cached_property
    def known_at(self) -> pd.Timestamp:
        stamp = capture_stamp(self.name)
        assert stamp is not None, self.name
        return stamp

    @cached_property
    def parsed(self) -> Parsed:
        return sources.parse(self.source, self.data, self.name)

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """The dates it speaks for, as intake records them."""
        return frozenset(touched(self.parsed, self.name))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its games that may be placed a day off, as intake records them."""
        return frozenset(named_pairs(self.parsed))

    def days(self, listed: Listed) -> set[dt.date]:
        """The dates it is a capture of: those that it names, and those next to them that its games are listed on."""
        named = {"game_dates": sorted(self.dates), "pairs": sorted(self.pairs & listed.keys())}
        return self.dates | beside(named, listed)  # type: ignore[typeddict-item]

    @cached_property
    def capture(self) -> Capture:
        return Capture(self.parsed, self.name, hashlib.sha256(self.data).hexdigest(), self.known_at)

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    def payload(self) -> Any:
        """The content of a JSON drop, for the caller to change."""
        return orjson.loads(self.data)

    def saying(self, payload: Any) -> Drop:
        """The same capture with other content, JSON."""
        return Drop(self.name, orjson.dumps(payload))

    def again(self, at: pd.Timestamp) -> Drop:
        """The same content captured at another time."""
        return Drop(f"{self.folder}/{STAMP.sub(f'{at:%Y%m%d_%H%M%S}', self.name.rpartition('/')[2])}", self.data)

    def elsewhere(self, mark: str = "") -> Drop:
        """The same capture filed under another name."""
        return Drop(f"{self.folder}~{mark}/{self.name.rpartition('/')[2]}", self.data)


Listed = dict[str, set[dt.date]]
"""By pair (`AWYHOM`) the dates on which the schedule has ever listed it."""


def read(folder: Path) -> list[Drop]:
    """Every drop below the folder, by name."""
    files = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return [Drop(name, path.read_bytes()) for name, path in sorted(files)]


def listed(schedule: pd.DataFrame) -> Listed:
    """The dates of every pair in the schedule's history."""
    found: Listed = {}
    games = schedule[["game_date", "away_tricode", "home_tricode"]].drop_duplicates()
    for day, away, home in zip(games["game_date"].dt.date, games["away_tricode"], games["home_tricode"], strict=True):
        found.setdefault(f"{away}{home}", set()).add(day)
    return found


def captures(table: Table, drops: Iterable[Drop], days: Collection[dt.date], pairs: Listed) -> list[Capture]:
    """What a raw table of these dates is built from, as the engine picks it: a schedule's are all of the season."""
    return [
        drop.capture
        for drop in drops
        if drop.source in table.sources and (tables()[drop.source].keys_move or drop.days(pairs) & set(days))
    ]


def fed_dates(table: Table, drops: Iterable[Drop], days: set[dt.date], pairs: Listed) -> set[dt.date]:
    """Those of `days` whose rows of a raw table the drops can change."""
    found: set[dt.date] = set()
    for drop in drops:
        if drop.source in table.sources:
            found |= days if tables()[drop.source].keys_move else drop.days(pairs) & days
    return found
