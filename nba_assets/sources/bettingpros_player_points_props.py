"""BettingPros' lines of players' points: `nba_raw.bettingpros_player_points_props`.

`unverified_format`: offers and the older props are read as documented; no real file of them was seen. Events are
verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from nba_assets.sources.bettingpros_events import EVENT_ID, EventGame, name_games, read_events
from nba_assets.sources.bettingpros_offers import MARKET, Offer, Offers, Posting, read_offers
from nba_assets.sources.books import Book, book_of
from nba_assets.sources.games import STARTS_AT
from nba_assets.sources.names import player_lookup
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.paths import capture_stamp, path_date
from nba_assets.sources.payload import PayloadError, member, read_json
from nba_assets.sources.prices import LEAST_IMPLIED, Line, Price, line_columns, main_line
from nba_assets.sources.settle import Unit, settled, speaks_for

__all__ = ["name_games", "parse"]

CONSENSUS = 0
"""The average that BettingPros lists among the books."""

Sides = dict[str, Posting]


@dataclass
class Quoted:
    """What a book has for a player in an event: by whether it stands, point to side to posting."""

    offer: Offer
    lines: dict[bool, dict[float, Sides]] = field(default_factory=lambda: {True: {}, False: {}})


@dataclass(frozen=True)
class Events:
    """The games by event id; `listed` false: the drop has no events, so another must say which game each is."""

    games: Mapping[int, EventGame]
    listed: bool
    day: pd.Timestamp | None
    """The date of the drop's path."""

    def label(self, event_id: int) -> str:
        game = self.games.get(event_id)
        return game.pair.label if game is not None and game.pair is not None else f"event {event_id}"

    def unit(self, event_id: int) -> Unit:
        """The event's game; without events only the date is known."""
        game = self.games.get(event_id)
        if game is not None and game.pair is not None:
            return game.pair.unit
        if self.day is None:
            raise PayloadError("object name", "path", "no date in the object name, and no events")
        return Unit(self.day)

    def problem(self, offer: Offer) -> Reject | None:
        """Why the game of an offer cannot be known."""
        game = self.games.get(offer.event_id)
        if not self.listed or (game is not None and game.pair is not None):
            return None
        why = game.why if game is not None else f"not among the drop's {len(self.games)} events"
        message = f"event {offer.event_id}: {why}"
        return Reject(f"{offer.place}.event_id", "event", message, offer.player_name, self.label(offer.event_id))


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse `{"events": [...], "offers": [...]}`: one row per event, player and book, with its main line that stands.

    `props` (the older form) may stand in place of `offers`. Events alone give no rows and say which game each event
    is; offers without events get their games from such a drop (`name_games`) and are `partial`. A book none of whose
    lines stands has the last ones, not active: withdrawn.
    """
    payload = read_json(data)
    captured_at = capture_stamp(object_name)
    if captured_at is None:
        raise PayloadError("object name", "path", f"no capture time in {object_name!r}")
    listed = "events" in payload
    games = read_events(member(payload, "events", list, "$"), "$.events") if listed else {}
    day = path_date(object_name)
    events = Events(games, listed, None if day is None else pd.Timestamp(day))
    if "offers" not in payload and "props" not in payload:
        if listed:
            return _of_events(events)
        raise PayloadError("$", "top_key", f"no offers, props or events; there is {', '.join(sorted(payload)[:12])}")
    return _judged(events, read_offers(payload), captured_at)


def _of_events(events: Events) -> Parsed:
    units = _units(events)
    return Parsed(Outcome.OK, speaks_for=units) if len(units) else Parsed(Outcome.EMPTY)


def _units(events: Events, bad: Sequence[str | None] = ()) -> pd.DataFrame:
    """The games that the drop names and that are not bad, with their event ids."""
    kept = [(event_id, game) for event_id, game in events.games.items() if game.pair and game.pair.label not in bad]
    units = speaks_for(game.pair.unit for _, game in kept if game.pair)
    if units.empty:
        return units
    units[STARTS_AT] = [game.starts_at for _, game in kept]
    units[EVENT_ID] = [event_id for event_id, _ in kept]
    return units


def _judged(events: Events, offers: Offers, captured_at: pd.Timestamp) -> Parsed:
    if not offers.found and not offers.rejects:
        if not offers.other_markets:
            return Parsed(Outcome.EMPTY)
        message = f"no offer of market {MARKET}; there is {', '.join(sorted(offers.other_markets))}"
        raise PayloadError("$", "market", message)
    rejects = [
        replace(reject, game=reject.place if event_id is None else events.label(event_id))
        for event_id, reject in offers.rejects
    ]
    problems = [events.problem(offer) for offer in offers.found]
    rejects += filter(None, problems)
    placed = [offer for offer, problem in zip(offers.found, problems, strict=True) if problem is None]
    quoted = _quoted(events, placed, rejects)
    rows = [_row(events, book, of, captured_at, rejects) for (_, _, book), of in quoted.items()]
    ids = [of.offer.event_id for of in quoted.values()]
    labels = [events.label(event_id) for event_id in ids]
    columns = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    units = {events.label(number): events.unit(number) for number, game in events.games.items() if game.pair}
    units |= {events.label(event_id): events.unit(event_id) for event_id in ids}
    found = settled(columns, labels, units, rejects, incomplete=not events.listed)
    if found.outcome is Outcome.BAD or not events.listed:
        return found
    return replace(found, speaks_for=_units(events, [reject.game for reject in rejects]))


def _quoted(
    events: Events, offers: Sequence[Offer], rejects: list[Reject]
) -> dict[tuple[int, int | str, Book], Quoted]:
    """Every book's postings, by event, player and book; two prices of one side that both stand are a reject."""
    found: dict[tuple[int, int | str, Book], Quoted] = {}
    for offer in offers:
        player = player_lookup(offer.player_name) if offer.player_id is None else offer.player_id
        for posting in offer.postings:
            if posting.book_id == CONSENSUS:
                continue
            book = book_of("bettingpros", posting.book_id)
            quoted = found.setdefault((offer.event_id, player, book), Quoted(offer))
            sides = quoted.lines[posting.is_active].setdefault(posting.line, {})
            known = sides.setdefault(posting.side, posting)
            if known.price == posting.price:
                continue
            if posting.is_active:
                message = f"{posting.side} {posting.line} of {offer.player_name} at {book.name} has two prices"
                reject = Reject(posting.place, "unique", message, game=events.label(offer.event_id))
                rejects.append(reject)
            elif known.updated_at is None or (posting.updated_at is not None and posting.updated_at > known.updated_at):
                sides[posting.side] = posting
    return found


def _row(
    events: Events, book: Book, quoted: Quoted, captured_at: pd.Timestamp, rejects: list[Reject]
) -> dict[str, Any]:
    offer, is_active = quoted.offer, bool(quoted.lines[True])
    points = quoted.lines[is_active]
    lines = [Line(point, _price(sides, "over"), _price(sides, "under")) for point, sides in sorted(points.items())]
    for line in lines if is_active and not book.is_dfs else ():
        total = line.implied_sum
        if total is not None and total < LEAST_IMPLIED:
            message = f"{offer.player_name} {line.point} at {book.name}: implied probabilities add up to {total:.3f}"
            rejects.append(Reject(offer.place, "implied_sum", message, game=events.label(offer.event_id)))
    main = main_line(lines)
    game, unit = events.games.get(offer.event_id), events.unit(offer.event_id)
    changed = [posting.updated_at for sides in points.values() for posting in sides.values() if posting.updated_at]
    return {
        "game_date": unit.game_date,
        "game_id": None,
        "away_tricode": unit.away_tricode,
        "home_tricode": unit.home_tricode,
        STARTS_AT: game.starts_at if game is not None else None,
        "book": book.name,
        "captured_at": captured_at,
        EVENT_ID: offer.event_id,
        "bp_player_id": offer.player_id,
        "player_name": offer.player_name,
        "player_lookup": player_lookup(offer.player_name),
        **line_columns(lines, main),
        "is_dfs": book.is_dfs,
        "book_updated_at": max(changed, default=None),
        **_opening(offer),
        "is_active": is_active,
        "is_best": any(posting.is_best for posting in points[main.point].values()),
    }


def _price(sides: Sides, side: str) -> Price | None:
    return sides[side].price if side in sides else None


def _opening(offer: Offer) -> dict[str, Any]:
    """The first line: the over's, with the under's price if it was the same line; the under's if there is no other."""
    over, under = offer.openings.get("over"), offer.openings.get("under")
    first = over or under
    sides = [side for side in (over, under) if side is not None and first is not None and side.line == first.line]
    prices = {"over": over, "under": under}
    return {
        "opening_line": first.line if first else None,
        **{
            f"opening_{name}_price": side.price.american if side in sides and side and side.price else None
            for name, side in prices.items()
        },
        "opened_at": min((side.posted_at for side in sides if side.posted_at), default=None),
    }
