"""Where a drop is, in one sentence and phase by phase: one that is through, one on its way, stuck, failed, refused."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.monitoring.drop_way import Way, ways
from nba_assets.settings import Settings
from nba_assets.storage.records import Drop
from nba_assets_tests.monitoring.conftest import DAY, ERROR, NOW, STEPS, at, execution, passed, received

Told = tuple[Platform, dict[str, Drop]]


def way(told: Told, name: str) -> Way:
    platform, drops = told
    (drop,) = platform.ledger.drops(correlation_ids=[drops[name]["correlation_id"]])
    (found,), _ = ways(platform, [drop])
    return found


def test_a_published_drop_says_in_which_release_and_since_when(told: Told) -> None:
    found = way(told, "published")
    assert (found.release, found.visible_at) == (7, at("10:01:00"))
    assert found.where == "published in release 7, visible since 2024-11-02 10:01:00 UTC"
    assert [(one.phase, one.status, one.rows) for one in found.phases] == [(n, "completed", 8) for n in range(1, 7)]
    assert found.phases[0].last_at == at("10:00:10"), "that its bytes came again is no step of its way"


def test_a_drop_on_its_way_says_how_far_it_is(told: Told) -> None:
    found = way(told, "third")
    assert (found.release, [one.phase for one in found.phases]) == (None, [1, 2, 3])
    assert found.where == "in phase 3 since 2024-11-02 11:50:30 UTC, 9 min ago"


def test_a_stuck_one_says_since_when(told: Told) -> None:
    assert way(told, "stuck").where == "in phase 2 since 2024-11-02 09:00:20 UTC, 2 hours ago"


def test_a_failed_one_says_where_why_and_what_happens_next(told: Told) -> None:
    found = way(told, "failed")
    assert found.where.startswith(f"failed in phase 4 at 2024-11-02 11:00:40 UTC: {STEPS[4]}: {ERROR}; a dead letter")
    assert [(one.phase, one.status) for one in found.phases][-1] == (4, "failed")


def test_a_refused_one_says_by_which_rule(told: Told) -> None:
    assert way(told, "refused").where.startswith("in quarantine since 2024-11-02 11:30:00 UTC: rule json: cut off")


@pytest.fixture
def platform(settings: Settings) -> Platform:
    return Platform.open(settings, FixedClock(NOW))


def test_a_failure_that_was_made_good_is_over(platform: Platform) -> None:
    drop = received(platform, "a", "10:00")
    platform.ledger.record_executions([execution(drop, 2, status="failed", error_type="E", error_message="no")])
    passed(platform, drop, 3)
    found = way((platform, {"a": drop}), "a")
    assert (found.phases[1].status, found.where) == (
        "completed",
        "in phase 3 since 2024-11-02 10:00:30 UTC, 119 min ago",
    )


def test_one_of_two_dates_that_failed_is_a_failure(platform: Platform) -> None:
    drop = received(platform, "a", "10:00")
    passed(platform, drop, 6)
    other = execution(drop, 4, status="failed", error_type="E", error_message="no", game_date=DAY + dt.timedelta(1))
    platform.ledger.record_executions([other])
    assert way((platform, {"a": drop}), "a").where.startswith("failed in phase 4")


def test_a_drop_that_changes_nothing_is_through(platform: Platform) -> None:
    drop = received(platform, "a", "10:00")
    passed(platform, drop, 5)
    said = {"release": 3, "skip_reason": "unchanged"}
    platform.ledger.record_executions([execution(drop, 6, status="skipped", metadata=said)])
    found = way((platform, {"a": drop}), "a")
    assert (found.release, found.phases[-1].why) == (3, "unchanged")
    assert "without anything new to publish: release 3 has all" in found.where


def test_a_drop_that_was_only_received(platform: Platform) -> None:
    drop = received(platform, "a", "11:58")
    assert (
        way((platform, {"a": drop}), "a").where == "received, not parsed yet since 2024-11-02 11:58:00 UTC, 2 min ago"
    )
