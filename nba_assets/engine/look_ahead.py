"""What a pre-game table can know of the dates after its own: only what was known when its games were decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.contracts.frames import to_arrow
from nba_assets.contracts.model import Input, Table
from nba_assets.storage.row_hash import row_hashes

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

BEGUN = pd.Timedelta(hours=30)
"""From midnight UTC of a league date until all of its games have begun: 01:00 in New York, at the earliest."""


def looks_ahead(contract: Table, entry: Input) -> bool:
    """Whether the table is decided before its games and reads the input's later dates."""
    return entry.span.after > 0 and "decision_at" in contract.column_names


def known_ahead(platform: Platform, entry: Input, days: Sequence[dt.date]) -> dict[dt.date, list[str]]:
    """Per day one line for each later date of the input that had rows known by then: the date and a hash of them.

    A date that becomes known, or changes, after a day's games have begun leaves the day's lines as they are.
    """
    lines: dict[dt.date, list[str]] = {day: [] for day in days}
    first, last = min(days) + dt.timedelta(days=1), max(days) + dt.timedelta(days=entry.span.after)
    versions = platform.warehouse.versions(entry.table, (first, last))
    if not versions:
        return lines
    rows = platform.warehouse.read(entry.table, dates=(first, last), history=True)
    by_date = {pd.Timestamp(str(date)).date(): found for date, found in rows.groupby("game_date", sort=True)}
    spans = {date: (found["known_at"].min(), found["known_at"].max()) for date, found in by_date.items()}
    for day in days:
        begun = pd.Timestamp(day, tz="UTC") + BEGUN
        for ahead in range(1, entry.span.after + 1):
            date = day + dt.timedelta(days=ahead)
            if date in spans and spans[date][0] <= begun:
                whole = spans[date][1] <= begun
                lines[day].append(f"{date} {versions[str(date)] if whole else _hash(entry, by_date[date], begun)}")
    return lines


def _hash(entry: Input, rows: pd.DataFrame, begun: pd.Timestamp) -> str:
    known = rows[rows["known_at"] <= begun]
    known = known.assign(superseded_at=known["superseded_at"].where(known["superseded_at"] <= begun))
    return row_hashes(to_arrow(known.reset_index(drop=True), tables()[entry.table]), [(0, len(known))])[0]
