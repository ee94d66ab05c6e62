"""Box scores by hand: a game's men from their points, in every source's raw table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets_tests.transforms.leagues import at, final, frame, game

GAMEBOOK, BDL = "nbac_gamebook_player_stats", "bdl_player_boxscores"
TEAM_BOX, GAME_LOG = "nbac_team_boxscore", "nbac_player_boxscores"

LISTED = game("11-01", 101, "BOS", "NYK")
AWAY, HOME = [30, 25, 20, 15, 10], [28, 25, 20, 15, 10]
"""Points of five men a side, all 48 minutes on the floor: 100 to 98."""
POINTS = {"BOS": AWAY, "NYK": HOME}

BDL_AT, GAMEBOOK_AT, FINAL_AT = at("11-02 05:05"), at("11-02 06:00"), at("11-02 07:00")
BOX_AT, LOG_AT, CORRECTED_AT = at("11-02 07:10"), at("11-02 07:15"), at("11-04 12:00")

STATS: dict[str, Any] = {"fg3m": 0, "fg3a": 1, "oreb": 2, "dreb": 6, "reb": 8, "ast": 4, "stl": 1, "blk": 1, "tov": 2}


def line(points: int, seconds: int = 2880, **facts: Any) -> dict[str, Any]:
    """Counts of a man who scores so many points: by twos, a free throw if they are odd."""
    shots = {"fgm": points // 2, "fga": points // 2 + 5, "ftm": points % 2, "fta": points % 2}
    return (
        {"pts": points, "pf": 3, "plus_minus": 0, "seconds_played": seconds, "minutes_precision": "second"}
        | STATS
        | shots
        | facts
    )


def person(team: str, number: int) -> str:
    return f"{team.lower()}{number}"


def side(played: dict[str, Any], team: str) -> dict[str, Any]:
    """What every row of a team in a game has."""
    home = played["home_tricode"]
    return {
        "game_date": played["game_date"],
        "game_id": played["game_id"],
        "team_tricode": team,
        "opponent_tricode": played["away_tricode"] if team == home else home,
        "is_home": team == home,
    }


def man(played: dict[str, Any], team: str, number: int, known_at: pd.Timestamp, **facts: Any) -> dict[str, Any]:
    """A raw row of a man, resolved; its counts are given by `facts`."""
    who = person(team, number)
    names = {"player_key": who, "player_id": who, "player_name": f"Man {who}", "player_lookup": who}
    return side(played, team) | names | {"resolution": "exact", "known_at": known_at} | facts


def gamebook(
    played: dict[str, Any] = LISTED,
    points: dict[str, list[int]] = POINTS,
    known_at: pd.Timestamp = GAMEBOOK_AT,
    **facts: Any,
) -> list[dict[str, Any]]:
    return [
        man(played, team, n, known_at, player_status="active", **line(p)) | facts
        for team, scored in points.items()
        for n, p in enumerate(scored)
    ]


def bdl(
    played: dict[str, Any] = LISTED,
    points: dict[str, list[int]] = POINTS,
    known_at: pd.Timestamp = BDL_AT,
    **facts: Any,
) -> list[dict[str, Any]]:
    whole = {"minutes_precision": "minute", "plus_minus": None, "is_final": True, "did_play": True}
    return [
        man(played, team, n, known_at, **line(p)) | whole | facts
        for team, scored in points.items()
        for n, p in enumerate(scored)
    ]


def game_log(played: dict[str, Any] = LISTED, points: dict[str, list[int]] = POINTS) -> list[dict[str, Any]]:
    rows = [
        man(played, team, n, LOG_AT, **line(p, plus_minus=7))
        for team, all_ in points.items()
        for n, p in enumerate(all_)
    ]
    return [{k: v for k, v in row.items() if k not in ("player_key", "resolution")} for row in rows]


def team_box(
    played: dict[str, Any] = LISTED, points: dict[str, list[int]] = POINTS, team_turnovers: int = 1, **facts: Any
) -> list[dict[str, Any]]:
    """Both teams' rows, with five starters and the team's own turnovers in `tov`."""
    rows = []
    for team, scored in points.items():
        lines = [line(p) for p in scored]
        counts = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk", "pf", "pts")
        sums = {name: sum(each[name] for each in lines) for name in counts}
        sums["tov"] = sum(each["tov"] for each in lines) + team_turnovers
        starters = ",".join(person(team, n) for n in range(5))
        row = side(played, team) | sums | {"team_seconds": 14_400.0, "ot_periods": 0, "starter_ids": starters}
        rows.append(row | {"tov_includes_team": True, "known_at": BOX_AT} | facts)
    return rows


def scheduled(*listed: dict[str, Any], away: int = 100, home: int = 98, **facts: Any) -> list[dict[str, Any]]:
    """Listed and final versions of the games, all with one score."""
    return [row for each in listed for row in final(each, away, home, **facts)]


def inputs_of(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Frames by table; `schedule`, `gamebook`, `bdl`, `team_box`, `game_log`, `props` are short for the raw tables."""
    short = {
        "schedule": "nbac_schedule",
        "gamebook": GAMEBOOK,
        "bdl": BDL,
        "team_box": TEAM_BOX,
        "game_log": GAME_LOG,
        "props": "odds_api_player_points_props",
        "bettingpros": "bettingpros_player_points_props",
    }
    return {short.get(name, name): frame(short.get(name, name), found) for name, found in rows.items()}


def prop(line_: float, captured_at: pd.Timestamp, who: str = "bos0", **facts: Any) -> dict[str, Any]:
    """A two-sided line of a Boston man at even prices."""
    return {
        "game_date": LISTED["game_date"],
        "game_id": LISTED["game_id"],
        "player_key": who,
        "player_id": who,
        "book": "draftkings",
        "captured_at": captured_at,
        "known_at": captured_at,
        "line": line_,
        "over_price": -110,
        "under_price": -110,
        "line_count": 1,
        "resolution": "exact",
    } | facts
