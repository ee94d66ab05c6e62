"""A halt: nothing is decided while it stands, readers see why, and what was said before and after it is as it was.

The game is that of `test_live`: on 8 November Boston plays at Los Angeles, T is 23:30 UTC.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.engine.due import due_of, plan_of, unreleased
from nba_assets.engine.halts import DECISIONS, standing
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets_tests.engine.conftest import rows
from nba_assets_tests.engine.live import DAY, LATER, OPEN, Live
from nba_assets_tests.engine.test_release import read as document
from nba_assets_tests.engine.three_games import SECOND

RESUMED = LATER + dt.timedelta(minutes=30)
WHY = "the lines feed is broken"


def due(platform: Platform, day: dt.date) -> bool:
    contract = tables()[DECISIONS]
    return bool(
        due_of(platform, contract, [day], plan_of(platform, contract, [day]), platform.warehouse.versions(DECISIONS))
    )


def shown(platform: Platform) -> None:
    """What the command does once the halt has begun or ended."""
    run_step(platform, DECISIONS, [pd.Timestamp(DAY)])
    publish(platform, [pd.Timestamp(DAY)])


def said(platform: Platform, kind: str) -> pd.DataFrame:
    found = rows(platform, DECISIONS, DAY)
    return found[found["run_kind"] == kind].sort_values(["decision_at", "player_id"], ignore_index=True)


def is_halted(found: pd.DataFrame) -> pd.Series:
    return found["reasons"].map(lambda reasons: "halted" in list(reasons)) & (found["decision"] == "PASS")


def test_while_it_stands_nothing_is_decided_and_readers_see_why(lined: Live) -> None:
    platform = lined.platform
    before, daily = said(platform, "live"), document(platform, f"historical/{DAY}/daily.json")
    men = before["player_id"].nunique()
    assert not is_halted(before).any() and not due(platform, DAY)

    lined.clock.moment = LATER
    assert platform.ledger.halt(WHY, "me", LATER)
    assert due(platform, DAY) and not due(platform, SECOND.day)
    shown(platform)
    assert not due(platform, DAY)
    live = said(platform, "live")
    pd.testing.assert_frame_equal(live[live["decision_at"] < pd.Timestamp(LATER)].reset_index(drop=True), before)
    added = live[live["decision_at"] >= pd.Timestamp(LATER)]
    assert len(added) == men and is_halted(added).all()
    assert is_halted(said(platform, "backfill")).all(), "T is in it"
    halted = document(platform, f"historical/{DAY}/daily.json")
    assert halted["status"] == "halted"
    assert halted["reasons"][0]["text"] == f"Decisions are halted since 2024-11-08T22:30:00Z: {WHY}"
    assert {player["decision"] for player in halted["data"]["players"]} == {"PASS"}
    lines = [player["line_value"] for player in daily["data"]["players"]]
    assert [player["line_value"] for player in halted["data"]["players"]] == lines, "facts and lines are shown"
    assert document(platform, f"historical/{SECOND.day}/daily.json")["status"] != "halted"
    status = document(platform, "status.json")
    assert (status["status"], status["data"]["halted"]["reason"]) == ("halted", WHY)


def test_once_resumed_all_is_as_before_but_for_what_fell_into_it(lined: Live) -> None:
    platform = lined.platform
    first, backfill = said(platform, "live"), said(platform, "backfill")
    status = document(platform, f"historical/{DAY}/daily.json")["status"]
    lined.clock.moment = LATER
    platform.ledger.halt(WHY, "me", LATER)
    shown(platform)
    during = said(platform, "live")
    lined.clock.moment = RESUMED
    assert platform.ledger.resume("me", RESUMED)
    assert standing(platform) is None
    shown(platform)

    live = said(platform, "live")
    pd.testing.assert_frame_equal(live[live["decision_at"] < pd.Timestamp(RESUMED)].reset_index(drop=True), during)
    again = live[live["decision_at"] >= pd.Timestamp(RESUMED)]
    assert len(again) == len(first) and not is_halted(again).any()
    assert again["reasons"].map(list).tolist() == first["reasons"].map(list).tolist()
    pd.testing.assert_frame_equal(said(platform, "backfill"), backfill)
    found = document(platform, f"historical/{DAY}/daily.json")
    assert found["status"] == status != "halted"
    assert document(platform, "status.json")["data"]["halted"] is None


def test_a_halt_that_ended_before_the_decision_is_none(lined: Live) -> None:
    platform = lined.platform
    before = said(platform, "backfill")
    platform.ledger.halt(WHY, "me", OPEN - dt.timedelta(days=9))
    platform.ledger.resume("me", OPEN - dt.timedelta(days=8))
    assert not due(platform, DAY)
    run_step(platform, DECISIONS, [pd.Timestamp(DAY)])
    pd.testing.assert_frame_equal(said(platform, "backfill"), before)


def test_a_halt_whose_release_was_lost_is_due_until_it_is_shown(lined: Live) -> None:
    """Killed between the ledger and the release, readers would not know; the sweep takes up what is unreleased."""
    platform = lined.platform
    days = [DAY, SECOND.day]
    assert unreleased(platform, days, platform.warehouse.versions) == []
    lined.clock.moment = LATER
    platform.ledger.halt(WHY, "me", LATER)
    assert unreleased(platform, days, platform.warehouse.versions) == [DAY], "not what was played before"
    shown(platform)
    assert unreleased(platform, days, platform.warehouse.versions) == []
    platform.ledger.resume("me", RESUMED)
    assert unreleased(platform, days, platform.warehouse.versions) == [DAY]
