"""The season's schedule: stats.nba.com, else for the current season the league's static file."""

from __future__ import annotations

import datetime as dt

import orjson

from nba_assets.engine.captures import season_of
from nba_assets.fetching.bodies import json_object
from nba_assets.fetching.cadence import Cadence, Window
from nba_assets.fetching.errors import FetchError, Refused, Transient
from nba_assets.fetching.fetchers import Fetcher
from nba_assets.fetching.session import Ask, Session
from nba_assets.fetching.stats_nba import BASE, HEADERS
from nba_assets.league import league_date

CDN = "https://cdn.nba.com/static/json/staticData/scheduleLeagueV2_1.json"
SCHEDULE = json_object("leagueSchedule")


def fetch(session: Session, ask: Ask) -> None:
    """One file, the whole season."""
    label = ask.season_label
    with session.piece(f"season {label}"):
        parameters = {"LeagueID": "00", "Season": label, "GameSubType": ""}
        try:
            answer = session.get(f"{BASE}/scheduleleaguev2int", SCHEDULE, parameters, HEADERS, attempts=2)
            session.land(f"nba-com/schedule/{label}/{answer.stamp}.json", answer)
        except (Refused, Transient):
            if season_of(ask.day) != season_of(league_date(ask.now)):
                raise
            answer = session.get(CDN, SCHEDULE, conditional=True)
            season = orjson.loads(answer.body)["leagueSchedule"].get("seasonYear")
            if season != label:
                raise FetchError(
                    f"the static schedule is of {season}, not of {label}", "stats.nba.com has it: try later"
                ) from None
            session.land(f"nba-com/schedule-cdn/{label}/{answer.stamp}.json", answer, conditional_url=CDN)


FETCHER = Fetcher(
    fetch=fetch,
    cadence=Cadence(
        at=(dt.time(6, 0), dt.time(12, 0)),
        window=Window(opens=dt.timedelta(hours=2), closes=dt.timedelta(hours=4), every=15),
        off_days=True,
    ),
    by_games=False,
)
