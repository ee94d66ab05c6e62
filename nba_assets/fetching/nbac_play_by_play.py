"""Play-by-play of each game: the live file, which grows during the game; the stats forms where there is none."""

from __future__ import annotations

import datetime as dt

import orjson

from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import Cadence, Window
from nba_assets.fetching.errors import Absent
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import NOT_PUBLISHED, Ask, Session
from nba_assets.fetching.slate import SlateGame
from nba_assets.fetching.stats_nba import BASE, HEADERS, TABULAR

LIVE = "https://cdn.nba.com/static/json/liveData/playbyplay"
FIRST_LIVE_SEASON = "2019-20"
WHOLE_GAME = {"StartPeriod": "0", "EndPeriod": "14"}
ACTIONS = json_object("game")


def fetch(session: Session, ask: Ask) -> None:
    """One file a game that has started; on past dates the stats forms stand in for a live file that is not there."""
    for game in ask.slate.started(ask.now):
        with session.piece(game.pair):
            if ask.season_label < FIRST_LIVE_SEASON:
                _stats_forms(session, ask, game)
                continue
            try:
                _live(session, ask, game)
            except Absent as absent:
                if absent.outcome != "not yet" or not ask.is_past:
                    raise
                _stats_forms(session, ask, game)


def _live(session: Session, ask: Ask, game: SlateGame) -> None:
    url = f"{LIVE}/playbyplay_{game.game_id}.json"
    answer = session.get(url, ACTIONS, missing=NOT_PUBLISHED, conditional=True)
    name = f"nba-com/play-by-play/{ask.day}/game-{game.game_id}/{answer.stamp}.json"
    session.land(name, answer, conditional_url=url)


def _stats_forms(session: Session, ask: Ask, game: SlateGame) -> None:
    """Version 3, or version 2 of a game of which it has no events."""
    parameters = {"GameID": game.game_id, **WHOLE_GAME}
    answer, form = session.get(f"{BASE}/playbyplayv3", ACTIONS, parameters, HEADERS), "v3"
    if not (orjson.loads(answer.body)["game"] or {}).get("actions"):
        answer, form = session.get(f"{BASE}/playbyplayv2", TABULAR, parameters, HEADERS), "v2"
    session.land(f"nba-com/play-by-play-{form}/{ask.day}/game-{game.game_id}/{answer.stamp}.json", answer)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(
        window=Window(opens=dt.timedelta(), closes=dt.timedelta(hours=4), every=15), next_day=(dt.time(9, 0),)
    ),
)
