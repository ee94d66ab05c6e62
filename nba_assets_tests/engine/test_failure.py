"""Failure: what is retried and when, what is a dead letter, and which dates of a build are to blame."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

import duckdb
import psycopg2
import pytest
import sqlalchemy.exc
from pydantic import ValidationError

from nba_assets.clock import FixedClock
from nba_assets.engine.attempt import NEIGHBOUR, Attempt
from nba_assets.engine.dead_letters import dead_letters, discard
from nba_assets.engine.failure import DELAYS, JITTER, classify, classify_name, due, failed, retry_at
from nba_assets.engine.making import Made
from nba_assets.engine.platform import Platform
from nba_assets.engine.poison import made_apart
from nba_assets.errors import PlatformError, TransientError, UsageError
from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import engine_of, plain_errors
from nba_assets.storage.files import storage_error
from nba_assets.storage.locks import partition_lock
from nba_assets.storage.records import WorkItem

NOW = dt.datetime(2024, 11, 15, 22, tzinfo=dt.UTC)
TODAY = dt.date(2024, 11, 15)
DAYS = [TODAY - dt.timedelta(days=n) for n in range(9, -1, -1)]
TABLE = "nba_analytics.player_game_summary"
LAST = len(DELAYS) + 1
AWAY = "postgresql+psycopg2://localhost:1/none"


@pytest.fixture
def clock(platform: Platform) -> FixedClock:
    platform.clock = fixed = FixedClock(NOW)
    return fixed


def wrong_setting() -> ValidationError:
    with pytest.raises(ValidationError) as raised:
        Settings(lock_seconds=0)
    return raised.value


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TransientError("another process is writing"), "transient"),
        (PlatformError("cannot read: the file is damaged"), "permanent"),
        (UsageError("not a partition"), "permanent"),
        (OSError(errno.ENOSPC, "No space left on device"), "transient"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "transient"),
        (TimeoutError("timed out"), "transient"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "transient"),
        (PermissionError(errno.EACCES, "Permission denied"), "permanent"),
        (OSError(errno.EROFS, "Read-only file system"), "permanent"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "permanent"),
        (storage_error(OSError(errno.ENOSPC, "No space left on device"), "write"), "transient"),
        (storage_error(PermissionError(errno.EACCES, "Permission denied"), "write"), "permanent"),
        (sqlalchemy.exc.OperationalError("SELECT", {}, Exception("server closed")), "transient"),
        (sqlalchemy.exc.InterfaceError("SELECT", {}, Exception("connection already closed")), "transient"),
        (sqlalchemy.exc.DBAPIError("SELECT", {}, Exception("gone"), connection_invalidated=True), "transient"),
        (psycopg2.DatabaseError("server closed the connection unexpectedly"), "transient"),
        (psycopg2.OperationalError("server closed the connection unexpectedly"), "transient"),
        (psycopg2.DataError("invalid input syntax"), "permanent"),
        (sqlalchemy.exc.IntegrityError("INSERT", {}, Exception("duplicate key")), "permanent"),
        (sqlalchemy.exc.DataError("INSERT", {}, Exception("out of range")), "permanent"),
        (duckdb.OutOfMemoryException("no memory"), "transient"),
        (MemoryError(), "transient"),
        (BrokenProcessPool("killed"), "transient"),
        (ValueError("a number that is none"), "permanent"),
        (KeyError("game_id"), "permanent"),
        (AssertionError("a contract is broken"), "permanent"),
        (wrong_setting(), "permanent"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_may_be_over_by_itself_is_transient(error: Exception, kind: str) -> None:
    assert classify(error) == kind


def test_a_database_that_is_away_is_transient() -> None:
    with pytest.raises(PlatformError) as raised, plain_errors(), engine_of(AWAY).connect():
        pass
    assert classify(raised.value) == "transient"


def test_a_database_that_goes_in_the_middle_of_an_answer_is_transient() -> None:
    lost = sqlalchemy.exc.DatabaseError("SELECT", {}, psycopg2.DatabaseError("server closed the connection"))
    with pytest.raises(TransientError, match="Postgres: server closed the connection"), plain_errors():
        raise lost
    assert classify_name("DatabaseError") == "transient"
    assert classify_name("IntegrityError") == "permanent"


def test_delays_are_those_of_the_design_with_up_to_a_fifth_more() -> None:
    assert [int(delay.total_seconds()) for delay in DELAYS] == [10, 30, 60, 180, 420]
    waits = {
        work: [(retry_at(work, attempt, NOW) or NOW) - NOW for attempt in range(1, LAST)] for work in ("one", "another")
    }
    for given in waits.values():
        assert all(delay <= wait <= delay * (1 + JITTER) for delay, wait in zip(DELAYS, given, strict=True))
    assert waits["one"] != waits["another"], "what failed together is not retried together"
    assert retry_at("one", 1, NOW) == retry_at("one", 1, NOW)
    assert retry_at("one", LAST, NOW) is None


def attempt(platform: Platform, days: Sequence[dt.date], error: Exception | None = None, **facts: str) -> None:
    with Attempt(platform, TABLE, days, **facts):  # type: ignore[arg-type]
        if error is not None:
            raise error


def test_a_locked_partition_is_retried_five_times_and_is_then_a_dead_letter(
    platform: Platform, clock: FixedClock
) -> None:
    """The cause is real: another session of Postgres holds one of the dates."""
    url = platform.settings.database_url
    assert url is not None
    with partition_lock(engine_of(url.get_secret_value()), "player_game_summary", [DAYS[3]], 1):
        for number, delay in enumerate((*DELAYS, None), 1):
            refused = pytest.raises(TransientError)
            with refused, Attempt(platform, TABLE, DAYS), platform.ledger.lock("player_game_summary", DAYS, 0.02):
                pass
            (item,) = platform.ledger.work()
            assert item["attempts"] == number and "another process is writing" in item["error_message"]
            if delay is not None:
                assert item["status"] == "retrying" and item["next_attempt_at"] is not None
                assert delay <= item["next_attempt_at"] - clock.moment <= delay * (1 + JITTER)
                assert due(platform) == [] and due(platform, item["next_attempt_at"]) == [item]
                clock.moment = item["next_attempt_at"]
    assert (item["status"], item["permanent"], item["died_at"]) == ("dead", False, clock.moment)
    assert clock.moment - NOW < dt.timedelta(minutes=15)
    clock.moment += dt.timedelta(days=8)
    assert due(platform) == [] and dead_letters(platform) == [item], "kept until somebody decides"
    attempt(platform, DAYS)
    (kept,) = platform.ledger.work()
    assert (kept["status"], kept["resolved_at"]) == ("replayed", clock.moment), "kept as a record"
    assert kept["error_message"] == item["error_message"]


def test_what_no_retry_can_help_is_a_dead_letter_at_once(platform: Platform, clock: FixedClock) -> None:
    with pytest.raises(ZeroDivisionError):
        attempt(platform, [TODAY], ZeroDivisionError("by hand"), run_id="run")
    (item,) = dead_letters(platform)
    assert (item["attempts"], item["permanent"], item["run_id"]) == (1, True, "run")
    assert (item["error_type"], item["error_message"]) == ("ZeroDivisionError", "ZeroDivisionError: by hand")


def test_a_success_forgets_what_it_covers_and_nothing_else(platform: Platform, clock: FixedClock) -> None:
    part, more, key = DAYS[:3], DAYS[:6], f"{DAYS[0]}|player|1"
    for days, scope in ((part, ""), (more, ""), (DAYS[:1], key)):
        with pytest.raises(TransientError):
            attempt(platform, days, TransientError("busy"), scope=scope)
    attempt(platform, DAYS[:1], scope=f"{DAYS[0]}|player|2")
    attempt(platform, DAYS[:2])
    assert [(len(item["dates"]), item["scope"]) for item in platform.ledger.work()] in (
        [(3, ""), (6, "")],
        [(6, ""), (3, "")],
    )
    attempt(platform, part)
    assert [item["dates"] for item in platform.ledger.work()] == [more], (
        "whole dates cover a refresh, not longer ranges"
    )


def test_a_failure_before_it_is_due_uses_up_no_retry(platform: Platform, clock: FixedClock) -> None:
    """Fresh drops of a date run the same work again and again: 322 of them in six hours are no retries."""
    item = WorkItem(TABLE, (TODAY,))
    first = failed(platform, item, TransientError("busy"))
    for _ in range(322):
        clock.moment += dt.timedelta(milliseconds=20)
        again = failed(platform, item, TransientError("still busy"))
    assert (again["attempts"], again["next_attempt_at"]) == (1, first["next_attempt_at"])
    assert failed(platform, item, ValueError("worse"))["status"] == "dead", "but what is permanent is so at once"


def test_todays_work_is_due_first(platform: Platform, clock: FixedClock) -> None:
    for day in (DAYS[0], TODAY, DAYS[5]):
        failed(platform, WorkItem(TABLE, (day,)), TransientError("busy"))
    clock.moment += dt.timedelta(minutes=1)
    assert due(platform)[0]["dates"] == [TODAY]


def test_a_discard_needs_a_reason_and_an_id_that_is_one(platform: Platform, clock: FixedClock) -> None:
    item = failed(platform, WorkItem(TABLE, (TODAY,)), ValueError("no"))
    with pytest.raises(UsageError, match="reason"):
        discard(platform, dead_letters(platform), " ")
    for wrong in ("", "zz"):
        with pytest.raises(UsageError, match="no dead letter has the id"):
            dead_letters(platform, [wrong])
    (closed,) = discard(platform, dead_letters(platform, [item["work_id"][:6]]), "a game that never was")
    assert (closed["status"], closed["reason"]) == ("discarded", "a game that never was")
    assert dead_letters(platform) == []


def test_dates_that_were_made_beside_a_failed_one_are_due_at_once(platform: Platform, clock: FixedClock) -> None:
    """What reads them was skipped with the failed one."""
    with pytest.raises(ValueError), Attempt(platform, TABLE, DAYS) as one:
        one.affected = set(DAYS[:5])
        one.failed([DAYS[2]], ValueError("bad"))
        raise ValueError("bad")
    items = {item["error_type"]: item for item in platform.ledger.work()}
    assert items["ValueError"]["dates"] == [DAYS[2]] and items["ValueError"]["status"] == "dead"
    assert items[NEIGHBOUR]["dates"] == [day for day in DAYS if day != DAYS[2]]
    assert due(platform) == [items[NEIGHBOUR]] and str(DAYS[2]) in items[NEIGHBOUR]["error_message"]


class Builder:
    """Builds the dates of a call, unless a bad one is among them."""

    def __init__(self, *bad: dt.date, error: Exception | None = None) -> None:
        self.bad, self.calls, self.error = set(bad), 0, error or ValueError("bad")

    def __call__(self, days: Sequence[dt.date]) -> Made:
        self.calls += 1
        if self.bad & set(days):
            raise self.error
        return Made(rows=dict.fromkeys(days, 1))


def outcome(builder: Builder, days: Sequence[dt.date]) -> tuple[list[dt.date], list[dt.date]]:
    parts = list(made_apart(builder, days))
    told = [day for part, _ in parts for day in part]
    assert sorted(told) == sorted(days), "each date once"
    good = [day for part, made in parts if isinstance(made, Made) for day in part]
    assert all(set(made.rows) == set(part) for part, made in parts if isinstance(made, Made))
    return sorted(good), sorted(set(days) - set(good))


@pytest.mark.parametrize("bad", [(), (0,), (9,), (3, 4), (0, 5, 9)], ids=str)
def test_bad_dates_are_told_from_good_ones(bad: tuple[int, ...]) -> None:
    _, failing = outcome(Builder(*(DAYS[n] for n in bad)), DAYS)
    assert failing == [DAYS[n] for n in bad]


def test_a_fault_of_all_dates_is_not_tried_on_each() -> None:
    season = [TODAY + dt.timedelta(days=n) for n in range(160)]
    builder = Builder(*season)
    assert outcome(builder, season) == ([], season)
    assert builder.calls < 16


def test_an_error_that_may_be_over_later_is_of_all_dates() -> None:
    builder = Builder(DAYS[4], error=TransientError("disk full"))
    assert outcome(builder, DAYS) == ([], DAYS)
    assert builder.calls == 1
