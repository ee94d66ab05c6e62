"""BigDataBall's play-by-play, a CSV a game: `nba_raw.bigdataball_play_by_play`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.bigdataball_rules import SHOT, breaches, is_over, sides_of
from nba_assets.sources.cells import Cells
from nba_assets.sources.csv_payload import Sheet, read_csv
from nba_assets.sources.event_names import AWAY, BETWEEN, HOME, ROLES, resolve_names
from nba_assets.sources.game_clock import LAST_PERIOD, clock_seconds, elapsed_seconds, period_seconds
from nba_assets.sources.league_ids import is_league_game
from nba_assets.sources.moments import day
from nba_assets.sources.names import player_lookup
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, shown
from nba_assets.sources.settle import Unit, settled
from nba_assets.sources.text_columns import blank_or, converted, number, one_of, whole
from nba_assets.sources.versions import without_setbacks

__all__ = ["merge_forms", "parse", "resolve_names"]

COURT = {AWAY: ("a1", "a2", "a3", "a4", "a5"), HOME: ("h1", "h2", "h3", "h4", "h5")}
TEXTS = {"event_type": "event_type", "sub_type": "type", "reason": "reason", "description": "description"}
COLUMNS = (
    *("game_id", "date", "play_id", "period", "away_score", "home_score", "remaining_time", "play_length", "team"),
    *("points", "result", "shot_distance", "original_x", "original_y"),
    *(name for five in COURT.values() for name in five),
    *ROLES,
    *TEXTS.values(),
)
"""Read by name; the file has more, in any order."""
RESULTS = {"made": True, "missed": False, "miss": False, "": None}
WORTH = {SHOT: 2, "free throw": 1}
THREE = "3pt"
SCORE_HIGH = 400
FARTHEST = 1500
"""Tenths of a foot, beyond any court."""
IS_FINAL = "is_final"
"""True in rows of a file that holds the whole game."""
PLACES = {"shot_x_ft": "original_x", "shot_y_ft": "original_y"}
DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y")
IDS = re.compile(r"(?<!\d)00[1-6]\d{7}(?!\d)")
DAYS = re.compile(r"\[(\d{4}-\d{2}-\d{2})\]")
PAIR = re.compile(r"(?<![A-Z])([A-Z]{2,4})@([A-Z]{2,4})(?![A-Z])")


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse one game's CSV; who its names are is another step (`resolve_names`).

    A file without the end of the game is partial: its events are rows until a whole file replaces them.
    """
    sheet = read_csv(data, COLUMNS)
    size = len(sheet.lines)
    if not size:
        return Parsed(Outcome.EMPTY)
    game_id, date = _game(sheet, object_name), pd.Timestamp(_date(sheet, object_name))
    cells = Cells(dict(sheet.columns), sheet.cell, [game_id] * size)
    columns = _columns(cells)
    if cells.rejects:
        return bad(cells.rejects)
    breaches(columns, cells)
    away, home = (None, None) if cells.rejects else _sides(columns, cells, object_name)
    about: dict[str, Sequence[Any]] = {
        "game_date": [date] * size,
        "game_id": [game_id] * size,
        "away_tricode": [away] * size,
        "home_tricode": [home] * size,
        IS_FINAL: [is_over(columns)] * size,
    }
    return settled(
        about | columns,
        [game_id] * size,
        {game_id: Unit(date, game_id, away, home)},
        cells.rejects,
        incomplete=not is_over(columns),
    )


def merge_forms(rows: pd.DataFrame, spoken: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` and `spoken` without the captures that hold part of a game of which a whole file came before."""
    return without_setbacks(rows, spoken, IS_FINAL)


def _game(sheet: Sheet, object_name: str) -> str:
    """The league's id, from which the file has lost the zeros. Raises `PayloadError` if it is not that of the name."""
    found = set(sheet.columns["game_id"])
    text = min(found)
    game_id = text.strip().zfill(10)
    if len(found) > 1 or not is_league_game(game_id):
        message = f"not the id of one league game: {', '.join(sorted(found)[:3])}"
        raise PayloadError(sheet.cell(0, "game_id"), "game_id", message, shown(text))
    others = set(IDS.findall(object_name)) - {game_id}
    if others:
        message = f"events of game {game_id} in a file of game {min(others)}"
        raise PayloadError(sheet.cell(0, "game_id"), "path", message, shown(text))
    return game_id


def _date(sheet: Sheet, object_name: str) -> dt.date:
    """The league's date of the game. Raises `PayloadError` for none, several, or another than the name's."""
    texts = list(dict.fromkeys(sheet.columns["date"]))
    found = {date for text in texts if (date := _day(text.strip())) is not None}
    if len(found) != 1 or None in map(_day, texts):
        message = f"not one date: {', '.join(map(shown, texts[:3]))}"
        raise PayloadError(sheet.cell(0, "date"), "date", message, shown(texts[0]))
    date = found.pop()
    of_name = {path_date(object_name), *map(_day, DAYS.findall(object_name))} - {None, date}
    if of_name:
        message = f"a game of {date} in a file of {', '.join(sorted(map(str, of_name)))}"
        raise PayloadError(sheet.cell(0, "date"), "path", message, shown(texts[0]))
    return date


def _sides(columns: dict[str, Sequence[Any]], cells: Cells, object_name: str) -> tuple[str | None, str | None]:
    """(away, home) as the events tell them, which must be those of the name."""
    found = sides_of(columns, cells)
    of_name = PAIR.search(object_name)
    for side, team, told in zip(("away", "home"), found, of_name.groups() if of_name else (), strict=False):
        if team is not None and team != (tricode_of(told) or told):
            cells.reject(0, "team", "path", f"{team} is the {side} side, which {told} is by the file's name")
    return found


def _day(text: str) -> dt.date | None:
    for form in DAY_FORMS:
        try:
            return day(text.strip(), form)
        except ValueError:
            continue
    return None


def _columns(cells: Cells) -> dict[str, Sequence[Any]]:
    """The contract's columns, with the names on the court in place of the ids."""
    periods = converted(cells, "period", whole(1, LAST_PERIOD), "period")
    left = _clocks(cells, periods)
    texts = {ours: [text.strip() or None for text in cells.columns[theirs]] for ours, theirs in TEXTS.items()}
    places = {
        ours: converted(cells, theirs, blank_or(number(-FARTHEST, FARTHEST)), "number")
        for ours, theirs in PLACES.items()
    }
    results = converted(cells, "result", one_of(RESULTS), "result")
    values = [_worth(type_, sub) for type_, sub in zip(texts["event_type"], texts["sub_type"], strict=True)]
    return {
        "order_number": converted(cells, "play_id", whole(1, 10**6), "order"),
        "period": periods,
        "clock_seconds": left,
        "elapsed_seconds": [
            None if period is None or time is None else elapsed_seconds(period, time)
            for period, time in zip(periods, left, strict=True)
        ],
        "play_seconds": converted(cells, "play_length", clock_seconds, "clock"),
        **texts,
        "team_tricode": converted(cells, "team", blank_or(_tricode), "teams"),
        **{f"{role}_name": converted(cells, role, blank_or(_name), "name") for role in ROLES},
        **{side: _fives(cells, five) for side, five in COURT.items()},
        "is_made": [None if value is None else made for value, made in zip(values, results, strict=True)],
        "shot_value": values,
        "pts": converted(cells, "points", blank_or(whole(0, 3)), "points"),
        "shot_distance_ft": converted(cells, "shot_distance", blank_or(number(0, FARTHEST / 10)), "number"),
        **{ours: [None if value is None else value / 10 for value in found] for ours, found in places.items()},
        "score_home": converted(cells, "home_score", whole(0, SCORE_HIGH), "score"),
        "score_away": converted(cells, "away_score", whole(0, SCORE_HIGH), "score"),
    }


def _clocks(cells: Cells, periods: Sequence[int | None]) -> list[float | None]:
    """Time left in the period, which is never longer than the period."""
    found = converted(cells, "remaining_time", clock_seconds, "clock")
    for row, (left, period) in enumerate(zip(found, periods, strict=True)):
        if left is not None and period is not None and left > period_seconds(period):
            message = f"{cells.columns['remaining_time'][row]} is more than period {period} lasts"
            cells.reject(row, "remaining_time", "clock", message)
    return found


def _worth(type_: str | None, sub_type: str | None) -> int | None:
    worth = WORTH.get(type_ or "")
    return 3 if type_ == SHOT and (sub_type or "").startswith(THREE) else worth


def _tricode(text: str) -> str:
    found = tricode_of(text)
    if found is None:
        raise ValueError("no team")
    return found


def _name(text: str) -> str:
    if not player_lookup(text):
        raise ValueError("no letter in it")
    if BETWEEN.strip() in text:
        raise ValueError("more than one name")
    return text


def _fives(cells: Cells, columns: Sequence[str]) -> list[str]:
    """The names of one side's men on the court, in the file's order; blank ones are left out."""
    names = [converted(cells, column, blank_or(_name), "name") for column in columns]
    fives = list(zip(*names, strict=True))
    known = {five: BETWEEN.join(filter(None, five)) for five in set(fives)}
    return [known[five] for five in fives]
