"""BettingPros' offers, in the API's own form and in the older one of props, read into one shape.

`unverified_format`: both are read as documented; no real file of them was seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nba_assets.sources.bettingpros_events import whole_number
from nba_assets.sources.moments import instant
from nba_assets.sources.names import player_lookup
from nba_assets.sources.parsed import Reject
from nba_assets.sources.payload import PayloadError, member, shown
from nba_assets.sources.prices import HIGHEST, LOWEST, Price, american

MARKET = 156
"""Player points; offers of other markets are dropped."""
SIDES = ("over", "under")


@dataclass(frozen=True)
class Posting:
    """One side of one line at one book. `price` is null where a fantasy operator names none."""

    place: str
    book_id: int
    side: str
    line: float
    price: Price | None
    updated_at: dt.datetime | None
    is_active: bool
    is_best: bool


@dataclass(frozen=True)
class Opening:
    """The first line of one side."""

    line: float
    price: Price | None
    posted_at: dt.datetime | None


@dataclass(frozen=True)
class Offer:
    """What is posted for one player in one event."""

    place: str
    event_id: int
    player_id: int | None
    player_name: str
    postings: Sequence[Posting]
    openings: dict[str, Opening]


@dataclass
class Offers:
    """Offers of the market, what did not pass (with its event id, if that could be read), and the other markets."""

    found: list[Offer] = field(default_factory=list)
    rejects: list[tuple[int | None, Reject]] = field(default_factory=list)
    other_markets: set[str] = field(default_factory=set)


def read_offers(payload: dict[str, Any]) -> Offers:
    """The payload's offers: `offers` (selections by side, lines by book) or `props` (sides with a flat list).

    A bad offer is a reject of its own. Raises `PayloadError` for a payload that is not whole.
    """
    key = "offers" if "offers" in payload else "props"
    pages = payload.get("_pagination")
    if isinstance(pages, dict) and type(pages.get("total_pages")) is int and pages.get("page") != pages["total_pages"]:
        said = f"page {shown(pages.get('page'))} of {pages['total_pages']}"
        raise PayloadError("$._pagination", "pages", f"{said}: one page of an answer, not all of it", shown(pages))
    offers = Offers()
    for number, record in enumerate(member(payload, key, list, "$")):
        place = f"$.{key}[{number}]"
        market = record.get("market_id", payload.get("market_id", MARKET)) if isinstance(record, dict) else MARKET
        if str(market) != str(MARKET):
            offers.other_markets.add(str(market))
            continue
        event_id = None
        try:
            event_id = whole_number(member(record, "event_id", object, place), f"{place}.event_id")
            offers.found.append(_offer(record, event_id, place))
        except PayloadError as error:
            offers.rejects.append((event_id, error.reject))
    return offers


def _offer(record: dict[str, Any], event_id: int, place: str) -> Offer:
    player_id = record.get("player_id")
    name = _name(record, place).strip()
    if not player_lookup(name):
        raise PayloadError(f"{place}.participants", "name", f"{shown(name)} is no name", shown(name))
    postings: list[Posting] = []
    openings: dict[str, Opening] = {}
    for side, selection, at in _selections(record, place):
        if (opening := _opening(selection.get("opening_line"), f"{at}.opening_line")) is not None:
            openings[side] = opening
        postings += [_posting(side, book_id, line, spot) for book_id, line, spot in _lines(selection, at)]
    return Offer(
        place=place,
        event_id=event_id,
        player_id=None if player_id is None else whole_number(player_id, f"{place}.player_id"),
        player_name=name,
        postings=postings,
        openings=openings,
    )


def _name(record: dict[str, Any], place: str) -> str:
    """The player's name; his team beside it is the one of the day of the request, not of the game, and is not read."""
    if "player_name" in record:
        return str(member(record, "player_name", str, place))
    participants = member(record, "participants", list, place)
    if len(participants) != 1:
        message = f"{len(participants)} participants in an offer of one player"
        raise PayloadError(f"{place}.participants", "participants", message, shown(participants))
    return str(member(participants[0], "name", str, f"{place}.participants[0]"))


def _selections(record: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(side, selection, place) of either form."""
    if "selections" not in record:
        for side in SIDES:
            if record.get(side) is not None:
                yield side, member(record, side, dict, place), f"{place}.{side}"
        return
    for number, selection in enumerate(member(record, "selections", list, place)):
        at = f"{place}.selections[{number}]"
        side = str(member(selection, "selection", str, at)).casefold()
        if side not in SIDES:
            raise PayloadError(
                f"{at}.selection", "range", f"selection is {shown(side)}, not over or under", shown(side)
            )
        yield side, selection, at


def _lines(selection: dict[str, Any], place: str) -> Iterator[tuple[int, dict[str, Any], str]]:
    """(book id, line, place) of either form."""
    if "books" not in selection:
        for number, line in enumerate(member(selection, "sportsbooks", list, place)):
            at = f"{place}.sportsbooks[{number}]"
            yield whole_number(member(line, "book_id", object, at), f"{at}.book_id"), line, at
        return
    for number, book in enumerate(member(selection, "books", list, place)):
        at = f"{place}.books[{number}]"
        book_id = whole_number(member(book, "id", object, at), f"{at}.id")
        for position, line in enumerate(member(book, "lines", list, at)):
            spot = f"{at}.lines[{position}]"
            if not isinstance(line, dict):
                raise PayloadError(spot, "type", f"a line is {shown(line)}, not an object", shown(line))
            yield book_id, line, spot


def _posting(side: str, book_id: int, line: dict[str, Any], place: str) -> Posting:
    return Posting(
        place=place,
        book_id=book_id,
        side=side,
        line=_point(line.get("line"), f"{place}.line"),
        price=_price(line, place),
        updated_at=_time(line.get("updated"), f"{place}.updated"),
        is_active=line.get("active") is not False and line.get("is_off") is not True,
        is_best=line.get("best") is True,
    )


def _opening(opening: Any, place: str) -> Opening | None:
    if not isinstance(opening, dict) or opening.get("line") is None:
        return None
    point = _point(opening["line"], f"{place}.line")
    return Opening(point, _price(opening, place), _time(opening.get("created"), f"{place}.created"))


def _point(value: Any, place: str) -> float:
    if type(value) not in (int, float):
        raise PayloadError(place, "type", f"line is {shown(value)}, not a number", shown(value))
    if not LOWEST <= value <= HIGHEST:
        message = f"a line of {value} points, not within {LOWEST} to {HIGHEST:g}"
        raise PayloadError(place, "range", message, shown(value))
    return float(value)


def _price(line: dict[str, Any], place: str) -> Price | None:
    """The price in American odds: `cost`, in the older form `odds`."""
    value = line.get("cost", line.get("odds"))
    if value is None:
        return None
    if type(value) not in (int, float):
        raise PayloadError(f"{place}.cost", "type", f"cost is {shown(value)}, not a number", shown(value))
    try:
        return american(value)
    except ValueError as error:
        raise PayloadError(f"{place}.cost", "price", str(error), shown(value)) from None


def _time(value: Any, place: str) -> dt.datetime | None:
    """A time, UTC where it names no zone; null where there is none."""
    if value is None:
        return None
    try:
        return instant(value, without_zone=dt.UTC)
    except ValueError:
        raise PayloadError(place, "time", f"{shown(value)} is not a time", shown(value)) from None
