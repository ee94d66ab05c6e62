"""The league's player index of a date: everybody with his team of that morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.calendar import season_label, season_start
from nba_assets.simulator.files.folder import Folder, stamp
from nba_assets.simulator.files.league_tables import answer
from nba_assets.simulator.season import Day, Listing

CAPTURED = dt.time(11, 0)
HEADERS = ["PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "PLAYER_SLUG", "TEAM_ID", "TEAM_SLUG", "IS_DEFUNCT"]
HEADERS += ["TEAM_CITY", "TEAM_NAME", "TEAM_ABBREVIATION", "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT", "COLLEGE"]
HEADERS += ["COUNTRY", "DRAFT_YEAR", "DRAFT_ROUND", "DRAFT_NUMBER", "ROSTER_STATUS", "FROM_YEAR", "TO_YEAR"]
HEADERS += ["PTS", "REB", "AST", "STATS_TIMEFRAME"]


def write(folder: Folder, day: Day) -> None:
    """One file."""
    season = season_label(day.day)
    parameters = {"LeagueID": "00", "Season": season, "Historical": 0, "TeamID": 0}
    rows = [_row(listing, season_start(day.day)) for listing in day.listings]
    name = f"nba-com/player-list/{day.day}/{stamp(day.day, CAPTURED)}.json"
    folder.write("nbac_player_list", name, answer("playerindex", parameters, {"PlayerIndex": (HEADERS, rows)}))


def _row(listing: Listing, season: int) -> list[Any]:
    player, team = listing.player, listing.team
    return [
        player.player_id,
        player.last_name,
        player.first_name,
        player.slug,
        team.team_id,
        team.name.lower().replace(" ", ""),
        0,
        team.city,
        team.name,
        team.tricode,
        listing.jersey,
        player.position,
        f"{player.height_in // 12}-{player.height_in % 12}",
        str(player.weight_lb),
        player.college,
        player.country,
        *(player.draft or (None, None, None)),
        1.0,
        str(player.from_year),
        str(season),
        None,
        None,
        None,
        "Season",
    ]
