"""The status document: phases, sources and games of the latest slate, and no clock in it."""

from __future__ import annotations

import pandas as pd

from nba_assets.publishing import sign_off, status
from nba_assets.publishing.facts import Facts, Operations
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, facts, frame, utc, weekend

DROPS = {"nbac_schedule": utc(SATURDAY, 10), "nbac_injury_report": None}


def store_rows(day: pd.Timestamp, *games: str) -> pd.DataFrame:
    """Feature rows of the games, as far as the status looks at them."""
    return frame(
        "ml_feature_store", [{"game_date": day, "game_id": game, "known_at": utc(SATURDAY, 12)} for game in games]
    )


def saturday(**operations: object) -> Facts:
    tables = weekend()
    tables["ml_feature_store"] = store_rows(pd.Timestamp(SATURDAY), "0022400140")
    tables["points_model"] = frame(
        "points_model",
        [
            {
                "game_date": pd.Timestamp(SATURDAY),
                "model_version": "m1",
                "target": "points",
                "family": "residual_lgbm",
                "train_end": pd.Timestamp("2024-10-26"),
                "gate_status": "passed",
                "serving": True,
            }
        ],
    )
    return facts(tables, operations=Operations(**({"last_drops": DROPS} | operations)))


def test_all_well() -> None:
    document = status.document(saturday(), "2024-11-02")
    sign_off.checked(document)
    assert (document.body["status"], document.body["reasons"]) == ("complete", [])
    assert [(p["phase"], p["state"]) for p in document.data["phases"]] == [
        ("landing", "ok"),
        ("raw", "ok"),
        ("analytics", "ok"),
        ("precompute", "ok"),
        ("predictions", "ok"),
        ("published", "ok"),
    ]
    assert document.data["games"] == [
        {"game_id": "0022400140"}
        | dict.fromkeys(("landing", "raw", "analytics", "precompute", "predictions", "published"), "done")
    ]
    assert document.data["model"] == {
        "version": "m1",
        "family": "residual_lgbm",
        "trained_to": "2024-10-26",
        "gate_status": "passed",
    }


def test_sources_say_when_their_last_drop_was_known() -> None:
    document = status.document(saturday(unverified=frozenset({"nbac_injury_report"})), "2024-11-02")
    assert document.data["sources"] == [
        {
            "source": "nbac_injury_report",
            "last_drop_at": None,
            "expected_by": "2024-11-02T22:00:00Z",
            "unverified_format": True,
        },
        {
            "source": "nbac_schedule",
            "last_drop_at": "2024-11-02T10:00:00Z",
            "expected_by": "2024-11-03T03:00:00Z",
            "unverified_format": False,
        },
    ]
    assert document.body["sources_seen"] == ["nbac_schedule"]
    assert document.body["sources_missing"] == ["nbac_injury_report"]


def test_each_phase_says_how_new_its_newest_row_is() -> None:
    phases = status.document(saturday(), "2024-11-02").data["phases"]
    assert {p["phase"]: p["last_success_at"] for p in phases} == {
        "landing": "2024-11-02T10:00:00Z",
        "raw": "2024-11-02T10:00:00Z",
        "analytics": "2024-11-02T12:00:00Z",
        "precompute": "2024-11-02T12:00:00Z",
        "predictions": "2024-11-02T21:00:00Z",
        "published": "2024-11-02T21:00:00Z",
    }


def test_failed_work_and_quarantine_are_said() -> None:
    given = saturday(quarantined=3, dead_letters=1, failed=["nba_predictions.points_model"])
    document = status.document(given, "2024-11-02")
    assert document.body["status"] == "partial"
    assert [r["code"] for r in document.body["reasons"]] == ["work_failed", "quarantined"]
    assert {p["phase"]: p["state"] for p in document.data["phases"]}["predictions"] == "failed"
    assert (document.data["open_quarantine"], document.data["open_dead_letters"]) == (3, 1)


def test_a_final_game_that_waits_is_named_with_its_reason() -> None:
    waiting = pd.DataFrame(
        {"game_date": [pd.Timestamp(FRIDAY)], "game_id": ["0022400131"], "reason": ["no box score yet"]}
    )
    given = facts(weekend(), waiting=waiting, operations=Operations(last_drops=DROPS))
    document = status.document(given, "2024-11-01")
    analytics = document.data["phases"][2]
    assert (analytics["state"], analytics["waiting_on"]) == ("waiting", ["0022400131: no box score yet"])
    assert [g["analytics"] for g in document.data["games"]] == ["done", "waiting"]
    assert [g["precompute"] for g in document.data["games"]] == ["missing", "missing"]
    assert document.body["reasons"] == [{"code": "waiting", "text": "1 of 2 games wait: each says for what"}]


def test_before_anything_was_received_it_is_empty() -> None:
    given = Facts(dates=[], tables={}, operations=Operations(last_drops=dict.fromkeys(DROPS)))
    document = status.document(given, None)
    sign_off.checked(document)
    assert (document.body["status"], document.body["as_of"]) == ("empty", None)
    assert document.data["latest_date"] is None


def test_alarms_of_the_latest_track_record_are_shown() -> None:
    given = saturday()
    rows = given.tables["model_performance_daily"].copy()
    rows["alarms"] = [["hit_rate"]]
    document = status.document(Facts(given.dates, {**given.tables, "model_performance_daily": rows}), "2024-11-02")
    assert document.data["alarms"] == ["hit_rate"]
