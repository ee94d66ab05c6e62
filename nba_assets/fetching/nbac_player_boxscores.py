"""The league's game log of the players who appeared on a date."""

from __future__ import annotations

from nba_assets.fetching.cadence import GAME_LOGS
from nba_assets.fetching.fetchers import Fetcher, Holds
from nba_assets.fetching.game_log import game_logs
from nba_assets.fetching.session import Ask, Session


def fetch(session: Session, ask: Ask) -> None:
    """One file a season type of the date's games: on nearly every date, one."""
    for answer in game_logs(session, ask, "P"):
        session.land(f"nba-com/player-boxscores/{ask.day}/{answer.stamp}.json", answer)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=GAME_LOGS,
    holds=Holds.FINAL,
)
