"""balldontlie's box scores of a date, page by page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import Cadence, Window
from nba_assets.fetching.client import Answer
from nba_assets.fetching.errors import FetchError
from nba_assets.fetching.fetchers import Fetcher, Holds
from nba_assets.fetching.session import Ask, Session

URL = "https://api.balldontlie.io/v1/box_scores"
KEY = "BDL_API_KEY"
MOST_PAGES = 20


def fetch(session: Session, ask: Ask) -> None:
    """One file with all pages, or none if a page fails."""
    if not ask.slate.started(ask.now):
        return
    with session.piece("box scores"):
        answers = _pages(session, ask)
        rows = [row for answer in answers for row in _data(answer)]
        body = answers[0].body if len(answers) == 1 else orjson.dumps({"data": rows})
        last = answers[-1]
        session.land(f"ball-dont-lie/boxscores/{ask.day}/{last.stamp}.json", last, body)


def _pages(session: Session, ask: Ask) -> list[Answer]:
    headers = {"Authorization": session.key(KEY)}
    answers: list[Answer] = []
    seen: set[str] = set()
    parameters = {"date": str(ask.day), "per_page": "100"}
    while True:
        answers.append(session.get(URL, json_object("data"), parameters, headers))
        cursor = (orjson.loads(answers[-1].body).get("meta") or {}).get("next_cursor")
        if cursor is None:
            return answers
        if str(cursor) in seen or len(answers) == MOST_PAGES:
            raise FetchError(f"page {len(answers)} names cursor {str(cursor)[:40]!r} as the next: the pages never end")
        seen.add(str(cursor))
        parameters |= {"cursor": str(cursor)}


def _data(answer: Answer) -> list[Any]:
    data = orjson.loads(answer.body)["data"]
    if not isinstance(data, list):
        raise FetchError("the answer's data is no list", "the source may have changed its format")
    return data


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(
        window=Window(opens=dt.timedelta(hours=2, minutes=15), closes=dt.timedelta(hours=4), every=30),
        next_day=(dt.time(9, 0),),
    ),
    key=KEY,
    holds=Holds.FINAL,
)
