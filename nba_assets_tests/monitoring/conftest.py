"""A ledger by hand, at noon UTC of 2 November 2024: drops that are through, on their way, failing, stuck, refused.

published: received at 10:00:00; phases 1 to 6 took 1 s each and ended at 10:00:10, :20, … 10:01:00, in release 7; the
same bytes came again at 11:40. stuck: received at 09:00, phases 1 and 2, nothing since 09:00:20. failed: received at
11:00, phase 4 failed at 11:00:40, a dead letter. third: received at 11:50, in phase 3 since 11:50:30. refused: in
quarantine since 11:30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.engine.landing_log import DUPLICATE, Landed, record_landed
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage.records import Arrival, Drop, QuarantineEntry, Settlement, WaitingRow, WorkItem
from nba_assets_tests.conftest import new_database

DAY = dt.date(2024, 11, 1)
NOW = dt.datetime(2024, 11, 2, 12, tzinfo=dt.UTC)
SOURCE = "nbac_gamebook_player_stats"
STEPS = {
    1: f"landing.{SOURCE}",
    2: f"nba_raw.{SOURCE}",
    3: "nba_analytics.player_game_summary",
    4: "nba_precompute.player_daily_cache",
    5: "nba_predictions.player_points_predictions",
    6: "published.release",
}
"""A step of each phase."""
ERROR = "OSError: No space left on device"


def at(time: str) -> dt.datetime:
    """A time of the day, UTC."""
    return dt.datetime.combine(NOW.date(), dt.time.fromisoformat(time), dt.UTC)


def received(platform: Platform, name: str, time: str) -> Drop:
    """A drop of that name, taken in at that time."""
    arrival = Arrival(f"nba-com/gamebooks-data/2024-11-01/{name}.json", name * 8, SOURCE, 10, (DAY,))
    return platform.ledger.receive([arrival], at(time))[0].drop


def execution(drop: Drop, phase: int, **facts: Any) -> dict[str, Any]:
    """The execution of a phase's step for the drop: it took 1 s and ended 10 s a phase after the receipt."""
    ended = drop["received_at"] + dt.timedelta(seconds=10 * phase)
    return {
        "execution_id": f"{drop['correlation_id']} {phase}",
        "correlation_ids": [drop["correlation_id"]],
        "phase": phase,
        "processor_name": STEPS[phase],
        "game_date": DAY,
        "status": "completed",
        "started_at": ended - dt.timedelta(seconds=1),
        "completed_at": ended,
        "records_processed": 8,
        "metadata": {"release": 7} if phase == 6 else None,
    } | facts


def passed(platform: Platform, drop: Drop, last: int) -> None:
    """Phases 1 to `last` are done, the drop's consequences to come unless that is the last phase."""
    platform.ledger.record_executions([execution(drop, phase) for phase in range(1, last + 1)])
    status = "applied" if last == 6 else "pending"
    platform.ledger.settle([Settlement(drop["correlation_id"], status, "ok", 8)], drop["received_at"])  # type: ignore[arg-type]


def fill(platform: Platform) -> dict[str, Drop]:
    """The drops by name, as told above."""
    drops = {"stuck": received(platform, "stuck", "09:00"), "published": received(platform, "published", "10:00")}
    passed(platform, drops["stuck"], 2)
    passed(platform, drops["published"], 6)
    drops["failed"] = received(platform, "failed", "11:00")
    passed(platform, drops["failed"], 3)
    lost = {"status": "failed", "error_type": "OSError", "error_message": ERROR, "records_processed": None}
    platform.ledger.record_executions([execution(drops["failed"], 4, **lost)])
    ids = (drops["failed"]["correlation_id"],)
    work = WorkItem(STEPS[4], (DAY,), correlation_ids=ids, error_type="OSError", error_message=ERROR, run_id="run")
    platform.ledger.record_failure(work, now=at("11:00:40"), retry_at=lambda _: None)
    drops["refused"] = received(platform, "refused", "11:30")
    entry = QuarantineEntry(SOURCE, drops["refused"]["object_name"], "refused" * 8, "line 1", "json", "cut off")
    platform.ledger.quarantine([entry], at("11:30"))
    refused = [Landed(drops["refused"], [DAY], refused="line 1: rule json: cut off")]
    record_landed(_at(platform, "11:30"), refused, at("11:30"))
    platform.ledger.settle([Settlement(drops["refused"]["correlation_id"], "quarantined", "bad")], at("11:30"))
    again = received(platform, "published", "11:40")
    record_landed(_at(platform, "11:40"), [Landed(again, [DAY], skipped=DUPLICATE)], at("11:40"))
    drops["third"] = received(platform, "third", "11:50")
    passed(platform, drops["third"], 3)
    platform.ledger.set_waiting(
        "player_game_summary", [DAY], [WaitingRow(DAY, "0022400101", "no box score yet")], at("08:00")
    )
    return drops


def _at(platform: Platform, time: str) -> Platform:
    platform.clock = FixedClock(at(time))
    return platform


@pytest.fixture(scope="session")
def told(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Platform, dict[str, Drop]]]:
    """The platform and its drops by name; tests only read."""
    with new_database(postgres) as url:
        settings = Settings(home=tmp_path_factory.mktemp("told") / "home", database_url=SecretStr(url))
        platform = Platform.open(settings)
        drops = fill(platform)
        platform.clock = FixedClock(NOW)
        yield platform, drops
        platform.close()
