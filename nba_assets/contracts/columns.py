"""Short constructors for columns, so that a contract reads as a list of facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nba_assets.contracts.model import Column, Type


def _maker(type_: Type) -> Callable[..., Column]:
    def make(name: str, description: str, **facts: Any) -> Column:
        nullable = facts.pop("nullable", name.endswith("?"))
        return Column(name.rstrip("?"), type_, description, nullable=nullable, **facts)

    return make


string = _maker(Type.STRING)
int64 = _maker(Type.INT64)
float64 = _maker(Type.FLOAT64)
boolean = _maker(Type.BOOL)
date = _maker(Type.DATE)
timestamp = _maker(Type.TIMESTAMP)
json = _maker(Type.JSON)
strings = _maker(Type.STRINGS)
"""`string("name?", "…")`: a `?` at the end of the name makes the column nullable."""

GAME_DATE = date("game_date", "The league's date of the game (America/New_York)", public=True)
KNOWN_AT = timestamp("known_at", "When this row was knowable: the latest of the rows it used")
SUPERSEDED_AT = timestamp("superseded_at?", "known_at of the version that replaced or closed this one; null: current")

RAW_COMMON = (
    timestamp("known_at", "Capture time of the drop, or its receipt where there is none or it lies after the receipt"),
    boolean("known_at_assumed", "known_at is not the source's own capture time"),
    string("source_path", "Object name of the drop"),
    string("source_hash", "sha256 of the drop's bytes"),
)
"""Columns that every raw table ends with; closed tables add `SUPERSEDED_AT`."""

QUALITY = (
    strings("sources_used", "Inputs that fed this row"),
    strings("missing_inputs", "Inputs that were absent"),
    float64("quality", "0 to 100", low=0, high=100),
    KNOWN_AT,
)
"""Columns that every analytics and precompute table ends with."""
