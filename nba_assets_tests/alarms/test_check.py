"""A check from cause to message: once an hour with its count, resolved once, never lost, never twice."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pandas as pd
import pytest
from pydantic import SecretStr

from nba_assets.alarms.check import check
from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets_tests.alarms.conftest import CANARY, NOON, Webhook, web_server
from nba_assets_tests.alarms.test_causes import fails
from nba_assets_tests.transforms.leagues import day, frame, game

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
TITLE = "nba-assets: dead_letters nba_raw.nbac_schedule ValueError"
RESOLVED = "nba-assets: resolved: dead_letters nba_raw.nbac_schedule ValueError"


def test_nothing_is_sent_of_nothing(told: Platform, webhook: Webhook) -> None:
    found = check(told)
    assert (found.open, found.told.sent, found.targets, webhook.posted) == ([], [], 1, [])


def test_it_is_sent_once_an_hour_with_its_count_and_once_when_it_is_resolved(
    told: Platform, webhook: Webhook, clock: FixedClock
) -> None:
    one = fails(told, 0, error_message="no id")
    for number in range(13):
        clock.moment = NOON + number * 5 * MINUTE
        check(told)
    assert webhook.titles == [TITLE, TITLE]
    first, second = (message["message"] for message in webhook.posted)
    assert first.startswith("1 dead letter of nba_raw.nbac_schedule with ValueError")
    assert first.endswith("\n\nHeld at 1 check since 2024-11-01 16:00 UTC.")
    assert second.endswith("\n\nHeld at 13 checks since 2024-11-01 16:00 UTC.")
    told.ledger.resolve_work([one], "replayed", "a test", told.clock.now())
    for number in (65, 70, 200):
        clock.moment = NOON + number * MINUTE
        assert check(told).open == []
    assert webhook.titles == [TITLE, TITLE, RESOLVED]
    last = webhook.posted[-1]
    assert last["type"] == "success"
    assert last["message"].startswith(
        "No longer so since 2024-11-01 17:05 UTC. It held at 13 checks since 2024-11-01 16:00 UTC. It was:\n\n1 dead"
    )


def test_without_urls_it_is_recorded_and_told_when_there_is_one(
    desk: Platform, webhook: Webhook, clock: FixedClock
) -> None:
    fails(desk, 0)
    found = check(desk)
    assert ([alarm["last_sent"] for alarm in found.open], found.targets) == ([None], 0)
    desk.settings.alarm_urls = SecretStr(webhook.url)
    clock.moment += 5 * MINUTE
    assert len(check(desk).told.sent) == 1
    assert webhook.posted[0]["message"].endswith("Held at 2 checks since 2024-11-01 16:00 UTC.")


def test_a_target_that_fails_does_not_stop_the_others(told: Platform, webhook: Webhook) -> None:
    told.settings.alarm_urls = SecretStr(f"json://{CANARY}@127.0.0.1:1,{webhook.url}")
    fails(told, 0)
    found = check(told)
    assert (len(found.told.sent), found.told.failing) == (1, ["JSON (target 1 of 2)"])
    assert webhook.titles == [TITLE]


def test_what_no_target_took_is_sent_at_the_next_check(told: Platform, webhook: Webhook, clock: FixedClock) -> None:
    webhook.status = 503
    fails(told, 0)
    fails(told, 1, error_type="KeyError")
    found = check(told)
    assert (len(found.told.unsent), found.told.sent, found.told.failing) == (2, [], ["JSON (target 1 of 1)"])
    webhook.status = 200
    clock.moment += 5 * MINUTE
    assert len(check(told).told.sent) == 2
    assert len(webhook.posted) == 2


def test_a_crash_between_record_and_message_loses_nothing(told: Platform, webhook: Webhook, clock: FixedClock) -> None:
    fails(told, 0)
    told.settings.alarm_urls = None
    check(told)
    told.ledger.lease_alarm(clock.moment, clock.moment + MINUTE, clock.moment - HOUR)
    told.settings.alarm_urls = SecretStr(webhook.url)
    assert check(told).told.sent == [], "who has the right may still be sending"
    clock.moment += 5 * MINUTE
    check(told)
    assert webhook.titles == [TITLE]


def test_two_checks_at_once_send_one_message(told: Platform, webhook: Webhook) -> None:
    """The first is held within the send while the second runs from start to end."""
    fails(told, 0)
    webhook.hold = threading.Event()
    other = Platform.open(told.settings, told.clock)
    threads = [threading.Thread(target=check, args=(platform,)) for platform in (told, other)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 8
    while sum(thread.is_alive() for thread in threads) > 1 and time.monotonic() < until:
        time.sleep(0.02)
    assert sum(thread.is_alive() for thread in threads) == 1
    webhook.hold.set()
    for thread in threads:
        thread.join()
    other.close()
    assert webhook.titles == [TITLE]


def test_a_date_that_nobody_looks_back_to_is_not_said_to_be_well(
    told: Platform, webhook: Webhook, clock: FixedClock
) -> None:
    listed = frame("nbac_schedule", [game("11-01", 1, "BOS", "NYK", tip_at=pd.Timestamp("2024-11-01 20:00", tz="UTC"))])
    told.warehouse.replace("nbac_schedule", [day("11-01")], listed)
    check(told)
    assert webhook.titles[0] == "nba-assets: missed_deadlines lines 2024-11-01"
    clock.moment += dt.timedelta(days=5)
    check(told)
    ended = [m["message"] for m in webhook.posted if m["title"].startswith("nba-assets: resolved: missed_deadlines")]
    assert len(ended) == 1
    assert ended[0].startswith("No longer looked at since 2024-11-06 16:00 UTC: its date is more than 3 days ago.")


@pytest.mark.parametrize("hostile", ["a\r\nBcc: all@example.com", "x" * 10_000, "<!channel> \x1b[31m\0"])
def test_what_an_error_says_stays_on_one_short_line(told: Platform, webhook: Webhook, hostile: str) -> None:
    fails(told, 0, error_message=hostile, error_type="Bad\nError")
    check(told)
    (message,) = webhook.posted
    assert len(message["message"]) < 700 and message["title"].isprintable()
    assert all(line.isprintable() for line in message["message"].splitlines())
    assert len(message["message"].splitlines()) == 3


def test_no_url_is_in_what_a_check_returns_or_keeps(told: Platform, webhook: Webhook) -> None:
    fails(told, 0)
    with web_server() as second:
        told.settings.alarm_urls = SecretStr(f"{second.url},{webhook.url}")  # the second is gone when it is checked
    found = check(told)
    assert len(found.told.failing) == 1
    assert CANARY not in repr(found) and CANARY not in repr(told.settings)
    assert CANARY not in told.ledger.frames("alarms").to_json()
