"""What the landing zone leaves in the execution log: one row per drop and date that it names, phase 1."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nba_assets.league import league_date
from nba_assets.storage.records import Drop, Execution

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

LANDING = 1
DROP = "drop"
"""The rows' event type, beside those of fetches."""
DUPLICATE = "duplicate"
EMPTY = "empty"
QUARANTINED = "Quarantined"
"""Error type of a drop that did not pass."""


@dataclass(frozen=True)
class Landed:
    """A drop and what became of it: why it was skipped or refused (empty: neither), and the rows it gave."""

    drop: Drop
    dates: Sequence[dt.date]
    rows: int = 0
    skipped: str = ""
    refused: str = ""


def record_landed(platform: Platform, landed: Sequence[Landed], started: dt.datetime) -> None:
    """Append the rows; a drop that names no date is of the league date on which it came."""
    finished = platform.clock.now()
    platform.ledger.record_executions(
        [row for one in landed for row in _rows(one, one.dates or [_date(started)], started, finished)]
    )


def _rows(one: Landed, dates: Sequence[dt.date], started: dt.datetime, finished: dt.datetime) -> list[Execution]:
    facts: dict[str, Any] = {
        "correlation_ids": [one.drop["correlation_id"]],
        "phase": LANDING,
        "processor_name": f"landing.{one.drop['source']}",
        "event_type": DROP,
        "status": "failed" if one.refused else "skipped" if one.skipped else "completed",
        "started_at": started,
        "completed_at": finished,
        "error_type": QUARANTINED if one.refused else None,
        "error_message": one.refused or None,
        "records_processed": one.rows,
        "metadata": {"skip_reason": one.skipped} if one.skipped else None,
    }
    return [facts | {"execution_id": uuid.uuid4().hex, "game_date": day} for day in dates]


def _date(moment: dt.datetime) -> dt.date:
    return league_date(moment)
