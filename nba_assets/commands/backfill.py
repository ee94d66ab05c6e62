"""`nba-assets backfill`."""

from __future__ import annotations

import datetime as dt

from nba_assets import console
from nba_assets.commands.session import PHASE_COLUMNS, PhaseTimes, opened, with_progress
from nba_assets.defs.run import run_range
from nba_assets.errors import UsageError


def run(start: dt.date, end: dt.date, *, from_phase: int, as_json: bool) -> None:
    """Rebuild the range in one run and print what each phase did."""
    if end < start:
        raise UsageError(f"--end {end} is before --start {start}", "give the earlier date as --start")
    times = PhaseTimes()
    with opened() as platform:
        report = with_progress(
            platform,
            f"{start} to {end}",
            lambda: run_range(platform, start, end, from_phase=from_phase),
            times,
            from_phase,
        )
    if as_json:
        console.as_json({"run_id": report.run_id, "phases": times.records()})
    else:
        console.table(f"Run {report.run_id[:8]}", PHASE_COLUMNS, times.lines())
