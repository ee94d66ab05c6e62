"""The officials of a date's games, published on its morning."""

from __future__ import annotations

import datetime as dt

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import Cadence
from nba_assets.fetching.fetchers import Fetcher, Holds
from nba_assets.fetching.session import Ask, Session
from nba_assets.league import LEAGUE_ZONE

PUBLISHED_BY = dt.time(12, 0)
URL = "https://official.nba.com/wp-json/api/v1/get-game-officials"


def fetch(session: Session, ask: Ask) -> None:
    """One file."""
    with session.piece("officials"):
        answer = session.get(URL, json_object("nba"), {"date": str(ask.day)})
        name = f"nba-com/referee-assignments/{ask.day}/{answer.stamp}.json"
        session.land(name, answer, due_at=dt.datetime.combine(ask.day, PUBLISHED_BY, LEAGUE_ZONE))


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(at=(dt.time(9, 30), dt.time(11, 0), dt.time(13, 0), dt.time(16, 0))),
    holds=Holds.LISTED,
)
