"""`nba-assets halt` and `nba-assets resume`."""

from __future__ import annotations

import datetime as dt
import getpass
from typing import Any

import pandas as pd

from nba_assets import console
from nba_assets.commands.current import make_current
from nba_assets.commands.session import PhaseTimes, opened
from nba_assets.engine.halts import standing
from nba_assets.engine.ingest import affected
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import current_manifest, publish
from nba_assets.errors import PlatformError, UsageError
from nba_assets.league import league_date
from nba_assets.storage.records import Halt


def run_halt(reason: str, *, as_json: bool) -> None:
    """Have nothing decided from now on, and say so to readers.

    Raises `UsageError` without a reason, `PlatformError` if a halt stands already.
    """
    if not reason.strip():
        raise UsageError("a halt needs a reason: readers see it", "nba-assets halt --reason 'the feed is broken'")
    with opened() as platform:
        begun = platform.ledger.halt(reason.strip(), getpass.getuser(), platform.clock.now())
        halt = platform.ledger.halts()[-1]
        if not begun:
            raise PlatformError(
                f"decisions are halted already, since {console.plain(halt.since)}: {halt.reason}", "nba-assets resume"
            )
        facts = _shown(platform, halt)
    _say(facts, f"Decisions are halted since {console.plain(halt.since)}: {halt.reason}", as_json)


def run_resume(*, as_json: bool) -> None:
    """Have decisions made again. Raises `PlatformError` if no halt stands."""
    with opened() as platform:
        halt = standing(platform)
        if halt is None or not platform.ledger.resume(getpass.getuser(), platform.clock.now()):
            raise PlatformError("decisions are not halted", "nba-assets status shows where things are")
        facts = _shown(platform, halt)
        over = platform.ledger.halts()[-1].resumed_at
    text = f"Decisions are made again since {console.plain(over)}; what fell into the halt stays PASS."
    _say(facts, text, as_json)


def _shown(platform: Platform, halt: Halt) -> dict[str, Any]:
    """Bring the halt's dates to what it says, tables and documents."""
    published = _published(platform)
    days = [day for day in published if day >= league_date(halt.since)]
    if window := affected(platform, days):
        make_current(platform, window, PhaseTimes())
    shown = days or published[-1:]
    released = publish(platform, [pd.Timestamp(day) for day in shown]) if shown else None
    return {**vars(halt), "dates": days, "release": None if released is None else released.sequence}


def _published(platform: Platform) -> list[dt.date]:
    """The published dates in order; the status is published with any of them."""
    manifest = current_manifest(platform)
    names = () if manifest is None else manifest["files"]
    return sorted({dt.date.fromisoformat(name.split("/")[1]) for name in names if name.startswith("historical/")})


def _say(facts: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        console.as_json(facts)
        return
    shown = f", release {facts['release']}" if facts["release"] else ""
    console.say(f"{text}\nShown on {len(facts['dates'])} dates{shown}.")
