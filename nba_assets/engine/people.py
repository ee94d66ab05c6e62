"""A player by what somebody types: his id, his name in any spelling, or a part of it."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from nba_assets.errors import UsageError
from nba_assets.sources.names import player_lookup

NEAREST = 5
"""Names that a refusal offers."""


def the_player(asked: str, people: Mapping[str, str]) -> str:
    """The id of the one who is meant, of `people` (name by id). Case, accents, dots and spaces do not count.

    The id itself, then the whole name, then a part of it. Raises `UsageError` if nobody or more than one is meant,
    with the nearest names.
    """
    if asked in people:
        return asked
    lookups = {player: player_lookup(name) for player, name in people.items()}
    wanted = player_lookup(asked)
    if not wanted:
        raise UsageError(f"{asked!r} has no letter of the Latin alphabet", "give a name, a part of it, or his id")
    whole = [player for player, lookup in lookups.items() if lookup == wanted]
    found = whole or [player for player, lookup in lookups.items() if wanted in lookup]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{asked!r} may be {_named(found, people)}", "give more of the name, or the id")
    near = process.extract(wanted, lookups, scorer=fuzz.WRatio, limit=NEAREST)
    hint = f"nearest: {_named([player for _, _, player in near], people)}" if near else "there are no players yet"
    raise UsageError(f"no player is called {asked!r}", hint)


def _named(players: list[str], people: Mapping[str, str]) -> str:
    more = f" and {len(players) - NEAREST} more" if len(players) > NEAREST else ""
    return ", ".join(f"{people[player]} ({player})" for player in players[:NEAREST]) + more
