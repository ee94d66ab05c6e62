"""Play-by-play v2 of stats.nba.com (`playbyplayv2`). `unverified_format`: as documented, no real file was seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nba_assets.sources.cells import IDENTIFIER, Cells
from nba_assets.sources.league_tables import ResultSet, result_set
from nba_assets.sources.payload import shown
from nba_assets.sources.play_by_play import Events, Read, is_over
from nba_assets.sources.play_by_play_cells import PLACES, TEAM_OF, VALUES, clocks, people_of, person, tricodes

TEXTS = ("HOMEDESCRIPTION", "NEUTRALDESCRIPTION", "VISITORDESCRIPTION")
IDS = ("PLAYER1_ID", "PLAYER2_ID", "PLAYER3_ID")
NAMES = tuple(f"PLAYER{n}_{field}" for n in (1, 2) for field in ("NAME", "TEAM_ABBREVIATION"))
HEADERS = ("GAME_ID", "EVENTNUM", "EVENTMSGTYPE", "PERIOD", "PCTIMESTRING", "SCORE", *TEXTS, *IDS, *NAMES)
MADE, MISSED, FREE_THROW, TURNOVER, FOUL, SUBSTITUTION, START, END = 1, 2, 3, 5, 6, 8, 12, 13
TYPES = {
    FREE_THROW: "freethrow",
    4: "rebound",
    TURNOVER: "turnover",
    FOUL: "foul",
    7: "violation",
    SUBSTITUTION: "substitution",
    9: "timeout",
    10: "jumpball",
    11: "ejection",
    START: "period",
    END: "period",
}
"""`EVENTMSGTYPE` in the content network's words; others stay as `type 18`."""
SECOND = {
    "assist_player_id": (MADE, "PLAYER2_ID"),
    "block_player_id": (MISSED, "PLAYER3_ID"),
    "steal_player_id": (TURNOVER, "PLAYER2_ID"),
    "foul_drawn_player_id": (FOUL, "PLAYER2_ID"),
}
"""Who else takes part, by the type of event in which he does."""
OF = re.compile(r"\d of \d")
SCORE = re.compile(r"(\d{1,3}) - (\d{1,3})")
"""Away, home."""


def plays(payload: dict[str, Any]) -> ResultSet:
    """The set of events."""
    return result_set(payload, "PlayByPlay", HEADERS)


def read(found: ResultSet, game_id: str) -> Read:
    """The events in the file's order, and what is wrong with them. A substitution becomes two: out, then in."""
    cells = Cells(found.columns, found.cell, [game_id] * found.size)
    left, since = clocks(cells, "PCTIMESTRING", "PERIOD")
    kinds = cells.integers("EVENTMSGTYPE")
    numbers = cells.integers("EVENTNUM", high=IDENTIFIER[1])
    ids = {column: cells.integers(column, high=IDENTIFIER[1], null=True) for column in IDS}
    texts = list(zip(*(cells.texts(column, null=True) for column in TEXTS), strict=True))
    away, home = _scores(cells)
    names = {column: cells.texts(column, null=True) for column in NAMES}
    if cells.rejects:
        return Events({}, str, is_final=False), cells.rejects

    rows = [
        (row, entering) for row, kind in enumerate(kinds) for entering in ((0, 1) if kind == SUBSTITUTION else (0,))
    ]
    one = [row for row, _ in rows]
    types = [_type(kinds[row], texts[row]) for row in one]
    made = [_is_made(kinds[row], texts[row]) for row in one]
    who = [ids[IDS[entering]][row] for row, entering in rows]
    codes = [names[f"PLAYER{entering + 1}_TEAM_ABBREVIATION"][row] for row, entering in rows]
    teams = [TEAM_OF.get(player or 0, team) for player, team in zip(who, tricodes(codes), strict=True)]
    size = len(rows)
    columns: dict[str, Sequence[Any]] = {
        "order_number": list(range(size)),
        "action_number": [numbers[row] for row in one],
        "period": [cells.columns["PERIOD"][row] for row in one],
        "clock_seconds": [left[row] for row in one],
        "elapsed_seconds": [since[row] for row in one],
        "wall_time": [None] * size,
        "action_type": types,
        "sub_type": [_sub_type(kinds[row], entering, texts[row]) for row, entering in rows],
        "descriptor": [None] * size,
        "qualifiers": [None] * size,
        "team_tricode": teams,
        "player_id": [person(player) for player in who],
        **{
            role: [person(ids[column][row]) if kinds[row] == kind else None for row in one]
            for role, (kind, column) in SECOND.items()
        },
        "is_field_goal": [kinds[row] in (MADE, MISSED) for row in one],
        "is_made": made,
        "shot_value": [VALUES.get(type_) for type_ in types],
        **{column: [None] * size for column in PLACES},
        "shot_zone": [None] * size,
        "score_home": [home[row] for row in one],
        "score_away": [away[row] for row in one],
        "description": [": ".join(filter(None, texts[row])) for row in one],
    }
    spelled = [names[f"PLAYER{entering + 1}_NAME"][row] for row, entering in rows]
    people = people_of(who, spelled, teams, types)
    return Events(columns, lambda row: f"{found.place}.rowSet[{one[row]}]", is_over(columns), people), ()


def _scores(cells: Cells) -> tuple[list[int], list[int]]:
    """(away, home) after each event; only scoring rows say it."""
    away, home = [], []
    score = (0, 0)
    for row, text in enumerate(cells.texts("SCORE", null=True)):
        if isinstance(text, str) and text:
            parts = SCORE.fullmatch(text) if text.isascii() else None
            if parts is None:
                cells.reject(row, "SCORE", "type", f"SCORE {shown(text)} is not away - home", shown(text))
            else:
                score = (int(parts[1]), int(parts[2]))
        away.append(score[0])
        home.append(score[1])
    return away, home


def _type(kind: int | None, texts: Sequence[Any]) -> str:
    if kind in (MADE, MISSED):
        return "3pt" if any("3PT" in text for text in texts if text) else "2pt"
    return TYPES.get(kind or 0, f"type {kind}")


def _sub_type(kind: int | None, entering: int, texts: Sequence[Any]) -> str | None:
    if kind == SUBSTITUTION:
        return "in" if entering else "out"
    if kind == FREE_THROW:
        of = OF.search(" ".join(filter(None, texts)))
        return of[0] if of else None
    return {START: "start", END: "end"}.get(kind or 0)


def _is_made(kind: int | None, texts: Sequence[Any]) -> bool | None:
    if kind == FREE_THROW:
        return not any(text.startswith("MISS") for text in texts if text)
    return {MADE: True, MISSED: False}.get(kind or 0)
