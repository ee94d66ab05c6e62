"""Team totals: the teams' game log of a date for the totals, each game's box score for starters and DNP comments."""

from __future__ import annotations

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import GAME_LOGS
from nba_assets.fetching.fetchers import Fetcher, Holds
from nba_assets.fetching.game_log import game_logs
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.stats_nba import BASE, HEADERS

BOX = json_object("boxScoreTraditional")
WHOLE_GAME = {"StartPeriod": "0", "EndPeriod": "10", "StartRange": "0", "EndRange": "28800", "RangeType": "0"}


def fetch(session: Session, ask: Ask) -> None:
    """One file for the date's log, one a game that may be over."""
    for answer in game_logs(session, ask, "T"):
        session.land(f"nba-com/team-boxscore/{ask.day}/{answer.stamp}.json", answer)
    for game in ask.slate.over(ask.now):
        with session.piece(game.pair):
            parameters = {"GameID": game.game_id, **WHOLE_GAME}
            answer = session.get(f"{BASE}/boxscoretraditionalv3", BOX, parameters, HEADERS)
            session.land(f"nba-com/team-boxscore/{ask.day}/{game.game_id}/{answer.stamp}.json", answer)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=GAME_LOGS,
    holds=Holds.FINAL,
)
