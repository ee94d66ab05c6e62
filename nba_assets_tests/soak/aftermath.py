"""The end of an episode, in a process of its own: quiet, the clean run, what does not hold."""

from __future__ import annotations

import collections
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from nba_assets.engine.failure import classify_name
from nba_assets_tests.soak import clean, comparison
from nba_assets_tests.soak.league import League
from nba_assets_tests.soak.logs import speak_into
from nba_assets_tests.soak.quiet import close_quarantine, opened, publish_off_days, quiesce

QUARANTINED = "Quarantined"
"""How the execution log calls what became of a drop that is not right: no failure of the platform's."""


@dataclass(frozen=True)
class Aftermath:
    """Where the episode's home is, and how its clock ends."""

    home: Path
    clean_home: Path
    folder: Path
    told: Path
    now: dt.datetime
    until: dt.datetime
    live: bool


def find(after: Aftermath, league: League) -> None:
    """Write into `told` what diverges, what stays open, the fates of drops, and which work failed how often."""
    speak_into(after.home.parent / "logs" / "aftermath.log")
    platform, clock = opened(after.home, after.now)
    left = quiesce(platform, clock, after.folder, league.days, after.until)
    clean_platform, _ = opened(after.clean_home, clock.moment)
    clean.build(clean_platform, league.valid, after.clean_home.parent / "clean_drops")
    divergences = [] if after.live else comparison.documents(platform, clean_platform, of_games=True)
    for one in (platform, clean_platform):
        publish_off_days(one, league.days)
        close_quarantine(one)
    divergences += comparison.broken(platform, comparison.ids(league.valid), comparison.ids(league.invalid))
    divergences += comparison.different(platform, clean_platform, live=after.live)
    divergences += comparison.stale(platform, league.days)
    failures = platform.warehouse.query(
        "SELECT error_type, error_message, COUNT(*) AS times FROM nba_orchestration.pipeline_execution_log"
        " WHERE status = 'failed' GROUP BY error_type, error_message"
    )
    failures = failures[failures["error_type"].notna()]
    lasting = [
        f"{kind}: {message} ({times} times)"
        for kind, message, times in failures[["error_type", "error_message", "times"]].itertuples(index=False)
        if classify_name(str(kind)) == "permanent" and kind != QUARANTINED
    ]
    counted: collections.Counter[str] = collections.Counter()
    for kind, times in failures[["error_type", "times"]].itertuples(index=False):
        counted[str(kind)] += int(times)
    told = {
        "left": left,
        "divergences": divergences,
        "fates": platform.ledger.counts(),
        "lasting": lasting,
        "failures": dict(counted),
        "live_rows": comparison.live_rows(platform),
        "dead": len(platform.ledger.work(status=["dead", "replayed"])),
    }
    after.told.write_text(json.dumps(told, default=str))
    clean_platform.close()
    platform.close()
