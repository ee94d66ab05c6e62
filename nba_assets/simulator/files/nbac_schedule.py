"""The league's schedule of a date: before its games, and when all are final."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nba_assets.data_origin import SIMULATED_ARENA
from nba_assets.simulator.calendar import EASTERN, local_time, season_label, season_start
from nba_assets.simulator.files.folder import Folder, morning_after, stamp
from nba_assets.simulator.season import Day, GameNight, TeamNight

BEFORE, AFTER = dt.time(12, 0), dt.time(7, 0)
MEDIA = ("Tv", "Radio", "Ott")


def write(folder: Folder, day: Day) -> None:
    """Two files, each of the date's games alone."""
    season = season_label(day.day)
    path = f"nba-com/schedule/{season}"
    before, after = stamp(day.day, BEFORE), morning_after(day.day, AFTER)
    folder.write("nbac_schedule", f"{path}/{before}.json", _payload(day, season, before, final=False))
    folder.write("nbac_schedule", f"{path}/{after}.json", _payload(day, season, after, final=True))


def arena_name(game: GameNight) -> str:
    """The arena's name, by which a simulated league is known."""
    return f"{SIMULATED_ARENA} Arena, {game.home.team.city}"


def _payload(day: Day, season: str, captured: str, *, final: bool) -> Any:
    taken = dt.datetime.strptime(captured, "%Y%m%d_%H%M%S")  # noqa: DTZ007
    games = [_game(game, number, final=final) for number, game in enumerate(day.games, start=1)]
    return {
        "meta": {"version": 1, "time": f"{taken:%Y-%m-%dT%H:%M:%SZ}"},
        "leagueSchedule": {
            "seasonYear": season,
            "leagueId": "00",
            "gameDates": [{"gameDate": f"{day.day:%m/%d/%Y} 00:00:00", "games": games}],
        },
    }


def _game(game: GameNight, number: int, *, final: bool) -> dict[str, Any]:
    fixture, home, away = game.fixture, game.home, game.away
    day, tip = fixture.day, fixture.tip
    eastern = tip.astimezone(EASTERN)
    entry: dict[str, Any] = {
        "gameId": fixture.game_id,
        "gameCode": f"{day:%Y%m%d}/{away.team.tricode}{home.team.tricode}",
        "gameStatus": 3 if final else 1,
        "gameStatusText": _final_text(game.overtimes) if final else _tip_text(eastern),
        "gameSequence": number,
        "gameDateEst": f"{day}T00:00:00Z",
        "gameTimeEst": f"1900-01-01T{eastern:%H:%M:%S}Z",
        "gameDateTimeEst": _unzoned(eastern),
        "gameDateUTC": _unzoned(dt.datetime.combine(day, dt.time(0), EASTERN).astimezone(dt.UTC)),
        "gameTimeUTC": f"1900-01-01T{tip:%H:%M:%S}Z",
        "gameDateTimeUTC": _unzoned(tip),
        "awayTeamTime": _unzoned(local_time(tip, away.team)),
        "homeTeamTime": _unzoned(local_time(tip, home.team)),
        "day": f"{day:%a}",
        "monthNum": day.month,
        "weekNumber": _week(day),
        "weekName": f"Week {_week(day)}",
        "ifNecessary": False,
        "seriesGameNumber": "",
        "gameLabel": "",
        "gameSubLabel": "",
        "seriesText": "",
        "arenaName": arena_name(game),
        "arenaState": "",
        "arenaCity": home.team.city,
        "postponedStatus": "N",
        "branchLink": "",
        "gameSubtype": "",
        "isNeutral": False,
        "broadcasters": {f"{who}{what}Broadcasters": [] for who in ("national", "home", "away") for what in MEDIA},
        "homeTeam": _team(home, away, final=final),
        "awayTeam": _team(away, home, final=final),
    }
    if final:
        entry["pointsLeaders"] = _leaders(game)
    return entry


def _unzoned(moment: dt.datetime) -> str:
    """The clock's reading with the `Z` that the league gives every time, UTC or not."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _tip_text(eastern: dt.datetime) -> str:
    return f"{(eastern.hour + 11) % 12 + 1}:{eastern:%M} {'pm' if eastern.hour >= 12 else 'am'} ET"


def _final_text(overtimes: int) -> str:
    return "Final" + {0: "", 1: "/OT"}.get(overtimes, f"/OT{overtimes}")


def _week(day: dt.date) -> int:
    return (day - dt.date(season_start(day), 10, 1)).days // 7 + 1


def _team(own: TeamNight, other: TeamNight, *, final: bool) -> dict[str, Any]:
    team = own.team
    wins, losses = own.record
    if final:
        won = own.result.points > other.result.points
        wins, losses = wins + won, losses + (not won)
    return {
        "teamId": team.team_id,
        "teamName": team.name,
        "teamCity": team.city,
        "teamTricode": team.tricode,
        "teamSlug": team.name.lower().replace(" ", ""),
        "wins": wins,
        "losses": losses,
        "score": own.result.points if final else 0,
        "seed": 0,
    }


def _leaders(game: GameNight) -> list[dict[str, Any]]:
    """The best scorer of the game."""
    scored = [
        (line.counts["pts"], -line.player.number, line, own.team)
        for own, _ in game.sides
        for line in own.active
        if line.counts is not None
    ]
    points, _, line, team = max(scored, key=lambda entry: entry[:2])
    return [
        {
            "personId": line.player.player_id,
            "firstName": line.player.first_name,
            "lastName": line.player.last_name,
            "teamId": team.team_id,
            "teamCity": team.city,
            "teamName": team.name,
            "teamTricode": team.tricode,
            "points": float(points),
        }
    ]
