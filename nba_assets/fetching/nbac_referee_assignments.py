"""The officials of a date's games, published on its morning."""

from __future__ import annotations

import datetime as dt

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import Cadence
from nba_assets.fetching.fetchers import Fetcher, Holds
from nba_assets.fetching.session import Ask, Session

URL = "https://official.nba.com/wp-json/api/v1/get-game-officials"


def fetch(session: Session, ask: Ask) -> None:
    """One file."""
    with session.piece("officials"):
        answer = session.get(URL, json_object("nba"), {"date": str(ask.day)})
        session.land(f"nba-com/referee-assignments/{ask.day}/{answer.stamp}.json", answer)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(at=(dt.time(9, 30), dt.time(11, 0), dt.time(13, 0), dt.time(16, 0))),
    holds=Holds.LISTED,
)
