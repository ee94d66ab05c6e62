"""The Odds API's player points of every game, at two times before its tip."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import groupby
from typing import Any

from nba_assets.league import Team
from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.market import Book, Quote
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import CAPTURES, Day, GameNight

TIP_DELAY = dt.timedelta(minutes=10)
"""Books give the real start, some minutes after the league's tip."""
OWN_NAMES = {"LAC": "Los Angeles Clippers"}


def write(folder: Folder, day: Day) -> None:
    """A file per game and capture."""
    players = {listing.player.number: listing.player for listing in day.listings}
    for game in day.games:
        matchup = f"{game.away.team.tricode}{game.home.team.tricode}"
        event = hashlib.md5(f"{day.seed}/{game.fixture.game_id}".encode(), usedforsecurity=False).hexdigest()
        path = f"odds-api/player-props/{day.day}/{event}-{matchup}"
        for capture, time in CAPTURES.items():
            payload = _event(game, event, game.quotes[capture], dt.datetime.combine(day.day, time), players)
            name = f"{path}/{stamp(day.day, time)}-snap-{time:%H%M}.json"
            folder.write("odds_api_player_points_props", name, payload)


def _name(team: Team) -> str:
    return OWN_NAMES.get(team.tricode, team.full_name)


def _event(
    game: GameNight, event: str, quotes: list[Quote], captured: dt.datetime, players: dict[int, Player]
) -> dict[str, Any]:
    updated = f"{captured:%Y-%m-%dT%H:%M:%SZ}"
    books = []
    for book, lines in groupby(quotes, key=lambda quote: quote.book):
        outcomes = [outcome for quote in lines for outcome in _outcomes(quote, players[quote.player])]
        books.append(_bookmaker(book, updated, outcomes))
    return {
        "id": event,
        "sport_key": "basketball_nba",
        "sport_title": "NBA",
        "commence_time": f"{game.fixture.tip + TIP_DELAY:%Y-%m-%dT%H:%M:%SZ}",
        "home_team": _name(game.home.team),
        "away_team": _name(game.away.team),
        "bookmakers": books,
    }


def _bookmaker(book: Book, updated: str, outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    market = {"key": "player_points", "last_update": updated, "outcomes": outcomes}
    return {"key": book.key, "title": book.title, "last_update": updated, "markets": [market]}


def _outcomes(quote: Quote, player: Player) -> list[dict[str, Any]]:
    name = player.book_name(with_suffix=quote.book.suffixes)
    return [
        {"name": side, "description": name, "price": price, "point": quote.line}
        for side, price in (("Over", quote.over), ("Under", quote.under))
        if price is not None
    ]
