"""The sweep: what should be there by the ledger and the tables and is not is run; lost events heal by themselves.

A date is run when something of it is due, its drops have been quiet for a while, and it was not run just now: rows that
will only be known later keep a date due for hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nba_assets.engine.attention import QUIET, Run, ranges, today
from nba_assets.engine.due import due

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

JUST_NOW = dt.timedelta(minutes=15)
"""A date that was run whole so recently is left alone, unless a drop came or entities were refreshed since."""
AT_ONCE = 3
"""Ranges that one sweep runs, today's first: the next sweep goes on."""
BACK = 7
AHEAD = 2
"""Dates before and after today that every sweep looks at."""


def swept_dates(platform: Platform, season: bool = False) -> list[dt.date]:
    """The dates that a sweep looks at: the newest, or every one that the schedule has up to them."""
    day = today(platform)
    near = [day + dt.timedelta(days=n) for n in range(-BACK, AHEAD + 1)]
    if not season:
        return near
    known = (dt.date.fromisoformat(text) for text in platform.warehouse.versions("nbac_schedule"))
    return sorted({*near, *(date for date in known if date <= near[-1])})


def missing(platform: Platform, days: Sequence[dt.date]) -> list[dt.date]:
    """Those of the dates that are to be run now."""
    now = platform.clock.now()
    found = due(platform, days)
    if not found:
        return []
    last = platform.ledger.last_executions(list(found))
    receipts = platform.ledger.last_receipts(list(found))
    return [
        day
        for day in found
        if _is_quiet(receipts.get(day), now) and _is_time(last.get(day, {}), receipts.get(day), now)
    ]


def sweep(platform: Platform, run: Run, days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Run what is missing, the newest first; the ranges that were run."""
    wanted = ranges(set(missing(platform, days)), today(platform))[:AT_ONCE]
    return [span for span in wanted if run(*span, [])]


def _is_quiet(receipt: dt.datetime | None, now: dt.datetime) -> bool:
    return receipt is None or now - receipt >= QUIET


def _is_time(last: dict[str, dt.datetime], receipt: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the date was not run whole just now, or something came or was refreshed since."""
    whole, part = last.get("full_load"), last.get("incremental")
    if whole is None or now - whole >= JUST_NOW:
        return True
    return any(moment is not None and moment >= whole for moment in (part, receipt))
