"""Two small tables, one that keeps versions and one that is replaced, and their rows by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from nba_assets.contracts.columns import (
    GAME_DATE,
    SUPERSEDED_AT,
    boolean,
    date,
    float64,
    int64,
    json,
    string,
    strings,
    timestamp,
)
from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table, Versioning

FIRST, SECOND, THIRD = (dt.date(2024, 11, day) for day in (1, 2, 3))
NOON = pd.Timestamp("2024-11-05 12:00", tz="UTC")

BOX = Table(
    dataset="nba_raw",
    name="box",
    description="Points of a player in a game, all versions.",
    key=("game_id", "player_id"),
    versioning=Versioning.CLOSED,
    columns=(
        GAME_DATE,
        string("game_id", "Game"),
        string("player_id", "Player"),
        string("team?", "Team"),
        int64("points?", "Points"),
        timestamp("known_at", "Known"),
        SUPERSEDED_AT,
    ),
)
EVERY_TYPE = Table(
    dataset="nba_precompute",
    name="every_type",
    description="One column of each type.",
    key=("game_date", "player_id"),
    columns=(
        GAME_DATE,
        string("player_id", "Player"),
        int64("a_number?", "Number"),
        float64("a_rate?", "Rate"),
        boolean("a_flag?", "Flag"),
        date("a_day?", "Day"),
        timestamp("a_time?", "Time"),
        json("a_document?", "Document"),
        strings("some_names", "Names"),
    ),
)


def box(*rows: tuple[dt.date, str, str, int | None, str, str | None]) -> pd.DataFrame:
    """Rows of `BOX`: date, game, player, points, known_at, superseded_at (times as `HH:MM` of 5 November)."""
    frame = pd.DataFrame(
        [
            {
                "game_date": pd.Timestamp(day),
                "game_id": game,
                "player_id": player,
                "team": player[:3],
                "points": points,
                "known_at": at(known),
                "superseded_at": at(ended),
            }
            for day, game, player, points, known, ended in rows
        ],
        columns=BOX.column_names,
    )
    return conform(frame, BOX)


def at(clock: str | None) -> pd.Timestamp | None:
    """`12:30` of 5 November 2024, UTC."""
    return None if clock is None else pd.Timestamp(f"2024-11-05 {clock}", tz="UTC")


def every_type(day: dt.date, player: str, **values: Any) -> pd.DataFrame:
    """One row of `EVERY_TYPE`; what is not given is null."""
    row = {"game_date": [pd.Timestamp(day)], "player_id": [player], "some_names": [values.pop("some_names", [])]}
    return conform(pd.DataFrame(row | {name: [value] for name, value in values.items()}), EVERY_TYPE)
