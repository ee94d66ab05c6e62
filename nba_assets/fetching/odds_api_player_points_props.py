"""The Odds API's lines of players' points: the date's events (free), then each event's odds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import orjson

from nba_assets.fetching.bodies import json_list, json_object
from nba_assets.fetching.cadence import LINES
from nba_assets.fetching.errors import Absent
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.odds_api import (
    BASE,
    KEY,
    SPORT,
    games_with_tip,
    iso,
    parameters,
    snapshot_label,
    snapshots,
    within,
)
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.slate import SlateGame
from nba_assets.league import league_date, tricode_of
from nba_assets.sources.moments import instant

MARKET = "player_points"
NO_MARKET = (404, 422)
"""How the API answers for an event, or a market of it, that it does not have."""
EVENT_ID = re.compile(r"[0-9a-zA-Z]{1,64}")


def fetch(session: Session, ask: Ask) -> None:
    """Live: one file a game that has not begun. Past: two a game, at its decision time and 5 minutes before its tip."""
    games = games_with_tip(ask.slate, ask.now, past=ask.is_past)
    if not games:
        return
    key = session.key(KEY)
    events = _events(session, ask, key, games)
    for game in games:
        with session.piece(game.pair):
            if game.pair not in events:
                raise Absent("not yet", "no such event at the source")
            _odds(session, ask, key, game, events[game.pair])


def _odds(session: Session, ask: Ask, key: str, game: SlateGame, event_id: str) -> None:
    wanted = parameters(key, MARKET)
    if not ask.is_past:
        url = f"{BASE}/{SPORT}/events/{event_id}/odds"
        answer = session.get(url, json_object("bookmakers"), wanted, missing=NO_MARKET)
        label = f"{answer.received_at:%H%M}"
        name = f"odds-api/player-props/{ask.day}/{event_id}-{game.code}/{answer.stamp}-snap-{label}.json"
        session.land(name, answer)
        return
    for moment in snapshots(game.tip_at) if game.tip_at is not None else []:
        url = f"{BASE}/historical/{SPORT}/events/{event_id}/odds"
        answer = session.get(url, json_object("timestamp", "data"), wanted | {"date": iso(moment)}, missing=NO_MARKET)
        label = snapshot_label(answer.body, moment)
        name = f"odds-api/player-props-history/{ask.day}/{event_id}-{game.code}/{answer.stamp}-snap-{label}.json"
        session.land(name, answer)


def _events(session: Session, ask: Ask, key: str, games: list[SlateGame]) -> dict[str, str]:
    """The source's id of each game of the date, by pair."""
    wanted = {"apiKey": key, **within(ask.day)}
    if not ask.is_past:
        found = orjson.loads(session.get(f"{BASE}/{SPORT}/events", json_list, wanted).body)
    else:
        first = min(game.tip_at for game in games if game.tip_at is not None)
        wanted["date"] = iso(snapshots(first)[0])
        url = f"{BASE}/historical/{SPORT}/events"
        found = orjson.loads(session.get(url, json_object("timestamp", "data"), wanted).body)["data"]
    return {pair: str(event["id"]) for event in found if (pair := _pair(event, ask.day)) is not None}


def _pair(event: Any, day: dt.date) -> str | None:
    """`DEN@LAL` of an event of that league date, None for any other."""
    try:
        if league_date(instant(event["commence_time"])) != day or not EVENT_ID.fullmatch(event["id"]):
            return None
        away, home = tricode_of(event["away_team"]), tricode_of(event["home_team"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return f"{away}@{home}" if away and home else None


FETCHER = Fetcher(
    fetch=fetch,
    cadence=LINES,
    key=KEY,
)
