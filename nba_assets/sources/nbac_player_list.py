"""The league's player index, the identity registry's main source: `nba_raw.nbac_player_list`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.cells import Cells
from nba_assets.sources.league_tables import result_set
from nba_assets.sources.names import player_lookup, suffix_of
from nba_assets.sources.parsed import Outcome, Parsed, Reject
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, read_json, shown
from nba_assets.sources.settle import Unit, frame, speaks_for

SOURCE = "nbac_player_list"
FEWEST = 300
"""A list of fewer is not the league's."""
HEIGHT = re.compile(r"(\d)-(\d{1,2})")
TEXTS = {"JERSEY_NUMBER": "jersey_number", "POSITION": "position", "COLLEGE": "college", "COUNTRY": "country"}
NUMBERS = {
    "WEIGHT": ("weight_lb", 0, 500),
    "DRAFT_YEAR": ("draft_year", 1900, 2200),
    "DRAFT_ROUND": ("draft_round", 0, 50),
    "DRAFT_NUMBER": ("draft_number", 0, 500),
    "FROM_YEAR": ("from_year", 1900, 2200),
    "TO_YEAR": ("to_year", 1900, 2200),
}
HEADERS = (
    "PERSON_ID",
    "PLAYER_LAST_NAME",
    "PLAYER_FIRST_NAME",
    "TEAM_ID",
    "TEAM_ABBREVIATION",
    "ROSTER_STATUS",
)
OPTIONAL = ("HEIGHT", *TEXTS, *NUMBERS)
"""Facts that a list may lack, as it may lack their values."""


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse a player index; it speaks for the date of its path, whole: one bad row makes all of it bad."""
    day = path_date(object_name)
    if day is None:
        raise PayloadError("object name", "path", f"no date in {object_name!r}, and a player list has none itself")
    date = pd.Timestamp(day)
    found = result_set(read_json(data), "PlayerIndex", HEADERS)
    if not found.size:
        return Parsed(Outcome.EMPTY)
    blank = dict.fromkeys(OPTIONAL, [None] * found.size)
    cells = Cells(blank | found.columns, found.cell, [None] * found.size)
    columns = _columns(cells, date)
    if cells.rejects:
        return bad(cells.rejects)
    if found.size < FEWEST:
        return bad([Reject(f"{found.place}.rowSet", "row_count", f"{found.size} players, fewer than {FEWEST}")])
    rostered = [
        row
        for row, (on, team) in enumerate(zip(columns["is_rostered"], columns["team_tricode"], strict=True))
        if on and team
    ]
    names = ("game_date", "player_id", "full_name", "team_tricode")
    identities = {name: [columns[name][row] for row in rostered] for name in names}
    identities["player_name"] = identities.pop("full_name")
    identities |= {"game_id": [None] * len(rostered), "source": [SOURCE] * len(rostered)}
    return Parsed(Outcome.OK, frame(columns), speaks_for([Unit(date)]), frame(identities))


def _columns(cells: Cells, date: pd.Timestamp) -> dict[str, list[Any]]:
    ids = cells.identifiers("PERSON_ID")
    seen: set[str] = set()
    for row, value in enumerate(map(repr, ids)):
        if value in seen:
            cells.reject(row, "PERSON_ID", "unique", f"player {value} stands more than once in the list")
        seen.add(value)
    firsts = [_text(value) for value in cells.texts("PLAYER_FIRST_NAME", null=True)]
    lasts = [_text(value) for value in cells.texts("PLAYER_LAST_NAME", empty=False)]
    names = [f"{first} {last}".strip() for first, last in zip(firsts, lasts, strict=True)]
    columns: dict[str, list[Any]] = {
        "game_date": [date] * len(cells),
        "player_id": [str(value) for value in ids],
        "first_name": firsts,
        "last_name": lasts,
        "full_name": names,
        "player_lookup": [player_lookup(name) for name in names],
        "suffix": [suffix_of(name) for name in names],
        "team_id": [value or None for value in cells.integers("TEAM_ID", high=2**53, null=True)],
        "height_in": [_inches(cells, row, text) for row, text in enumerate(cells.texts("HEIGHT", null=True))],
        "is_rostered": _rostered(cells),
    }
    columns["team_tricode"] = _teams(cells, columns["is_rostered"])
    for header, name in TEXTS.items():
        columns[name] = [_text(value) or None for value in cells.texts(header, null=True)]
    for header, (name, low, high) in NUMBERS.items():
        columns[name] = [_number(cells, row, header, low, high) for row in range(len(cells))]
    return columns


def _rostered(cells: Cells) -> list[bool]:
    """1 (the league writes 1.0): on a roster; 0 or null: not."""
    values = cells.columns["ROSTER_STATUS"]
    for row, value in enumerate(values):
        if type(value) not in (int, float, type(None)):
            message = f"ROSTER_STATUS is {shown(value)}, not 1 or 0"
            cells.reject(row, "ROSTER_STATUS", "type", message, shown(value))
    return [value == 1 for value in values]


def _teams(cells: Cells, rostered: Sequence[bool]) -> list[str | None]:
    """Tricodes; of men on a roster the code must be one of the thirty (others may have a defunct team's)."""
    found = []
    for row, code in enumerate(cells.texts("TEAM_ABBREVIATION", null=True)):
        text = _text(code)
        tricode = tricode_of(text)
        if rostered[row] and text and tricode is None:
            cells.reject(row, "TEAM_ABBREVIATION", "team", f"{shown(code)} is no team", shown(code))
        found.append(tricode or text or None)
    return found


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _inches(cells: Cells, row: int, text: Any) -> int | None:
    if not _text(text):
        return None
    found = HEIGHT.fullmatch(text)
    if found is None:
        cells.reject(row, "HEIGHT", "type", f"HEIGHT {shown(text)} is not feet-inches", shown(text))
        return None
    return int(found[1]) * 12 + int(found[2])


def _number(cells: Cells, row: int, header: str, low: int, high: int) -> int | None:
    """A whole number, or its text: the index gives weight and years as texts, draft numbers as numbers."""
    value = cells.columns[header][row]
    if value is None or value == "" or value == "Undrafted":
        return None
    number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 9 else value
    if type(number) is not int or not low <= number <= high:
        message = f"{header} is {shown(value)}, not an integer within {low} to {high}"
        cells.reject(row, header, "type", message, shown(value))
        return None
    return number
