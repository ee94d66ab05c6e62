"""`nba-assets replay`."""

from __future__ import annotations

import datetime as dt

from nba_assets import console
from nba_assets.commands.session import PHASE_COLUMNS, PhaseTimes, opened, with_progress
from nba_assets.defs.replay import planned, run_replay


def run(*, correlation_id: str, date: dt.date | None, key: str, table: str, start_phase: int, as_json: bool) -> None:
    """Run it again, marked as a replay, and print what each phase did."""
    times = PhaseTimes()
    with opened() as platform:
        plan = planned(
            platform, correlation_id=correlation_id, date=date, key=key, table=table, start_phase=start_phase
        )
        report = with_progress(platform, plan.title, lambda: run_replay(platform, plan), times, start_phase, plan.drops)
    if as_json:
        facts = {"run_id": report.run_id, "asked_by": plan.asked_by, "dates": plan.dates, "key": plan.key}
        console.as_json(facts | {"forced": plan.table, "phases": times.records()})
        return
    console.table(f"{plan.title}, asked for by {plan.asked_by}", PHASE_COLUMNS, times.lines())
