"""What every answer of The Odds API has: the envelope of history, the capture time, the game of an event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets.league import league_date
from nba_assets.sources.moments import instant
from nba_assets.sources.pairs import Pair, pair_of
from nba_assets.sources.paths import capture_stamp
from nba_assets.sources.payload import PayloadError, member, shown

SPORT = "basketball_nba"


@dataclass(frozen=True)
class Answer:
    """An event or a list of them, where it stands, and when it stood; `stated`: the envelope's own time, if any."""

    content: Any
    place: str
    captured_at: pd.Timestamp
    stated: pd.Timestamp | None


@dataclass(frozen=True)
class Event:
    """The game of an event by date and teams, and the source's own start time (null where it has none)."""

    event_id: str
    pair: Pair
    starts_at: dt.datetime | None


def opened(payload: Any, object_name: str) -> Answer:
    """A live answer as it is, a historical one out of its envelope. Raises `PayloadError` without a capture time."""
    content, place, stated = payload, "$", None
    if isinstance(payload, dict) and "data" in payload and "timestamp" in payload:
        stated = pd.Timestamp(moment(member(payload, "timestamp", str, "$"), "$.timestamp"))
        content, place = payload["data"], "$.data"
    captured_at = stated if stated is not None else capture_stamp(object_name)
    if captured_at is None:
        message = f"no capture time in {object_name!r}, and a live answer has none itself"
        raise PayloadError("object name", "path", message)
    return Answer(content, place, captured_at, stated)


def read_event(event: Any, place: str) -> Event:
    """The event's game. Raises `PayloadError` by rule `content` (another sport), `time`, `teams`, `type`, `top_key`."""
    sport = member(event, "sport_key", str, place)
    if sport != SPORT:
        raise PayloadError(f"{place}.sport_key", "content", f"sport_key is {shown(sport)}, not {SPORT}", shown(sport))
    starts_at = moment(member(event, "commence_time", str, place), f"{place}.commence_time")
    day = league_date(starts_at).isoformat()
    return Event(member(event, "id", str, place), pair_in(event, day, place), starts_at)


def pair_in(event: Any, day: str, place: str) -> Pair:
    """The event's teams on a date. Raises `PayloadError` by rule `teams`."""
    try:
        return pair_of(day, member(event, "away_team", str, place), member(event, "home_team", str, place))
    except ValueError as error:
        raise PayloadError(place, "teams", str(error)) from None


def moment(value: Any, place: str) -> dt.datetime:
    """A time with its zone. Raises `PayloadError` by rule `time`."""
    try:
        return instant(value)
    except ValueError:
        raise PayloadError(place, "time", f"{shown(value)} is not a time with its zone", shown(value)) from None


def updated_at(entry: Any, market: Any, place: str) -> dt.datetime | None:
    """When the book last changed a market: the market's own time, else the book's, null if neither says."""
    found = market.get("last_update") or entry.get("last_update")
    return moment(found, f"{place}.last_update") if found is not None else None
