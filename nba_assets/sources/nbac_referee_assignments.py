"""The league's officials of the day: `nba_raw.nbac_referee_assignments`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.cells import IDENTIFIER, Cells, members
from nba_assets.sources.league_ids import is_league_game
from nba_assets.sources.moments import day
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, kind, member, read_json, shown
from nba_assets.sources.settle import Unit, settled

OFFICIALS = (1, 2, 3)
ALTERNATE = 4
PLACE = "$.nba.Table"
DATE = "%m/%d/%Y"
KEYS = (
    *("game_id", "game_date", "game_code", "home_team_abbr", "away_team_abbr"),
    *(f"official{number}{field}" for number in (*OFFICIALS, ALTERNATE) for field in ("", "_code", "_JNum")),
)
Official = tuple[list[str | None], list[str | None], list[str | None]]
"""Ids, names and shirt numbers of one place on the crew, game by game."""


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse the answer of one date. A game with fewer than three officials waits; other leagues' games do not count."""
    records = _records(member(member(read_json(data), "nba", dict, "$"), "Table", dict, "$.nba"))
    if not records:
        return Parsed(Outcome.EMPTY)
    labels = [str(record.get("game_id")) for record in records]
    cells = Cells(members(records, KEYS), lambda row, column: f"{PLACE}.rows[{row}].{column}", labels)
    _ids(cells)
    dates = _dates(cells, object_name)
    away, home = _tricodes(cells, "away_team_abbr"), _tricodes(cells, "home_team_abbr")
    _codes(cells, dates, away, home)
    crew = [_official(cells, number) for number in OFFICIALS]
    _distinct(cells, crew)
    alternate = _official(cells, ALTERNATE)
    columns: dict[str, Sequence[Any]] = {
        "game_date": dates,
        "game_id": labels,
        "away_tricode": away,
        "home_tricode": home,
        **{
            f"official_{number}_{field}": values
            for number, official in zip(OFFICIALS, crew, strict=True)
            for field, values in zip(("id", "name", "jersey"), official, strict=True)
        },
        "alternate_id": alternate[0],
        "alternate_name": alternate[1],
    }
    games = zip(labels, dates, away, home, strict=True)
    units = {label: Unit(date, label, *pair) for label, date, *pair in games if date is not None}
    waiting = {label for label, *ids in zip(labels, *(ids for ids, _, _ in crew), strict=True) if None in ids}
    return settled(columns, labels, units, cells.rejects, waiting=waiting)


def _records(table: dict[str, Any]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = member(table, "rows", list, PLACE)
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            raise PayloadError(f"{PLACE}.rows[{number}]", "type", f"a game is {kind(record)}, not an object")
    return records


def _ids(cells: Cells) -> None:
    seen: set[Any] = set()
    for row, value in enumerate(cells.texts("game_id")):
        if isinstance(value, str) and not is_league_game(value):
            cells.reject(row, "game_id", "game_id", f"not the id of a league game: {shown(value)}", shown(value))
        elif isinstance(value, str) and value in seen:
            cells.reject(row, "game_id", "game_id", f"game {value} stands more than once")
        seen.add(str(value))


def _dates(cells: Cells, object_name: str) -> list[pd.Timestamp | None]:
    """The games' league dates, which are that of the path."""
    found: list[pd.Timestamp | None] = []
    of_path = path_date(object_name)
    for row, text in enumerate(cells.texts("game_date")):
        date = None
        if isinstance(text, str):
            try:
                date = day(text, DATE)
            except ValueError:
                cells.reject(row, "game_date", "date", f"{shown(text)} is not MM/DD/YYYY", shown(text))
        if date is not None and of_path not in (date, None):
            cells.reject(row, "game_date", "path", f"a game of {date} in the folder of {of_path}", shown(text))
        found.append(None if date is None else pd.Timestamp(date))
    return found


def _tricodes(cells: Cells, column: str) -> list[str | None]:
    codes = cells.texts(column, empty=False)
    return [(tricode_of(code) or code) if isinstance(code, str) else None for code in codes]


def _codes(
    cells: Cells, dates: Sequence[pd.Timestamp | None], away: Sequence[str | None], home: Sequence[str | None]
) -> None:
    """`game_code` says the same date and teams, where there is one."""
    codes = cells.texts("game_code", null=True)
    given = zip(cells.columns["away_team_abbr"], cells.columns["home_team_abbr"], strict=True)
    for row, (code, date, pair) in enumerate(zip(codes, dates, given, strict=True)):
        if away[row] is not None and away[row] == home[row]:
            cells.reject(row, "away_team_abbr", "teams", f"{away[row]} against itself")
        if not isinstance(code, str) or not code or date is None or None in (away[row], home[row]):
            continue
        told = f"{date:%Y%m%d}/{pair[0]}{pair[1]}"
        if code != told:
            message = f"game_code {shown(code)} is not {told} of date and teams"
            cells.reject(row, "game_code", "code", message, shown(code))


def _official(cells: Cells, number: int) -> Official:
    """One place on the crew; one that is not filled has no id and no name."""
    name, code, jersey = (f"official{number}{field}" for field in ("", "_code", "_JNum"))
    names = [text.strip() or None if isinstance(text, str) else None for text in cells.texts(name, null=True)]
    codes = cells.integers(code, high=IDENTIFIER[1], null=True)
    shirts = cells.texts(jersey, null=True)
    found: Official = ([], [], [])
    for row, (of_name, of_code, shirt) in enumerate(zip(names, codes, shirts, strict=True)):
        known = bool(of_name and of_code)
        if known != bool(of_name or of_code):
            cells.reject(row, code, "officials", f"{name} is {shown(of_name)}, but {code} {shown(of_code)}")
        if known and number in OFFICIALS and not shirt:
            cells.reject(row, jersey, "officials", f"{of_name} has no shirt number", shown(shirt))
        found[0].append(str(of_code) if known else None)
        found[1].append(of_name if known else None)
        found[2].append(shirt if known else None)
    return found


def _distinct(cells: Cells, crew: Sequence[Official]) -> None:
    for row, ids in enumerate(zip(*(ids for ids, _, _ in crew), strict=True)):
        known = [who for who in ids if who is not None]
        if len(set(known)) < len(known):
            cells.reject(row, "official1_code", "officials", f"one official in two places: {', '.join(known)}")
