"""The official gamebook, as PDF and as its parsed twin: `nba_raw.nbac_gamebook_player_stats`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from nba_assets.league import tricode_of
from nba_assets.sources.box_rules import (
    ON_COURT,
    STATS,
    Game,
    Lines,
    as_array,
    game_breaches,
    line_breaches,
    sum_breaches,
)
from nba_assets.sources.cells import Cells, members
from nba_assets.sources.gamebook import TWIN, Book, Men, merge_forms
from nba_assets.sources.gamebook_pdf import read_book
from nba_assets.sources.minutes import precision, seconds
from nba_assets.sources.names import player_lookup
from nba_assets.sources.pairs import Pair, pair_of, pair_of_code
from nba_assets.sources.parsed import Parsed, Reject
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, kind, member, read_json, shown
from nba_assets.sources.pdf import read_pdf
from nba_assets.sources.pdf_guard import HEAD
from nba_assets.sources.reasons import category
from nba_assets.sources.settle import settled

__all__ = ["merge_forms", "parse"]
OF_MEN = ("name", "team", "jersey", "position")
CODED = re.compile(r"(DNP|DND|NWT)\s*(?:-\s*(.*))?", re.DOTALL)
NEXT_LIST = re.compile(r"\)?\s*Inactive:.*", re.DOTALL)
"""The label of the other team's inactive list, glued to a reason by a reader that did not stop there."""


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse one gamebook, as PDF or as its parsed twin. A book with one bad line is bad: it has one game."""
    is_pdf = data.lstrip()[: len(HEAD)] == HEAD
    book = read_book(read_pdf(data), object_name) if is_pdf else _twin(read_json(data))
    pair = _of_folder(book.pair, object_name)
    if not book.active:
        raise PayloadError("active_players", "row_count", "no active players")
    active, rest = _active(book.active, pair), _resting(book.dnp, book.inactive, pair)
    found = [*active.rejects, *rest.rejects]
    if found:
        return bad(found)
    statuses = ["active"] * len(active) + ["dnp"] * len(book.dnp) + ["inactive"] * len(book.inactive)
    columns = _columns(pair, active, rest, statuses)
    rejects = [*_breaches(book, active, columns, statuses), *_starter_breaches(pair, columns, statuses)]
    return settled(columns, [pair.label] * len(statuses), {pair.label: pair.unit}, rejects)


def _twin(payload: dict[str, Any]) -> Book:
    pair = _pair(payload)
    active, dnp, inactive = (_listed(payload, name) for name in ("active_players", "dnp_players", "inactive_players"))
    return Book(pair, active, dnp, _own_inactive(inactive))


def _of_folder(pair: Pair, object_name: str) -> Pair:
    of_path = path_date(object_name)
    if of_path is not None and of_path != pair.game_date.date():
        raise PayloadError("date", "path", f"a book of {pair.game_date.date()} in the folder of {of_path}")
    return pair


def _pair(payload: dict[str, Any]) -> Pair:
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
    return pair


def _listed(payload: dict[str, Any], name: str) -> Men:
    """(place, record) of one list."""
    found = []
    for number, record in enumerate(member(payload, name, list, "$")):
        place = f"$.{name}[{number}]"
        if not isinstance(record, dict):
            raise PayloadError(place, "type", f"a player is {kind(record)}, not an object", shown(record))
        found.append((place, record))
    return found


def _own_inactive(listed: Men) -> Men:
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


def _people(records: Men, keys: Sequence[str], pair: Pair) -> Cells:
    """Names and teams, checked; the team must be one of the book's two."""
    cells = Cells(
        members([record for _, record in records], ("name", "team", "jersey", *keys)),
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


def _active(records: Men, pair: Pair) -> Cells:
    """Those who played, their stats among the columns: never filled where one is missing."""
    flat = [
        (place, {**member(record, "stats", dict, place), **{key: record[key] for key in OF_MEN if key in record}})
        for place, record in records
    ]
    cells = _people(flat, ("position", "minutes", "plus_minus", *TWIN.values()), pair)
    places = cells.place
    cells.place = lambda row, column: places(row, column) if column in OF_MEN else places(row, f"stats.{column}")
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


def _resting(dnp: Men, inactive: Men, pair: Pair) -> Cells:
    """Those who did not play, with `code` and the bare `why`."""
    cells = _people(dnp + inactive, ("dnp_reason", "reason", "category"), pair)
    codes: list[str | None] = []
    reasons: list[str | None] = []
    for row, (_, record) in enumerate(dnp + inactive):
        is_inactive = row >= len(dnp)
        column = "reason" if is_inactive else "dnp_reason"
        text = record.get(column)
        if text is not None and not isinstance(text, str):
            cells.reject(row, column, "type", f"{column} is {shown(text)}, not a text", shown(text))
            text = None
        coded = CODED.fullmatch((text or "").strip())
        given = record.get("category")
        code = coded[1] if coded else given if given in ("DNP", "DND", "NWT") else "DNP"
        codes.append("INACTIVE" if is_inactive else code)
        reasons.append(((coded[2] if coded and not is_inactive else text) or "").strip() or None)
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
    positions = [*active.columns["position"], *blank]
    jerseys = [*active.columns["jersey"], *rest.columns["jersey"]]
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
        "is_starter": [position != "" if isinstance(position, str) else None for position in positions],
        "jersey_number": [jersey if isinstance(jersey, str) else None for jersey in jerseys],
        **stats,
        "plus_minus": [*active.columns["plus_minus"], *blank],
        "seconds_played": [*times, *blank],
        "minutes_precision": [*[precision(list(times))] * len(active), *blank],
    }


def _breaches(book: Book, active: Cells, columns: dict[str, Sequence[Any]], statuses: Sequence[str]) -> list[Reject]:
    pair, size = book.pair, len(active)
    lines = Lines(
        games=[pair.label] * size,
        teams=columns["team_tricode"][:size],
        names=columns["player_name"][:size],
        keys=list(zip(columns["team_tricode"], columns["player_lookup"], strict=True))[:size],
        stats=as_array({name: columns[name][:size] for name in STATS}),
        seconds=np.array(columns["seconds_played"][:size], dtype=np.int64),
        place=lambda row: active.place(row, TWIN["pts"]),
    )
    found = [*line_breaches(lines), *game_breaches(lines, {pair.label: Game(overtimes=book.overtimes)})]
    found += sum_breaches(lines, _team_lines(book)) if book.totals else []
    for team in (pair.away, pair.home):
        if team not in lines.teams:
            found.append(Reject("active_players", "teams", f"no active player of {team}", game=pair.label))
    seen = set(lines.keys)
    for row in range(size, len(statuses)):
        key = (columns["team_tricode"][row], columns["player_lookup"][row])
        if statuses[row] == "dnp" and key in seen:
            message = f"{columns['player_name'][row]}: he stands more than once in the game"
            found.append(Reject("dnp_players", "B9", message, game=pair.label))
        if statuses[row] == "dnp":
            seen.add(key)
    return found


def _team_lines(book: Book) -> Lines:
    """The book's totals; what the totals do not have (rebounds and turnovers apart) is not compared."""
    teams = list(book.totals)
    return Lines(
        games=[book.pair.label] * len(teams),
        teams=teams,
        names=teams,
        keys=teams,
        stats=as_array({name: [book.totals[team][name] for team in teams] for name in STATS}),
        seconds=np.zeros(len(teams), dtype=np.int64),
        place=lambda row: f"totals of {teams[row]}",
    )


def _starter_breaches(pair: Pair, columns: dict[str, Sequence[Any]], statuses: Sequence[str]) -> list[Reject]:
    """B9: five starters a team, where the form marks them."""
    marked = columns["is_starter"][: statuses.count("active")]
    if None in marked:
        return []
    starters = Counter(team for team, starts in zip(columns["team_tricode"], marked, strict=False) if starts)
    return [
        Reject(f"team {team}", "B9", f"{team}: {starters[team]} starters, not {ON_COURT}", game=pair.label)
        for team in (pair.away, pair.home)
        if starters[team] != ON_COURT
    ]
