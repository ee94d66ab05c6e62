"""Play-by-play as the league's content network has it (`playbyplay_<game_id>.json`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nba_assets.contracts import table
from nba_assets.sources.cells import IDENTIFIER, MISSING, Cells, members
from nba_assets.sources.payload import kind, shown
from nba_assets.sources.play_by_play import SOURCE, Events, Read
from nba_assets.sources.play_by_play_cells import (
    PLACES,
    VALUES,
    clocks,
    instants,
    people_of,
    persons,
    places,
    scores,
    tricodes,
)

PERSONS = {
    "player_id": "personId",
    "assist_player_id": "assistPersonId",
    "block_player_id": "blockPersonId",
    "steal_player_id": "stealPersonId",
    "foul_drawn_player_id": "foulDrawnPersonId",
}
TEXTS = {"sub_type": "subType", "descriptor": "descriptor"}
KEYS = (
    *("orderNumber", "actionNumber", "period", "clock", "timeActual", "actionType", "qualifiers", "isFieldGoal"),
    *("teamTricode", "playerNameI", "shotResult", "area", "scoreHome", "scoreAway", "description"),
    *PERSONS.values(),
    *TEXTS.values(),
    *(theirs for theirs, _ in PLACES.values()),
)
RESULTS = {"Made": True, "Missed": False}


def read(actions: Sequence[dict[str, Any]], game_id: str) -> Read:
    """The events in order of `orderNumber`, and what is wrong with them."""
    order = sorted(range(len(actions)), key=lambda row: _order(actions[row]))
    cells = Cells(
        members([actions[row] for row in order], KEYS),
        lambda row, column: f"$.game.actions[{order[row]}].{column}",
        [game_id] * len(actions),
    )
    left, since = clocks(cells, "clock", "period")
    types = cells.texts("actionType", empty=False)
    is_shot = [flag == 1 for flag in cells.integers("isFieldGoal", high=1)]
    teams = tricodes(cells.texts("teamTricode", null=True))
    columns: dict[str, Sequence[Any]] = {
        "order_number": _rising(cells),
        "action_number": cells.integers("actionNumber", high=IDENTIFIER[1]),
        "period": cells.columns["period"],
        "clock_seconds": left,
        "elapsed_seconds": since,
        "wall_time": instants(cells, "timeActual"),
        "action_type": types,
        **{ours: [text or None for text in cells.texts(theirs, null=True)] for ours, theirs in TEXTS.items()},
        "qualifiers": _qualifiers(cells),
        "team_tricode": teams,
        **{ours: persons(cells, theirs) for ours, theirs in PERSONS.items()},
        "is_field_goal": is_shot,
        "is_made": _results(cells, types),
        "shot_value": [VALUES.get(type_) if isinstance(type_, str) else None for type_ in types],
        **places(cells, is_shot),
        "shot_zone": _zones(cells, is_shot),
        "score_home": scores(cells, "scoreHome"),
        "score_away": scores(cells, "scoreAway"),
        "description": [text or "" for text in cells.texts("description", null=True)],
    }
    names = cells.texts("playerNameI", null=True)
    people = () if cells.rejects else people_of(cells.columns["personId"], names, teams, types)
    is_final = ("game", "end") in zip(types, columns["sub_type"], strict=True)
    return Events(columns, lambda row: f"$.game.actions[{order[row]}]", is_final, people), cells.rejects


def _order(action: dict[str, Any]) -> int:
    number = action.get("orderNumber")
    return number if type(number) is int else -1


def _rising(cells: Cells) -> Sequence[Any]:
    """`orderNumber`, which no two events share."""
    numbers = cells.integers("orderNumber", high=IDENTIFIER[1])
    for row in range(1, len(numbers)):
        if numbers[row] == numbers[row - 1]:
            cells.reject(row, "orderNumber", "order", f"orderNumber {shown(numbers[row])} stands more than once")
    return numbers


def _qualifiers(cells: Cells) -> list[str | None]:
    found: list[str | None] = []
    for row, value in enumerate(cells.columns["qualifiers"]):
        given = [] if value is None or value is MISSING else value
        if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            cells.reject(row, "qualifiers", "type", f"qualifiers is {kind(value)}, not a list of texts", shown(value))
            given = []
        found.append(",".join(given) or None)
    return found


def _results(cells: Cells, types: Sequence[Any]) -> list[bool | None]:
    """Whether a shot or free throw went in; one that does not say is a reject."""
    found: list[bool | None] = []
    for row, (text, type_) in enumerate(zip(cells.texts("shotResult", null=True), types, strict=True)):
        made = RESULTS.get(text) if isinstance(text, str) else None
        if made is None and isinstance(type_, str) and (text or type_ in VALUES):
            message = f"shotResult of a {type_} is {shown(text)}, neither Made nor Missed"
            cells.reject(row, "shotResult", "shot", message, shown(text))
        found.append(made)
    return found


def _zones(cells: Cells, is_shot: Sequence[bool]) -> list[str | None]:
    """The league's area of a field goal attempt; of other events `area` is where they happened, and no zone."""
    known = table(SOURCE).column("shot_zone").values
    found: list[str | None] = []
    for row, (text, shot) in enumerate(zip(cells.texts("area", null=True), is_shot, strict=True)):
        zone = text if shot and isinstance(text, str) and text else None
        if zone is not None and zone not in known:
            cells.reject(row, "area", "area", f"area of a shot is {shown(text)}, none of {', '.join(known)}")
        found.append(zone)
    return found
