"""Each rule by hand: when it holds and when it does not."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import closing
from typing import Any

import pandas as pd
import pytest

from nba_assets.alarms.causes import (
    NOT_LOOKED,
    RULES,
    causes,
    dead_letters,
    failure_rate,
    late_sources,
    quarantine_rate,
    stuck_updates,
)
from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.storage.records import Arrival, QuarantineEntry, Settlement, WorkItem
from nba_assets_tests.alarms.conftest import NOON
from nba_assets_tests.transforms.leagues import day, final, frame, game

DAY = dt.date(2024, 11, 1)
MINUTE = dt.timedelta(minutes=1)


def fails(platform: Platform, number: int, processor: str = "nba_raw.nbac_schedule", **facts: Any) -> str:
    """A dead letter of its own date."""
    item = WorkItem(processor, (DAY - number * dt.timedelta(days=1),), **({"error_type": "ValueError"} | facts))
    return platform.ledger.record_failure(item, now=platform.clock.now(), retry_at=lambda _: None)["work_id"]


def pends(platform: Platform, *names: str, source: str = "nbac_schedule") -> list[str]:
    """Drops that were received and parsed now."""
    arrivals = [Arrival(name, hashlib.sha256(name.encode()).hexdigest(), source, 10, (DAY,)) for name in names]
    ids = [r.drop["correlation_id"] for r in platform.ledger.receive(arrivals, platform.clock.now())]
    platform.ledger.settle([Settlement(one, "pending", "ok") for one in ids], platform.clock.now())
    return ids


def ran(platform: Platform, completed: int, failed: int, processor: str = "nba_raw.nbac_schedule") -> None:
    """Executions that ended now."""
    now = platform.clock.now()
    row = {
        "execution_id": "e",
        "phase": 2,
        "processor_name": processor,
        "game_date": DAY,
        "started_at": now,
        "completed_at": now,
    }
    bad = {"status": "failed", "error_type": "KeyError", "error_message": "no"}
    platform.ledger.record_executions([*[row | {"status": "completed"}] * completed, *[row | bad] * failed])


def test_nothing_is_wrong_with_an_empty_home(desk: Platform) -> None:
    look = causes(desk)
    assert look.causes == []
    assert look.kinds == [NOT_LOOKED, *RULES]


def test_dead_letters_are_one_cause_per_processor_and_error(desk: Platform) -> None:
    ids = [fails(desk, number, error_message=f"row {number} has\nno id") for number in range(3)]
    fails(desk, 0, "nba_analytics.player_game_summary", error_type="KeyError")
    desk.ledger.record_failure(WorkItem("nba_raw.nbac_schedule", (DAY,), "retried"), now=NOON, retry_at=lambda _: NOON)
    other, found = dead_letters(desk)
    assert other.cause == "dead_letters|nba_analytics.player_game_summary|KeyError"
    assert found.cause == "dead_letters|nba_raw.nbac_schedule|ValueError"
    assert found.message.startswith(
        "3 dead letters of nba_raw.nbac_schedule with ValueError, the first failed at 2024-11-01 16:00 UTC: row "
    )
    assert "has no id: put it right, then nba-assets dead-letters list" in found.message
    desk.ledger.resolve_work(ids, "discarded", "a test", NOON)
    assert dead_letters(desk) == [other]


def test_a_drop_is_stuck_after_half_an_hour_until_it_is_applied(desk: Platform, clock: FixedClock) -> None:
    first, second = pends(desk, "a", "b")
    desk.ledger.receive([Arrival("never parsed", "c", "nbac_player_list", 1)], NOON)
    clock.moment = NOON + 29 * MINUTE
    assert stuck_updates(desk) == []
    clock.moment = NOON + 30 * MINUTE
    unparsed, found = stuck_updates(desk)
    assert unparsed.cause == "stuck_updates|nbac_player_list"
    assert found.cause == "stuck_updates|nbac_schedule"
    assert found.message == (
        "2 drops of nbac_schedule pending for more than 30 minutes, the oldest since 2024-11-01 16:00 UTC: a:"
        f" nba-assets status --correlation-id {first} shows how far it came"
    )
    desk.ledger.settle([Settlement(first, "applied", "ok"), Settlement(second, "quarantined", "bad")], clock.moment)
    assert stuck_updates(desk) == [unparsed]
    desk.settings.stuck_after_minutes = 31
    assert stuck_updates(desk) == []


def test_a_drop_that_just_left_quarantine_is_not_stuck(desk: Platform, clock: FixedClock) -> None:
    (one,) = pends(desk, "a")
    name_and_hash = ("a", hashlib.sha256(b"a").hexdigest())
    desk.ledger.quarantine([QuarantineEntry("nbac_schedule", *name_and_hash, "$", "json", "cut")], NOON)
    later = NOON + dt.timedelta(days=3)
    desk.ledger.close_quarantine([1], "resolved", "passed at a retry", later)
    clock.moment = later + 29 * MINUTE
    assert stuck_updates(desk) == []
    clock.moment = later + 30 * MINUTE
    (found,) = stuck_updates(desk)
    assert "the oldest since 2024-11-04 16:00 UTC" in found.message and one in found.message


@pytest.mark.parametrize(("completed", "failed", "holds"), [(95, 5, False), (94, 6, True), (0, 1, True), (1, 0, False)])
def test_more_than_a_twentieth_of_executions_failed(desk: Platform, completed: int, failed: int, holds: bool) -> None:
    ran(desk, completed, failed)
    assert bool(failure_rate(desk)) is holds


def test_the_failure_rate_is_of_a_day_and_names_the_processors(desk: Platform, clock: FixedClock) -> None:
    ran(desk, 10, 2)
    ran(desk, 7, 1, "nba_analytics.player_game_summary")
    ran(desk, 20, 0, "nba_raw.nbac_player_list")
    (found,) = failure_rate(desk)
    assert found.cause == "failure_rate"
    assert found.message.startswith(
        "3 of 40 executions of the last 24 hours failed (7.5%): nba_raw.nbac_schedule 2 of 12 (KeyError),"
        " nba_analytics.player_game_summary 1 of 8 (KeyError): nba-assets status"
    )
    clock.moment = NOON + dt.timedelta(days=1)
    assert failure_rate(desk) == []


def test_a_late_source_is_one_cause_per_date(desk: Platform, clock: FixedClock) -> None:
    over = pd.Timestamp("2024-11-02 07:00", tz="UTC")
    games = [*final(game("11-01", 1, "BOS", "NYK"), 9, 8), *final(game("11-01", 2, "DEN", "LAL"), 9, 8)]
    games = [row | {"known_at": over} if row["game_status"] == 3 else row for row in games]
    desk.warehouse.replace("nbac_schedule", [day("11-01")], frame("nbac_schedule", games))
    clock.moment = (over + pd.Timedelta(hours=2)).to_pydatetime()
    found = {cause.cause: cause.message for cause in late_sources(desk)}
    assert found["late_sources|bdl_player_boxscores|2024-11-01"].startswith(
        "bdl_player_boxscores is late for BOS@NYK, DEN@LAL of 2024-11-01, due since 2024-11-02 "
    )
    assert "late_sources|nbac_schedule|2024-11-01" not in found
    clock.moment = (over + pd.Timedelta(days=8)).to_pydatetime()
    assert late_sources(desk) == []


def test_a_source_of_which_too_much_is_in_quarantine(desk: Platform) -> None:
    ids = pends(desk, "a", "b")
    assert quarantine_rate(desk) == []
    digest = hashlib.sha256(b"a").hexdigest()
    desk.ledger.settle([Settlement(ids[0], "quarantined", "bad")], NOON)
    desk.ledger.quarantine([QuarantineEntry("nbac_schedule", "a", digest, "$", "json", "cut")], NOON)
    (found,) = quarantine_rate(desk)
    assert found.cause == "quarantine_rate|nbac_schedule"
    assert found.message == (
        "nbac_schedule: 1 of its newest 2 receipts are in quarantine, most by rule json:"
        " nba-assets quarantine list --source nbac_schedule"
    )
    desk.ledger.close_quarantine([1], "discarded", "known", NOON)
    assert quarantine_rate(desk) == []


def test_a_rule_that_cannot_be_asked_is_a_cause_and_hides_no_other(desk: Platform) -> None:
    fails(desk, 0)
    desk.warehouse.replace("nbac_schedule", [day("11-01")], frame("nbac_schedule", [game("11-01", 1, "BOS", "NYK")]))
    for file in desk.settings.warehouse.rglob("*.parquet"):
        file.write_bytes(b"not parquet")
    with closing(Platform.open(desk.settings, desk.clock)) as fresh:
        look = causes(fresh)
    assert {cause.cause for cause in look.causes} == {
        "dead_letters|nba_raw.nbac_schedule|ValueError",
        "not_looked|late_sources",
        "not_looked|missed_deadlines",
    }
    models = ["model_alarms", "slate_without_features", "feature_drift"]
    assert look.kinds == [NOT_LOOKED, "dead_letters", "stuck_updates", "failure_rate", "quarantine_rate", *models]
