"""The official gamebook, from its parsed twin: `nba_raw.nbac_gamebook_player_stats`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nba_assets.league import tricode_of
from nba_assets.sources.box_rules import STATS, Game, Lines, as_array, game_breaches, line_breaches
from nba_assets.sources.cells import Cells, members
from nba_assets.sources.minutes import precision, seconds
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair, pair_of, pair_of_code
from nba_assets.sources.parsed import Parsed, Reject
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, excerpt, kind, member, read_json, shown
from nba_assets.sources.reasons import category
from nba_assets.sources.settle import settled

TWIN = {
    "fgm": "field_goals_made",
    "fga": "field_goals_attempted",
    "fg3m": "three_pointers_made",
    "fg3a": "three_pointers_attempted",
    "ftm": "free_throws_made",
    "fta": "free_throws_attempted",
    "oreb": "offensive_rebounds",
    "dreb": "defensive_rebounds",
    "reb": "total_rebounds",
    "ast": "assists",
    "stl": "steals",
    "blk": "blocks",
    "tov": "turnovers",
    "pf": "personal_fouls",
    "pts": "points",
}
LISTS = {"active": "active_players", "dnp": "dnp_players", "inactive": "inactive_players"}
CODED = re.compile(r"(DNP|DND|NWT)\s*(?:-\s*(.*))?", re.DOTALL)
NEXT_LIST = re.compile(r"\)?\s*Inactive:.*", re.DOTALL)
"""The label of the other team's inactive list, glued to a reason by a reader that did not stop there."""


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse the twin of one gamebook. A book with one bad line is bad: it has one game."""
    if data.lstrip()[:5] == b"%PDF-":
        raise _unread_pdf(data, object_name)
    payload = read_json(data)
    pair = _pair(payload, object_name)
    lists = {status: _listed(payload, name) for status, name in LISTS.items()}
    lists["inactive"] = _own_inactive(lists["inactive"])
    if not lists["active"]:
        raise PayloadError("$.active_players", "row_count", "no active players")
    active, rest = _active(lists["active"], pair), _resting(lists["dnp"] + lists["inactive"], pair)
    found = [*active.rejects, *rest.rejects]
    if found:
        return bad(found)
    statuses = ["active"] * len(active) + ["dnp"] * len(lists["dnp"]) + ["inactive"] * len(lists["inactive"])
    columns = _columns(pair, active, rest, statuses)
    rejects = _breaches(pair, active, columns, statuses)
    return settled(columns, [pair.label] * len(statuses), {pair.label: pair.unit}, rejects)


def _unread_pdf(data: bytes, object_name: str) -> PayloadError:
    """A PDF is kept until there is a reader for its first stream."""
    stream = data.find(b"stream")
    place = f"byte {stream if stream >= 0 else len(data)}"
    lost = "" if b"%%EOF" in data else f"; bytes are lost: no end mark in {len(data)} bytes"
    return PayloadError(
        place, "format", f"{object_name}: a PDF, and no parser for this form yet{lost}", excerpt(data[:9])
    )


def _pair(payload: dict[str, Any], object_name: str) -> Pair:
    code = member(payload, "game_code", str, "$")
    try:
        pair = pair_of_code(code)
    except ValueError as error:
        raise PayloadError("$.game_code", "code", str(error), shown(code)) from None
    day = member(payload, "date", str, "$")
    away, home = member(payload, "away_team", str, "$"), member(payload, "home_team", str, "$")
    try:
        told = pair_of(day, away, home)
    except ValueError as error:
        raise PayloadError("$", "teams", str(error)) from None
    if told != pair:
        raise PayloadError(
            "$.game_code", "code", f"game_code {code} is not {told.label} of date and teams", shown(code)
        )
    of_path = path_date(object_name)
    if of_path is not None and of_path != pair.game_date.date():
        raise PayloadError(
            "$.date", "path", f"a book of {pair.game_date.date()} in the folder of {of_path}", shown(day)
        )
    return pair


def _listed(payload: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    """(place, record) of one list."""
    found = []
    for number, record in enumerate(member(payload, name, list, "$")):
        place = f"$.{name}[{number}]"
        if not isinstance(record, dict):
            raise PayloadError(place, "type", f"a player is {kind(record)}, not an object", shown(record))
        found.append((place, record))
    return found


def _own_inactive(listed: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """The inactive without men that a glued list puts under the wrong team, and reasons cut where the glue is."""
    pairs = {(record.get("name"), record.get("team")) for _, record in listed if _is_named(record)}
    glued: set[Any] = set()
    found = []
    for place, record in listed:
        if not _is_named(record):
            found.append((place, record))
            continue
        name, team = record["name"], record["team"]
        if team in glued and any(other == name and of != team for other, of in pairs):
            continue
        reason = record.get("reason")
        if isinstance(reason, str) and NEXT_LIST.search(reason):
            glued.add(team)
            record = record | {"reason": NEXT_LIST.sub("", reason)}
        found.append((place, record))
    return found


def _is_named(record: dict[str, Any]) -> bool:
    return isinstance(record.get("name"), str) and isinstance(record.get("team"), str)


def _people(records: Sequence[tuple[str, dict[str, Any]]], keys: Sequence[str], pair: Pair) -> Cells:
    """Names and teams, checked; the team must be one of the book's two."""
    cells = Cells(
        members([record for _, record in records], ("name", "team", *keys)),
        lambda row, column: f"{records[row][0]}.{column}",
        [pair.label] * len(records),
    )
    for row, name in enumerate(cells.texts("name", empty=False)):
        if isinstance(name, str) and name.strip() and not player_lookup(name):
            cells.reject(row, "name", "name", f"{shown(name)} has no letter", shown(name))
    tricodes = [tricode_of(team) if isinstance(team, str) else None for team in cells.texts("team")]
    for row, tricode in enumerate(tricodes):
        if tricode not in (pair.away, pair.home) and isinstance(cells.columns["team"][row], str):
            team = cells.columns["team"][row]
            cells.reject(row, "team", "teams", f"{shown(team)} is not of {pair.label}", shown(team))
    cells.columns["tricode"] = tricodes
    return cells


def _active(records: Sequence[tuple[str, dict[str, Any]]], pair: Pair) -> Cells:
    """Those who played, their stats among the columns: never filled where one is missing."""
    flat = [
        (place, {**member(record, "stats", dict, place), "name": record.get("name"), "team": record.get("team")})
        for place, record in records
    ]
    cells = _people(flat, ("minutes", "plus_minus", *TWIN.values()), pair)
    places = cells.place
    cells.place = lambda row, column: (
        places(row, column) if column in ("name", "team") else places(row, f"stats.{column}")
    )
    for column in TWIN.values():
        cells.integers(column)
    cells.integers("plus_minus", low=-200, high=200, null=True)
    times = []
    for row, value in enumerate(cells.texts("minutes")):
        try:
            times.append(seconds(value))
            wrong = times[-1] is None
        except ValueError:
            times.append(None)
            wrong = isinstance(value, str)
        if wrong:
            cells.reject(row, "minutes", "minutes", f"minutes {shown(value)} is not a time", shown(value))
    cells.columns["seconds"] = times
    return cells


def _resting(records: Sequence[tuple[str, dict[str, Any]]], pair: Pair) -> Cells:
    """Those who did not play, with `code` and the bare `why`."""
    cells = _people(records, ("dnp_reason", "reason", "category"), pair)
    codes: list[str | None] = []
    reasons: list[str | None] = []
    for row, (place, record) in enumerate(records):
        inactive = place.startswith(f"$.{LISTS['inactive']}")
        column = "reason" if inactive else "dnp_reason"
        text = record.get(column)
        if text is not None and not isinstance(text, str):
            cells.reject(row, column, "type", f"{column} is {shown(text)}, not a text", shown(text))
            text = None
        coded = CODED.fullmatch((text or "").strip())
        given = record.get("category")
        code = coded[1] if coded else given if given in ("DNP", "DND", "NWT") else "DNP"
        codes.append("INACTIVE" if inactive else code)
        reasons.append(((coded[2] if coded and not inactive else text) or "").strip() or None)
    cells.columns["code"], cells.columns["why"] = codes, reasons
    return cells


def _columns(pair: Pair, active: Cells, rest: Cells, statuses: list[str]) -> dict[str, Sequence[Any]]:
    size = len(statuses)
    blank: list[None] = [None] * len(rest)
    names = [name.strip() for cells in (active, rest) for name in cells.columns["name"]]
    teams = [tricode for cells in (active, rest) for tricode in cells.columns["tricode"]]
    times = active.columns["seconds"]
    reasons = [*[None] * len(active), *rest.columns["why"]]
    stats = {name: [*active.columns[column], *blank] for name, column in TWIN.items()}
    return {
        "game_date": [pair.game_date] * size,
        "game_id": [None] * size,
        "away_tricode": [pair.away] * size,
        "home_tricode": [pair.home] * size,
        "player_name": names,
        "player_lookup": [player_lookup(name) for name in names],
        "team_tricode": teams,
        "opponent_tricode": [pair.away if team == pair.home else pair.home for team in teams],
        "is_home": [team == pair.home for team in teams],
        "player_status": statuses,
        "status_code": [*[None] * len(active), *rest.columns["code"]],
        "reason": reasons,
        "reason_category": [category(reason) for reason in reasons],
        **stats,
        "plus_minus": [*active.columns["plus_minus"], *blank],
        "seconds_played": [*times, *blank],
        "minutes_precision": [*[precision(list(times))] * len(active), *blank],
    }


def _breaches(pair: Pair, active: Cells, columns: dict[str, Sequence[Any]], statuses: Sequence[str]) -> list[Reject]:
    size = len(active)
    lines = Lines(
        games=[pair.label] * size,
        teams=columns["team_tricode"][:size],
        names=columns["player_name"][:size],
        keys=list(zip(columns["team_tricode"], columns["player_lookup"], strict=True))[:size],
        stats=as_array({name: columns[name][:size] for name in STATS}),
        seconds=np.array(columns["seconds_played"][:size], dtype=np.int64),
        place=lambda row: active.place(row, TWIN["pts"]),
    )
    found = [*line_breaches(lines), *game_breaches(lines, {pair.label: Game()})]
    for team in (pair.away, pair.home):
        if team not in lines.teams:
            found.append(Reject("$.active_players", "teams", f"no active player of {team}", game=pair.label))
    seen = set(lines.keys)
    for row in range(size, len(statuses)):
        key = (columns["team_tricode"][row], columns["player_lookup"][row])
        if statuses[row] == "dnp" and key in seen:
            message = f"{columns['player_name'][row]}: he stands more than once in the game"
            found.append(Reject("$.dnp_players", "B9", message, game=pair.label))
        if statuses[row] == "dnp":
            seen.add(key)
    return found
