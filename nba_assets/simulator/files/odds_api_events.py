"""What every file of The Odds API has: the event of a game, its books, their markets."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from nba_assets.league import Team
from nba_assets.simulator.market import Book
from nba_assets.simulator.season import Day, GameNight

TIP_DELAY = dt.timedelta(minutes=10)
"""Books give the real start, some minutes after the league's tip."""
OWN_NAMES = {"LAC": "Los Angeles Clippers"}


def event_id(day: Day, game: GameNight) -> str:
    """The source's id of a game."""
    return hashlib.md5(f"{day.seed}/{game.fixture.game_id}".encode(), usedforsecurity=False).hexdigest()


def team_name(team: Team) -> str:
    """A team as the source calls it."""
    return OWN_NAMES.get(team.tricode, team.full_name)


def event(day: Day, game: GameNight, bookmakers: list[dict[str, Any]]) -> dict[str, Any]:
    """A game with what the books have of it."""
    return {
        "id": event_id(day, game),
        "sport_key": "basketball_nba",
        "sport_title": "NBA",
        "commence_time": f"{game.fixture.tip + TIP_DELAY:%Y-%m-%dT%H:%M:%SZ}",
        "home_team": team_name(game.home.team),
        "away_team": team_name(game.away.team),
        "bookmakers": bookmakers,
    }


def bookmaker(book: Book, captured: dt.datetime, markets: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A book with the outcomes of its markets."""
    updated = f"{captured:%Y-%m-%dT%H:%M:%SZ}"
    found = [{"key": key, "last_update": updated, "outcomes": outcomes} for key, outcomes in markets.items()]
    return {"key": book.key, "title": book.title, "last_update": updated, "markets": found}
