"""What drops change: the games and players whose rows would be others than they are, found without writing anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.comparing import comparable
from nba_assets.contracts.model import Table, Versioning
from nba_assets.engine.graph import needed
from nba_assets.engine.making import build
from nba_assets.engine.refresh import LINE, PROPS, entity_key

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop

BY_PLAYER = ("nbac_injury_report",)
"""Tables whose changes are told by player; those of others by game, of lines by a player who has one."""
PROVENANCE = ("known_at", "known_at_assumed", "superseded_at", "source_path", "source_hash", "resolution")
MOMENTS = ("captured_at", "report_at", "book_updated_at", "minutes_to_tip")
"""When something was said: said again it is nothing new."""


@dataclass(frozen=True)
class Changed:
    """Of one raw table and date: the games whose current rows change, and by game the players whose do."""

    table: str
    day: dt.date
    players: dict[str, list[str]] = field(default_factory=dict)

    @property
    def games(self) -> list[str]:
        return sorted(self.players)


@dataclass(frozen=True)
class Work:
    """What drops ask for: keys to refresh, dates to run; a date is in one of them at most."""

    keys: tuple[str, ...] = ()
    dates: tuple[dt.date, ...] = ()


def work_of(platform: Platform, drops: Sequence[Drop]) -> Work:
    """The entities to refresh where a date's drops change few games, the dates to run where they change more.

    A date that was never built, and one whose drops change what is of no game, is run.
    """
    wanted: dict[dt.date, set[str]] = {}
    for drop in drops:
        for day in drop["game_dates"]:
            wanted.setdefault(day, set()).add(drop["source"])
    keys: list[str] = []
    dates: list[dt.date] = []
    for day, sources in sorted(wanted.items()):
        found = _keys(platform, day, sources)
        if found is None:
            dates.append(day)
        else:
            keys += found
    return Work(tuple(keys), tuple(dates))


def changed(platform: Platform, table: str, day: dt.date) -> Changed:
    """The games and players whose current rows of the date the table's drops change.

    A capture that says again what the newest one said changes nothing; of a game or book that it no longer has, it
    changes what is gone.
    """
    contract = tables()[table]
    here = platform.warehouse.read(table, dates=(day, day), history=True)
    new = build(platform, contract, [day], None).frame
    rows = _different(contract, _current(contract, here), _current(contract, new))
    players = rows["player_id"] if "player_id" in rows.columns else pd.Series(None, index=rows.index, dtype=object)
    by_game = players.groupby(rows["game_id"].fillna("")).agg(lambda found: sorted(set(found.dropna())))
    return Changed(table, day, {str(game): list(found) for game, found in by_game.items()})


def _keys(platform: Platform, day: dt.date, sources: Iterable[str]) -> list[str] | None:
    """Keys of a date's refresh; None if it is a date's run that is wanted.

    What no table needs and changes more games than a few asks for nothing at once: others may follow it.
    """
    if not platform.warehouse.versions("upcoming_team_game_context", (day, day)):
        return None
    if any(tables()[source].few_games == 0 for source in sources):
        return None
    keys: dict[str, None] = {}
    games: set[str] = set()
    later = False
    for source in sorted(sources):
        found = changed(platform, source, day)
        many = "" in found.games or len(games | set(found.games)) > tables()[source].few_games
        if many and source in needed():
            return None
        later |= many
        if not many:
            games |= set(found.games)
            keys |= dict.fromkeys(_named(found))
    return None if later and keys else list(keys)


def _named(found: Changed) -> list[str]:
    keys = []
    for game, players in found.players.items():
        if found.table in PROPS and players:
            keys.append(entity_key(found.day, LINE, players[0]))
        elif found.table in BY_PLAYER and players:
            keys += [entity_key(found.day, "player", player) for player in players]
        else:
            keys.append(entity_key(found.day, "game", game))
    return keys


def _current(contract: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that hold now: open versions, or the newest capture of each game (and book)."""
    if contract.versioning is Versioning.CLOSED:
        return rows[rows["superseded_at"].isna()]
    moment = next(name for name in contract.key if name in MOMENTS)
    unit = [name for name in ("game_id", "book") if name in contract.key]
    return rows[rows[moment] == rows.groupby(unit, dropna=False)[moment].transform("max")]


def _different(contract: Table, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Rows of which the other side has none of equal key and content."""
    sides = [comparable(rows, contract, (*PROVENANCE, *MOMENTS)) for rows in (before, after)]
    both = pd.concat(sides, ignore_index=True)
    return both[~both.duplicated(keep=False)]
