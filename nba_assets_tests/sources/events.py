"""Play-by-play by hand: Knicks 2, Sixers 4 on 2025-01-15, in every form; the officials of that day.

The Knicks score once (Brunson, assisted by Hart); the Sixers by a free throw of Maxey and a three of Oubre.
"""

from __future__ import annotations

import csv
import io
from typing import Any

Json = dict[str, Any]
GAME, DAY = "0022400561", "2025-01-15"
NYK, PHI = 1610612752, 1610612755
TEAM_IDS = {"NYK": NYK, "PHI": PHI}
BRUNSON, HART, TOWNS = 1628973, 1628404, 1626157
MAXEY, OUBRE = 1630178, 1626162
MEN = {
    BRUNSON: ("NYK", "J. Brunson", "Jalen Brunson"),
    HART: ("NYK", "J. Hart", "Josh Hart"),
    TOWNS: ("NYK", "K. Towns", "Karl-Anthony Towns"),
    MAXEY: ("PHI", "T. Maxey", "Tyrese Maxey"),
    OUBRE: ("PHI", "K. Oubre Jr.", "Kelly Oubre Jr."),
}
"""Id: team, name in events, full name."""
FOLDER = f"{DAY}/game-{GAME}"
CDN_NAME = f"nba-com/play-by-play/{FOLDER}/20250116_030000.json"
V3_NAME = f"nba-com/play-by-play-v3/{FOLDER}/20250116_040000.json"
V2_NAME = f"nba-com/play-by-play-v2/{FOLDER}/20250116_050000.json"
REFEREES_NAME = f"nba-com/referee-assignments/{DAY}/20250115_150000.json"
SHEET_NAME = f"big-data-ball/2024-25/{DAY}/game_{GAME}/[{DAY}]-{GAME}-NYK@PHI-20250116_060000.csv"


def action(order: int, period: int, clock: str, type_: str, who: int = 0, **more: Any) -> Json:
    """An event of the content network; `who` acts."""
    found = {
        "actionNumber": order // 10000,
        "clock": clock,
        "timeActual": "2025-01-16T00:10:00.5Z",
        "period": period,
        "actionType": type_,
        "subType": "",
        "qualifiers": [],
        "personId": who,
        "isFieldGoal": int(type_ in ("2pt", "3pt")),
        "orderNumber": order,
        "xLegacy": None,
        "yLegacy": None,
        "description": f"{type_} of {who}",
    }
    if who:
        team, name, _ = MEN[who]
        found |= {
            "teamTricode": team,
            "teamId": TEAM_IDS[team],
            "playerName": name.split(" ", 1)[1],
            "playerNameI": name,
        }
    return found | more


def cdn(last: int | None = None) -> Json:
    """The whole game as the content network has it, or its first events."""
    start, end = "PT12M00.00S", "PT00M00.00S"
    shot = {"xLegacy": -30, "yLegacy": 40, "shotDistance": 5.0, "shotResult": "Made"}
    events = [
        action(10000, 1, start, "period", subType="start", description="Period Start"),
        action(40000, 1, "PT11M40.00S", "2pt", BRUNSON, subType="Layup", descriptor="driving", assistPersonId=HART)
        | shot
        | {"area": "In The Paint (Non-RA)", "qualifiers": ["pointsinthepaint", "fastbreak"], "x": 1.0},
        action(50000, 1, "PT11M20.30S", "3pt", MAXEY, shotResult="Missed", blockPersonId=TOWNS, area="Backcourt")
        | {"xLegacy": 0, "yLegacy": 600, "shotDistance": 60.01},
        action(50001, 1, "PT11M20.30S", "block", TOWNS),
        action(60000, 1, "PT11M18.00S", "rebound", BRUNSON, subType="defensive", area="Restricted Area"),
        action(70000, 1, "PT11M05.00S", "turnover", BRUNSON, subType="bad pass", stealPersonId=MAXEY),
        action(71000, 1, "PT11M05.00S", "steal", MAXEY),
        action(80000, 1, "PT11M00.00S", "foul", HART, subType="personal", foulDrawnPersonId=MAXEY),
        action(90000, 1, "PT11M00.00S", "freethrow", MAXEY, subType="1 of 1", shotResult="Made"),
        action(95000, 1, "PT10M30.00S", "rebound", teamId=NYK, teamTricode="NYK", subType="offensive"),
        action(99000, 1, end, "period", subType="end"),
        *(
            action(100000 * period + place, period, clock, "period", subType=sub)
            for period in (2, 3, 4)
            for place, clock, sub in ((0, start, "start"), (90000, end, "end"))
        ),
        action(420000, 4, "PT06M00.00S", "3pt", OUBRE, subType="Jump Shot", area="Left Corner 3")
        | {"xLegacy": 225, "yLegacy": 5, "shotDistance": 22.5, "shotResult": "Made"},
        action(500000, 4, end, "game", subType="end"),
    ]
    events = sorted(events, key=lambda event: event["orderNumber"])[:last]
    home = away = 0
    for event in events:
        made = event.get("shotResult") == "Made"
        points = {"2pt": 2, "3pt": 3, "freethrow": 1}.get(event["actionType"], 0) * made
        home, away = (
            home + points * (event.get("teamTricode") == "PHI"),
            away + points * (event.get("teamTricode") == "NYK"),
        )
        event |= {"scoreHome": str(home), "scoreAway": str(away)}
    return {"meta": {"code": 200}, "game": {"gameId": GAME, "actions": events}}


def v3(last: int | None = None) -> Json:
    """The same game as v3 has it: numbers repeat, scores only where they change, second persons in the text."""

    def event(number: int, period: int, clock: str, type_: str, who: int = 0, **more: Any) -> Json:
        team, name, _ = MEN.get(who, ("", "", ""))
        found = {"actionNumber": number, "clock": clock, "period": period, "teamTricode": team, "personId": who}
        found |= {"playerNameI": name, "xLegacy": 0, "yLegacy": 0, "shotDistance": 0, "shotResult": "", "shotValue": 0}
        return found | {"actionType": type_, "subType": "", "scoreHome": "", "scoreAway": "", "description": ""} | more

    start, end = "PT12M00.00S", "PT00M00.00S"
    events = [
        event(2, 1, start, "period", subType="start", description="Start of 1st Period"),
        event(7, 1, "PT11M40.00S", "Made Shot", BRUNSON, scoreHome="0", scoreAway="2", shotResult="Made", shotValue=2)
        | {"xLegacy": -30, "yLegacy": 40, "shotDistance": 5, "description": "Brunson 5' Layup (2 PTS) (Hart 1 AST)"},
        event(8, 1, "PT11M20.00S", "Missed Shot", MAXEY, shotResult="Missed", shotValue=3, yLegacy=600)
        | {"description": "MISS Maxey 60' 3PT Jump Shot"},
        event(8, 1, "PT11M20.00S", "", TOWNS, description="Towns BLOCK (1 BLK)"),
        event(11, 1, "PT11M05.00S", "Turnover", BRUNSON, subType="Bad Pass", description="Brunson Bad Pass Turnover"),
        event(11, 1, "PT11M05.00S", "", MAXEY, description="Maxey STEAL (1 STL)"),
        event(13, 1, "PT11M00.00S", "Free Throw", MAXEY, subType="Free Throw 1 of 1", scoreHome="1", scoreAway="2")
        | {"description": "Maxey Free Throw 1 of 1 (1 PTS)"},
        event(14, 1, "PT10M00.00S", "Free Throw", MAXEY, subType="Free Throw Technical")
        | {"description": "MISS Maxey Free Throw Technical"},
        event(15, 1, "PT09M00.00S", "Timeout", NYK, teamTricode="NYK", subType="Regular"),
        event(16, 1, "PT09M00.00S", "Substitution", HART, description="SUB: McBride FOR Hart"),
        event(17, 1, end, "period", subType="end"),
        *(
            event(20 * period + place, period, clock, "period", subType=sub)
            for period in (2, 3)
            for place, clock, sub in ((0, start, "start"), (9, end, "end"))
        ),
        event(80, 4, start, "period", subType="start"),
        event(84, 4, "PT06M00.00S", "Made Shot", OUBRE, scoreHome="4", scoreAway="2", shotResult="Made", shotValue=3),
        event(89, 4, end, "period", subType="end"),
    ]
    return {"meta": {"version": 1}, "game": {"gameId": GAME, "videoAvailable": 1, "actions": events[:last]}}


def v2(last: int | None = None) -> Json:
    """The same game as v2 has it."""
    heads = ["GAME_ID", "EVENTNUM", "EVENTMSGTYPE", "EVENTMSGACTIONTYPE", "PERIOD", "WCTIMESTRING", "PCTIMESTRING"]
    heads += ["HOMEDESCRIPTION", "NEUTRALDESCRIPTION", "VISITORDESCRIPTION", "SCORE", "SCOREMARGIN"]
    heads += [f"PLAYER{n}_{field}" for n in (1, 2, 3) for field in ("ID", "NAME", "TEAM_ID", "TEAM_ABBREVIATION")]

    def row(number: int, type_: int, period: int, clock: str, *who: int, **more: Any) -> list[Any]:
        found = {"GAME_ID": GAME, "EVENTNUM": number, "EVENTMSGTYPE": type_, "PERIOD": period, "PCTIMESTRING": clock}
        for n, player in enumerate((*who, 0, 0, 0)[:3], start=1):
            team, _, name = MEN.get(player, (None, None, None))
            found |= {f"PLAYER{n}_ID": player, f"PLAYER{n}_NAME": name, f"PLAYER{n}_TEAM_ABBREVIATION": team}
        found |= more
        return [found.get(head) for head in heads]

    rows = [
        row(2, 12, 1, "12:00", NEUTRALDESCRIPTION="Start of 1st Period (7:40 PM EST)"),
        row(7, 1, 1, "11:40", BRUNSON, HART, SCORE="2 - 0", VISITORDESCRIPTION="Brunson 5' Layup (2 PTS) (Hart 1 AST)"),
        row(8, 2, 1, "11:20", MAXEY, 0, TOWNS, HOMEDESCRIPTION="MISS Maxey 60' 3PT Jump Shot"),
        row(10, 4, 1, "11:18", BRUNSON, VISITORDESCRIPTION="Brunson REBOUND (Off:0 Def:1)"),
        row(9, 5, 1, "11:05", BRUNSON, MAXEY, HOMEDESCRIPTION="Maxey STEAL (1 STL)"),
        row(12, 6, 1, "11:00", HART, MAXEY, VISITORDESCRIPTION="Hart P.FOUL (P1.T1)"),
        row(13, 3, 1, "11:00", MAXEY, SCORE="2 - 1", HOMEDESCRIPTION="Maxey Free Throw 1 of 2 (1 PTS)"),
        row(14, 3, 1, "11:00", MAXEY, HOMEDESCRIPTION="MISS Maxey Free Throw 2 of 2"),
        row(15, 9, 1, "9:00", NYK, VISITORDESCRIPTION="KNICKS Timeout: Regular"),
        row(16, 8, 1, "9:00", BRUNSON, HART, VISITORDESCRIPTION="SUB: Hart FOR Brunson"),
        row(17, 18, 1, "8:00"),
        row(18, 13, 1, "0:00"),
        *(row(20 * p + n, n, p, clock) for p in (2, 3) for n, clock in ((12, "12:00"), (13, "0:00"))),
        row(80, 12, 4, "12:00"),
        row(84, 1, 4, "6:00", OUBRE, SCORE="2 - 4", HOMEDESCRIPTION="Oubre Jr. 22' 3PT Jump Shot (3 PTS)"),
        row(89, 13, 4, "0:00"),
    ]
    return {"resource": "playbyplay", "resultSets": [{"name": "PlayByPlay", "headers": heads, "rowSet": rows[:last]}]}


def referees() -> Json:
    """Two games of the league, one of them with an alternate; another league's; the replay centre."""
    games = []
    for number, (game_id, away, home) in enumerate(((GAME, "NYK", "PHI"), ("0022400562", "UTA", "CHA"))):
        game = {"game_id": game_id, "game_date": "01/15/2025", "game_code": f"20250115/{away}{home}"}
        game |= {"home_team_abbr": home, "away_team_abbr": away}
        for n in range(1, 5):
            there = n < 4 or number == 1
            game |= {f"official{n}": f"Official {'ABCD'[n - 1]}" if there else None}
            game |= {f"official{n}_code": 100 * number + n if there else None}
            game |= {f"official{n}_JNum": f"0{n}" if there else None}
        games.append(game)
    other = {"Table": {"rows": [games[0] | {"game_id": "2022400077"}]}}
    centre = {"rows": [{"game_date": "01/15/2025", "official_code": 9, "replaycenter_official": "Replay Man"}]}
    return {"nba": {"Table": {"rows": games}, "Table1": centre}, "gl": other, "wnba": {"Table": {"rows": []}}}


COURT = {
    "NYK": ("Jalen Brunson", "Josh Hart", "Karl-Anthony Towns", "OG Anunoby", "Mikal Bridges"),
    "PHI": ("Tyrese Maxey", "Kelly Oubre Jr.", "Paul George", "Adem Bona", "Guerschon Yabusele"),
}
HEAD = [
    *("game_id", "data_set", "date", "a1", "a2", "a3", "a4", "a5", "h1", "h2", "h3", "h4", "h5", "period"),
    *("away_score", "home_score", "remaining_time", "elapsed", "play_length", "play_id", "team", "event_type"),
    *("assist", "away", "home", "block", "entered", "left", "num", "opponent", "outof", "player", "points"),
    *("possession", "reason", "result", "steal", "type", "shot_distance", "original_x", "original_y"),
    *("converted_x", "converted_y", "description"),
]


def sheet(last: int | None = None) -> list[dict[str, str]]:
    """The same game as BigDataBall has it, row by row."""
    found: list[dict[str, str]] = []

    def row(period: int, time: str, score: str, /, **more: object) -> None:
        away, home = score.split("-")
        about: dict[str, object] = {"game_id": "22400561", "data_set": "NBA 2024-25", "date": DAY, "period": period}
        about |= {"remaining_time": time, "elapsed": "0:00:00", "play_length": "0:00:10", "play_id": len(found) + 1}
        about |= {"away_score": away, "home_score": home}
        for side, team in (("a", "NYK"), ("h", "PHI")):
            about |= {f"{side}{n}": name for n, name in enumerate(COURT[team], start=1)}
        found.append({name: str((about | more).get(name, "")) for name in HEAD})

    for period in (1, 2, 3, 4):
        score = "0-0" if period == 1 else "2-1"
        row(period, "0:12:00", score, event_type="start of period", type="start of period")
        if period == 1:
            made = {"event_type": "shot", "result": "made", "points": 2, "type": "driving layup", "shot_distance": 5}
            row(1, "0:11:40", "2-0", team="NYK", player="Jalen Brunson", assist="Josh Hart", **made)
            found[-1] |= {"original_x": "-30", "original_y": "40", "converted_x": "28.0", "converted_y": "9.0"}
            missed = {"event_type": "shot", "result": "missed", "points": 0, "type": "3pt jump shot"}
            row(1, "0:11:20", "2-0", team="PHI", player="Tyrese Maxey", block="Karl-Anthony Towns", **missed)
            row(1, "0:11:05", "2-0", team="NYK", player="Jalen Brunson", steal="Tyrese Maxey", event_type="turnover")
            row(1, "0:11:00", "2-0", team="NYK", player="Josh Hart", opponent="Tyrese Maxey", event_type="foul")
            free = {"event_type": "free throw", "type": "free throw 1/1", "result": "made", "points": 1, "num": 1}
            row(1, "0:11:00", "2-1", team="PHI", player="Tyrese Maxey", **free)
            row(1, "0:09:00", "2-1", type="unknown", description=" ")
            row(1, "0:09:00", "2-1", team="NYK", event_type="timeout", type="timeout: regular")
        if period == 4:
            sub = {"entered": "Miles McBride", "left": "Josh Hart", "player": "Josh Hart", "a2": "Miles McBride"}
            row(4, "0:08:00", "2-1", team="NYK", event_type="substitution", type="sub", **sub)
            three = {"event_type": "shot", "result": "made", "points": 3, "type": "3pt jump shot"}
            row(4, "0:06:00", "2-4", team="PHI", player="Kelly Oubre Jr.", a2="Miles McBride", **three)
            score = "2-4"
        row(period, "0:00:00", "2-1" if period < 4 else score, event_type="end of period", type="end of period")
    return found[:last]


def as_csv(rows: list[dict[str, str]], head: list[str] | None = None) -> bytes:
    """Rows as the bytes of a file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, head or HEAD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
