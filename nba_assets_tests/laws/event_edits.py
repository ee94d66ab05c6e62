"""Other content of a game's play-by-play: men who change places in all events, unknown names, a part of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from nba_assets_tests.laws.drops import Drop

COURT = {"away": ("a1", "a2", "a3", "a4", "a5"), "home": ("h1", "h2", "h3", "h4", "h5")}
NAMED = ("assist", "away", "home", "block", "entered", "left", "opponent", "player", "possession", "steal")
"""BigDataBall's columns of one man's name beside those on the court."""

Record = dict[str, str]
T = TypeVar("T")


def other_actions(payload: Any) -> None:
    """The league's events, in which every man does what a team mate did."""
    actions = payload["game"]["actions"]
    teams: dict[str, dict[int, tuple[str, str]]] = {}
    for action in actions:
        if action["personId"]:
            mates = teams.setdefault(action["teamTricode"], {})
            mates[action["personId"]] = (action["playerName"], action["playerNameI"])
    following = _following(teams.values())
    names = {person: name for mates in teams.values() for person, name in mates.items()}
    for action in actions:
        for field in [name for name in action if name.endswith("ersonId")]:
            action[field] = following.get(action[field], action[field])
        if action["personId"]:
            action["playerName"], action["playerNameI"] = names[action["personId"]]


def first_half(payload: Any) -> None:
    """The league's events of a game that is on."""
    actions = payload["game"]["actions"]
    del actions[len(actions) // 2 :]


def other_rows(drop: Drop) -> Drop:
    """A BigDataBall game, in which every man does what a team mate did."""
    columns, records = _read(drop)
    sides = [{record[place]: None for record in records for place in five} for five in COURT.values()]
    return _named(drop, columns, records, _following(sides))


def unknown_man(drop: Drop, nickname: str) -> Drop:
    """A BigDataBall game whose first man on the court has a name that nobody else knows."""
    columns, records = _read(drop)
    return _named(drop, columns, records, {records[0]["a1"]: nickname})


def _following(teams: Iterable[Iterable[T]]) -> dict[T, T]:
    """To every man the next of his team."""
    pairs = [(mates, [*mates[1:], *mates[:1]]) for mates in map(list, teams)]
    return {man: other for mates, others in pairs for man, other in zip(mates, others, strict=True)}


def _read(drop: Drop) -> tuple[Sequence[str], list[Record]]:
    reader = csv.DictReader(io.StringIO(drop.data.decode(), newline=""))
    return list(reader.fieldnames or ()), list(reader)


def _named(drop: Drop, columns: Sequence[str], records: Sequence[Record], names: dict[str, str]) -> Drop:
    """The game with other names for the same men."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    fields = [*NAMED, *(place for five in COURT.values() for place in five)]
    for record in records:
        writer.writerow(record | {field: names.get(record[field], record[field]) for field in fields})
    return Drop(drop.name, out.getvalue().encode())
