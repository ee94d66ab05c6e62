"""The execution log over all six phases: a row for what was built, skipped or refused, and the drops that fed it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from nba_assets.clock import FixedClock
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import publish
from nba_assets.engine.step import run_step
from nba_assets_tests.engine.conftest import NOW, Home, early_steps
from nba_assets_tests.engine.test_bad_input import GAMEBOOK, truncate
from nba_assets_tests.engine.three_games import FIRST, LINES
from nba_assets_tests.handmade import Drops

DAYS = [pd.Timestamp(FIRST.day)]
SUMMARY = "nba_analytics.player_game_summary"


def of_the_date(platform: Platform) -> bool:
    """Phases 2 and 3 of the date, then a release."""
    early_steps(platform, Window(FIRST.day, FIRST.day), ("nba_raw", "nba_analytics"))
    return publish(platform, DAYS).changed


def log(platform: Platform, **having: Any) -> list[dict[str, Any]]:
    rows = platform.ledger.executions(date=FIRST.day)
    return [row for row in rows if all(row[name] == value for name, value in having.items())]


def reasons(rows: list[dict[str, Any]]) -> set[str]:
    return {row["metadata"]["skip_reason"] for row in rows if row["status"] == "skipped"}


def test_landing_has_a_row_per_drop_and_date(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST, LINES)
    drops.after(FIRST)
    truncate(drops.folder / GAMEBOOK)
    (drops.folder / "notes.txt").write_text("no source claims this")
    take(platform, scan(drops.folder))
    take(platform, scan(drops.folder))

    rows = {(row["processor_name"], row["status"]): row for row in log(platform, phase=1)}
    passed = rows["landing.bdl_player_boxscores", "completed"]
    (drop,) = platform.ledger.drops(source="bdl_player_boxscores")
    assert (passed["correlation_ids"], passed["records_processed"]) == ([drop["correlation_id"]], 16)
    assert (passed["started_at"], passed["completed_at"], passed["event_type"]) == (NOW, NOW, "drop")
    refused = rows["landing.nbac_gamebook_player_stats", "failed"]
    assert refused["error_type"] == "Quarantined" and "rule json" in refused["error_message"]
    assert rows["landing.bdl_player_boxscores", "skipped"]["metadata"] == {"skip_reason": "duplicate"}
    (stray,) = [row for row in platform.ledger.executions(date=dt.date(2026, 6, 30)) if row["status"] == "failed"]
    assert stray["processor_name"] == "landing.unknown", "what names no date is of the date on which it came"
    assert len(log(platform, phase=1)) == 2 * len(platform.ledger.drops(date=FIRST.day))


def test_an_answer_with_nothing_is_skipped_as_empty(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    path = Drops(tmp_path / "drops").game_log(FIRST.day, [FIRST])
    body = json.loads(path.read_text())
    body["resultSets"][0]["rowSet"] = []
    path.write_text(json.dumps(body))
    take(platform, scan(tmp_path / "drops"))
    (row,) = log(platform, phase=1)
    assert (row["status"], row["metadata"]["skip_reason"]) == ("skipped", "empty")


def test_a_skipped_step_says_why_and_a_release_carries_its_drops(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    Drops(tmp_path / "drops").before(FIRST, LINES)
    ingest(platform, scan(tmp_path / "drops"), lambda *_: of_the_date(platform))
    ids = sorted(drop["correlation_id"] for drop in platform.ledger.drops())
    assert reasons(log(platform, processor_name=SUMMARY)) == {"waiting for box_score"}
    assert {row["metadata"]["release"] for row in log(platform, phase=6)} == {1}
    assert [row["correlation_ids"] for row in log(platform, phase=6, status="completed")] == [ids]
    raw = log(platform, processor_name="nba_raw.nbac_schedule", status="completed")
    (schedule,) = platform.ledger.drops(source="nbac_schedule")
    assert [row["correlation_ids"] for row in raw] == [[schedule["correlation_id"]]], "its own drops fed it"

    for name in ("nbac_schedule", "upcoming_player_game_context"):
        run_step(platform, name, DAYS, run_id="again")
    publish(platform, DAYS, run_id="again")
    again = log(platform, run_id="again")
    assert [row["phase"] for row in again] == [2, 3, 6] and reasons(again) == {"unchanged"}
    assert [row["correlation_ids"] for row in again] == [[], [], []], "no drop is on its way"
    assert again[-1]["metadata"]["release"] == 1


def test_a_date_that_nothing_is_of_adds_a_row_only_for_a_drop(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    run_step(platform, "prediction_grades", DAYS)
    assert log(platform) == []
    Drops(tmp_path / "drops").game_log(FIRST.day, [FIRST])
    take(platform, scan(tmp_path / "drops"))
    run_step(platform, "prediction_grades", DAYS)
    (row,) = log(platform, phase=5)
    assert (row["status"], row["metadata"]["skip_reason"], row["input_hash"]) == ("skipped", "nothing to do", None)


def test_a_drop_in_the_middle_of_a_run_is_not_in_what_the_run_publishes(home: Home, tmp_path: Path) -> None:
    platform = home("a")
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST, LINES)
    take(platform, scan(drops.folder))
    early = sorted(drop["correlation_id"] for drop in platform.ledger.drops())
    for name in ("nbac_schedule", "nbac_player_list", "player_identity", "odds_api_player_points_props"):
        run_step(platform, name, DAYS, run_id="run")
    platform.clock = FixedClock(NOW + dt.timedelta(minutes=1))
    drops.schedule(FIRST.day, [FIRST], final=True)
    take(platform, scan(drops.folder))
    run_step(platform, "upcoming_player_game_context", DAYS, run_id="run")
    publish(platform, DAYS, run_id="run")
    later = [row["correlation_ids"] for row in log(platform, run_id="run") if row["phase"] > 2]
    assert later == [early, early]
