"""The league's play-by-play: `nba_raw.nbac_play_by_play`, from the content network or stats.nba.com (v3, v2).

`unverified_format`: v3 and v2 are read as documented; no real file of them was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from nba_assets.sources import play_by_play_cdn, play_by_play_v2, play_by_play_v3
from nba_assets.sources.league_ids import is_league_game
from nba_assets.sources.parsed import Outcome, Parsed
from nba_assets.sources.paths import path_date
from nba_assets.sources.payload import PayloadError, bad, kind, member, read_json, shown
from nba_assets.sources.play_by_play import Read, judged
from nba_assets.sources.play_by_play_forms import form_of, merge_forms
from nba_assets.sources.settle import Unit

__all__ = ["merge_forms", "parse"]

FOLDER = "game-"


def parse(data: bytes, object_name: str) -> Parsed:
    """Parse one game's events in any of the three forms. The form of the path and that of the payload must agree.

    A file whose game is not over is partial: its events are rows until a file of the finished game replaces them.
    """
    payload = read_json(data)
    if "resultSets" in payload:
        plays = play_by_play_v2.plays(payload)
        if not plays.size:
            return Parsed(Outcome.EMPTY)
        unit = _unit(plays.columns["GAME_ID"], f"{plays.place}.rowSet[].GAME_ID", object_name, "v2")
        return _judged(play_by_play_v2.read(plays, str(unit.game_id)), unit)
    game = member(payload, "game", dict, "$")
    actions = _actions(game)
    if not actions:
        return Parsed(Outcome.EMPTY)
    is_cdn = any("orderNumber" in action for action in actions)
    unit = _unit([game.get("gameId")], "$.game.gameId", object_name, "cdn" if is_cdn else "v3")
    read = play_by_play_cdn.read if is_cdn else play_by_play_v3.read
    return _judged(read(actions, str(unit.game_id)), unit)


def _actions(game: dict[str, Any]) -> list[dict[str, Any]]:
    place = "$.game"
    actions: list[dict[str, Any]] = member(game, "actions", list, place)
    for number, action in enumerate(actions):
        if not isinstance(action, dict):
            raise PayloadError(f"{place}.actions[{number}]", "type", f"an action is {kind(action)}, not an object")
    return actions


def _unit(ids: Sequence[Any], place: str, object_name: str, form: str) -> Unit:
    """The game that the file is of, which must be that of its path."""
    of_path = form_of(object_name)
    if of_path not in (form, None):
        raise PayloadError("$", "form", f"a payload of form {form} where files of form {of_path} belong")
    day = path_date(object_name)
    if day is None:
        raise PayloadError("object name", "path", f"no date in {object_name!r}, and a play-by-play has none itself")
    for value in ids:
        if not is_league_game(value) or value != ids[0]:
            raise PayloadError(place, "game_id", f"not the id of one league game: {shown(value)}", shown(value))
    folders = [part.removeprefix(FOLDER) for part in object_name.split("/")[:-1] if part.startswith(FOLDER)]
    if folders and folders[0] != ids[0]:
        message = f"events of game {ids[0]} in the folder of {shown(folders[0])}"
        raise PayloadError(place, "path", message, shown(ids[0]))
    return Unit(pd.Timestamp(day), str(ids[0]))


def _judged(found: Read, unit: Unit) -> Parsed:
    events, rejects = found
    return bad(rejects) if rejects else judged(events, unit)
