"""The league's player index of the day: who is on which team now."""

from __future__ import annotations

import datetime as dt

from nba_assets.fetching.cadence import Cadence
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.stats_nba import BASE, HEADERS, TABULAR
from nba_assets.league import league_date

EMPTY = ("College", "Country", "DraftPick", "DraftRound", "DraftYear", "Height", "Weight")


def fetch(session: Session, ask: Ask) -> None:
    """One file. It says who is where today, so it lands under today's date, whichever was asked for."""
    with session.piece("player index"):
        parameters = {"LeagueID": "00", "Season": ask.season_label, "Historical": "0", "TeamID": "0"}
        parameters |= {"SeasonType": "Regular Season", **dict.fromkeys(EMPTY, "")}
        answer = session.get(f"{BASE}/playerindex", TABULAR, parameters, HEADERS)
        session.land(f"nba-com/player-list/{league_date(answer.received_at)}/{answer.stamp}.json", answer)


FETCHER = Fetcher(fetch=fetch, cadence=Cadence(at=(dt.time(7, 0),)), by_games=False)
