"""What every ledger does: each drop exactly once, its fate, executions, waiting games, failed work."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from nba_assets import contracts
from nba_assets.contracts.frames import DTYPES
from nba_assets.contracts.verify import verify
from nba_assets.storage import ledger_schema
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.records import (
    Alias,
    Arrival,
    Cause,
    Halt,
    ModelChoice,
    QuarantineEntry,
    Settlement,
    WaitingRow,
    WorkItem,
    correlation_id,
)

NOW = dt.datetime(2024, 11, 5, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=5)
DAY = dt.date(2024, 11, 1)
NEXT = dt.date(2024, 11, 2)
SCHEDULE = "nba-com/schedule/2024-11-01/20241101_100000.json"
ORCHESTRATION = [table for table in contracts.tables().values() if table.dataset == "nba_orchestration"]


def arrival(name: str = SCHEDULE, content: str = "aa", source: str = "nbac_schedule", **facts: object) -> Arrival:
    return Arrival(name, content, source, size=10, **({"game_dates": (DAY,)} | facts))  # type: ignore[arg-type]


def adds_up(ledger: Ledger) -> dict[str, int]:
    counts = ledger.counts()
    assert counts["received_total"] == sum(counts[k] for k in ("applied", "duplicate", "quarantined", "pending"))
    return counts


def test_a_drop_is_recorded_once_by_name_and_content(ledger: Ledger) -> None:
    first, again = ledger.receive([arrival(), arrival()], NOW)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert first.drop == again.drop
    assert first.drop["correlation_id"] == correlation_id(SCHEDULE, "aa")
    assert ledger.receive([arrival()], LATER)[0].duplicate
    assert not ledger.receive([arrival(content="bb")], LATER)[0].duplicate, "other bytes under the name"
    assert not ledger.receive([arrival(name="other")], LATER)[0].duplicate, "the bytes under another name"
    assert adds_up(ledger) == {"received_total": 5, "applied": 0, "duplicate": 2, "quarantined": 0, "pending": 3}
    assert len(ledger.drops()) == 3
    assert ledger.receive([], NOW) == []


def test_known_at_is_the_capture_unless_it_lies_after_the_receipt(ledger: Ledger) -> None:
    hour = dt.timedelta(hours=1)
    receipts = ledger.receive(
        [
            arrival("before", captured_at=NOW - hour),
            arrival("after", captured_at=NOW + hour),
            arrival("none"),
            arrival("equal", captured_at=NOW),
        ],
        NOW,
    )
    found = [(r.drop["known_at"], r.drop["known_at_assumed"]) for r in receipts]
    assert found == [(NOW - hour, False), (NOW, True), (NOW, True), (NOW, False)]


def test_receipts_never_go_back_when_the_clock_does(ledger: Ledger) -> None:
    ledger.receive([arrival("a")], LATER)
    behind = ledger.receive([arrival("b")], NOW)[0].drop
    assert behind["received_at"] == LATER == behind["known_at"]
    ahead = ledger.receive([arrival("c")], LATER + dt.timedelta(seconds=1))[0].drop
    assert ahead["received_at"] == LATER + dt.timedelta(seconds=1)


def test_the_fate_of_drops_and_the_identity(ledger: Ledger) -> None:
    keys = [r.drop["correlation_id"] for r in ledger.receive([arrival(n) for n in "abcd"], NOW)]
    ledger.settle(
        [
            Settlement(keys[0], "pending", "ok", 7, (NEXT, DAY)),
            Settlement(keys[1], "quarantined", "bad"),
            Settlement(keys[2], "pending", "empty"),
        ],
        NOW,
    )
    assert adds_up(ledger) | {"received_total": 4} == {
        "received_total": 4,
        "applied": 0,
        "duplicate": 0,
        "quarantined": 1,
        "pending": 3,
    }
    ledger.settle([Settlement(keys[0], "applied", "ok", 7)], LATER)
    drop = ledger.drops(correlation_ids=[keys[0]])[0]
    assert (drop["status"], drop["rows"], drop["applied_at"]) == ("applied", 7, LATER)
    assert drop["game_dates"] == [DAY, NEXT], "what parsing found stays"
    assert ledger.counts(date=NEXT)["received_total"] == 1
    assert adds_up(ledger)["applied"] == 1


def test_drops_of_a_source_and_date_by_the_order_of_knowing(ledger: Ledger) -> None:
    hour = dt.timedelta(hours=1)
    ledger.receive(
        [
            arrival("late", "b", captured_at=NOW - hour),
            arrival("early", "a", captured_at=NOW - 2 * hour),
            arrival("same", "a", captured_at=NOW - hour),
            arrival("elsewhere", source="nbac_player_list"),
            arrival("other day", game_dates=(NEXT,)),
        ],
        NOW,
    )
    ledger.settle([Settlement(correlation_id("late", "b"), "quarantined", "bad")], NOW)
    names = [drop["object_name"] for drop in ledger.drops_for("nbac_schedule", [DAY])]
    assert names == ["early", "same"]
    assert [d["object_name"] for d in ledger.drops(limit=2)] == ["elsewhere", "other day"], "the newest, in order"
    assert [d["object_name"] for d in ledger.drops(status=["quarantined"])] == ["late"]
    assert ledger.counts_by_source()["nbac_player_list"]["received_total"] == 1


def test_pending_drops_by_date(ledger: Ledger) -> None:
    keys = [r.drop["correlation_id"] for r in ledger.receive([arrival(n, game_dates=(DAY, NEXT)) for n in "abc"], NOW)]
    assert ledger.pending_ids([DAY]) == {}, "not parsed yet"
    ledger.settle([Settlement(key, "pending", "ok") for key in keys], NOW)
    ledger.settle([Settlement(keys[0], "applied", "ok"), Settlement(keys[1], "pending", "ok", 1, (NEXT,))], NOW)
    assert ledger.pending_ids([DAY]) == {DAY: [keys[2]]}
    assert ledger.pending_ids([DAY, NEXT]) == {DAY: [keys[2]], NEXT: sorted(keys[1:])}


def test_many_processes_receive_the_same_drops_once(ledger: Ledger) -> None:
    arrivals = [arrival(str(number)) for number in range(300)]
    verdicts: list[bool] = []

    def receive() -> None:
        verdicts.extend(receipt.duplicate for receipt in ledger.receive(arrivals, NOW))

    threads = [threading.Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts.count(False) == 300 and len(verdicts) == 1200
    assert adds_up(ledger)["duplicate"] == 900


REJECT = QuarantineEntry("s", "o", "h", "row 3", "points", "points are 7\0, not 8", "\ud800")


def test_a_reject_seen_again_moves_last_seen_only(ledger: Ledger) -> None:
    ledger.quarantine([REJECT, REJECT], NOW)
    ledger.quarantine([REJECT], LATER)
    (entry,) = ledger.quarantined()
    assert (entry["message"], entry["state"]) == ("points are 7\ufffd, not 8", "open")
    assert (entry["first_seen"], entry["last_seen"]) == (NOW, LATER)
    assert (entry["correlation_id"], entry["kept_at"]) == (correlation_id("o", "h"), "sha256/h/h")


def test_a_resolved_reject_seen_again_is_open_and_a_discarded_one_stays_out(ledger: Ledger) -> None:
    other = QuarantineEntry("t", "o", "h", "row 4", "points", "m")
    ledger.quarantine([REJECT, other], NOW)
    assert [e["source"] for e in ledger.quarantined(source="t")] == ["t"]
    assert ledger.close_quarantine([1], "resolved", "passed", NOW) == 1
    assert ledger.close_quarantine([1], "resolved", "again", LATER) == 0
    assert ledger.close_quarantine([2], "discarded", "a test", NOW) == 1
    assert [(e["state"], e["reason"], e["closed_at"]) for e in ledger.quarantined()] == [
        ("resolved", "passed", NOW),
        ("discarded", "a test", NOW),
    ]
    ledger.quarantine([REJECT, other], LATER)
    assert [(e["state"], e["reason"], e["last_seen"]) for e in ledger.quarantined()] == [
        ("open", None, LATER),
        ("discarded", "a test", LATER),
    ]
    assert [e["quarantine_id"] for e in ledger.quarantined(state="open")] == [1]
    assert ledger.quarantined(ids=[2]) == ledger.quarantined(state="discarded")
    assert len(ledger.quarantined(correlation_ids=[correlation_id("o", "h")])) == 2


def test_the_share_in_quarantine_of_a_sources_newest_receipts(ledger: Ledger) -> None:
    receipts = ledger.receive([arrival(n) for n in "abcdef"] + [arrival("p", source="nbac_player_list")], NOW)
    bad = [receipt.drop for receipt in receipts[2:6]]
    for drop, rule in zip(bad, ("json", "B1", "json", "json"), strict=True):
        ledger.settle([Settlement(drop["correlation_id"], "quarantined", "bad")], NOW)
        entry = QuarantineEntry(drop["source"], drop["object_name"], drop["content_hash"], "$", rule, "m")
        ledger.quarantine([entry], NOW)
    assert ledger.quarantine_rates(5) == [
        {"source": "nbac_player_list", "receipts": 1, "quarantined": 0, "rule": None},
        {"source": "nbac_schedule", "receipts": 5, "quarantined": 4, "rule": "json"},
    ]
    ledger.close_quarantine([3, 4], "discarded", "known", NOW)
    assert ledger.quarantine_rates(3)[1] == {
        "source": "nbac_schedule",
        "receipts": 3,
        "quarantined": 1,
        "rule": "B1",
    }, "what was discarded is no alarm"


def test_drops_that_name_pairs_may_speak_for_the_days_beside_theirs(ledger: Ledger) -> None:
    keys = [r.drop["correlation_id"] for r in ledger.receive([arrival(n) for n in "ab"], NOW)]
    ledger.settle([Settlement(keys[0], "pending", "ok", 1, (DAY,), ("BOSNYK", "BOSNYK"))], NOW)
    ledger.settle([Settlement(keys[1], "pending", "ok", 1, (DAY,))], NOW)
    assert [d["object_name"] for d in ledger.drops_for("nbac_schedule", [DAY])] == ["a", "b"]
    for days, names in (((NEXT,), ["a"]), ((DAY - dt.timedelta(days=1),), ["a"]), ((NEXT + DAY.resolution,), [])):
        assert [d["object_name"] for d in ledger.drops_for("nbac_schedule", days)] == names
    assert ledger.drops(correlation_ids=keys[:1])[0]["pairs"] == ["BOSNYK"]
    ledger.settle([Settlement(keys[0], "applied", "empty")], NOW)
    assert [d["pairs"] for d in ledger.drops(outcome="empty")] == [["BOSNYK"]], "what parsing found stays"


def test_a_source_that_claims_a_path_at_last(ledger: Ledger) -> None:
    (receipt,) = ledger.receive([arrival(source="unknown")], NOW)
    ledger.claim([receipt.drop["correlation_id"]], "nbac_schedule")
    assert [d["correlation_id"] for d in ledger.drops_for("nbac_schedule", [DAY])] == [receipt.drop["correlation_id"]]
    assert list(ledger.counts_by_source()) == ["nbac_schedule"]


def test_the_newest_change_of_an_alias_counts_and_each_names_what_it_moves(ledger: Ledger) -> None:
    moe, of_all = Alias("props", "moewagner", "Moe Wagner", "1"), Alias("*", "moewagner", "Moe Wagner", "2")
    ledger.change_alias(moe, "add", [NEXT, DAY], NOW)
    ledger.change_alias(of_all, "add", [], NOW)
    assert ledger.aliases() == [of_all, moe]
    assert ledger.alias_changes("props", [DAY]) == {DAY: ["1 add props moewagner 1"]}
    assert ledger.alias_changes("gamebook", [DAY]) == {}
    ledger.change_alias(Alias("props", "moewagner", "M. Wagner", "3"), "add", [DAY], LATER)
    assert ledger.aliases()[1].player_id == "3"
    ledger.change_alias(of_all, "remove", [NEXT], LATER)
    assert [alias.source for alias in ledger.aliases()] == ["props"]
    assert ledger.alias_changes("props", [DAY, NEXT]) == {
        DAY: ["1 add props moewagner 1", "3 add props moewagner 3"],
        NEXT: ["1 add props moewagner 1", "4 remove * moewagner 2"],
    }


def test_the_newest_choice_of_a_model_that_stands_is_taken_back_first(ledger: Ledger) -> None:
    first, second = ModelChoice("a", DAY, "me", "better"), ModelChoice("b", NEXT, "you")
    for choice in (first, second):
        ledger.choose_model(choice, "serve", NOW)
    assert ledger.model_choices() == [first, second]
    ledger.choose_model(second, "back", LATER)
    assert ledger.model_choices() == [first]
    ledger.choose_model(first, "back", LATER)
    ledger.choose_model(second, "serve", LATER)
    assert ledger.model_choices() == [second]


def test_one_halt_stands_at_most_and_all_are_kept(ledger: Ledger) -> None:
    assert not ledger.resume("me", NOW)
    assert ledger.halt("the feed is broken", "me", NOW)
    assert not ledger.halt("another reason", "you", LATER)
    assert ledger.halts() == [Halt(NOW, "the feed is broken", "me")]
    assert ledger.resume("you", LATER)
    assert ledger.halt("again", "me", LATER)
    assert ledger.halts() == [Halt(NOW, "the feed is broken", "me", LATER, "you"), Halt(LATER, "again", "me")]
    assert ledger.frames("halts")["resumed_by"].fillna("").tolist() == ["you", ""]


def execution(day: dt.date = DAY, **facts: object) -> dict[str, object]:
    return {
        "execution_id": "e",
        "correlation_ids": ["c1", "c2"],
        "phase": 3,
        "processor_name": "nba_analytics.player_game_summary",
        "game_date": pd.Timestamp(day),
        "status": "completed",
        "started_at": NOW,
        "completed_at": LATER,
        "input_hash": "in",
        "output_hash": "out",
    } | facts


def test_the_newest_hashes_of_a_step_by_date(ledger: Ledger) -> None:
    name = "nba_analytics.player_game_summary"
    ledger.record_executions(
        [
            execution(input_hash="old"),
            execution(),
            execution(status="failed", input_hash="failed", error_message="no\0"),
            execution(scope="player 1", input_hash="scoped"),
            execution(NEXT, processor_name="nba_raw.nbac_schedule", input_hash="other"),
        ]
    )
    assert ledger.last_hashes(name, [DAY, NEXT]) == {"2024-11-01": ("in", "out")}
    assert ledger.last_hashes(name, [DAY], scope="player 1") == {"2024-11-01": ("scoped", "out")}
    assert ledger.last_hashes("player_game_summary", [DAY]) == {}, "steps are recorded under their full names"


def test_an_execution_knows_its_drops_and_how_long_it_took(ledger: Ledger) -> None:
    ledger.record_executions([execution(), execution(completed_at=None, affected_entities={"b": 1, "a": [2]})])
    log = ledger.frames("pipeline_execution_log")
    assert log["correlation_ids"].tolist() == [["c1", "c2"], ["c1", "c2"]]
    assert log["duration_seconds"].tolist()[0] == 300 and pd.isna(log["duration_seconds"][1])
    assert log["affected_entities"][1] == '{"a":[2],"b":1}'
    with pytest.raises(ValueError, match="no columns colour"):
        ledger.record_executions([execution(colour="red")])


def test_executions_are_found_by_drop_date_player_and_failure(ledger: Ledger) -> None:
    lost = {"status": "failed", "error_message": "no"}
    ledger.record_executions(
        [
            execution(execution_id="a", correlation_ids=["x"]),
            execution(NEXT, execution_id="b", affected_entities={"players": ["201", "2544"], "teams": [], "games": []}),
            execution(execution_id="c", processor_name="nba_raw.nbac_schedule", started_at=NOW, **lost),
            execution(NEXT, execution_id="d", started_at=LATER, completed_at=LATER, **lost),
            execution(NEXT, execution_id="e", started_at=LATER, completed_at=LATER),
        ]
    )

    def found(**asked: Any) -> str:
        return "".join(row["execution_id"] for row in ledger.executions(**asked))

    assert found(correlation_ids=["x"]) == "a" and found(correlation_ids=["c2", "x"]) == "abcde"
    assert (found(date=DAY), found(date=NEXT, limit=2)) == ("ac", "de")
    assert (found(player="2544"), found(player="254")) == ("b", "")
    assert (found(failed_since=NOW), found(failed_since=LATER)) == ("cd", "d")
    assert found(standing=True) == "c", "the other was made good"
    newest = ledger.newest_executions(NEXT, ["nba_analytics.player_game_summary", "nba_raw.nbac_schedule"])
    assert {name: row["execution_id"] for name, row in newest.items()} == {"nba_analytics.player_game_summary": "e"}


def test_since_when_a_step_waits_for_an_input(ledger: Ledger) -> None:
    waits = {"status": "skipped", "metadata": {"skip_reason": "waiting for nbac_schedule"}}
    ledger.record_executions(
        [execution(started_at=LATER, **waits), execution(**waits), execution(NEXT, **waits), execution()]
    )
    name = "nba_analytics.player_game_summary"
    assert ledger.waiting_since(DAY, [name, "other"]) == {name: NOW}


def test_a_run_carries_the_drops_that_its_raw_steps_took_up(ledger: Ledger) -> None:
    """One that arrives in the middle of the run is not in what the run makes."""
    first, late = pending(ledger, "nba-com/schedule/a.json", "nba-com/schedule/b.json")
    ledger.settle([Settlement(one, "pending", "ok", game_dates=(DAY,)) for one in (first, late)], NOW)
    raw = execution(phase=2, processor_name="nba_raw.nbac_schedule", correlation_ids=[first], run_id="run")
    ledger.record_executions([raw, {**raw, "correlation_ids": [late], "status": "failed", "error_message": "no"}])
    assert ledger.pending_ids([DAY], run_id="run") == {DAY: [first]}
    assert ledger.pending_ids([DAY]) == {DAY: sorted([first, late])}
    assert ledger.pending_ids([DAY], run_id="of later phases alone") == {DAY: sorted([first, late])}
    assert ledger.pending_ids([DAY], sources=["nbac_player_list"]) == {}


def test_a_query_reads_some_columns_and_what_began_since(ledger: Ledger) -> None:
    lost = {"metadata": {"b": 1, "a": None}, "correlation_ids": ["x"]}
    ledger.record_executions([execution(), execution(started_at=LATER, **lost)])
    found = ledger.relation("pipeline_execution_log", ["status", "metadata", "correlation_ids"], since=LATER)
    assert found.to_pylist() == [
        {"sequence": 2, "correlation_ids": ["x"], "status": "completed", "metadata": '{"a":null,"b":1}'}
    ]
    assert ledger.relation("pipeline_execution_log", [], correlation_id="c1")["sequence"].to_pylist() == [1]
    ledger.set_waiting("t", [DAY], [WaitingRow(DAY, "g", "r")], NOW)
    assert len(ledger.relation("waiting", ["since"], since=LATER)) == 1, "it bounds the log alone"
    assert ledger.waiting(DAY)[0]["since"] == NOW and ledger.waiting(NEXT) == []
    nothing = ledger.relation("drops", ["game_dates"])
    assert (len(nothing), nothing.column_names) == (0, ["drop_id", "game_dates"])


def test_a_waiting_game_keeps_since_when_it_waits_for_the_same_reason(ledger: Ledger) -> None:
    row, other = WaitingRow(DAY, "g1", "no final"), WaitingRow(DAY, "g2", "no final")
    ledger.set_waiting("t", [DAY], [row, row, other], NOW)
    ledger.set_waiting("t", [DAY, NEXT], [row, WaitingRow(DAY, "g2", "no gamebook")], LATER)
    ledger.set_waiting("elsewhere", [DAY], [], LATER)
    rows = ledger.frames("waiting")
    assert rows[["game_id", "reason"]].values.tolist() == [["g1", "no final"], ["g2", "no gamebook"]]
    assert rows["since"].tolist() == [pd.Timestamp(NOW), pd.Timestamp(LATER)]
    ledger.set_waiting("t", [DAY], [], LATER)
    assert ledger.frames("waiting").empty


def test_failed_work_is_retried_dies_and_is_replayed(ledger: Ledger) -> None:
    soon = NOW + dt.timedelta(seconds=10)
    item = WorkItem("nba_raw.nbac_schedule", (NEXT, DAY), correlation_ids=("b",), error_type="E", error_message="no")
    work = ledger.record_failure(item, now=NOW, retry_at=lambda _: soon)
    assert (work["status"], work["attempts"], work["dates"]) == ("retrying", 1, [DAY, NEXT])
    assert ledger.work(due=NOW) == [] and len(ledger.work(due=soon)) == 1
    again = WorkItem("nba_raw.nbac_schedule", (DAY, NEXT), correlation_ids=("a", "b"), error_type="F")
    early = ledger.record_failure(again, now=NOW, retry_at=lambda _: LATER)
    assert (early["attempts"], early["next_attempt_at"]) == (1, soon), "something else ran it before it was due"
    dead = ledger.record_failure(again, now=LATER, retry_at=lambda attempts: None if attempts == 2 else LATER)
    assert (dead["work_id"], dead["status"], dead["attempts"]) == (work["work_id"], "dead", 2)
    assert (dead["correlation_ids"], dead["first_failed_at"], dead["error_type"]) == (["a", "b"], NOW, "F")
    assert ledger.frames("work")["dates"].tolist() == [["2024-11-01", "2024-11-02"]]
    assert dead["died_at"] == LATER
    assert ledger.done_work([work["work_id"]], "by hand", LATER) == 1
    assert [(w["status"], w["reason"], w["resolved_at"]) for w in ledger.work()] == [("replayed", "by hand", LATER)]
    assert ledger.resolve_work([work["work_id"]], "discarded", "no", LATER) == 0, "it is closed"
    anew = ledger.record_failure(item, now=LATER, retry_at=lambda _: soon)
    assert (anew["attempts"], anew["first_failed_at"], anew["died_at"], anew["reason"]) == (1, LATER, None, None)
    assert ledger.done_work([work["work_id"]], "", LATER) == 1 and ledger.work() == [], "it never was a dead letter"


def failing(ledger: Ledger, *days: dt.date, table: str = "nba_raw.nbac_schedule", run_id: str = "r") -> str:
    item = WorkItem(table, days, run_id=run_id)
    return ledger.record_failure(item, now=NOW, retry_at=lambda _: NOW)["work_id"]


def test_an_item_is_leased_once_and_none_that_shares_a_date_with_it(ledger: Ledger) -> None:
    both, second = failing(ledger, DAY, NEXT), failing(ledger, NEXT, table="nba_raw.other")
    assert [w["work_id"] for w in ledger.lease_work("a", NOW, LATER, [both])] == [both]
    assert ledger.lease_work("b", NOW, LATER, [both, second]) == [], "one is taken, the other is of the same date"
    assert [w["work_id"] for w in ledger.lease_work("a", NOW, LATER, [second])] == [second]
    ledger.give_back_work([both, second])
    assert len(ledger.lease_work("b", NOW, LATER, [both, second])) == 2
    assert len(ledger.lease_work("a", LATER, LATER, [both, second])) == 2, "b died"
    assert ledger.lease_work("a", LATER, LATER, [both], ["dead"]) == []
    again = ledger.record_failure(WorkItem("nba_raw.nbac_schedule", (DAY, NEXT)), now=NOW, retry_at=lambda _: LATER)
    assert again["leased_by"] is None


def test_many_who_lease_work_at_once_never_get_the_same(ledger: Ledger) -> None:
    ids = [failing(ledger, DAY + dt.timedelta(days=number)) for number in range(20)]
    found: list[str] = []

    def take(owner: str) -> None:
        found.extend(item["work_id"] for item in ledger.lease_work(owner, NOW, LATER, ids))

    threads = [threading.Thread(target=take, args=(f"owner {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(ids)


def test_a_held_drop_stays_pending_until_no_open_work_names_it(ledger: Ledger) -> None:
    mine, other = pending(ledger, "a", "b")
    assert ledger.hold([mine], "r") == 0, "nothing failed"
    first, second = failing(ledger, DAY), failing(ledger, NEXT)
    assert ledger.hold([mine], "r") == 2
    assert [drop["correlation_id"] for drop in ledger.lease("watch", LATER, LATER)] == [other]
    assert all(item["correlation_ids"] == [mine] for item in ledger.work())
    ledger.done_work([first], "", LATER)
    assert ledger.settle_held(LATER) == []
    ledger.resolve_work([second], "discarded", "a test", LATER)
    assert ledger.settle_held(LATER) == [mine]
    (drop,) = ledger.drops(status=["applied"])
    assert (drop["correlation_id"], drop["leased_by"], drop["applied_at"]) == (mine, None, LATER)


def test_work_is_found_by_its_dates(ledger: Ledger) -> None:
    one, both = failing(ledger, DAY), failing(ledger, DAY, NEXT, run_id="s")
    assert [w["work_id"] for w in ledger.work(within=[DAY])] == [one]
    assert {w["work_id"] for w in ledger.work(within=[pd.Timestamp(DAY), pd.Timestamp(NEXT)])} == {one, both}
    assert [w["work_id"] for w in ledger.work(run_id="s", processor="nba_raw.nbac_schedule")] == [both]
    assert ledger.work(ids=[]) == [] and len(ledger.work(ids=[one])) == 1


def test_what_the_input_of_a_failure_was(ledger: Ledger) -> None:
    table = execution()["processor_name"]
    ledger.record_executions([execution(status="failed", input_hash=h, error_message="no") for h in ("old", "new")])
    ledger.record_executions([execution(status="completed", input_hash="good")])
    assert ledger.failed_hashes(str(table), [DAY, NEXT]) == {DAY: "new"}


@pytest.mark.parametrize("table", ORCHESTRATION, ids=lambda table: table.name)
def test_a_contract_has_the_columns_of_its_table(table: contracts.Table) -> None:
    stored = ledger_schema.metadata.tables[table.full_name]
    assert [(c.name, c.nullable) for c in stored.c] == [(c.name, c.nullable) for c in table.columns]


@pytest.mark.parametrize("table", ORCHESTRATION, ids=lambda table: table.name)
def test_every_table_is_a_frame_of_its_contract_full_or_empty(ledger: Ledger, table: contracts.Table) -> None:
    for filled in (False, True):
        if filled:
            ledger.receive([arrival()], NOW)
            ledger.quarantine([QuarantineEntry("s", "o", "h", "p", "r", "m")], NOW)
            ledger.change_alias(Alias("*", "moewagner", "Moe Wagner", "1629021"), "add", [DAY], NOW)
            ledger.choose_model(ModelChoice("market_baseline", DAY, "me", "a test"), "serve", NOW)
            ledger.halt("a test", "me", NOW)
            ledger.record_executions([execution()])
            ledger.set_waiting("t", [DAY], [WaitingRow(DAY, "g", "r")], NOW)
            ledger.record_failure(WorkItem("p", (DAY,)), now=NOW, retry_at=lambda _: None)
            ledger.record_alarms([Cause("dead_letters", "dead_letters|p|", "m")], ["dead_letters"], NOW)
        frame = ledger.frames(table.full_name)
        assert len(frame) == filled
        assert {name: frame[name].dtype for name in frame} == {c.name: DTYPES[c.type] for c in table.columns}
        games = pd.DataFrame({"game_id": [], "game_status": []})
        assert [f.check for f in verify(table, frame, {}, games) if not f.passed] == []


def pending(ledger: Ledger, *names: str, source: str = "nbac_schedule") -> list[str]:
    receipts = ledger.receive([arrival(name=name, source=source) for name in names], NOW)
    ids = [receipt.drop["correlation_id"] for receipt in receipts]
    ledger.settle([Settlement(one, "pending", "ok") for one in ids], NOW)
    return ids


def test_a_pending_drop_is_leased_once_until_its_lease_is_over(ledger: Ledger) -> None:
    ids = pending(ledger, "a", "b")
    ledger.receive([arrival(name="only received")], NOW)
    taken = ledger.lease("watch", NOW, LATER)
    assert [drop["correlation_id"] for drop in taken] == ids
    assert {drop["leased_by"] for drop in taken} == {"watch"}
    assert ledger.lease("daemon", NOW, LATER) == []
    (late,) = pending(ledger, "c")
    assert [drop["correlation_id"] for drop in ledger.lease("daemon", NOW, LATER)] == [late]
    assert [drop["correlation_id"] for drop in ledger.lease("daemon", LATER, LATER)] == [*ids, late], "it died"
    ledger.give_back(ids[:1])
    assert [drop["correlation_id"] for drop in ledger.lease("watch", NOW, LATER)] == ids[:1]
    ledger.settle([Settlement(one, "applied", "ok") for one in (*ids, late)], LATER)
    assert ledger.lease("watch", LATER + dt.timedelta(days=1), LATER + dt.timedelta(days=2)) == []


def test_a_lease_is_of_the_sources_that_are_asked_for(ledger: Ledger) -> None:
    pending(ledger, "a")
    (line,) = pending(ledger, "b", source="odds_api_player_points_props")
    taken = ledger.lease("sensor", NOW, LATER, sources=["odds_api_player_points_props"])
    assert [drop["correlation_id"] for drop in taken] == [line]


def test_many_who_lease_at_once_never_get_the_same_drop(ledger: Ledger) -> None:
    ids = pending(ledger, *(f"drop {number}" for number in range(40)))
    found: list[str] = []

    def take(owner: str) -> None:
        found.extend(drop["correlation_id"] for drop in ledger.lease(owner, NOW, LATER))

    threads = [threading.Thread(target=take, args=(f"owner {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(ids)


def test_what_an_object_looked_like_is_kept_by_name(ledger: Ledger) -> None:
    assert ledger.stamps(["a"]) == {}
    ledger.stamp({"a": "1", "b": "1"})
    ledger.stamp({"b": "2", "c": "1"})
    assert ledger.stamps(["a", "b", "d"]) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "undone",
    [
        (
            "ALTER TABLE nba_orchestration.drops DROP COLUMN leased_by, DROP COLUMN leased_until",
            "DROP TABLE nba_orchestration.landed, nba_orchestration.alarms",
            "DROP INDEX nba_orchestration.executions_failed, nba_orchestration.executions_by_entity",
            "UPDATE nba_orchestration.schema_version SET version = 2",
        ),
        (
            "ALTER TABLE nba_orchestration.alarms DROP COLUMN told, DROP COLUMN leased_until",
            "ALTER TABLE nba_orchestration.work DROP COLUMN permanent, DROP COLUMN died_at, DROP COLUMN leased_by,"
            " DROP COLUMN leased_until, DROP COLUMN resolved_at, DROP COLUMN reason",
            "UPDATE nba_orchestration.schema_version SET version = 3",
            "DROP TABLE nba_orchestration.halts",
        ),
    ],
    ids=["2", "3"],
)
def test_the_ledger_of_an_older_version_is_brought_up_to_date(database_url: str, undone: tuple[str, ...]) -> None:
    ledger = PostgresLedger(database_url)
    (old,) = pending(ledger, "of an older version")
    ledger.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for statement in undone:
            connection.execute(text(statement))
    engine.dispose()
    for _ in range(2):
        ledger = PostgresLedger(database_url)
        assert [drop["correlation_id"] for drop in ledger.lease("watch", LATER, LATER)] == [old]
        assert ledger.lease_alarm(LATER, LATER, NOW) is None
        failing(ledger, DAY)
        ledger.close()
    with engine.connect() as connection:
        indexes = set(
            connection.execute(text("SELECT indexname FROM pg_indexes WHERE indexname ~ '^executions'")).scalars()
        )
    assert indexes == {str(index.name) for index in ledger_schema.pipeline_execution_log.indexes}
    engine.dispose()
