"""Ingest: files in, all six phases made current for the dates they touch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.engine.graph import horizon, lead, read_ahead
from nba_assets.engine.intake import Incoming, IntakeResult, applied, take

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop

EARLIER = dt.timedelta(days=2)
"""Before the UTC date on which something became known all games had begun that many league dates ago."""


@dataclass(frozen=True)
class Window:
    """First and last date that a batch of drops can move."""

    first: dt.date
    last: dt.date


def affected(platform: Platform, dates: Collection[dt.date], drops: Iterable[Drop] | None = None) -> Window | None:
    """The dates to make current: those that were touched, and dates with data that read them ahead or as history.

    `drops`: all that touched the dates, if that is known: what is decided before a game is not moved by what became
    known after it, so few dates before have to be looked at.
    """
    if not dates:
        return None
    first, last = min(dates) - lead(), max(dates) + horizon()
    if drops is not None:
        looked_at = [min(dates) - lead(decided=False)]
        looked_at += [
            max(min(drop["game_dates"]) - lead(), drop["known_at"].date() - EARLIER)
            for drop in drops
            if drop["source"] in read_ahead() and drop["game_dates"]
        ]
        first = min(looked_at)
    known = [dt.date.fromisoformat(text) for text in platform.warehouse.versions("nbac_schedule")]
    reached = [*dates, *(day for day in known if first <= day <= last)]
    return Window(min(reached), max(reached))


def ingest(
    platform: Platform,
    files: Iterable[Incoming],
    run: Callable[[Window, IntakeResult], bool],
    progress: Callable[[int], None] = lambda _: None,
) -> IntakeResult:
    """Take the files in and run what they change; drops count as applied once the run has succeeded."""
    result = take(platform, files, progress)
    window = affected(platform, result.dates, result.drops)
    if window is None or run(window, result):
        applied(platform, result.drops)
    return result
