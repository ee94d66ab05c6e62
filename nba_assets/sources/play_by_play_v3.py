"""Play-by-play v3 of stats.nba.com (`playbyplayv3`). `unverified_format`: as documented, no real file was seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nba_assets.sources.cells import IDENTIFIER, Cells, members
from nba_assets.sources.payload import shown
from nba_assets.sources.play_by_play import Events, Read, is_over
from nba_assets.sources.play_by_play_cells import PLACES, clocks, people_of, persons, places, scores, tricodes

KEYS = (
    *("actionNumber", "period", "clock", "actionType", "subType", "shotResult", "shotValue", "description"),
    *("teamTricode", "personId", "playerNameI", "scoreHome", "scoreAway"),
    *(theirs for theirs, _ in PLACES.values()),
)
SHOTS = {"Made Shot": True, "Missed Shot": False}
FREE_THROW = "Free Throw"
OF = re.compile(r"\d of \d")
"""Which of how many free throws."""


def read(actions: Sequence[dict[str, Any]], game_id: str) -> Read:
    """The events in the file's order, and what is wrong with them. Zones and second persons stand only in the text."""
    cells = Cells(
        members(actions, KEYS), lambda row, column: f"$.game.actions[{row}].{column}", [game_id] * len(actions)
    )
    left, since = clocks(cells, "clock", "period")
    theirs = cells.texts("actionType")
    texts = [text or "" for text in cells.texts("description", null=True)]
    is_shot = [type_ in SHOTS for type_ in map(str, theirs)]
    values = _values(cells, theirs)
    types = [_type(str(type_), value, str(text)) for type_, value, text in zip(theirs, values, texts, strict=True)]
    teams = tricodes(cells.texts("teamTricode", null=True))
    size = len(actions)
    columns: dict[str, Sequence[Any]] = {
        "order_number": list(range(size)),
        "action_number": cells.integers("actionNumber", high=IDENTIFIER[1]),
        "period": cells.columns["period"],
        "clock_seconds": left,
        "elapsed_seconds": since,
        "wall_time": [None] * size,
        "action_type": types,
        "sub_type": _sub_types(cells, types),
        "descriptor": [None] * size,
        "qualifiers": [None] * size,
        "team_tricode": teams,
        "player_id": persons(cells, "personId"),
        **{f"{role}_player_id": [None] * size for role in ("assist", "block", "steal", "foul_drawn")},
        "is_field_goal": is_shot,
        "is_made": [_is_made(str(type_), str(text)) for type_, text in zip(theirs, texts, strict=True)],
        "shot_value": values,
        **places(cells, is_shot),
        "shot_zone": [None] * size,
        "score_home": scores(cells, "scoreHome"),
        "score_away": scores(cells, "scoreAway"),
        "description": texts,
    }
    names = cells.texts("playerNameI", null=True)
    if cells.rejects:
        return Events(columns, lambda row: f"$.game.actions[{row}]", is_final=False), cells.rejects
    people = people_of(cells.columns["personId"], names, teams, types)
    return Events(columns, lambda row: f"$.game.actions[{row}]", is_over(columns), people), ()


def _values(cells: Cells, types: Sequence[Any]) -> list[int | None]:
    """What each shot is worth; a field goal that is neither a two nor a three is a reject."""
    found: list[int | None] = []
    for row, (value, type_) in enumerate(zip(cells.columns["shotValue"], types, strict=True)):
        worth = 1 if type_ == FREE_THROW else None
        if isinstance(type_, str) and type_ in SHOTS:
            worth = value if type(value) is int and value in (2, 3) else None
            if worth is None:
                cells.reject(row, "shotValue", "shot", f"shotValue is {shown(value)}, neither 2 nor 3", shown(value))
        found.append(worth)
    return found


def _type(theirs: str, value: int | None, text: str) -> str:
    """The content network's word for a type of event."""
    if theirs in SHOTS:
        return f"{value}pt"
    if not theirs:
        return next((word for word in ("steal", "block") if word.upper() in text), "other")
    return theirs.casefold().replace(" ", "")


def _sub_types(cells: Cells, types: Sequence[str]) -> list[str | None]:
    found: list[str | None] = []
    for text, type_ in zip(cells.texts("subType", null=True), types, strict=True):
        of = OF.search(text) if type_ == "freethrow" and isinstance(text, str) else None
        found.append("out" if type_ == "substitution" else of[0] if of else text or None)
    return found


def _is_made(theirs: str, text: str) -> bool | None:
    return not text.startswith("MISS") if theirs == FREE_THROW else SHOTS.get(theirs)
