"""The official gamebook of each game: a PDF that appears after the final."""

from __future__ import annotations

import datetime as dt

from nba_assets.fetching.bodies import pdf
from nba_assets.fetching.cadence import Cadence, Window
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import NOT_PUBLISHED, Ask, Session

BASE = "https://statsdmz.nba.com/pdfs"
MAX_BYTES = 16 * 1024 * 1024


def fetch(session: Session, ask: Ask) -> None:
    """One file a game that may be over; the All-Star games have none that is used."""
    day = f"{ask.day:%Y%m%d}"
    for game in ask.slate.over(ask.now):
        if game.season_type == "all_star":
            continue
        url = f"{BASE}/{day}/{day}_{game.code}.pdf"
        with session.piece(game.pair):
            answer = session.get(url, pdf, missing=NOT_PUBLISHED, conditional=True, max_bytes=MAX_BYTES)
            name = f"nba-com/gamebooks-pdf/{ask.day}/{day}-{game.code}/{answer.stamp}.pdf"
            session.land(name, answer, conditional_url=url)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(
        window=Window(opens=dt.timedelta(hours=2, minutes=15), closes=dt.timedelta(hours=5), every=30),
        next_day=(dt.time(9, 0), dt.time(13, 0)),
    ),
)
