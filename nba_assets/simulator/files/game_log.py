"""The league's game log of a date (`leaguegamelog`), for players or for teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.calendar import season_label, season_start
from nba_assets.simulator.files.league_tables import HEADERS, SHOOTING, answer
from nba_assets.simulator.season import Day, GameNight, TeamNight

TEAM = ["TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME"]
GAME = ["GAME_ID", "GAME_DATE", "MATCHUP", "WL", "MIN"]


def headers(who: list[str]) -> list[str]:
    """The columns of a log; `who`: those of the player, none in the teams' log."""
    return ["SEASON_ID", *who, *TEAM, *GAME, *SHOOTING, *HEADERS, "VIDEO_AVAILABLE"]


def leading(day: dt.date, who: list[Any], game: GameNight, own: TeamNight, other: TeamNight) -> list[Any]:
    """A row's values up to `WL`."""
    versus = "vs." if own is game.home else "@"
    return [
        f"2{season_start(day)}",
        *who,
        own.team.team_id,
        own.team.tricode,
        own.team.full_name,
        game.fixture.game_id,
        str(day),
        f"{own.team.tricode} {versus} {other.team.tricode}",
        "W" if own.result.points > other.result.points else "L",
    ]


def log(day: Day, player_or_team: str, who: list[str], rows: list[list[Any]]) -> Any:
    """The answer with these rows; `player_or_team` is `P` or `T`."""
    parameters = {
        "LeagueID": "00",
        "Season": season_label(day.day),
        "SeasonType": "Regular Season",
        "PlayerOrTeam": player_or_team,
        "DateFrom": str(day.day),
        "DateTo": str(day.day),
    }
    return answer("leaguegamelog", parameters, {"LeagueGameLog": (headers(who), rows)})
