"""Team box scores: each game's box score in the league's older form, and the game log of the date's teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.game_log import leading, log
from nba_assets.simulator.files.league_tables import COUNTS, HEADERS, SHOOTING, answer, clock, stat_line
from nba_assets.simulator.season import Day, GameNight, Line, TeamNight

BOX_CAPTURED, LOG_CAPTURED = dt.time(7, 10), dt.time(7, 15)
STATS = [*SHOOTING, *("TO" if name == "TOV" else name for name in HEADERS)]
PLAYERS = ["GAME_ID", "TEAM_ID", "TEAM_ABBREVIATION", "TEAM_CITY", "PLAYER_ID", "PLAYER_NAME", "NICKNAME"]
PLAYERS += ["START_POSITION", "COMMENT", "MIN", *STATS]
TEAMS = ["GAME_ID", "TEAM_ID", "TEAM_NAME", "TEAM_ABBREVIATION", "TEAM_CITY", "MIN", *STATS]
SHOTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta")


def write(folder: Folder, day: Day) -> None:
    """A box score a game and one log of the date."""
    for game in day.games:
        stamp = morning_after(day.day, BOX_CAPTURED)
        name = f"nba-com/team-boxscore/{day.day}/{game.fixture.game_id}/{stamp}.json"
        folder.write("nbac_team_boxscore", name, _box(game))
    rows = [_log_row(day.day, game, own, other) for game in day.games for own, other in game.sides]
    name = f"nba-com/team-boxscore/{day.day}/{morning_after(day.day, LOG_CAPTURED)}.json"
    folder.write("nbac_team_boxscore", name, log(day, "T", [], rows))


def _box(game: GameNight) -> Any:
    """Starters, comments and players' sums; turnovers are the players' alone."""
    parameters = {
        "GameID": game.fixture.game_id,
        "StartPeriod": 0,
        "EndPeriod": 0,
        "StartRange": 0,
        "EndRange": 0,
        "RangeType": 0,
    }
    players = [_player_row(game, own, line) for own, _ in game.sides for line in own.lines if line.status != "inactive"]
    teams = [_team_row(game, own, other) for own, other in game.sides]
    return answer("boxscore", parameters, {"PlayerStats": (PLAYERS, players), "TeamStats": (TEAMS, teams)})


def _player_row(game: GameNight, own: TeamNight, line: Line) -> list[Any]:
    stats: list[Any] = [None] * (1 + len(STATS))
    if line.counts is not None:
        stats = [clock(line.seconds), *stat_line(line.counts, line.plus_minus)]
    return [
        game.fixture.game_id,
        own.team.team_id,
        own.team.tricode,
        own.team.city,
        line.player.player_id,
        line.player.full_name,
        line.player.first_name,
        line.start_position,
        line.reason,
        *stats,
    ]


def _team_row(game: GameNight, own: TeamNight, other: TeamNight) -> list[Any]:
    team = own.team
    leading = [game.fixture.game_id, team.team_id, team.name, team.tricode, team.city]
    return [*leading, f"{_minutes(game)}:00", *stat_line(_totals(own), own.result.points - other.result.points)]


def _log_row(day: dt.date, game: GameNight, own: TeamNight, other: TeamNight) -> list[Any]:
    """Here the turnovers are the team's: its men's and its own."""
    totals = _totals(own)
    totals["tov"] += own.result.team_turnovers
    margin = own.result.points - other.result.points
    return [*leading(day, [], game, own, other), _minutes(game), *stat_line(totals, margin), 1]


def _totals(own: TeamNight) -> dict[str, int]:
    return {name: own.total(name) for name in (*SHOTS, *COUNTS)}


def _minutes(game: GameNight) -> int:
    return 240 + 25 * game.overtimes
