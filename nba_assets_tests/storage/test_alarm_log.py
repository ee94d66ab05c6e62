"""What every ledger does with alarms: one row per cause, told by one process at a time, never lost."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.records import Alarm, Cause

NOW = dt.datetime(2024, 11, 5, 12, tzinfo=dt.UTC)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
KINDS = ["late_sources", "dead_letters"]
LATE = Cause("late_sources", "late_sources|bdl|2024-11-05", "bdl is late")
DEAD = Cause("dead_letters", "dead_letters|p|ValueError", "1 dead letter")


def record(ledger: Ledger, after: dt.timedelta, *causes: Cause) -> None:
    ledger.record_alarms(causes, KINDS, NOW + after)


def lease(ledger: Ledger, after: dt.timedelta) -> Alarm | None:
    """The next to be told, leased for a minute, an hour after the last message."""
    now = NOW + after
    return ledger.lease_alarm(now, now + MINUTE, now - HOUR)


def told(ledger: Ledger, after: dt.timedelta) -> list[tuple[str, str]]:
    """Everything that is to be told, and tell it."""
    found = []
    while (alarm := lease(ledger, after)) is not None:
        ledger.alarm_sent(alarm["cause"], alarm["state"], NOW + after)
        found.append((alarm["cause"], alarm["state"]))
    return found


def test_a_cause_is_one_row_that_counts_until_it_is_resolved_and_begins_anew(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE)
    record(ledger, 5 * MINUTE, Cause(LATE.kind, LATE.cause, "bdl is later\0"), DEAD, DEAD)
    late, dead = ledger.alarms()
    assert (late["count"], late["first_seen"], late["last_seen"]) == (2, NOW, NOW + 5 * MINUTE)
    assert (late["message"], late["state"], dead["count"]) == ("bdl is later\ufffd", "open", 1)
    record(ledger, 10 * MINUTE, DEAD)
    (over,) = ledger.alarms("resolved")
    assert (over["cause"], over["count"], over["resolved_at"]) == (LATE.cause, 2, NOW + 10 * MINUTE)
    record(ledger, 15 * MINUTE, DEAD)
    assert ledger.alarms("resolved") == [over], "it is resolved once"
    record(ledger, 20 * MINUTE, LATE)
    again = {alarm["cause"]: alarm for alarm in ledger.alarms("open")}[LATE.cause]
    assert (again["count"], again["first_seen"], again["resolved_at"]) == (1, NOW + 20 * MINUTE, None)


def test_what_nobody_looked_for_is_not_resolved(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE, DEAD)
    ledger.record_alarms([], ["dead_letters"], NOW + MINUTE)
    assert [alarm["cause"] for alarm in ledger.alarms("open")] == [LATE.cause]
    with pytest.raises(ValueError, match="causes of late_sources among those of dead_letters"):
        ledger.record_alarms([LATE], ["dead_letters"], NOW)


def test_it_is_told_when_it_opens_every_hour_and_when_it_is_resolved(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE)
    assert told(ledger, 0 * MINUTE) == [(LATE.cause, "open")]
    (alarm,) = ledger.alarms()
    assert (alarm["told"], alarm["last_sent"], alarm["leased_until"]) == ("open", NOW, None)
    record(ledger, 59 * MINUTE, LATE)
    assert told(ledger, 59 * MINUTE) == []
    record(ledger, HOUR, LATE)
    assert told(ledger, HOUR) == [(LATE.cause, "open")]
    record(ledger, HOUR + MINUTE)
    assert told(ledger, HOUR + MINUTE) == [(LATE.cause, "resolved")]
    record(ledger, 5 * HOUR)
    assert told(ledger, 5 * HOUR) == []


def test_one_that_comes_and_goes_is_told_no_more_than_once_an_hour(ledger: Ledger) -> None:
    heard = []
    for number in range(24):
        after = number * 5 * MINUTE
        record(ledger, after, *([LATE] if number % 2 == 0 else []))
        heard += [(number * 5, state) for _, state in told(ledger, after)]
    assert heard == [(0, "open"), (5, "resolved"), (70, "open"), (75, "resolved")]


def test_one_that_nobody_was_told_of_is_resolved_in_silence(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE)
    record(ledger, 5 * MINUTE)
    assert told(ledger, 5 * MINUTE) == []


def test_a_process_that_dies_with_the_lease_leaves_it_to_the_next(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE)
    assert lease(ledger, 0 * MINUTE) is not None
    assert lease(ledger, 0 * MINUTE) is None
    again = lease(ledger, MINUTE)
    assert again is not None and (again["cause"], again["last_sent"]) == (LATE.cause, None)


def test_one_resolved_while_it_is_being_told_is_told_as_resolved_too(ledger: Ledger) -> None:
    record(ledger, 0 * MINUTE, LATE)
    alarm = lease(ledger, 0 * MINUTE)
    record(ledger, 0 * MINUTE)
    assert alarm is not None
    ledger.alarm_sent(alarm["cause"], alarm["state"], NOW + MINUTE)
    assert told(ledger, MINUTE) == [(LATE.cause, "resolved")]


def test_many_who_tell_at_once_tell_each_alarm_once(ledger: Ledger) -> None:
    causes = [Cause("late_sources", f"late_sources|{number:02}", "late") for number in range(20)]
    found: list[str] = []

    def check() -> None:
        record(ledger, 0 * MINUTE, *causes)
        while (alarm := lease(ledger, 0 * MINUTE)) is not None:
            found.append(alarm["cause"])
            ledger.alarm_sent(alarm["cause"], alarm["state"], NOW)

    threads = [threading.Thread(target=check) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [cause.cause for cause in causes]
    assert {alarm["count"] for alarm in ledger.alarms("open")} == {4}


def test_executions_of_a_span_by_processor(ledger: Ledger) -> None:
    def ended(processor: str, status: str, at: dt.datetime | None, error: str | None = None) -> dict[str, object]:
        facts = {"execution_id": "e", "phase": 2, "game_date": NOW.date(), "started_at": NOW - HOUR}
        why = {"error_type": error, "error_message": error}
        return facts | why | {"processor_name": processor, "status": status, "completed_at": at}

    ledger.record_executions(
        [
            ended("b", "completed", NOW),
            *[ended("b", "failed", NOW, "KeyError")] * 2,
            ended("b", "failed", NOW, "ValueError"),
            ended("b", "skipped", NOW),
            ended("b", "started", None),
            ended("a", "completed", NOW - HOUR + MINUTE),
            ended("a", "completed", NOW - HOUR),
            ended("a", "completed", NOW + MINUTE),
        ]
    )
    assert ledger.processor_rates(NOW - HOUR, NOW) == [
        {"processor_name": "a", "completed": 1, "failed": 0, "error_type": None},
        {"processor_name": "b", "completed": 1, "failed": 3, "error_type": "KeyError"},
    ]
