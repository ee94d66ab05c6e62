"""What requests to The Odds API share: the key, the books, events and snapshots."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson

from nba_assets.fetching.slate import Slate, SlateGame
from nba_assets.league import LEAGUE_ZONE
from nba_assets.sources.moments import instant

BASE = "https://api.the-odds-api.com/v4"
SPORT = "sports/basketball_nba"
KEY = "ODDS_API_KEY"
BOOKS = (
    "draftkings",
    "fanduel",
    "betmgm",
    "williamhill_us",
    "betrivers",
    "espnbet",
    "fanatics",
    "hardrockbet",
    "bovada",
    "betonlineag",
)
"""Ten books cost as much as one region."""
BEFORE_TIP = (dt.timedelta(minutes=30), dt.timedelta(minutes=5))
"""Snapshots of a past game: what was known at its decision time, and the closing line."""


def parameters(key: str, markets: str) -> dict[str, str]:
    """Those of every request for odds."""
    wanted = {"apiKey": key, "regions": "us", "markets": markets, "bookmakers": ",".join(BOOKS)}
    return wanted | {"oddsFormat": "american", "dateFormat": "iso"}


def within(day: dt.date) -> dict[str, str]:
    """Events of one league date only."""
    starts = [dt.datetime.combine(day + dt.timedelta(days=n), dt.time(), LEAGUE_ZONE) for n in (0, 1)]
    ends = starts[1] - dt.timedelta(seconds=1)
    return {"commenceTimeFrom": iso(starts[0]), "commenceTimeTo": iso(ends)}


def iso(moment: dt.datetime) -> str:
    """A UTC time as the API takes it."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def snapshots(tip_at: dt.datetime) -> list[dt.datetime]:
    """The moments of a past game to ask for."""
    return [tip_at - before for before in BEFORE_TIP]


def snapshot_label(body: bytes, asked: dt.datetime) -> str:
    """`HHMM` of a historical envelope's own time, else of the time asked for."""
    stated: Any = orjson.loads(body).get("timestamp")
    try:
        return f"{instant(stated):%H%M}"
    except ValueError:
        return f"{asked.astimezone(dt.UTC):%H%M}"


def games_with_tip(slate: Slate, now: dt.datetime, *, past: bool) -> list[SlateGame]:
    """The games whose lines are asked for: of a past date all, else those that have not begun."""
    games = slate.games if past else slate.upcoming(now)
    return [game for game in games if game.tip_at is not None or not past]
