"""The games of a date, as fetchers need them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from nba_assets.league import FINAL

OVER_AFTER = dt.timedelta(hours=2)
"""No game is over sooner after its tip."""


@dataclass(frozen=True)
class SlateGame:
    """One game of the schedule; `tip_at` None while it is to be determined."""

    game_id: str
    away: str
    home: str
    tip_at: dt.datetime | None
    status: int
    season_type: str
    season_label: str

    @property
    def pair(self) -> str:
        """`DEN@LAL`."""
        return f"{self.away}@{self.home}"

    @property
    def code(self) -> str:
        """`DENLAL`, as paths have it."""
        return f"{self.away}{self.home}"

    def has_started(self, now: dt.datetime) -> bool:
        return self.status > 1 or (self.tip_at is not None and self.tip_at <= now)

    def may_be_over(self, now: dt.datetime) -> bool:
        return self.status == FINAL or (self.tip_at is not None and self.tip_at + OVER_AFTER <= now)


@dataclass(frozen=True)
class Slate:
    """The games of one league date, by tip."""

    day: dt.date
    games: tuple[SlateGame, ...]

    def over(self, now: dt.datetime) -> list[SlateGame]:
        """Those that are over, or may be."""
        return [game for game in self.games if game.may_be_over(now)]

    def started(self, now: dt.datetime) -> list[SlateGame]:
        return [game for game in self.games if game.has_started(now)]

    def upcoming(self, now: dt.datetime) -> list[SlateGame]:
        return [game for game in self.games if not game.has_started(now)]

    @property
    def tips(self) -> list[dt.datetime]:
        """The distinct times of tip-off, in order."""
        return sorted({game.tip_at for game in self.games if game.tip_at is not None})


def slate_of(rows: pd.DataFrame, day: dt.date) -> Slate:
    """The slate of a date from rows of `nba_raw.nbac_schedule`; a postponed game is none of it."""
    frame = rows[(pd.to_datetime(rows["game_date"]) == pd.Timestamp(day)) & ~rows["is_postponed"].astype(bool)]
    games = [
        SlateGame(
            game_id=row["game_id"],
            away=row["away_tricode"],
            home=row["home_tricode"],
            tip_at=None if pd.isna(row["tip_at"]) else pd.Timestamp(row["tip_at"]).to_pydatetime(),
            status=int(row["game_status"]),
            season_type=row["season_type"],
            season_label=row["season_label"],
        )
        for row in frame.to_dict("records")
    ]
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return Slate(day, tuple(sorted(games, key=lambda game: (game.tip_at or latest, game.game_id))))
