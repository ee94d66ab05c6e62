"""The Odds API's player points, live and historical: `nba_raw.odds_api_player_points_props`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from nba_assets.sources.books import Book, book_of
from nba_assets.sources.moments import day
from nba_assets.sources.names import player_lookup
from nba_assets.sources.odds_api_events import Event, opened, pair_in, read_event, updated_at
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.payload import PayloadError, bad, member, read_json, shown
from nba_assets.sources.prices import HIGHEST, LEAST_IMPLIED, LOWEST, Line, Price, line_columns, main_line, price
from nba_assets.sources.settle import frame, speaks_for

MARKET, ALTERNATE = "player_points", "player_points_alternate"
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
IMPORTED = "imported"
"""Key of a drop that `import-lines` wrote, and the mark of its books."""


@dataclass
class Posted:
    """What one key of the source posts for one player: point to side to price; the market's update time."""

    updated_at: dt.datetime | None
    points: dict[float, dict[str, Price]] = field(default_factory=dict)
    player_id: str | None = None


@dataclass
class Board:
    """The event's lines by (canonical book, player name), and what did not pass."""

    event: Event
    captured_at: pd.Timestamp
    place: str
    imported: bool
    lines: dict[tuple[Book, str], Posted] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    has_market: bool = False
    other_markets: set[str] = field(default_factory=set)


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse the odds of one event: one row per book and player, with its main line; alternates beside it.

    A user's own lines, as `import-lines` writes them, have the same form, marked by `imported`: their event has the
    league's date and may have the players' ids, and their books' names begin with `imported:`.
    """
    payload = read_json(data)
    imported = payload.get(IMPORTED) is True
    answer = opened(payload, object_name)
    content, place = answer.content, answer.place
    event = _imported_event(content, place) if imported else read_event(content, place)
    board = Board(event, answer.captured_at, place, imported)
    for number, entry in enumerate(member(content, "bookmakers", list, place)):
        _read_book(board, entry, f"{place}.bookmakers[{number}]")
    return _judged(board, answer.stated)


def _imported_event(content: Any, place: str) -> Event:
    date = member(content, "game_date", str, place)
    try:
        day(date)
    except ValueError:
        raise PayloadError(f"{place}.game_date", "time", f"{shown(date)} is not a date", shown(date)) from None
    return Event(member(content, "id", str, place), pair_in(content, date, place), None)


def _judged(board: Board, stated: pd.Timestamp | None) -> Parsed:
    if not board.has_market:
        if not board.other_markets:
            return Parsed(Outcome.EMPTY)
        names = ", ".join(sorted(board.other_markets))
        raise PayloadError(f"{board.place}.bookmakers", "market", f"no market {MARKET}; there is {names}")
    rows = [_row(board, book, player, posted) for (book, player), posted in board.lines.items()]
    if board.rejects:
        return bad(board.rejects)
    if not rows:
        return Parsed(Outcome.EMPTY)
    columns: dict[str, Sequence[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    size, event = len(rows), board.event
    common: dict[str, Sequence[Any]] = {
        "game_date": [event.pair.game_date] * size,
        "game_id": [None] * size,
        "away_tricode": [event.pair.away] * size,
        "home_tricode": [event.pair.home] * size,
        "starts_at": [event.starts_at] * size,
        "captured_at": [board.captured_at] * size,
        "event_id": [event.event_id] * size,
    }
    units = speaks_for([event.pair.unit])
    units["starts_at"] = [event.starts_at]
    return Parsed(Outcome.OK, rows=frame(common | columns), speaks_for=units, captured_at=stated)


def _read_book(board: Board, entry: Any, place: str) -> None:
    book = book_of("odds_api", member(entry, "key", str, place))
    if board.imported:
        book = replace(book, name=f"{IMPORTED}:{book.name}")
    markets = member(entry, "markets", list, place)
    ranked = sorted(enumerate(markets), key=lambda m: isinstance(m[1], dict) and m[1].get("key") == ALTERNATE)
    found: dict[str, Posted] = {}
    for number, market in ranked:
        at = f"{place}.markets[{number}]"
        name = member(market, "key", str, at)
        if name not in (MARKET, ALTERNATE):
            board.other_markets.add(name)
            continue
        board.has_market = True
        _read_market(board, market, at, updated_at(entry, market, at), found, is_alternate=name == ALTERNATE)
    for player, posted in found.items():
        known = board.lines.get((book, player))
        if known is None or (known.updated_at or LONG_AGO) < (posted.updated_at or LONG_AGO):
            board.lines[book, player] = posted


def _read_market(
    board: Board,
    market: dict[str, Any],
    place: str,
    updated: dt.datetime | None,
    found: dict[str, Posted],
    *,
    is_alternate: bool,
) -> None:
    main = {(player, point) for player, posted in found.items() for point in posted.points} if is_alternate else set()
    for number, outcome in enumerate(member(market, "outcomes", list, place)):
        at = f"{place}.outcomes[{number}]"
        read = _outcome(board, outcome, at)
        if read is None:
            continue
        player, side, point, offered = read
        if (player, point) in main:
            continue
        posted = found.setdefault(player, Posted(updated, player_id=_player_id(board, outcome, at)))
        sides = posted.points.setdefault(point, {})
        if sides.setdefault(side, offered) != offered:
            message = f"{side} {point} of {player} has two prices, {sides[side].american} and {offered.american}"
            board.rejects.append(Reject(f"{at}.price", "unique", message))


def _outcome(board: Board, outcome: Any, place: str) -> tuple[str, str, float, Price] | None:
    """(player, side, point, price), or None after a reject."""
    side, player = member(outcome, "name", str, place), member(outcome, "description", str, place).strip()
    point, value = outcome.get("point"), outcome.get("price")
    message = rule = column = ""
    if side not in ("Over", "Under"):
        rule, column, message = "range", "name", f"name is {shown(side)}, not Over or Under"
    elif not player_lookup(player):
        rule, column, message = "name", "description", f"description {shown(player)} is no name"
    elif type(point) not in (int, float):
        rule, column, message = "type", "point", f"point is {shown(point)}, not a number"
    elif not LOWEST <= point <= HIGHEST:
        rule, column, message = "range", "point", f"a line of {point} points, not within {LOWEST} to {HIGHEST:g}"
    elif type(value) not in (int, float):
        rule, column, message = "type", "price", f"price is {shown(value)}, not a number"
    else:
        try:
            return player, side, float(point), price(value)
        except ValueError as error:
            rule, column, message = "price", "price", str(error)
    board.rejects.append(Reject(f"{place}.{column}", rule, message, shown(outcome)))
    return None


def _player_id(board: Board, outcome: dict[str, Any], place: str) -> str | None:
    if not board.imported or outcome.get("player_id") is None:
        return None
    player_id: str = member(outcome, "player_id", str, place)
    return player_id


def _row(board: Board, book: Book, player: str, posted: Posted) -> dict[str, Any]:
    lines = [Line(point, sides.get("Over"), sides.get("Under")) for point, sides in sorted(posted.points.items())]
    for line in lines:
        total = line.implied_sum
        if total is not None and total < LEAST_IMPLIED and not book.is_dfs:
            message = f"{player} {line.point} at {book.name}: implied probabilities add up to {total:.3f}"
            label = board.event.pair.label
            board.rejects.append(Reject(f"{board.place}.bookmakers", "implied_sum", message, game=label))
    main = main_line(lines)
    return {
        "book": book.name,
        **({"player_id": posted.player_id} if board.imported else {}),
        "player_name": player,
        "player_lookup": player_lookup(player),
        **line_columns(lines, main),
        "is_dfs": book.is_dfs,
        "book_updated_at": posted.updated_at,
    }
