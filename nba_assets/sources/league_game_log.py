"""The league's game log (`leaguegamelog`), of players and of teams: the columns that both have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.league import tricode_of
from nba_assets.sources.box_rules import STATS, Lines, as_array
from nba_assets.sources.cells import Cells
from nba_assets.sources.league_ids import GAME_ID, is_league_game
from nba_assets.sources.league_tables import result_set
from nba_assets.sources.minutes import seconds
from nba_assets.sources.moments import day
from nba_assets.sources.payload import PayloadError, shown
from nba_assets.sources.settle import Unit

SET = "LeagueGameLog"
COLUMNS = ("TEAM_ID", "TEAM_ABBREVIATION", "GAME_ID", "GAME_DATE", "MATCHUP", "WL", "MIN", "PLUS_MINUS")
MATCHUP = re.compile(r"(\S+) (vs\.|@) (\S+)")
WON = {"W": True, "L": False, None: None}


@dataclass
class GameLog:
    """A log's rows: checked columns by our names, one label (the game's id) a row, and every game's unit."""

    cells: Cells
    columns: dict[str, Sequence[Any]]
    labels: list[str]
    units: dict[str, Unit]
    seconds: list[int]
    waiting: set[str] = field(default_factory=set)
    """Games that are live, or of which only one team is there."""

    def lines(self, names: Sequence[str], keys: Sequence[Any]) -> Lines:
        """The rows as box score lines, without the games that have a bad cell."""
        if self.cells.rejects:
            bad = {reject.game for reject in self.cells.rejects}
            rows = [row for row, label in enumerate(self.labels) if label not in bad]
        else:
            rows = list(range(len(self.labels)))
        return Lines(
            games=[self.labels[row] for row in rows],
            teams=[self.columns["team_tricode"][row] for row in rows],
            names=[names[row] for row in rows],
            keys=[keys[row] for row in rows],
            stats=as_array({name: [self.columns[name][row] for row in rows] for name in STATS}),
            seconds=np.array([self.seconds[row] for row in rows], dtype=np.int64),
            place=lambda row: self.cells.place(rows[row], "PTS"),
        )


def read_log(payload: dict[str, Any], extra: Sequence[str]) -> GameLog:
    """The log's rows. Raises `PayloadError` if it is not one, or if a row does not say which game it is of."""
    found = result_set(payload, SET, (*COLUMNS, *(name.upper() for name in STATS), *extra))
    labels = _labels(found.columns["GAME_ID"], found.place)
    cells = Cells(found.columns, found.cell, labels)
    teams = cells.texts("TEAM_ABBREVIATION", empty=False)
    dates = _dates(cells, payload)
    opponents, homes = _sides(cells, teams)
    columns: dict[str, Sequence[Any]] = {
        "game_date": dates,
        "game_id": labels,
        "team_id": cells.identifiers("TEAM_ID"),
        "team_tricode": [_tricode(code) for code in teams],
        "opponent_tricode": opponents,
        "is_home": homes,
        "won": _won(cells),
    }
    columns |= {name: cells.integers(name.upper()) for name in STATS}
    columns["plus_minus"] = cells.integers("PLUS_MINUS", low=-200, high=200, null=True)
    log = GameLog(cells, columns, labels, {}, _seconds(cells))
    log.waiting |= {label for label, won in zip(labels, columns["won"], strict=True) if won is None}
    _add_units(log)
    return log


def _labels(ids: Sequence[Any], place: str) -> list[str]:
    for row, value in enumerate(ids):
        if not is_league_game(value):
            at = f"{place}.rowSet[{row}].GAME_ID"
            raise PayloadError(at, "game_id", f"GAME_ID {shown(value)} is not {GAME_ID.pattern}", shown(value))
    return list(ids)


def _tricode(code: Any) -> str | None:
    """The league's own code; also a foreign team's, in preseason."""
    return (tricode_of(code) or code.strip()) if isinstance(code, str) else None


def _dates(cells: Cells, payload: dict[str, Any]) -> list[pd.Timestamp | None]:
    parameters = payload.get("parameters")
    asked = parameters if isinstance(parameters, dict) else {}
    first, last = (_day(asked.get(name)) for name in ("DateFrom", "DateTo"))
    days: dict[str, pd.Timestamp | None] = {}
    found: list[pd.Timestamp | None] = []
    for row, text in enumerate(cells.texts("GAME_DATE")):
        if isinstance(text, str) and text not in days:
            days[text] = _day(text)
        date = days[text] if isinstance(text, str) else None
        found.append(date)
        if date is None:
            cells.reject(row, "GAME_DATE", "date", f"GAME_DATE {shown(text)} is not a date", shown(text))
        elif (first is not None and date < first) or (last is not None and date > last):
            cells.reject(row, "GAME_DATE", "date", f"GAME_DATE {text} is not in the range asked for", shown(text))
    return found


def _day(text: Any) -> pd.Timestamp | None:
    if not isinstance(text, str):
        return None
    for pattern in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y"):
        try:
            return pd.Timestamp(day(text, pattern))
        except ValueError:
            continue
    return None


def _sides(cells: Cells, teams: Sequence[Any]) -> tuple[list[str | None], list[bool | None]]:
    opponents: list[str | None] = []
    homes: list[bool | None] = []
    for row, text in enumerate(cells.texts("MATCHUP")):
        found = MATCHUP.fullmatch(text) if isinstance(text, str) else None
        if found is None or found[1] != teams[row]:
            cells.reject(row, "MATCHUP", "matchup", f"MATCHUP {shown(text)} is not a game of {shown(teams[row])}")
        opponents.append(_tricode(found[3]) if found else None)
        homes.append(found[2] == "vs." if found else None)
    return opponents, homes


def _won(cells: Cells) -> list[bool | None]:
    values = cells.texts("WL", null=True)
    for row, value in enumerate(values):
        if isinstance(value, str) and value not in WON:
            cells.reject(row, "WL", "range", f"WL is {shown(value)}, not W or L", shown(value))
    return [WON.get(value) if isinstance(value, str) else None for value in values]


def _seconds(cells: Cells) -> list[int]:
    found = []
    for row, value in enumerate(cells.integers("MIN")):
        try:
            found.append(seconds(value) or 0)
        except ValueError:
            if type(value) is int:
                cells.reject(row, "MIN", "minutes", f"MIN {shown(value)} is not a time", shown(value))
            found.append(0)
    return found


def _add_units(log: GameLog) -> None:
    """Each game's unit; sides that its rows do not agree on are left to the schedule, other contradictions rejected."""
    teams: dict[str, dict[str, tuple[str | None, bool | None]]] = {}
    for row, label in enumerate(log.labels):
        side = (log.columns["opponent_tricode"][row], log.columns["is_home"][row])
        known = teams.setdefault(label, {}).setdefault(log.columns["team_tricode"][row], side)
        if known != side:
            log.cells.reject(row, "MATCHUP", "matchup", "the team's rows name different games")
    for row, label in enumerate(log.labels):
        if label in log.units:
            continue
        sides = teams[label]
        pair = sorted((str(team), *side) for team, side in sides.items())
        if len(pair) == 1:
            log.waiting.add(label)
        elif len(pair) != 2 or pair[0][1] != pair[1][0] or pair[1][1] != pair[0][0]:
            log.cells.reject(row, "MATCHUP", "matchup", f"rows of {', '.join(map(str, sides))} under one game id")
        home = next((team for team, (_, is_home) in sides.items() if is_home), None)
        agreed = len(pair) == 2 and pair[0][2] != pair[1][2]
        away = next((team for team in sides if team != home), None)
        log.units[label] = Unit(
            log.columns["game_date"][row], label, away if agreed else None, home if agreed else None
        )
    units = [log.units[label] for label in log.labels]
    log.columns["away_tricode"] = [unit.away_tricode for unit in units]
    log.columns["home_tricode"] = [unit.home_tricode for unit in units]
    log.columns["is_home"] = [
        None if unit.home_tricode is None else home for unit, home in zip(units, log.columns["is_home"], strict=True)
    ]
