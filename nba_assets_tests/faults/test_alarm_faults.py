"""F43: one bug, many errors, one message an hour."""

from __future__ import annotations

import datetime as dt

from pydantic import SecretStr

from nba_assets.alarms.check import check
from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets_tests.alarms.conftest import NOON, mail_server
from nba_assets_tests.alarms.test_causes import fails


def test_f43_a_thousand_times_the_same_error_is_one_mail_an_hour_with_the_count(platform: Platform) -> None:
    """A bug kills another piece of work every seven seconds, and after each 50 somebody checks."""
    platform.clock = clock = FixedClock(NOON)
    with mail_server() as mailbox:
        platform.settings.alarm_urls = SecretStr(mailbox.url)
        for number in range(1000):
            clock.moment = NOON + number * dt.timedelta(seconds=7)
            fails(platform, number, error_message="no id")
            if number % 50 == 0:
                check(platform)
        bodies = [mail.get_content() for mail in mailbox.mails]
        assert mailbox.subjects == ["nba-assets: dead_letters nba_raw.nbac_schedule ValueError"] * 2
    assert bodies[0].startswith("1 dead letter of ")
    assert bodies[1].startswith("551 dead letters of ")
    assert "Held at 12 checks since 2024-11-01 16:00 UTC." in bodies[1]
    (alarm,) = platform.ledger.alarms()
    assert alarm["count"] == 20 and alarm["message"].startswith("951 dead letters of ")
