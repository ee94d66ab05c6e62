"""Sources that are late: by each contract's lag, the games of the last days that should be there and are not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.model import Event, Lag, Table, Type
from nba_assets.league import FINAL, LEAGUE_ZONE

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


def late(platform: Platform, day: dt.date | None = None) -> list[Late]:
    """Every late game of `day`, or of today and the days before, by source and date; off days have none.

    Now is the platform's clock. A game is there when its row is in the raw table (of a table with `progress`: final);
    a table that has no games is there when it has rows of the date.
    """
    now = pd.Timestamp(platform.clock.now())
    today = now.tz_convert(LEAGUE_ZONE).date()
    span = (day, day) if day is not None else (today - dt.timedelta(days=LOOKED_BACK), today)
    return _missing(platform, span, due_by=now)


def missing(platform: Platform, day: dt.date) -> list[Late]:
    """Every game of the date that a source has not (yet), due or not, by source."""
    return _missing(platform, (day, day), due_by=None)


def _missing(platform: Platform, span: tuple[dt.date, dt.date], due_by: pd.Timestamp | None) -> list[Late]:
    games = _games(platform, span)
    if games.empty:
        return []
    found: list[Late] = []
    for table in tables().values():
        if table.lag is None:
            continue
        owed = games.assign(due_at=_due(games, table.lag))
        if due_by is not None:
            owed = owed[owed["due_at"] <= due_by]
        if len(owed):
            found += _without(owed, _there(platform, table, span), table)
    return found


def _games(platform: Platform, span: tuple[dt.date, dt.date]) -> pd.DataFrame:
    """The span's games that are to be played or over, with when their final was first known."""
    wanted = ["game_date", "game_id", "away_tricode", "home_tricode", "tip_at", "season_type", "is_postponed"]
    history = platform.warehouse.read(
        "nbac_schedule", dates=span, columns=[*wanted, "game_status", "known_at", "superseded_at"], history=True
    )
    final = history[history["game_status"] == FINAL].groupby("game_id")["known_at"].min().rename("final_at")
    games = history.loc[history["superseded_at"].isna(), wanted].join(final, on="game_id")
    return games[games["season_type"].isin(COUNTED) & ~games["is_postponed"].fillna(False)].reset_index(drop=True)


def _due(games: pd.DataFrame, lag: Lag) -> pd.Series[pd.Timestamp]:
    event = games["tip_at"] if lag.event is Event.TIP else games["final_at"]
    return event + pd.Timedelta(hours=lag.hours)


def _there(platform: Platform, table: Table, span: tuple[dt.date, dt.date]) -> pd.DataFrame:
    names = [name for name in ("game_date", "game_id", table.progress) if name in table.column_names]
    rows = platform.warehouse.read(table.name, dates=span, columns=names)
    if table.progress is not None:
        over = FINAL if table.column(table.progress).type is Type.INT64 else True
        rows = rows[(rows[table.progress] == over).fillna(False)]
    return rows


def _without(games: pd.DataFrame, rows: pd.DataFrame, table: Table) -> list[Late]:
    by = "game_id" if "game_id" in rows.columns else "game_date"
    missing = games[~games[by].isin(rows[by])]
    teams = [f"{away}@{home}" for away, home in zip(missing["away_tricode"], missing["home_tricode"], strict=True)]
    due = [None if pd.isna(moment) else moment.to_pydatetime() for moment in missing["due_at"]]
    return [
        Late(table.name, date, str(game), pair, moment)
        for date, game, pair, moment in zip(missing["game_date"].dt.date, missing["game_id"], teams, due, strict=True)
    ]
