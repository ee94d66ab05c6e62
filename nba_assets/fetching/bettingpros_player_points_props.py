"""BettingPros' lines of players' points: the date's events, then their offers, page by page."""

from __future__ import annotations

from typing import Any

import orjson

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import LINES
from nba_assets.fetching.client import Answer
from nba_assets.fetching.errors import FetchError
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import Ask, Session

BASE = "https://api.bettingpros.com/v3"
KEY = "BETTINGPROS_API_KEY"
SITE = {"Origin": "https://www.bettingpros.com", "Referer": "https://www.bettingpros.com/"}
POINTS = "156"
PAGE = "10"
MOST_PAGES = 200


def fetch(session: Session, ask: Ask) -> None:
    """One file with the date's events and all their offers, or none if a page fails; nothing once all games are on."""
    if not ask.is_past and not ask.slate.upcoming(ask.now):
        return
    with session.piece("offers"):
        headers = {"X-Api-Key": session.key(KEY), **SITE}
        answers, events = _pages(session, "events", {"sport": "NBA", "date": str(ask.day)}, headers)
        offers: list[Any] = []
        if events:
            ids = ":".join(str(event["id"]) for event in events)
            wanted = {"sport": "NBA", "market_id": POINTS, "event_id": ids, "book_id": "null", "limit": PAGE}
            more, offers = _pages(session, "offers", wanted, headers)
            answers += more
        body = orjson.dumps({"events": events, "offers": offers})
        last = answers[-1]
        session.land(f"bettingpros/player-props/points/{ask.day}/{last.stamp}.json", last, body)


def _pages(
    session: Session, what: str, wanted: dict[str, str], headers: dict[str, str]
) -> tuple[list[Answer], list[Any]]:
    """All pages that the first one declares, and what they hold."""
    answers: list[Answer] = []
    found: list[Any] = []
    page, pages = 1, 1
    while page <= pages:
        parameters = wanted if what == "events" else wanted | {"page": str(page)}
        answers.append(session.get(f"{BASE}/{what}", json_object(what), parameters, headers))
        payload = orjson.loads(answers[-1].body)
        declared = payload.get("_pagination") or {}
        pages = int(declared.get("total_pages") or 0) if what == "offers" else 1
        if what == "offers" and int(declared.get("page") or page) != page:
            raise FetchError(
                f"page {declared['page']} of the offers came for page {page}", "the next fetch tries again"
            )
        if pages > MOST_PAGES or (pages == 0 and payload[what]):
            raise FetchError(f"the offers do not say how many pages there are: {declared}", "their format has changed")
        found += payload[what]
        page += 1
    return answers, found


FETCHER = Fetcher(
    fetch=fetch,
    cadence=LINES,
    key=KEY,
)
