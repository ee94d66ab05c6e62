"""The Odds API's player points of every game, at two times of the day, and just before its tip."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.files.odds_api_events import bookmaker, event, event_id
from nba_assets.simulator.market import Quote
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import CAPTURES, CLOSE, Day


def write(folder: Folder, day: Day) -> None:
    """A file per game and capture."""
    players = {listing.player.number: listing.player for listing in day.listings}
    for game in day.games:
        matchup = f"{game.away.team.tricode}{game.home.team.tricode}"
        path = f"odds-api/player-props/{day.day}/{event_id(day, game)}-{matchup}"
        times = {capture: dt.datetime.combine(day.day, time, dt.UTC) for capture, time in CAPTURES.items()}
        for capture, captured in (times | {"close": game.fixture.tip - CLOSE}).items():
            payload = event(day, game, _books(game.quotes[capture], captured, players))
            name = f"{path}/{stamp(captured.date(), captured.time())}-snap-{captured:%H%M}.json"
            folder.write("odds_api_player_points_props", name, payload)


def _books(quotes: list[Quote], captured: dt.datetime, players: dict[int, Player]) -> list[dict[str, Any]]:
    books = []
    for book, lines in groupby(quotes, key=lambda quote: quote.book):
        outcomes = [outcome for quote in lines for outcome in _outcomes(quote, players[quote.player])]
        books.append(bookmaker(book, captured, {"player_points": outcomes}))
    return books


def _outcomes(quote: Quote, player: Player) -> list[dict[str, Any]]:
    name = player.book_name(with_suffix=quote.book.suffixes)
    return [
        {"name": side, "description": name, "price": price, "point": quote.line}
        for side, price in (("Over", quote.over), ("Under", quote.under))
        if price is not None
    ]
