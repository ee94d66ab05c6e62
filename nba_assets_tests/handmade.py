"""A league small enough to check by hand: four teams of eight men, written as drops in the sources' own formats.

Every man plays 30 minutes of a game. What he scores is given by the test; the rest of his line is the same for all.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nba_assets.league import by_tricode

TEAMS = ("BOS", "DEN", "LAL", "NYK")
FIRST_NAMES = ("Adam", "Boris", "Carl", "David", "Emil", "Frank", "Gustav", "Henry")
LAST_NAMES = {"BOS": "Bostwick", "DEN": "Denholm", "LAL": "Lakely", "NYK": "Nyquist"}
FILLERS = 300
"""Men of other teams, so that the player list is as long as a real one."""
OTHERS = ("ATL", "BKN", "CHA", "CHI", "CLE", "DAL", "DET", "GSW", "HOU", "IND")
REST = {"oreb": 1, "dreb": 3, "reb": 4, "ast": 2, "stl": 1, "blk": 0, "tov": 1, "pf": 2}
INDEX = [
    "PERSON_ID",
    "PLAYER_LAST_NAME",
    "PLAYER_FIRST_NAME",
    "TEAM_ID",
    "TEAM_CITY",
    "TEAM_NAME",
    "TEAM_ABBREVIATION",
    "ROSTER_STATUS",
    "FROM_YEAR",
    "TO_YEAR",
]
LOG = ["SEASON_ID", "PLAYER_ID", "PLAYER_NAME", "TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME", "GAME_ID", "GAME_DATE"]
LOG += ["MATCHUP", "WL", "MIN", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "REB", "AST", "STL", "BLK"]
LOG += ["TOV", "PF", "PTS", "PLUS_MINUS"]
GAMEBOOK = {
    "field_goals_made": "fgm",
    "field_goals_attempted": "fga",
    "three_pointers_made": "fg3m",
    "three_pointers_attempted": "fg3a",
    "free_throws_made": "ftm",
    "free_throws_attempted": "fta",
    "offensive_rebounds": "oreb",
    "defensive_rebounds": "dreb",
    "total_rebounds": "reb",
    "assists": "ast",
    "personal_fouls": "pf",
    "steals": "stl",
    "turnovers": "tov",
    "blocks": "blk",
    "plus_minus": "plus_minus",
    "points": "pts",
}


def player_id(team: str, number: int) -> str:
    """The id of a team's man 0 to 7."""
    return str(9_000_000 + 100 * TEAMS.index(team) + number)


def player_name(team: str, number: int) -> str:
    """The name of a team's man 0 to 7: all first names differ within a team."""
    return f"{FIRST_NAMES[number]} {LAST_NAMES[team]}{'abcdefgh'[number]}"


@dataclass(frozen=True)
class Game:
    """One game: its date, sides and tip, and what the eight men of each side score."""

    game_id: str
    day: dt.date
    away: str
    home: str
    points: dict[str, list[int]] = field(default_factory=dict)
    tip_hour: int = 0
    """Hour of the next UTC day: 0 is 19:00 in New York in winter."""

    @property
    def tip(self) -> dt.datetime:
        return dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time(self.tip_hour), dt.UTC)

    def score(self, team: str) -> int:
        return sum(self.points[team])

    def line(self, team: str, number: int) -> dict[str, int]:
        """A man's box score line."""
        points = self.points[team][number]
        other = self.home if team == self.away else self.away
        makes = points // 2
        margin = self.score(team) - self.score(other)
        return {
            "pts": points,
            "fgm": makes,
            "fga": makes + 3,
            "fg3m": 0,
            "fg3a": 1,
            "ftm": points % 2,
            "fta": points % 2,
            "plus_minus": margin if number < 5 else 0,
            **REST,
        }


class Drops:
    """Writes drops below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, payload: Any) -> Path:
        """One JSON drop under its object name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(payload), encoding="utf-8")
        return path

    def player_list(self, day: dt.date) -> Path:
        """Everybody's team as listed at 11:00 UTC."""
        men = [(player_id(t, n), player_name(t, n), t) for t in TEAMS for n in range(8)]
        men += [(str(8_000_000 + n), f"Filler Man{n}", OTHERS[n % len(OTHERS)]) for n in range(FILLERS)]
        rows = []
        for person, name, team in men:
            first, _, last = name.partition(" ")
            known = by_tricode()[team]
            row = {
                "PERSON_ID": int(person),
                "PLAYER_LAST_NAME": last,
                "PLAYER_FIRST_NAME": first,
                "TEAM_ID": known.team_id,
                "TEAM_CITY": known.city,
                "TEAM_NAME": known.name,
                "TEAM_ABBREVIATION": team,
                "ROSTER_STATUS": 1.0,
                "FROM_YEAR": "2020",
                "TO_YEAR": "2024",
            }
            rows.append([row.get(column) for column in INDEX])
        return self.write(
            f"nba-com/player-list/{day}/{day:%Y%m%d}_110000.json",
            {"resource": "playerindex", "resultSets": [{"name": "PlayerIndex", "headers": INDEX, "rowSet": rows}]},
        )

    def schedule(self, day: dt.date, games: list[Game], *, final: bool, stamp: str = "") -> Path:
        """The date's games: before them (12:00 UTC) or after (07:00 UTC of the next day)."""
        when = stamp or (f"{day + dt.timedelta(days=1):%Y%m%d}_070000" if final else f"{day:%Y%m%d}_120000")
        listed = [
            {
                "gameId": game.game_id,
                "gameCode": f"{day:%Y%m%d}/{game.away}{game.home}",
                "gameStatus": 3 if final else 1,
                "gameStatusText": "Final" if final else "7:00 pm ET",
                "gameDateEst": f"{day}T00:00:00Z",
                "gameDateTimeUTC": f"{game.tip:%Y-%m-%dT%H:%M:%SZ}",
                "postponedStatus": "A",
                "isNeutral": False,
                "arenaName": "",
                "arenaCity": "",
                "arenaState": "",
                **{
                    side: {
                        "teamId": by_tricode()[team].team_id,
                        "teamTricode": team,
                        "teamCity": by_tricode()[team].city,
                        "teamName": by_tricode()[team].name,
                        "score": game.score(team) if final else 0,
                    }
                    for side, team in (("homeTeam", game.home), ("awayTeam", game.away))
                },
            }
            for game in games
        ]
        season = {"gameDates": [{"gameDate": f"{day:%m/%d/%Y} 00:00:00", "games": listed}], "seasonYear": "2024-25"}
        return self.write(f"nba-com/schedule/2024-25/{when}.json", {"leagueSchedule": season | {"leagueId": "00"}})

    def gamebook(self, game: Game, *, stamp: str = "", edit: dict[str, dict[str, int]] | None = None) -> Path:
        """The parsed gamebook; `edit` changes statistics of a man by his name."""
        when = stamp or f"{game.day + dt.timedelta(days=1):%Y%m%d}_060000"
        code = f"{game.day:%Y%m%d}-{game.away}{game.home}"
        men = []
        for team in (game.away, game.home):
            for number in range(8):
                name = player_name(team, number)
                line = game.line(team, number) | (edit or {}).get(name, {})
                stats = {"minutes": "30:00", **{theirs: line[ours] for theirs, ours in GAMEBOOK.items()}}
                full = by_tricode()[team].full_name
                men.append({"name": name, "team": full, "status": "active", "stats": stats})
        payload = {
            "game_code": code.replace("-", "/"),
            "date": str(game.day),
            "matchup": f"{game.away}@{game.home}",
            "away_team": game.away,
            "home_team": game.home,
            "officials": [],
            "active_players": men,
            "dnp_players": [],
            "inactive_players": [],
            "source": "nba_gamebook_pdf",
        }
        return self.write(f"nba-com/gamebooks-data/{game.day}/{code}/{when}.json", payload)

    def bdl(self, day: dt.date, games: list[Game], *, stamp: str = "") -> Path:
        """The balldontlie answer of a date."""
        when = stamp or f"{day + dt.timedelta(days=1):%Y%m%d}_050500"
        data = []
        for game in games:
            entry: dict[str, Any] = {"date": str(day), "season": 2024, "status": "Final", "period": 4, "time": "Final"}
            entry |= {
                "home_team_score": game.score(game.home),
                "visitor_team_score": game.score(game.away),
                "postseason": False,
            }
            for side, team in (("home_team", game.home), ("visitor_team", game.away)):
                known = by_tricode()[team]
                men = []
                for number in range(8):
                    line = game.line(team, number)
                    stats = {k: v for k, v in line.items() if k not in ("tov", "plus_minus")} | {
                        "turnover": line["tov"]
                    }
                    first, _, last = player_name(team, number).partition(" ")
                    person = {"id": 100 * TEAMS.index(team) + number + 1, "first_name": first, "last_name": last}
                    men.append({"min": "30", **stats, "player": person})
                entry[side] = {
                    "id": TEAMS.index(team) + 1,
                    "full_name": known.full_name,
                    "abbreviation": team,
                    "players": men,
                }
            data.append(entry)
        return self.write(f"ball-dont-lie/boxscores/{day}/{when}.json", {"data": data})

    def game_log(self, day: dt.date, games: list[Game]) -> Path:
        """The league's game log of players."""
        rows = []
        for game in games:
            for team, where in ((game.home, f"{game.home} vs. {game.away}"), (game.away, f"{game.away} @ {game.home}")):
                other = game.home if team == game.away else game.away
                for number in range(8):
                    line = {key.upper(): value for key, value in game.line(team, number).items()}
                    row: dict[str, Any] = line | {
                        "SEASON_ID": "22024",
                        "PLAYER_ID": int(player_id(team, number)),
                        "PLAYER_NAME": player_name(team, number),
                        "TEAM_ID": by_tricode()[team].team_id,
                        "TEAM_ABBREVIATION": team,
                        "TEAM_NAME": by_tricode()[team].full_name,
                        "GAME_ID": game.game_id,
                        "GAME_DATE": str(day),
                        "MATCHUP": where,
                        "WL": "W" if game.score(team) > game.score(other) else "L",
                        "MIN": 30,
                    }
                    rows.append([row.get(column) for column in LOG])
        tables = [{"name": "LeagueGameLog", "headers": LOG, "rowSet": rows}]
        name = f"nba-com/player-boxscores/{day}/{day + dt.timedelta(days=1):%Y%m%d}_070500.json"
        return self.write(name, {"resource": "leaguegamelog", "parameters": {}, "resultSets": tables})

    def props(self, game: Game, lines: dict[str, float], *, hour: int = 21, minute: int = 0) -> Path:
        """Three books' lines at a time of the game's UTC date, both prices -110."""
        at = dt.datetime.combine(game.day, dt.time(hour, minute), dt.UTC)
        outcomes = [
            {"name": side, "description": name, "price": -110, "point": line}
            for name, line in lines.items()
            for side in ("Over", "Under")
        ]
        event = f"{int(game.game_id):032x}"
        payload = {
            "id": event,
            "sport_key": "basketball_nba",
            "sport_title": "NBA",
            "commence_time": f"{game.tip:%Y-%m-%dT%H:%M:%SZ}",
            "home_team": by_tricode()[game.home].full_name,
            "away_team": by_tricode()[game.away].full_name,
            "bookmakers": [
                {
                    "key": book,
                    "title": book,
                    "last_update": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                    "markets": [{"key": "player_points", "outcomes": outcomes}],
                }
                for book in ("draftkings", "fanduel", "betmgm")
            ],
        }
        folder = f"odds-api/player-props/{game.day}/{event}-{game.away}{game.home}"
        return self.write(f"{folder}/{at:%Y%m%d_%H%M%S}-snap-{at:%H%M}.json", payload)

    def before(self, game: Game, lines: dict[str, float] | None = None) -> None:
        """What lands before a game, the only one of its date."""
        self.player_list(game.day)
        self.schedule(game.day, [game], final=False)
        if lines:
            self.props(game, lines)

    def after(self, game: Game) -> None:
        """What lands after a game, the only one of its date."""
        self.schedule(game.day, [game], final=True)
        self.gamebook(game)
        self.bdl(game.day, [game])
        self.game_log(game.day, [game])
