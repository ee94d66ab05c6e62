"""A person's halt of all decisions: what the steps and the release are told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts.model import Table
from nba_assets.storage.records import Halt

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

TABLE, DECISIONS = "halts", "player_points_predictions"
NEXT_DAY = dt.timedelta(days=1)
"""The latest games of a league date are decided on the next day, UTC."""


def own_halts(platform: Platform, contract: Table) -> dict[str, pd.DataFrame]:
    """What the decisions' step gets beside its inputs: every halt; nothing for other tables."""
    return {TABLE: platform.ledger.frames(TABLE)} if contract.name == DECISIONS else {}


def halt_lines(platform: Platform, contract: Table, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
    """Per date, what the halts that reach it add to the input of the decisions' step."""
    if contract.name != DECISIONS:
        return {}
    known = platform.ledger.halts()
    lines = {day: [f"halt {halt.since} {halt.resumed_at}" for halt in known if _reaches(halt, day)] for day in days}
    return {day: found for day, found in lines.items() if found}


def _reaches(halt: Halt, day: dt.date) -> bool:
    over = halt.resumed_at is not None and halt.resumed_at.date() < day
    return halt.since.date() <= day + NEXT_DAY and not over


def decided_upon(platform: Platform, contract: Table) -> list[dt.datetime]:
    """When a person halted and resumed decisions: news for what is decided after it; none for other tables."""
    known = platform.ledger.halts() if contract.name == DECISIONS else []
    return [moment for halt in known for moment in (halt.since, halt.resumed_at) if moment is not None]


def standing(platform: Platform) -> Halt | None:
    """The halt that stands; None if decisions are made."""
    return next((halt for halt in platform.ledger.halts() if halt.resumed_at is None), None)
