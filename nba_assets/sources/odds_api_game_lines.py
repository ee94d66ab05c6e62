"""The Odds API's spreads, totals and moneylines, live and historical: `nba_raw.odds_api_game_lines`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nba_assets.league import tricode_of
from nba_assets.sources.books import Book, book_of
from nba_assets.sources.game_line_parts import COLUMNS, HOME_HERE, merge_forms
from nba_assets.sources.odds_api_events import Answer, Event, opened, read_event, updated_at
from nba_assets.sources.pairs import Pair
from nba_assets.sources.parsed import Parsed, Reject
from nba_assets.sources.payload import PayloadError, member, read_value, shown
from nba_assets.sources.prices import Price, price
from nba_assets.sources.settle import settled

__all__ = ["merge_forms", "parse"]

MONEYLINE, SPREADS, TOTALS = "h2h", "spreads", "totals"
MARKETS = (MONEYLINE, SPREADS, TOTALS)
WIDEST_SPREAD, HIGHEST_TOTAL = 100.0, 600.0
"""Beyond these it is no basketball, in play or not."""
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)

Sides = dict[str, tuple[float | None, Price]]
"""Point (None in a moneyline) and price by side: home and away, or Over and Under."""


@dataclass
class Posted:
    """What one key of the source posts for a game: the row's numbers and prices, and when they last changed."""

    values: dict[str, float | int] = field(default_factory=dict)
    updated_at: dt.datetime | None = None


@dataclass
class Reading:
    """What was read so far: the games by label, their books' lines, and what did not pass."""

    events: dict[str, Event] = field(default_factory=dict)
    lines: dict[tuple[str, Book], Posted] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse an event or a list of events: one row per game and book. A bad event of a list leaves the others alone."""
    answer = opened(read_value(data), object_name)
    events = answer.content if isinstance(answer.content, list) else [answer.content]
    if events and all(isinstance(event, dict) and "bookmakers" not in event for event in events):
        message = "no event has bookmakers: an answer of the events endpoint, which has no lines"
        raise PayloadError(answer.place, "content", message, shown(events[0]))
    reading = Reading()
    if isinstance(answer.content, list):
        for number, entry in enumerate(answer.content):
            _listed(reading, entry, f"{answer.place}[{number}]")
    else:
        _read(reading, answer.content, answer.place)
    return _judged(reading, answer)


def _judged(reading: Reading, answer: Answer) -> Parsed:
    labels = [label for label, _ in reading.lines]
    events = [reading.events[label] for label in labels]
    posted = reading.lines.values()
    columns: dict[str, Sequence[Any]] = {
        "game_date": [event.pair.game_date for event in events],
        "game_id": [None] * len(events),
        "away_tricode": [event.pair.away for event in events],
        "home_tricode": [event.pair.home for event in events],
        HOME_HERE: [event.pair.home for event in events],
        "starts_at": [event.starts_at for event in events],
        "captured_at": [answer.captured_at] * len(events),
        "event_id": [event.event_id for event in events],
        "book": [book.name for _, book in reading.lines],
        **{name: [lines.values.get(name) for lines in posted] for name in COLUMNS},
        "book_updated_at": [lines.updated_at for lines in posted],
    }
    units = {label: reading.events[label].pair.unit for label in dict.fromkeys(labels)}
    return replace(settled(columns, labels, units, reading.rejects), captured_at=answer.stated)


def _listed(reading: Reading, entry: Any, place: str) -> None:
    """One event of a list: whatever is wrong with it is about its game alone."""
    try:
        _read(reading, entry, place)
    except PayloadError as error:
        reading.rejects.append(replace(error.reject, game=error.reject.game or _label(entry, place)))


def _label(entry: Any, place: str) -> str:
    """What to call an event that has no game: its game where that much can be read, else its id or its place."""
    try:
        return read_event(entry, place).pair.label
    except PayloadError:
        event_id = entry.get("id") if isinstance(entry, dict) else None
        return f"event {event_id}" if isinstance(event_id, str) else place


def _read(reading: Reading, entry: Any, place: str) -> None:
    event = read_event(entry, place)
    label = event.pair.label
    books = member(entry, "bookmakers", list, place)
    if label in reading.events:
        raise PayloadError(f"{place}.id", "unique", f"{label} stands in more than one event", event.event_id)
    others: set[str] = set()
    found: dict[Book, Posted] = {}
    for number, book in enumerate(books):
        _read_book(reading, event.pair, found, others, book, f"{place}.bookmakers[{number}]")
    reading.events[label] = event
    if others and not found and not any(reject.game == label for reject in reading.rejects):
        message = f"none of the markets {', '.join(MARKETS)}; there is {', '.join(sorted(others))}"
        raise PayloadError(f"{place}.bookmakers", "market", message)
    reading.lines |= {(label, book): posted for book, posted in found.items()}


def _read_book(
    reading: Reading, pair: Pair, found: dict[Book, Posted], others: set[str], entry: Any, place: str
) -> None:
    book = book_of("odds_api", member(entry, "key", str, place))
    posted = Posted()
    for number, market in enumerate(member(entry, "markets", list, place)):
        at = f"{place}.markets[{number}]"
        name = member(market, "key", str, at)
        if name not in MARKETS:
            others.add(name)
            continue
        sides = _sides(reading, pair, name, market, at)
        values = _values(name, sides)
        if posted.values.keys() & values.keys():
            reading.rejects.append(Reject(at, "unique", f"{book.name} has market {name} twice", game=pair.label))
        posted.values |= values
        changed = updated_at(entry, market, at)
        posted.updated_at = max(filter(None, (posted.updated_at, changed)), default=None)
    known = found.get(book)
    if posted.values and (known is None or (known.updated_at or LONG_AGO) < (posted.updated_at or LONG_AGO)):
        found[book] = posted


def _sides(reading: Reading, pair: Pair, market: str, entry: dict[str, Any], place: str) -> Sides:
    """The market's outcomes by side, in whatever order they stand."""
    sides: Sides = {}
    for number, outcome in enumerate(member(entry, "outcomes", list, place)):
        at = f"{place}.outcomes[{number}]"
        name = member(outcome, "name", str, at)
        try:
            side = _side(pair, market, name)
            offered = (None if market == MONEYLINE else _point(market, outcome), _price(outcome))
        except _OutcomeError as error:
            reject = Reject(f"{at}.{error.column}", error.rule, str(error), shown(outcome), pair.label)
            reading.rejects.append(reject)
            continue
        if sides.setdefault(side, offered) != offered:
            message = f"{name} stands twice in {market}, with different values"
            reading.rejects.append(Reject(at, "unique", message, shown(outcome), pair.label))
    if not _is_one_line(market, sides):
        points = " and ".join(f"{side} {point}" for side, (point, _) in sides.items())
        reading.rejects.append(
            Reject(place, "line", f"the sides of {market} are no one line: {points}", "", pair.label)
        )
    return sides


class _OutcomeError(Exception):
    """A rule that an outcome breaks."""

    def __init__(self, column: str, rule: str, message: str) -> None:
        super().__init__(message)
        self.column, self.rule = column, rule


def _side(pair: Pair, market: str, name: str) -> str:
    if market == TOTALS:
        if name not in ("Over", "Under"):
            raise _OutcomeError("name", "range", f"name is {shown(name)}, not Over or Under")
        return name
    found = {pair.home: "home", pair.away: "away"}.get(tricode_of(name) or "")
    if found is None:
        raise _OutcomeError("name", "teams", f"{shown(name)} does not play in {pair.label}")
    return found


def _point(market: str, outcome: dict[str, Any]) -> float:
    point: Any = outcome.get("point")
    if type(point) not in (int, float):
        raise _OutcomeError("point", "type", f"point is {shown(point)}, not a number")
    low, high = (0.5, HIGHEST_TOTAL) if market == TOTALS else (-WIDEST_SPREAD, WIDEST_SPREAD)
    if not low <= point <= high:
        raise _OutcomeError("point", "range", f"a point of {point} in {market}, not within {low:g} to {high:g}")
    return float(point)


def _price(outcome: dict[str, Any]) -> Price:
    value: Any = outcome.get("price")
    if type(value) not in (int, float):
        raise _OutcomeError("price", "type", f"price is {shown(value)}, not a number")
    try:
        return price(value)
    except ValueError as error:
        raise _OutcomeError("price", "price", str(error)) from None


def _is_one_line(market: str, sides: Sides) -> bool:
    """The home point is the away point's opposite, the over's is the under's."""
    points = [point for point, _ in sides.values() if point is not None]
    if len(points) < 2:
        return True
    return points[0] == points[1] if market == TOTALS else points[0] == -points[1]


def _values(market: str, sides: Sides) -> dict[str, float | int]:
    """The columns of one market: the home side's handicap or the total, and the price of each side."""
    names = {
        MONEYLINE: {"home": "home_ml_price", "away": "away_ml_price"},
        SPREADS: {"home": "home_spread_price", "away": "away_spread_price"},
        TOTALS: {"Over": "over_price", "Under": "under_price"},
    }[market]
    found: dict[str, float | int] = {names[side]: offered.american for side, (_, offered) in sides.items()}
    for side, (point, _) in sides.items():
        if point is not None:
            number = "total" if market == TOTALS else "home_spread"
            found[number] = -point if side == "away" else point
    return found
