"""The league's game ids: `00`, type, two digits of the start year, five digits."""

from __future__ import annotations

import re

GAME_ID = re.compile(r"00[1-6]\d{7}")
SEASON_TYPES = {
    "1": "preseason",
    "2": "regular",
    "3": "all_star",
    "4": "playoffs",
    "5": "play_in",
    "6": "cup_final",
}
"""By the third digit."""
FIRST_SEASON = 46
"""1946-47: two digits from here on are of the twentieth century."""


def is_league_game(value: object) -> bool:
    """Whether a value is a league game id, as a text with its zeros."""
    return isinstance(value, str) and GAME_ID.fullmatch(value) is not None


def season_type(game_id: str) -> str:
    """The kind of game."""
    return SEASON_TYPES[game_id[2]]


def season(game_id: str) -> int:
    """Start year of the season."""
    year = int(game_id[3:5])
    return year + (1900 if year >= FIRST_SEASON else 2000)


def is_all_star(game_id: str) -> bool:
    """Played by other rules than a game that counts."""
    return season_type(game_id) == "all_star"
