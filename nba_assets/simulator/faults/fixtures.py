"""Games that are not played as listed: late tips, postponed ones, forfeits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nba_assets.simulator.calendar import EASTERN
from nba_assets.simulator.faults.flags import Flag
from nba_assets.simulator.faults.night import Night
from nba_assets.simulator.season import Day, GameNight

SCHEDULE, BDL = "nbac_schedule", "bdl_player_boxscores"
LOGS = ("nbac_player_boxscores", "nbac_team_boxscore")
LATE = dt.time(22, 30)
FORFEIT = {"homeTeam": 2, "awayTeam": 0}
"""The league records a forfeit as 2-0."""


def late_tip(day: Day, flag: Flag) -> Day:
    """Every game tips off at 22:30 in New York: its UTC date is the next one."""
    tip = dt.datetime.combine(day.day, LATE, EASTERN).astimezone(dt.UTC)
    games = [replace(game, fixture=replace(game.fixture, tip=tip)) for game in day.games]
    return replace(day, games=tuple(games))


def postponed(night: Night, flag: Flag) -> None:
    """The date's last game is not played: by night the schedule has it three days later, to be decided."""
    game = night.day.games[-1]
    to = night.day.day + dt.timedelta(days=3)
    _without_results(night, flag, game)

    def edit(payload: Any) -> bool:
        listed = payload["leagueSchedule"]["gameDates"]
        entry = next((e for e in listed[0]["games"] if e["gameId"] == game.fixture.game_id), None)
        if entry is None or entry["gameStatus"] != 3:
            return False
        listed[0]["games"].remove(entry)
        listed.append({"gameDate": f"{to:%m/%d/%Y} 00:00:00", "games": [_moved(entry, to)]})
        return True

    night.change((SCHEDULE,), flag.name, "a game is moved by three days", edit)


def forfeit(night: Night, flag: Flag) -> None:
    """The date's last game is forfeited: a final of 2-0, and no box score anywhere."""
    game = night.day.games[-1]
    _without_results(night, flag, game)

    def edit(payload: Any) -> bool:
        for entry in payload["leagueSchedule"]["gameDates"][0]["games"]:
            if entry["gameId"] == game.fixture.game_id and entry["gameStatus"] == 3:
                for side, score in FORFEIT.items():
                    entry[side]["score"] = score
                return True
        return False

    night.change((SCHEDULE,), flag.name, "a final of 2-0", edit)


def _moved(entry: dict[str, Any], to: dt.date) -> dict[str, Any]:
    """The schedule's entry at the same hour of another date, not played."""
    days = to - dt.date.fromisoformat(entry["gameDateEst"][:10])
    moved = dict(entry)
    for name in ("gameDateEst", "gameDateTimeEst", "gameDateUTC", "gameDateTimeUTC", "awayTeamTime", "homeTeamTime"):
        moment = dt.datetime.fromisoformat(entry[name]) + days
        moved[name] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    moved |= {"gameCode": f"{to:%Y%m%d}/{entry['gameCode'].partition('/')[2]}", "gameStatus": 1}
    moved |= {"gameStatusText": "TBD", "postponedStatus": "Y"}
    moved.pop("pointsLeaders", None)
    for side in ("homeTeam", "awayTeam"):
        moved[side] = entry[side] | {"score": 0}
    return moved


def _without_results(night: Night, flag: Flag, game: GameNight) -> None:
    """Nothing that tells of the game once it is over comes."""
    game_id = game.fixture.game_id
    code = f"{night.day.day:%Y%m%d}-{game.away.team.tricode}{game.home.team.tricode}"
    over = f"{night.day.day + dt.timedelta(days=1):%Y%m%d}"
    for name, drop in list(night.drops.items()):
        folder = name.rpartition("/")[0]
        if (game_id in folder or code in folder) and f"{drop.captured:%Y%m%d}" == over:
            night.withhold(drop, flag.name, "the game was not played")
    edits: dict[tuple[str, ...], Callable[[Any], bool]] = {
        LOGS: lambda payload: _without_rows(payload, game_id),
        (BDL,): lambda payload: _without_bdl(payload, game),
    }
    for sources, edit in edits.items():
        night.change(sources, flag.name, "without the game that was not played", edit)


def _without_rows(payload: Any, game_id: str) -> bool:
    table = payload["resultSets"][0]
    place = table["headers"].index("GAME_ID")
    rows = [row for row in table["rowSet"] if row[place] != game_id]
    changed = len(rows) < len(table["rowSet"])
    table["rowSet"] = rows
    return changed


def _without_bdl(payload: Any, game: GameNight) -> bool:
    left = [entry for entry in payload["data"] if entry["home_team"]["abbreviation"] != game.home.team.tricode]
    changed = len(left) < len(payload["data"])
    payload["data"] = left
    return changed
