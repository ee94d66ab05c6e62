"""What a release is made of: the rows of the tables, which sources there were, which drops, what waits."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts.frames import empty
from nba_assets.data_origin import data_origin, origins
from nba_assets.league import league_date

KEY = ["game_id", "player_id"]
TEAM_ON_DATE = ["game_date", "game_id", "team"]
PLAYER_ON_DATE = ["game_date", *KEY]
"""A game that has moved may have rows on both dates."""

SLATE_SOURCES = (
    "nbac_schedule",
    "nbac_player_list",
    "nbac_injury_report",
    "odds_api_player_points_props",
    "odds_api_game_lines",
    "bettingpros_player_points_props",
)
"""Sources of what is said before a game."""

RESULT_SOURCES = ("nbac_schedule", "nbac_gamebook_player_stats", "bdl_player_boxscores")
"""Sources of what became of it."""


@dataclass(frozen=True)
class Operations:
    """What the ledger knows, for the status document: last drops by source, and counts of what is open."""

    last_drops: Mapping[str, pd.Timestamp | None] = field(default_factory=dict)
    quarantined: int = 0
    dead_letters: int = 0
    failed: Sequence[str] = ()
    """Tables (`dataset.table`) with work that failed and is retried or dead."""
    unverified: frozenset[str] = frozenset()
    """Sources whose parser has never seen a real file."""


@dataclass(frozen=True)
class Halted:
    """That no decisions are made: since when, and why (it is published)."""

    since: pd.Timestamp
    why: str

    @property
    def first_date(self) -> dt.date:
        """The first league date that it is about."""
        return league_date(self.since)


@dataclass(frozen=True)
class Facts:
    """Everything that the documents of `dates` are built from.

    `tables`: frames by bare table name, current rows; those of predictions, grades, results and schedule reach back
    365 days before the first of `dates` and on to the newest date, which player documents need. `partitions`: ISO
    dates that have rows, by raw table. `drops`: columns game_date, game_id (null: of the whole date), correlation_id.
    `waiting`: columns game_date, game_id, reason. `halted`: the halt that stands, if one does. `failed`: by ISO date
    how much of its work failed for good.
    """

    dates: Sequence[dt.date]
    tables: Mapping[str, pd.DataFrame]
    partitions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    drops: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"game_date": [], "game_id": [], "correlation_id": []})
    )
    waiting: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"game_date": [], "game_id": [], "reason": []}))
    operations: Operations = field(default_factory=Operations)
    halted: Halted | None = None
    failed: Mapping[str, int] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """The rows of a table; none if it was not read."""
        found = self.tables.get(name)
        return _no_rows(name) if found is None or found.empty else found

    def on_dates(self, name: str) -> pd.DataFrame:
        """The rows of a table on the release's own dates."""
        frame = self.table(name)
        return frame[frame["game_date"].isin(list(self.stamps))]

    @property
    def stamps(self) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(pd.to_datetime(list(self.dates)).astype("datetime64[us]"))

    def sources(self, day: str, among: Sequence[str]) -> dict[str, list[str]]:
        """`sources_seen` and `sources_missing` of a date."""
        seen = [name for name in among if day in self.partitions.get(name, frozenset())]
        return {"sources_seen": seen, "sources_missing": [name for name in among if name not in seen]}

    def halt_of(self, day: str) -> Halted | None:
        """The halt that stands, if it is about the date."""
        found = self.halted
        return found if found is not None and day >= str(found.first_date) else None

    def ids_by_date(self) -> dict[Any, list[str]]:
        """Correlation ids of each date's drops, by ISO date."""
        return _lists(self.drops["game_date"].astype(str).str[:10], self.drops["correlation_id"])

    def ids_by_game(self) -> dict[Any, list[str]]:
        """Correlation ids of the drops that name each game on its date: a game that has moved has others there."""
        named = self.drops[self.drops["game_id"].notna()]
        keys = pd.Series(list(zip(named["game_date"], named["game_id"], strict=True)), dtype=object)
        return _lists(keys, named["correlation_id"])

    def origin_of(self) -> Origin:
        """Whether a date's games are real."""
        schedule = self.table("nbac_schedule")
        return Origin(origins(schedule), data_origin(schedule))


@dataclass(frozen=True)
class Origin:
    """The origin by date; a date without games has that of all dates together."""

    by_date: Mapping[pd.Timestamp, str]
    overall: str

    def __call__(self, day: str | None) -> str:
        return self.overall if day is None else self.by_date.get(pd.Timestamp(day), self.overall)


@functools.cache
def _no_rows(name: str) -> pd.DataFrame:
    return empty(contracts.table(name))


def _lists(keys: pd.Series[Any], values: pd.Series[Any]) -> dict[Any, list[str]]:
    if not len(keys):
        return {}
    return {key: sorted(set(found)) for key, found in values.groupby(keys.to_numpy())}
