"""Team box scores: `nba_raw.nbac_team_boxscore`, from the box score (v2, v3) and the league's team game log.

`unverified_format`: v3 is read as documented; no real file of it was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.box_rules import STATS, nearest
from nba_assets.sources.cells import Cells, members
from nba_assets.sources.league_game_log import SET as LOG_SET
from nba_assets.sources.league_game_log import read_log
from nba_assets.sources.league_ids import is_league_game
from nba_assets.sources.league_tables import optional_set, result_set
from nba_assets.sources.minutes import seconds
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, member, read_json, shown
from nba_assets.sources.settle import Unit, settled
from nba_assets.sources.team_box import Men, TeamLines, box_score, team_line_breaches
from nba_assets.sources.team_forms import merge_forms

__all__ = ["merge_forms", "parse"]

V2 = {name: name.upper() for name in STATS} | {"tov": "TO"}
V3 = {
    "fgm": "fieldGoalsMade",
    "fga": "fieldGoalsAttempted",
    "fg3m": "threePointersMade",
    "fg3a": "threePointersAttempted",
    "ftm": "freeThrowsMade",
    "fta": "freeThrowsAttempted",
    "oreb": "reboundsOffensive",
    "dreb": "reboundsDefensive",
    "reb": "reboundsTotal",
    "ast": "assists",
    "stl": "steals",
    "blk": "blocks",
    "tov": "turnovers",
    "pf": "foulsPersonal",
    "pts": "points",
}
V3_TOP = "boxScoreTraditional"
POINTS_HIGH = 999


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse any of the three forms, told apart by what is in them."""
    payload = read_json(data)
    if V3_TOP in payload:
        return _v3(payload, object_name)
    sets = member(payload, "resultSets", list, "$")
    if any(isinstance(entry, dict) and entry.get("name") == LOG_SET for entry in sets):
        return _log(payload)
    return _v2(payload, object_name)


def _log(payload: dict[str, Any]) -> Parsed:
    log = read_log(payload, ())
    good = set(log.labels) - {reject.game for reject in log.cells.rejects} - log.waiting
    rows = [row for row, label in enumerate(log.labels) if label in good]
    teams = TeamLines(
        teams=[log.columns["team_tricode"][row] for row in rows],
        team_ids=[log.columns["team_id"][row] for row in rows],
        stats={name: [log.columns[name][row] for row in rows] for name in STATS},
        plus_minus=[log.columns["plus_minus"][row] for row in rows],
        seconds=[log.seconds[row] for row in rows],
        place=lambda row: log.cells.place(rows[row], "PTS"),
    )
    of_game = Counter(log.labels)
    for row, label in enumerate(log.labels):
        if of_game[label] > 2:
            log.cells.reject(row, "TEAM_ID", "teams", "more than two rows of one game")
    rejects = [*log.cells.rejects, *team_line_breaches([log.labels[row] for row in rows], teams)]
    columns = {name: values for name, values in log.columns.items() if name != "won"} | {
        "team_seconds": [float(time) for time in log.seconds],
        "ot_periods": [nearest(time) for time in log.seconds],
        "starter_ids": [None] * len(log.labels),
        "tov_includes_team": [True] * len(log.labels),
    }
    return settled(columns, log.labels, log.units, rejects, waiting=log.waiting)


def _v2(payload: dict[str, Any], object_name: str) -> Parsed:
    found = result_set(payload, "TeamStats", ("GAME_ID", "TEAM_ID", "TEAM_ABBREVIATION", "MIN", *V2.values()))
    if not found.size:
        return Parsed(Outcome.EMPTY)
    game_id = _one_game(found.columns["GAME_ID"], f"{found.place}.rowSet[0].GAME_ID")
    cells = Cells(found.columns, found.cell, [game_id] * found.size)
    cells.columns.setdefault("PLUS_MINUS", [None] * found.size)
    teams = _team_lines(cells, V2, "TEAM_ABBREVIATION", "TEAM_ID", "MIN", "PLUS_MINUS")
    listed = ("GAME_ID", "TEAM_ABBREVIATION", "PLAYER_ID", "PLAYER_NAME", "START_POSITION", "MIN", *V2.values())
    players = optional_set(payload, "PlayerStats", listed)
    columns: dict[str, Sequence[Any]] = players.columns if players is not None else dict.fromkeys(listed, ())
    if players is not None and players.size:
        _one_game([game_id, *columns["GAME_ID"]], f"{players.place}.rowSet[].GAME_ID")
    of_men = Cells(columns, players.cell if players is not None else found.cell, [game_id] * len(columns["GAME_ID"]))
    names = of_men.texts("PLAYER_NAME", empty=False)
    positions = [bool(text) for text in of_men.texts("START_POSITION", null=True)]
    men = _men(of_men, V2, "TEAM_ABBREVIATION", "PLAYER_ID", names, positions, "MIN")
    return _judged(game_id, _unit(game_id, object_name), cells, of_men, teams, men)


def _v3(payload: dict[str, Any], object_name: str) -> Parsed:
    place = f"$.{V3_TOP}"
    box = member(payload, V3_TOP, dict, "$")
    if box.get("homeTeam") is None or box.get("awayTeam") is None:
        return Parsed(Outcome.EMPTY)
    game_id = _one_game([member(box, "gameId", str, place)], f"{place}.gameId")
    sides = [("awayTeam", member(box, "awayTeam", dict, place)), ("homeTeam", member(box, "homeTeam", dict, place))]
    lines = [_flat(side, member(side, "statistics", dict, f"{place}.{name}")) for name, side in sides]
    keys = ("minutes", "plusMinusPoints", *V3.values())
    cells = Cells(
        members(lines, ("teamTricode", "teamId", *keys)),
        lambda row, column: f"{place}.{sides[row][0]}.{column}",
        [game_id] * 2,
    )
    teams = _team_lines(cells, V3, "teamTricode", "teamId", "minutes", "plusMinusPoints")
    places: list[str] = []
    records: list[dict[str, Any]] = []
    for name, side in sides:
        for number, player in enumerate(member(side, "players", list, f"{place}.{name}")):
            at = f"{place}.{name}.players[{number}]"
            line = _flat(player, member(player, "statistics", dict, at)) | {"teamTricode": side.get("teamTricode")}
            played = line.get("minutes") not in (None, "")
            records.append(line if played else line | dict.fromkeys(V3.values()))
            places.append(at)
    wanted = ("teamTricode", "personId", "firstName", "familyName", "position", *keys)
    of_men = Cells(members(records, wanted), lambda row, column: f"{places[row]}.{column}", [game_id] * len(records))
    pairs = zip(of_men.texts("firstName"), of_men.texts("familyName", empty=False), strict=True)
    names = [f"{first} {last}".strip() for first, last in pairs]
    starters = [bool(text) for text in of_men.texts("position", null=True)]
    men = _men(of_men, V3, "teamTricode", "personId", names, starters, "minutes")
    away, home = teams.teams
    return _judged(game_id, _unit(game_id, object_name, away, home), cells, of_men, teams, men)


def _flat(record: dict[str, Any], statistics: dict[str, Any]) -> dict[str, Any]:
    """A record with its statistics; the league gives plus-minus as a whole number with a fraction of zero."""
    flat = record | statistics
    value = flat.get("plusMinusPoints")
    return flat | {"plusMinusPoints": int(value)} if isinstance(value, float) and value.is_integer() else flat


def _judged(game_id: str, unit: Unit, cells: Cells, of_men: Cells, teams: TeamLines, men: Men) -> Parsed:
    rejects = [*cells.rejects, *of_men.rejects]
    return bad(rejects) if rejects else box_score(game_id, unit, teams, men)


def _unit(game_id: str, object_name: str, away: str | None = None, home: str | None = None) -> Unit:
    day = path_date(object_name)
    if day is None:
        raise PayloadError("object name", "path", f"no date in {object_name!r}, and a box score has none itself")
    return Unit(pd.Timestamp(day), game_id, away, home)


def _one_game(ids: Sequence[Any], place: str) -> str:
    for value in ids:
        if not is_league_game(value) or value != ids[0]:
            raise PayloadError(place, "game_id", f"not the id of one league game: {shown(value)}", shown(value))
    return str(ids[0])


def _team_lines(
    cells: Cells, stats: dict[str, str], tricode: str, team_id: str, time: str, plus_minus: str
) -> TeamLines:
    return TeamLines(
        teams=_tricodes(cells, tricode),
        team_ids=cells.identifiers(team_id),
        stats={name: cells.integers(column, high=POINTS_HIGH) for name, column in stats.items()},
        plus_minus=cells.integers(plus_minus, low=-200, high=200, null=True),
        seconds=[value or 0 for value in _times(cells, time, null=False)],
        place=lambda row: cells.place(row, stats["pts"]),
    )


def _men(
    cells: Cells,
    stats: dict[str, str],
    tricode: str,
    player_id: str,
    names: Sequence[str],
    starters: Sequence[bool],
    time: str,
) -> Men:
    times = _times(cells, time, null=True)
    found = {name: cells.integers(column, null=True) for name, column in stats.items()}
    for row, value in enumerate(times):
        for name, column in stats.items():
            if (found[name][row] is None) != (value is None):
                message = f"{column} is {shown(found[name][row])} of a man with {time} {shown(value)}"
                cells.reject(row, column, "type", message)
    return Men(
        teams=_tricodes(cells, tricode),
        ids=cells.identifiers(player_id, null=True),
        names=names,
        starters=starters,
        stats=found,
        seconds=times,
        place=lambda row: cells.place(row, stats["pts"]),
    )


def _tricodes(cells: Cells, column: str) -> list[str]:
    return [tricode_of(code) or code if isinstance(code, str) else "" for code in cells.texts(column, empty=False)]


def _times(cells: Cells, column: str, *, null: bool) -> list[int | None]:
    found: list[int | None] = []
    for row, value in enumerate(cells.columns[column]):
        time = None
        try:
            time = seconds(value)
            wrong = time is None and not null
        except ValueError:
            wrong = True
        if wrong:
            cells.reject(row, column, "minutes", f"{column} {shown(value)} is not a time", shown(value))
        found.append(time)
    return found
