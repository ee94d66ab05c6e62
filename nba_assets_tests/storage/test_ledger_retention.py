"""What the ledger forgets, and what it says as before when it has."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from nba_assets.storage import ledger_retention
from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.records import Cause, Execution, Pruned, QuarantineEntry, WorkItem, kept_at

NOW = dt.datetime(2025, 4, 1, 12, tzinfo=dt.UTC)
MONTH = dt.timedelta(days=30)
BEFORE = NOW - 3 * MONTH
OLD = NOW - 4 * MONTH
DAY = dt.date(2024, 11, 1)
SUMMARY = "nba_analytics.player_game_summary"
NAMES = [SUMMARY, "nba_raw.nbac_schedule"]
_number = itertools.count()


def row(status: str, at: dt.datetime, **facts: Any) -> Execution:
    """One execution of the summary's date that used input `h`."""
    known: Execution = {
        "execution_id": str(next(_number)),
        "phase": 3,
        "processor_name": SUMMARY,
        "event_type": "full_load",
        "game_date": DAY,
        "status": status,
        "started_at": at,
        "completed_at": at,
        "input_hash": "h",
        "output_hash": "o",
        "run_id": "run",
    }
    return known | facts


def waiting(at: dt.datetime) -> Execution:
    facts = {"metadata": {"skip_reason": "waiting for nbac_schedule"}, "input_hash": "w"}
    return row("skipped", at, processor_name=NAMES[1], **facts)


def minutes(number: int) -> dt.datetime:
    return OLD + dt.timedelta(minutes=number)


def answers(ledger: Ledger) -> list[Any]:
    """All that the platform goes by."""
    drop = ledger.executions(correlation_ids=["drop"])
    return [
        ledger.last_hashes(SUMMARY, [DAY]),
        {name: one["sequence"] for name, one in ledger.newest_executions(DAY, NAMES).items()},
        ledger.last_executions([DAY]),
        ledger.waiting_since(DAY, NAMES),
        [one["execution_id"] for one in ledger.executions(standing=True)],
        [one["metadata"] for one in drop if one["phase"] == 6],
    ]


def history() -> list[Execution]:
    """A date's: built, refreshed, skipped again and again, published; one table waits, one step stands failed."""
    scoped: dict[str, Any] = {"scope": "2544", "event_type": "incremental", "input_hash": ""}
    return [
        row("failed", minutes(0), scope="30", error_message="put right"),
        row("completed", minutes(1), scope="30"),
        row("completed", minutes(2), correlation_ids=["drop"], output_hash="first"),
        row("completed", minutes(3), **scoped),
        row("completed", minutes(4), input_hash="new"),
        row("completed", minutes(5), phase=6, processor_name="published.release", correlation_ids=["drop"])
        | {"metadata": {"release": 7}},
        *(row("skipped", minutes(6 + n), input_hash="new") for n in range(20)),
        *(waiting(minutes(30 + n)) for n in range(5)),
        row("failed", minutes(40), scope="7", processor_name="nba_raw.nbac_play_by_play", error_message="stands"),
        row("completed", minutes(41), **scoped),
    ]


def test_old_rows_go_and_every_answer_stays(ledger: Ledger) -> None:
    ledger.record_executions(history())
    before = answers(ledger)
    assert len(ledger.executions()) == 33
    assert ledger.prune("executions", BEFORE, dry_run=True) == Pruned(26, 7)
    assert len(ledger.executions()) == 33, "nothing was deleted"
    assert ledger.prune("executions", BEFORE, dry_run=False) == Pruned(26, 7)
    assert answers(ledger) == before
    assert len(ledger.executions()) == 7
    assert ledger.prune("executions", BEFORE, dry_run=False) == Pruned(0, 7), "a second time changes nothing"


def test_young_rows_stay(ledger: Ledger) -> None:
    ledger.record_executions([row("skipped", BEFORE + dt.timedelta(seconds=n)) for n in range(5)])
    assert ledger.prune("executions", BEFORE, dry_run=False) == Pruned(0, 5)


def test_rows_go_in_small_transactions_the_oldest_first(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_retention, "BATCH", 2)
    ledger.record_executions(history())
    before = answers(ledger)
    assert ledger.prune("executions", BEFORE, dry_run=False) == Pruned(26, 7)
    assert answers(ledger) == before


def test_a_failure_that_was_put_right_does_not_stand_up_again(ledger: Ledger) -> None:
    """The step that put it right waited for the failed one: it began first and was recorded last."""
    failure = row("failed", BEFORE + dt.timedelta(seconds=2), scope="2544")
    success = row("completed", BEFORE + dt.timedelta(seconds=3), scope="2544", input_hash="")
    success["started_at"] = BEFORE - dt.timedelta(seconds=1)
    ledger.record_executions([failure, success, row("completed", NOW)])
    ledger.prune("executions", BEFORE, dry_run=False)
    assert ledger.executions(standing=True) == []


def test_all_rows_of_open_failed_work_stay(ledger: Ledger) -> None:
    rows = [row("failed", minutes(n), input_hash=f"h{n}") for n in range(3)]
    ledger.record_executions([*rows, *(row("skipped", minutes(9), scope=str(n)) for n in range(3))])
    item = WorkItem(SUMMARY, (DAY,), "", ("drop",), "ValueError", "bad", "run")
    dead = ledger.record_failure(item, now=OLD, retry_at=lambda _: None, permanent=True)
    assert ledger.prune("executions", BEFORE, dry_run=False) == Pruned(0, 6)
    assert ledger.failed_hashes(SUMMARY, [DAY]) == {DAY: "h2"}
    ledger.resolve_work([dead["work_id"]], "discarded", "a test", OLD)
    assert ledger.prune("executions", BEFORE, dry_run=False).removed == 4


def test_only_closed_work_is_forgotten(ledger: Ledger) -> None:
    def dead(number: int) -> str:
        item = WorkItem(SUMMARY, (DAY + dt.timedelta(days=number),), "", (), "ValueError", "bad", "run")
        return ledger.record_failure(item, now=OLD, retry_at=lambda _: None, permanent=True)["work_id"]

    open_one, long_closed, just_closed = dead(0), dead(1), dead(2)
    ledger.resolve_work([long_closed], "discarded", "a test", OLD)
    ledger.resolve_work([just_closed], "replayed", "a test", NOW)
    assert ledger.prune("work", BEFORE, dry_run=True) == Pruned(1, 2) == ledger.prune("work", BEFORE, dry_run=False)
    assert {item["work_id"] for item in ledger.work()} == {open_one, just_closed}


def test_an_alarm_is_forgotten_when_it_is_over_and_that_was_told(ledger: Ledger) -> None:
    causes = [Cause("late", name, name) for name in ("open", "untold", "told")]
    ledger.record_alarms(causes, ["late"], OLD)
    for name in ("untold", "told"):
        ledger.alarm_sent(name, "open", OLD)
    ledger.record_alarms(causes[:1], ["late"], OLD)
    ledger.alarm_sent("told", "resolved", OLD)
    assert ledger.prune("alarms", BEFORE, dry_run=False) == Pruned(1, 2)
    assert {alarm["cause"] for alarm in ledger.alarms()} == {"open", "untold"}


def test_rejects_that_passed_in_the_end_go_and_what_a_person_decided_stays(ledger: Ledger) -> None:
    entries = [QuarantineEntry("nbac_schedule", name, f"{name}{name}", "line 1", "json", "bad") for name in "abc"]
    shared = QuarantineEntry("nbac_schedule", "d", "aa", "line 1", "json", "bad")
    ledger.quarantine([*entries, shared], OLD)
    ids = {one["object_name"]: one["quarantine_id"] for one in ledger.quarantined()}
    ledger.close_quarantine([ids["a"], ids["b"]], "resolved", "passed", OLD)
    ledger.close_quarantine([ids["c"]], "discarded", "a test", OLD)
    assert ledger.rejected_bytes(BEFORE) == [kept_at("bb")], "the bytes of `a` are those of `d`, which is open"
    assert ledger.rejected_bytes(OLD) == []
    assert ledger.prune("quarantine", BEFORE, dry_run=False) == Pruned(2, 2)
    assert {one["object_name"]: one["state"] for one in ledger.quarantined()} == {"c": "discarded", "d": "open"}


def test_stamps_are_listed_and_forgotten_by_name(ledger: Ledger) -> None:
    ledger.stamp({"a": "1", "b": "2"})
    assert ledger.landed() == ["a", "b"]
    ledger.forget_landed(["a", "other"])
    assert (ledger.landed(), ledger.stamps(["a", "b"])) == (["b"], {"b": "2"})
