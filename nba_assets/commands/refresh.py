"""`nba-assets refresh`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from nba_assets import console
from nba_assets.commands.session import PHASE_COLUMNS, PhaseTimes, opened, with_progress
from nba_assets.defs.run import run_refresh
from nba_assets.engine.refresh import entity_key, widened
from nba_assets.errors import UsageError


def run(day: dt.date, entities: Mapping[str, str], *, as_json: bool) -> None:
    """Refresh the entities (id by kind, '' for none) and print the rows per phase."""
    wanted = [(kind, value) for kind, value in entities.items() if value]
    if not wanted:
        raise UsageError("nothing to refresh", "give --player ID, --team TRICODE, --game ID or --line ID")
    keys = [entity_key(day, kind, value) for kind, value in wanted]
    times = PhaseTimes()
    with opened() as platform:
        scope = widened(platform, day, wanted)
        report = with_progress(platform, ", ".join(keys), lambda: run_refresh(platform, keys), times)
    if as_json:
        console.as_json(
            {"run_id": report.run_id, "keys": keys, "games": sorted(scope.games), "phases": times.records()}
        )
        return
    what = f"game {', '.join(sorted(scope.games))}" if scope.games else f"{len(scope.players)} players with lines"
    title = f"{', '.join(keys)}: {what}"
    console.table(title, PHASE_COLUMNS, times.lines())
