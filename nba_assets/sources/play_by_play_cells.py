"""Columns of a play-by-play, checked as they are read: clocks, scores, teams, persons, places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from nba_assets.league import TEAMS, tricode_of
from nba_assets.sources.cells import IDENTIFIER, MISSING, Cells
from nba_assets.sources.game_clock import LAST_PERIOD, clock_seconds, elapsed_seconds, period_seconds
from nba_assets.sources.moments import instant
from nba_assets.sources.payload import kind, shown

VALUES = {"2pt": 2, "3pt": 3, "freethrow": 1}
"""What a made shot of each type is worth."""
PLACES = {"shot_x_ft": ("xLegacy", 10), "shot_y_ft": ("yLegacy", 10), "shot_distance_ft": ("shotDistance", 1)}
"""Where a shot was taken: the source's column, and how many of its units are a foot."""
FARTHEST = 150
"""Feet; the court is 94 by 50."""
ON_THE_FLOOR = frozenset({*VALUES, "rebound", "turnover", "steal", "block", "substitution", "jumpball"})
"""What only a player does; a technical foul may be a coach's."""
NUMBER = (int, float, type(None))
TEAM_OF = {team.team_id: team.tricode for team in TEAMS}
"""A team's id in the place of a player's: an event of the team."""
Sighting = tuple[int, str, str]
"""A player's id, his name as spelled, and his team."""


def clocks(cells: Cells, clock: str, period: str) -> tuple[list[float], list[float]]:
    """(seconds left in the period, seconds since the tip) of each event; a clock of another kind is a reject."""
    left, since = [], []
    periods = cells.integers(period, low=1, high=LAST_PERIOD)
    for row, (text, number) in enumerate(zip(cells.texts(clock), periods, strict=True)):
        seconds = 0.0
        known = number if type(number) is int and 1 <= number <= LAST_PERIOD else 1
        if isinstance(text, str):
            try:
                seconds = clock_seconds(text)
            except ValueError as error:
                cells.reject(row, clock, "clock", str(error), shown(text))
            if seconds > period_seconds(known):
                cells.reject(row, clock, "clock", f"{text} is more than period {number} lasts", shown(text))
        left.append(seconds)
        since.append(elapsed_seconds(known, seconds))
    return left, since


def scores(cells: Cells, column: str) -> list[int]:
    """The score after each event, from texts; that of the event before where the text is empty, at first 0."""
    found = []
    score = 0
    for row, text in enumerate(cells.texts(column, null=True)):
        if isinstance(text, str) and text:
            if text.isascii() and text.isdigit() and len(text) <= 3:
                score = int(text)
            else:
                cells.reject(row, column, "type", f"{column} {shown(text)} is not a score", shown(text))
        found.append(score)
    return found


def tricodes(codes: Sequence[Any]) -> list[str | None]:
    """The league's codes; those of teams that are not the league's stay as they are."""
    known = {code: tricode_of(code) or code for code in set(filter(_is_text, codes))}
    return [known[code] if _is_text(code) else None for code in codes]


def persons(cells: Cells, column: str) -> list[str | None]:
    """The column's league person ids as texts."""
    return [person(value) for value in cells.integers(column, high=IDENTIFIER[1], null=True)]


def person(number: Any) -> str | None:
    """A league person id as a text; 0 is nobody, a team's id no person."""
    return str(number) if type(number) is int and number and number not in TEAM_OF else None


def instants(cells: Cells, column: str) -> list[dt.datetime | None]:
    """Times of the wall clock, UTC."""
    found: list[dt.datetime | None] = []
    for row, text in enumerate(cells.texts(column, null=True)):
        time = None
        if isinstance(text, str) and text:
            try:
                time = instant(text)
            except ValueError as error:
                cells.reject(row, column, "time", str(error), shown(text))
        found.append(time)
    return found


def places(cells: Cells, is_shot: Sequence[bool]) -> dict[str, list[float | None]]:
    """Feet from the basket of field goal attempts (see PLACES); null elsewhere."""
    return {ours: _feet(cells, theirs, units, is_shot) for ours, (theirs, units) in PLACES.items()}


def people_of(
    ids: Sequence[Any], names: Sequence[Any], teams: Sequence[str | None], types: Sequence[Any]
) -> list[Sighting]:
    """Everyone seen doing what only a player does."""
    rows = dict.fromkeys(zip(ids, names, teams, types, strict=True))
    return [
        (who, name.strip(), team)
        for who, name, team, type_ in rows
        if who and who not in TEAM_OF and team and isinstance(name, str) and name.strip() and type_ in ON_THE_FLOOR
    ]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _feet(cells: Cells, column: str, units: int, is_shot: Sequence[bool]) -> list[float | None]:
    found: list[float | None] = []
    for row, (value, shot) in enumerate(zip(cells.columns[column], is_shot, strict=True)):
        feet = None
        if shot and type(value) in NUMBER:
            feet = None if value is None else value / units
            if feet is not None and abs(feet) > FARTHEST:
                cells.reject(row, column, "range", f"{column} is {shown(value)}, off any court", shown(value))
        elif shot and value is not MISSING:
            cells.reject(row, column, "type", f"{column} is {shown(value)} ({kind(value)}), not a number", shown(value))
        found.append(feet)
    return found
