"""BigDataBall's play-by-play: a CSV a game in a shared Google Drive folder, hours after the game."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.fetching.bodies import csv_with
from nba_assets.fetching.cadence import Cadence
from nba_assets.fetching.errors import Absent, FetchError
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.google_drive import authorization, download, search
from nba_assets.fetching.session import Ask, Session
from nba_assets.sources.moments import instant

KEY = "BIGDATABALL_SERVICE_ACCOUNT"


def fetch(session: Session, ask: Ask) -> None:
    """One file a game that may be over, stamped with its last change; one that has landed is not read again."""
    over = ask.slate.over(ask.now)
    if not over:
        return
    headers = authorization(session, KEY)
    for game in over:
        with session.piece(game.pair):
            query = f"name contains '{game.game_id}' and not name contains 'combined-stats'"
            matches = search(session, query, headers)
            if not matches:
                raise Absent("not yet", "no file in the shared folder")
            newest = max(matches, key=_changed_at)
            stamp = f"{_changed_at(newest):%Y%m%d_%H%M%S}"
            folder = f"big-data-ball/{game.season_label}/{ask.day}/game_{game.game_id}"
            name = f"{folder}/[{ask.day}]-{game.game_id}-{game.pair}-{stamp}.csv"
            if session.is_stored(name):
                raise Absent("unchanged", "the file has not changed since it landed")
            session.land(name, download(session, str(newest["id"]), csv_with("event_type"), headers))


def _changed_at(file: dict[str, Any]) -> dt.datetime:
    try:
        return instant(file["modifiedTime"])
    except (KeyError, ValueError):
        raise FetchError("a file of the shared folder has no time of its last change") from None


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(next_day=(dt.time(6, 0), dt.time(9, 0), dt.time(12, 0), dt.time(18, 0))),
    key=KEY,
)
