"""BettingPros' player points of all games of a date with their events, soon after the books' own two captures."""

from __future__ import annotations

import datetime as dt
from statistics import median_low
from typing import Any

from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.market import Quote
from nba_assets.simulator.roster import Player
from nba_assets.simulator.season import CAPTURES, Day, GameNight

BOOK_IDS = {"fanduel": 10, "draftkings": 12, "williamhill_us": 13, "betrivers": 18, "betmgm": 19}
"""The books that the source follows, by their keys in the market."""
CONSENSUS, PICK_EM = 0, 60
PICK_EM_COST = -119
"""A fantasy operator has one price for both sides."""
MARKET = 156
DELAY = dt.timedelta(minutes=5)
OPENED = dt.time(15, 0)
OWN_CODES = {"NOP": "NOR", "PHX": "PHO"}

Lines = dict[int, tuple[Quote, bool]]
"""A player's main line by book id, and whether it stands."""


def write(folder: Folder, day: Day) -> None:
    """A file per capture: the date's events, and an offer per player."""
    players = {listing.player.number: listing.player for listing in day.listings}
    events = [_event(game) for game in day.games]
    for capture, time in CAPTURES.items():
        captured = dt.datetime.combine(day.day, time)
        offers = [
            _offer(game, players[number], lines, captured)
            for game in day.games
            for number, lines in _lines(game, capture).items()
        ]
        payload = {"events": events, "offers": offers, "_pagination": {"page": 1, "total_pages": 1}}
        name = f"bettingpros/player-props/points/{day.day}/{stamp(day.day, (captured + DELAY).time())}.json"
        folder.write("bettingpros_player_points_props", name, payload)


def _event(game: GameNight) -> dict[str, Any]:
    home, away = (OWN_CODES.get(side.team.tricode, side.team.tricode) for side in (game.home, game.away))
    return {
        "id": int(game.fixture.game_id),
        "sport": "NBA",
        "scheduled": f"{game.fixture.tip:%Y-%m-%d %H:%M:%S}",
        "status": "scheduled",
        "home": home,
        "visitor": away,
    }


def _lines(game: GameNight, capture: str) -> dict[int, Lines]:
    """Everybody's lines, those that a book took down since the first capture among them."""
    found: dict[int, Lines] = {}
    for stands, quotes in ((True, game.quotes[capture]), (False, game.quotes["early"])):
        for quote in quotes:
            book = BOOK_IDS.get(quote.book.key)
            if book is not None:
                found.setdefault(quote.player, {}).setdefault(book, (quote, stands))
    return dict(sorted(found.items()))


def _offer(game: GameNight, player: Player, lines: Lines, captured: dt.datetime) -> dict[str, Any]:
    number = 1000 + player.number
    return {
        "id": f"{int(game.fixture.game_id)}-{number}",
        "event_id": int(game.fixture.game_id),
        "player_id": number,
        "market_id": MARKET,
        "participants": [{"id": str(number), "name": player.book_name(with_suffix=True), "player": {"team": "FA"}}],
        "selections": [_selection(side, game, player, lines, captured) for side in ("over", "under")],
    }


def _selection(side: str, game: GameNight, player: Player, lines: Lines, captured: dt.datetime) -> dict[str, Any]:
    costs = {book: (quote.line, _cost(quote, side), stands) for book, (quote, stands) in lines.items()}
    standing = [line for line, cost, stands in costs.values() if stands and cost is not None]
    if standing:
        usual = median_low(standing)
        costs |= {CONSENSUS: (usual, -110, True), PICK_EM: (usual, PICK_EM_COST, True)}
    best = max(
        (rank for line, cost, stands in costs.values() if (rank := _rank(side, line, cost, stands=stands))),
        default=None,
    )
    books = [
        {
            "id": book,
            "lines": [
                {
                    "line": line,
                    "cost": cost,
                    "updated": f"{captured:%Y-%m-%d %H:%M:%S}",
                    "active": stands,
                    "best": _rank(side, line, cost, stands=stands) == best is not None,
                    "main": True,
                }
            ],
        }
        for book, (line, cost, stands) in sorted(costs.items())
        if cost is not None
    ]
    return {"selection": side, "opening_line": _opening(side, game, player), "books": books}


def _rank(side: str, line: float, cost: int | None, *, stands: bool) -> tuple[float, float] | None:
    """What a bettor likes better is higher; None for a line that he cannot have."""
    if cost is None or not stands:
        return None
    return (-line if side == "over" else line, cost / 100 if cost > 0 else -100 / cost)


def _cost(quote: Quote, side: str) -> int | None:
    return quote.over if side == "over" else quote.under


def _opening(side: str, game: GameNight, player: Player) -> dict[str, Any] | None:
    """The first line of the first capture."""
    first = next((quote for quote in game.quotes["early"] if quote.player == player.number), None)
    if first is None or _cost(first, side) is None:
        return None
    created = dt.datetime.combine(game.fixture.day, OPENED)
    return {"line": first.line, "cost": _cost(first, side), "created": f"{created:%Y-%m-%d %H:%M:%S}"}
