"""The Odds API's player points, live and historical: `nba_raw.odds_api_player_points_props`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pandas as pd

from nba_assets.sources.books import Book, book_of
from nba_assets.sources.moments import instant
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair, pair_of
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.paths import capture_stamp
from nba_assets.sources.payload import PayloadError, bad, member, read_json, shown
from nba_assets.sources.prices import Line, Price, main_line, price
from nba_assets.sources.settle import frame, speaks_for

SPORT = "basketball_nba"
MARKET, ALTERNATE = "player_points", "player_points_alternate"
LEAGUE_ZONE = ZoneInfo("America/New_York")
LOWEST, HIGHEST = 0.5, 70.0
LEAST_IMPLIED = 0.95
"""Two prices of a market whose probabilities add up to less are an error of the feed."""


@dataclass
class Posted:
    """What one key of the source posts for one player: point to side to price; the market's update time."""

    updated_at: dt.datetime | None
    points: dict[float, dict[str, Price]] = field(default_factory=dict)


@dataclass
class Event:
    """The event's lines by (canonical book, player name), and what did not pass."""

    captured_at: pd.Timestamp
    place: str
    lines: dict[tuple[Book, str], Posted] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    has_market: bool = False
    other_markets: set[str] = field(default_factory=set)


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse the odds of one event: one row per book and player, with its main line; alternates beside it."""
    payload = read_json(data)
    place, stated = "$", None
    if "data" in payload and "timestamp" in payload:
        stated = _time(member(payload, "timestamp", str, "$"), "$.timestamp")
        payload, place = member(payload, "data", dict, "$"), "$.data"
    captured_at = pd.Timestamp(stated) if stated is not None else capture_stamp(object_name)
    sport = member(payload, "sport_key", str, place)
    if sport != SPORT:
        raise PayloadError(f"{place}.sport_key", "content", f"sport_key is {shown(sport)}, not {SPORT}", shown(sport))
    if captured_at is None:
        raise PayloadError(
            "object name", "path", f"no capture time in {object_name!r}, and a live answer has none itself"
        )
    starts_at = _time(member(payload, "commence_time", str, place), f"{place}.commence_time")
    event_id = member(payload, "id", str, place)
    day = starts_at.astimezone(LEAGUE_ZONE).date().isoformat()
    try:
        pair = pair_of(day, member(payload, "away_team", str, place), member(payload, "home_team", str, place))
    except ValueError as error:
        raise PayloadError(place, "teams", str(error)) from None
    books = member(payload, "bookmakers", list, place)
    event = Event(captured_at, place)
    for number, entry in enumerate(books):
        _read_book(event, entry, f"{place}.bookmakers[{number}]")
    return _judged(event, pair, event_id, starts_at, captured_at if stated is not None else None)


def _judged(event: Event, pair: Pair, event_id: str, starts_at: dt.datetime, stated: pd.Timestamp | None) -> Parsed:
    if not event.has_market:
        if not event.other_markets:
            return Parsed(Outcome.EMPTY)
        names = ", ".join(sorted(event.other_markets))
        raise PayloadError(f"{event.place}.bookmakers", "market", f"no market {MARKET}; there is {names}")
    rows = [_row(event, pair, book, player, posted) for (book, player), posted in event.lines.items()]
    if event.rejects:
        return bad(event.rejects)
    if not rows:
        return Parsed(Outcome.EMPTY)
    columns: dict[str, Sequence[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    size = len(rows)
    common: dict[str, Sequence[Any]] = {
        "game_date": [pair.game_date] * size,
        "game_id": [None] * size,
        "away_tricode": [pair.away] * size,
        "home_tricode": [pair.home] * size,
        "starts_at": [starts_at] * size,
        "captured_at": [event.captured_at] * size,
        "event_id": [event_id] * size,
    }
    units = speaks_for([pair.unit]).assign(starts_at=[starts_at])
    return Parsed(Outcome.OK, rows=frame(common | columns), speaks_for=units, captured_at=stated)


def _read_book(event: Event, entry: Any, place: str) -> None:
    key = member(entry, "key", str, place)
    book = book_of("odds_api", key)
    markets = member(entry, "markets", list, place)
    ranked = sorted(enumerate(markets), key=lambda m: isinstance(m[1], dict) and m[1].get("key") == ALTERNATE)
    found: dict[str, Posted] = {}
    for number, market in ranked:
        at = f"{place}.markets[{number}]"
        name = member(market, "key", str, at)
        if name not in (MARKET, ALTERNATE):
            event.other_markets.add(name)
            continue
        event.has_market = True
        updated = market.get("last_update") or entry.get("last_update")
        updated_at = _time(updated, f"{at}.last_update") if updated is not None else None
        _read_market(event, market, at, updated_at, found, is_alternate=name == ALTERNATE)
    for player, posted in found.items():
        known = event.lines.get((book, player))
        if known is None or (known.updated_at or dt.datetime.min.replace(tzinfo=dt.UTC)) < (
            posted.updated_at or dt.datetime.min.replace(tzinfo=dt.UTC)
        ):
            event.lines[book, player] = posted


def _read_market(
    event: Event,
    market: dict[str, Any],
    place: str,
    updated_at: dt.datetime | None,
    found: dict[str, Posted],
    *,
    is_alternate: bool,
) -> None:
    main = {(player, point) for player, posted in found.items() for point in posted.points} if is_alternate else set()
    for number, outcome in enumerate(member(market, "outcomes", list, place)):
        at = f"{place}.outcomes[{number}]"
        read = _outcome(event, outcome, at)
        if read is None:
            continue
        player, side, point, offered = read
        if (player, point) in main:
            continue
        sides = found.setdefault(player, Posted(updated_at)).points.setdefault(point, {})
        if sides.setdefault(side, offered) != offered:
            message = f"{side} {point} of {player} has two prices, {sides[side].american} and {offered.american}"
            event.rejects.append(Reject(f"{at}.price", "unique", message))


def _outcome(event: Event, outcome: Any, place: str) -> tuple[str, str, float, Price] | None:
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
    event.rejects.append(Reject(f"{place}.{column}", rule, message, shown(outcome)))
    return None


def _row(event: Event, pair: Pair, book: Book, player: str, posted: Posted) -> dict[str, Any]:
    lines = [Line(point, sides.get("Over"), sides.get("Under")) for point, sides in sorted(posted.points.items())]
    for line in lines:
        total = line.implied_sum
        if total is not None and total < LEAST_IMPLIED and not book.is_dfs:
            message = f"{player} {line.point} at {book.name}: implied probabilities add up to {total:.3f}"
            event.rejects.append(Reject(f"{event.place}.bookmakers", "implied_sum", message, game=pair.label))
    main = main_line(lines)
    return {
        "book": book.name,
        "player_name": player,
        "player_lookup": player_lookup(player),
        "line": main.point,
        "over_price": main.over.american if main.over else None,
        "under_price": main.under.american if main.under else None,
        "over_decimal": main.over.decimal if main.over else None,
        "under_decimal": main.under.decimal if main.under else None,
        "line_count": len(lines),
        "alternates": _alternates(lines, main),
        "is_dfs": book.is_dfs,
        "book_updated_at": posted.updated_at,
    }


def _alternates(lines: Sequence[Line], main: Line) -> str | None:
    others = [
        {
            "line": line.point,
            "over_price": line.over.american if line.over else None,
            "under_price": line.under.american if line.under else None,
        }
        for line in lines
        if line is not main
    ]
    return orjson.dumps(others, option=orjson.OPT_SORT_KEYS).decode() if others else None


def _time(value: Any, place: str) -> dt.datetime:
    try:
        return instant(value)
    except ValueError:
        raise PayloadError(place, "time", f"{shown(value)} is not a time with its zone", shown(value)) from None
