"""What requests to stats.nba.com share: a browser's headers, and the names of season types."""

from __future__ import annotations

from nba_assets.fetching.bodies import json_object

BASE = "https://stats.nba.com/stats"
HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
    ),
    "Referer": "https://www.nba.com/",
    "Origin": "https://www.nba.com",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-US,en;q=0.9",
}
TABULAR = json_object("resultSets")
SEASON_TYPES = {
    "regular": "Regular Season",
    "playoffs": "Playoffs",
    "play_in": "PlayIn",
    "preseason": "Pre Season",
}
"""The game log's name of a season type. A wrong one gives a valid empty answer: what has no name here is not asked."""
