"""Sources that are late: by each contract's lag, the games of the last days that should be there and are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Event, Lag, Table, Type
from nba_assets.league import FINAL, league_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

LOOKED_BACK = 3
"""Days before today whose games are looked at."""
COUNTED = ("regular", "playoffs", "play_in", "cup_final")
"""Kinds of games that every source has."""


@dataclass(frozen=True)
class Late:
    """A game that a source has not, and when it should: None while that hangs on a final which is not known."""

    source: str
    game_date: dt.date
    game_id: str
    teams: str
    due_at: dt.datetime | None

    def __str__(self) -> str:
        due = f"{self.due_at:%Y-%m-%d %H:%M} UTC"
        return f"{self.source} is late for {self.teams} of {self.game_date} ({self.game_id}): due {due}"


@dataclass(frozen=True)
class _Game:
    """A game that is to be played or over, and when its final was first known."""

    game_date: dt.date
    game_id: str
    teams: str
    tip_at: dt.datetime | None
    final_at: dt.datetime | None

    def due_at(self, lag: Lag) -> dt.datetime | None:
        event = self.tip_at if lag.event is Event.TIP else self.final_at
        return None if event is None else event + dt.timedelta(hours=lag.hours)


def late(platform: Platform, day: dt.date | None = None) -> list[Late]:
    """Every late game of `day`, or of today and the days before, by source and date; off days have none.

    Now is the platform's clock. A game is there when its row is in the raw table (of a table with `progress`: final);
    a table that has no games is there when it has rows of the date.
    """
    now = platform.clock.now()
    today = league_date(now)
    span = (day, day) if day is not None else (today - dt.timedelta(days=LOOKED_BACK), today)
    return overdue(_missing(platform, span), now)


def missing(platform: Platform, day: dt.date) -> list[Late]:
    """Every game of the date that a source has not (yet), due or not, by source."""
    return _missing(platform, (day, day))


def overdue(games: Sequence[Late], now: dt.datetime) -> list[Late]:
    """Those that are due by now."""
    return [game for game in games if game.due_at is not None and game.due_at <= now]


def _missing(platform: Platform, span: tuple[dt.date, dt.date]) -> list[Late]:
    games = _games(platform, span)
    found: list[Late] = []
    for table in tables().values() if games else ():
        if table.lag is not None:
            there = _there(platform, table, span)
            owed = [game for game in games if not there & {game.game_id, game.game_date}]
            found += [Late(table.name, g.game_date, g.game_id, g.teams, g.due_at(table.lag)) for g in owed]
    return found


def owed_games(platform: Platform, span: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """The span's games that are to be played or over: date, id, tricodes, tip, when their final was first known."""
    wanted = ["game_date", "game_id", "away_tricode", "home_tricode", "tip_at", "season_type", "is_postponed"]
    history = platform.warehouse.read(
        "nbac_schedule", dates=span, columns=[*wanted, "game_status", "known_at", "superseded_at"], history=True
    )
    final = history[history["game_status"] == FINAL].groupby("game_id")["known_at"].min().rename("final_at")
    games = history.loc[history["superseded_at"].isna(), wanted].join(final, on="game_id")
    return games[games["season_type"].isin(COUNTED) & ~games["is_postponed"].fillna(False)].reset_index(drop=True)


def _games(platform: Platform, span: tuple[dt.date, dt.date]) -> list[_Game]:
    names = ["game_date", "game_id", "away_tricode", "home_tricode", "tip_at", "final_at"]
    return [
        _Game(day.date(), game, f"{away}@{home}", _moment(tip), _moment(final))
        for day, game, away, home, tip, final in owed_games(platform, span)[names].itertuples(index=False)
    ]


def _there(platform: Platform, table: Table, span: tuple[dt.date, dt.date]) -> set[str | dt.date]:
    """The ids of the games that the table has, or of a table without games the dates."""
    names = [name for name in ("game_date", "game_id", table.progress) if name in table.column_names]
    rows = platform.warehouse.read(table.name, dates=span, columns=names)
    if table.progress is not None:
        over = FINAL if table.column(table.progress).type is Type.INT64 else True
        rows = rows[(rows[table.progress] == over).fillna(False)]
    if "game_id" in rows.columns:
        return set(rows["game_id"].dropna())
    return set(rows["game_date"].dt.date)


def _moment(value: Any) -> dt.datetime | None:
    return None if value is None or pd.isna(value) else value.to_pydatetime()
