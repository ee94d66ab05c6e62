"""What a parser gives: rows, what the capture speaks for, who it identifies, and what it rejects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd


class Outcome(StrEnum):
    """What became of one drop at parsing."""

    OK = "ok"
    EMPTY = "empty"
    """Well-formed, nothing in it: applied, closes nothing."""
    PARTIAL = "partial"
    """Some games missing, not final or rejected; the good ones are rows."""
    BAD = "bad"
    """Unreadable, contract broken or wrong content: nothing of it is used."""


@dataclass(frozen=True)
class Reject:
    """One thing that did not pass: where it stands, which rule it breaks, and what was found."""

    place: str
    """Page, line or JSON path."""
    rule: str
    """Short id of the rule: `B1`, `json`, `path`, `column`, …"""
    message: str
    excerpt: str = ""
    game: str | None = None
    """The game concerned (`game_id` or `YYYYMMDD/AWYHOM`), None for the whole file."""


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class Parsed:
    """The pure result of parsing one drop.

    `rows`: the raw table's columns as far as the payload has them (no common columns, no resolution). Sources that
    do not carry the league's game id give `game_date`, `away_tricode`, `home_tricode` instead, with `game_id` null.
    `speaks_for`: one row per unit the capture is complete for: `game_date`, `game_id`, `away_tricode`, `home_tricode`
    (the last three null where the unit is a whole date).
    `identities`: `game_date`, `player_id`, `player_name`, `team_tricode`, `game_id` (null in a player list), `source`.
    `captured_at`: the capture time that the payload itself states (a historical envelope); it goes before the name's.
    """

    outcome: Outcome
    rows: pd.DataFrame = field(default_factory=_no_rows)
    speaks_for: pd.DataFrame = field(default_factory=_no_rows)
    identities: pd.DataFrame = field(default_factory=_no_rows)
    rejects: Sequence[Reject] = ()
    captured_at: pd.Timestamp | None = None
