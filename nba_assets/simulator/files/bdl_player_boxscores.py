"""balldontlie's box scores of a date, with its own ids and whole minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.league import TEAMS
from nba_assets.simulator.calendar import season_start
from nba_assets.simulator.files.folder import Folder, morning_after
from nba_assets.simulator.files.league_tables import minutes, share
from nba_assets.simulator.season import Day, GameNight, Line, TeamNight

CAPTURED = dt.time(6, 35)
FIRST_PLAYER, FIRST_GAME = 9_000_001, 18_000_000
"""Its own numbers for players and games; teams count from 1."""
OVERTIMES = 3
"""Overtimes that have a field."""


def write(folder: Folder, day: Day) -> None:
    """One file."""
    payload = {"data": [_game(game) for game in day.games]}
    name = f"ball-dont-lie/boxscores/{day.day}/{morning_after(day.day, CAPTURED)}.json"
    folder.write("bdl_player_boxscores", name, payload)


def _game(game: GameNight) -> dict[str, Any]:
    fixture = game.fixture
    return {
        "id": FIRST_GAME + int(fixture.game_id[3:]),
        "date": str(fixture.day),
        "datetime": f"{fixture.tip:%Y-%m-%dT%H:%M:%SZ}",
        **_periods("home", game.home.result.periods),
        **_periods("visitor", game.away.result.periods),
        "season": season_start(fixture.day),
        "status": "Final",
        "period": 4 + game.overtimes,
        "time": "Final",
        "postseason": False,
        "home_team_score": game.home.result.points,
        "visitor_team_score": game.away.result.points,
        "home_team": _team(game.home),
        "visitor_team": _team(game.away),
    }


def _periods(side: str, points: tuple[int, ...]) -> dict[str, int | None]:
    names = [f"{side}_q{n}" for n in range(1, 5)] + [f"{side}_ot{n}" for n in range(1, OVERTIMES + 1)]
    padded = [*points, *[None] * len(names)]
    return dict(zip(names, padded, strict=False))


def _team(own: TeamNight) -> dict[str, Any]:
    team = own.team
    return {
        "id": TEAMS.index(team) + 1,
        "city": team.city,
        "name": team.name,
        "full_name": team.full_name,
        "abbreviation": team.tricode,
        "players": [_player(line, line.counts) for line in own.active if line.counts is not None],
    }


def _player(line: Line, counts: dict[str, int]) -> dict[str, Any]:
    player = line.player
    shots = (("fg", "fgm", "fga"), ("fg3", "fg3m", "fg3a"), ("ft", "ftm", "fta"))
    entry: dict[str, Any] = {"min": f"{minutes(line.seconds):02d}"}
    for name, made, tried in shots:
        entry |= {made: counts[made], tried: counts[tried], f"{name}_pct": share(counts[made], counts[tried])}
    entry |= {name: counts[name] for name in ("oreb", "dreb", "reb", "ast", "stl", "blk")}
    entry |= {"turnover": counts["tov"], "pf": counts["pf"], "pts": counts["pts"], "plus_minus": line.plus_minus}
    own = {"id": FIRST_PLAYER + player.number, "first_name": player.first_name, "last_name": player.last_name}
    return entry | {"player": own}
