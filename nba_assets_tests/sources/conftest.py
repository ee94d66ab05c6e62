"""Payloads by hand: Knicks at Sixers on 2025-01-15 and Jazz at Hornets, eight men a side, thirty minutes each."""

from __future__ import annotations

import json
from typing import Any

from nba_assets import sources
from nba_assets.league import by_tricode
from nba_assets.sources.parsed import Parsed
from nba_assets_tests.sources import events

DAY = "2025-01-15"
FIRST, SECOND = "0022400561", "0022400562"
GAMES = {FIRST: ("NYK", "PHI"), SECOND: ("UTA", "CHA")}
"""Game id to (away, home)."""
MEN = 8
NAMES = {
    "schedule": f"nba-com/schedule/2024-25/{'20250115_120000'}.json",
    "list": f"nba-com/player-list/{DAY}/20250115_110000.json",
    "log": f"nba-com/player-boxscores/{DAY}/20250116_070500.json",
    "box": f"nba-com/team-boxscore/{DAY}/{FIRST}/20250116_071000.json",
    "team_log": f"nba-com/team-boxscore/{DAY}/20250116_071500.json",
    "book": f"nba-com/gamebooks-data/{DAY}/20250115-NYKPHI/20250116_060000.json",
    "bdl": f"ball-dont-lie/boxscores/{DAY}/20250116_050500.json",
    "odds": f"odds-api/player-props/{DAY}/{'a' * 32}-NYKPHI/20250115_210000-snap-2100.json",
    "events": events.CDN_NAME,
    "events_v3": events.V3_NAME,
    "events_v2": events.V2_NAME,
    "referees": events.REFEREES_NAME,
}
SOURCES = {
    "schedule": "nbac_schedule",
    "list": "nbac_player_list",
    "log": "nbac_player_boxscores",
    "box": "nbac_team_boxscore",
    "team_log": "nbac_team_boxscore",
    "book": "nbac_gamebook_player_stats",
    "bdl": "bdl_player_boxscores",
    "odds": "odds_api_player_points_props",
    "events": "nbac_play_by_play",
    "events_v3": "nbac_play_by_play",
    "events_v2": "nbac_play_by_play",
    "referees": "nbac_referee_assignments",
}
STATS = ["fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "tov", "pf", "pts"]
LINE = dict(zip(STATS, [4, 9, 1, 3, 2, 2, 1, 3, 4, 2, 1, 0, 1, 2, 11], strict=True))
"""2*(4-1) + 3*1 + 2 = 11 points; 1 + 3 = 4 rebounds."""
LOG_HEAD = ["SEASON_ID", "GAME_ID", "GAME_DATE", "TEAM_ID", "TEAM_ABBREVIATION", "MATCHUP", "WL", "MIN"]
LOG_HEAD += [name.upper() for name in STATS] + ["PLUS_MINUS"]
BOX_STATS = [name.upper() if name != "tov" else "TO" for name in STATS]
BOX_HEAD = ["GAME_ID", "TEAM_ID", "TEAM_ABBREVIATION", "PLAYER_ID", "PLAYER_NAME", "START_POSITION", "COMMENT", "MIN"]
BOX_HEAD += [*BOX_STATS, "PLUS_MINUS"]
TEAM_HEAD = ["GAME_ID", "TEAM_ID", "TEAM_ABBREVIATION", "MIN", *BOX_STATS, "PLUS_MINUS"]
TWIN = {
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
    "points": "pts",
}

Json = dict[str, Any]


def parsed(kind: str, payload: object, name: str = "") -> Parsed:
    """The payload, written as bytes and parsed as a drop of its kind."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return sources.parse(SOURCES[kind], data, name or NAMES[kind])


def player(team: str, number: int) -> tuple[int, str]:
    """(id, name) of a team's man."""
    return 1000 * (by_tricode()[team].team_id % 100) + number, f"{team.title()} Man{'abcdefghij'[number]}"


def table(name: str, headers: list[str], rows: list[list[Any]], **top: Any) -> Json:
    """One of the league's tabular answers."""
    return {"resource": "x", **top, "resultSets": [{"name": name, "headers": list(headers), "rowSet": rows}]}


def sides(game_id: str) -> list[tuple[str, str, bool]]:
    """(team, opponent, is home) of a game, away first."""
    away, home = GAMES[game_id]
    return [(away, home, False), (home, away, True)]


def log(games: tuple[str, ...] = (FIRST, SECOND)) -> Json:
    """A game log of players; the home side won."""
    rows = []
    for game_id in games:
        for team, opponent, is_home in sides(game_id):
            matchup = f"{team} {'vs.' if is_home else '@'} {opponent}"
            head = ["22024", game_id, DAY, by_tricode()[team].team_id, team, matchup, "W" if is_home else "L", 30]
            for number in range(MEN):
                rows.append([*head, *LINE.values(), 5 if is_home else -5, *player(team, number)])
    asked = {"DateFrom": DAY, "DateTo": DAY, "PlayerOrTeam": "P"}
    return table("LeagueGameLog", [*LOG_HEAD, "PLAYER_ID", "PLAYER_NAME"], rows, parameters=asked)


def team_log() -> Json:
    """A game log of teams: ten turnovers, two of them the team's own."""
    rows = []
    for game_id in GAMES:
        for team, opponent, is_home in sides(game_id):
            matchup = f"{team} {'vs.' if is_home else '@'} {opponent}"
            total = {name: MEN * value for name, value in LINE.items()} | {"tov": 10}
            head = ["22024", game_id, DAY, by_tricode()[team].team_id, team, matchup, "W" if is_home else "L", 240]
            rows.append([*head, *total.values(), 5 if is_home else -5])
    return table("LeagueGameLog", LOG_HEAD, rows)


def box() -> Json:
    """A v2 box score: five starters, three more, one who did not play."""
    men, teams = [], []
    for team, _, _ in reversed(sides(FIRST)):
        team_id = by_tricode()[team].team_id
        for number in range(MEN):
            start = "FFCGG"[number] if number < 5 else ""
            men.append([FIRST, team_id, team, *player(team, number), start, "", "30:00", *LINE.values(), 1])
        men.append([FIRST, team_id, team, *player(team, MEN), "", "DNP - Coach's Decision", *[None] * 17])
        teams.append([FIRST, team_id, team, "240:00", *(MEN * value for value in LINE.values()), 0])
    payload = table("PlayerStats", BOX_HEAD, men)
    payload["resultSets"].append({"name": "TeamStats", "headers": list(TEAM_HEAD), "rowSet": teams})
    return payload


def book() -> Json:
    """The parsed twin of a gamebook: eight active men, one DNP and one inactive a side."""
    active, dnp, inactive = [], [], []
    for team, _, _ in sides(FIRST):
        name = by_tricode()[team].full_name
        for number in range(MEN):
            stats = {"minutes": "30:00", **{theirs: LINE[ours] for theirs, ours in TWIN.items()}, "plus_minus": 2}
            active.append({"name": player(team, number)[1], "team": name, "stats": stats})
        dnp.append({"name": player(team, MEN)[1], "team": name, "dnp_reason": "DNP - Coach's Decision"})
        inactive.append({"name": "Williams Jr.", "team": name, "reason": "Injury/Illness - Left Knee; Soreness"})
    return {
        "game_code": "20250115/NYKPHI",
        "date": DAY,
        "away_team": "NYK",
        "home_team": "PHI",
        "active_players": active,
        "dnp_players": dnp,
        "inactive_players": inactive,
    }


def bdl() -> Json:
    """Both games, with quarters; the ninth man of each side did not play."""
    data = []
    for number, game_id in enumerate(GAMES):
        away, home = GAMES[game_id]
        entry: Json = {
            "id": 500 + number,
            "date": DAY,
            "datetime": "2025-01-16T00:30:00.000Z",
            "status": "Final",
            "period": 4,
            "home_team_score": 88,
            "visitor_team_score": 88,
        }
        entry |= {f"{side}_q{n}": 22 for side in ("home", "visitor") for n in range(1, 5)}
        for side, team in (("home_team", home), ("visitor_team", away)):
            men = []
            for man in range(MEN + 1):
                played = man < MEN
                line = {("turnover" if k == "tov" else k): v if played else 0 for k, v in LINE.items()}
                who, name = player(team, man)
                first, last = name.split(" ")
                person = {"id": who, "first_name": first, "last_name": last}
                men.append({"min": "30" if played else "00", **line, "plus_minus": 0, "player": person})
            entry[side] = {"id": 1 + number, "abbreviation": team, "players": men}
        data.append(entry)
    return {"data": data}


def schedule() -> Json:
    """Both games, final, 110 to 105."""
    games = []
    for game_id, (away, home) in GAMES.items():
        teams = {
            side: {"teamId": by_tricode()[team].team_id, "teamTricode": team, "score": score}
            for side, team, score in (("homeTeam", home, 110), ("awayTeam", away, 105))
        }
        games.append(
            {
                "gameId": game_id,
                "gameCode": f"20250115/{away}{home}",
                "gameStatus": 3,
                "gameStatusText": "Final/OT",
                "gameDateEst": "2025-01-15T00:00:00Z",
                "gameDateTimeEst": "2025-01-15T19:30:00Z",
                "gameDateTimeUTC": "2025-01-16T00:30:00Z",
                "gameLabel": "",
                "isNeutral": False,
                "postponedStatus": "N",
                "arenaName": "Center",
                "broadcasters": {"nationalTvBroadcasters": [{"broadcasterDisplay": "ESPN"}]},
                **teams,
            }
        )
    return {"leagueSchedule": {"gameDates": [{"gameDate": "01/15/2025 00:00:00", "games": games}]}}


def player_list(size: int = 300) -> Json:
    """A player index of men of Boston, all with ids and heights."""
    head = ["PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "TEAM_ID", "TEAM_ABBREVIATION", "ROSTER_STATUS"]
    head += ["JERSEY_NUMBER", "HEIGHT", "WEIGHT", "DRAFT_YEAR"]
    last = ["".join("abcdefghij"[int(d)] for d in str(n)).title() for n in range(size)]
    rows = [[n + 1, last[n], "Abe", 1610612738, "BOS", 1.0, "00", "6-8", "243", 2020] for n in range(size)]
    return table("PlayerIndex", head, rows)


def odds() -> Json:
    """An event with two books: DraftKings with two lines of one man, an alternate among them; FanDuel decimal."""
    return {
        "id": "a" * 32,
        "sport_key": "basketball_nba",
        "commence_time": "2025-01-16T00:40:00Z",
        "home_team": "Philadelphia 76ers",
        "away_team": "New York Knicks",
        "bookmakers": [
            {
                "key": "draftkings",
                "last_update": "2025-01-15T20:59:00Z",
                "markets": [
                    {
                        "key": "player_points",
                        "last_update": "2025-01-15T20:58:00Z",
                        "outcomes": [
                            outcome("Over", "J. Brunson", -110, 27.5),
                            outcome("Under", "J. Brunson", -110, 27.5),
                            outcome("Over", "J. Brunson", 150, 30.5),
                            outcome("Under", "J. Brunson", -190, 30.5),
                        ],
                    }
                ],
            },
            {
                "key": "williamhill_us",
                "last_update": "2025-01-15T20:59:00Z",
                "markets": [
                    {
                        "key": "player_points",
                        "outcomes": [
                            outcome("Over", "J. Brunson", 1.91, 28.5),
                            outcome("Under", "J. Brunson", 2.05, 28.5),
                        ],
                    }
                ],
            },
        ],
    }


def outcome(side: str, name: str, price: float, point: float) -> Json:
    """One side of a line."""
    return {"name": side, "description": name, "price": price, "point": point}


PAYLOADS = {
    "schedule": schedule,
    "list": player_list,
    "log": log,
    "box": box,
    "team_log": team_log,
    "book": book,
    "bdl": bdl,
    "odds": odds,
    "events": events.cdn,
    "events_v3": events.v3,
    "events_v2": events.v2,
    "referees": events.referees,
}
