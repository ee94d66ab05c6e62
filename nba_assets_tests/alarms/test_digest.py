"""The morning's digest, from rows by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from nba_assets.alarms.digest import SIMULATED, digest
from nba_assets.clock import FixedClock
from nba_assets.engine.platform import Platform
from nba_assets.storage.records import Cause, QuarantineEntry
from nba_assets_tests.alarms.test_causes import fails
from nba_assets_tests.alarms.test_deadlines import graded, new_york, of, write
from nba_assets_tests.transforms.leagues import at, day, final, frame, game

EARLY, LATE = game("11-01", 1, "BOS", "NYK"), game("11-01", 2, "DEN", "LAL")
TODAY = game("11-02", 3, "NYK", "DEN")
PLAYER = "player_points_predictions"


@pytest.fixture
def morning(desk: Platform, clock: FixedClock) -> Platform:
    """9:15 in New York on the second of November."""
    clock.moment = new_york("11-02 09:15")
    return desk


def said(played: dict[str, Any], number: int, decision: str, line: float | None = 20.5, **facts: Any) -> dict[str, Any]:
    """An official prediction, whose grade `graded` has the same number."""
    own = {"prediction_id": f"{played['game_id']} {number}", "player_id": str(number), "decision": decision}
    return of(played, **own, line_value=line, run_kind="backfill", role="serving", **facts)


def card(date: str, family: str, refit: str, **facts: Any) -> dict[str, Any]:
    own = {"game_date": day(date), "model_version": f"{family}-4c76", "family": family, "target": "points"}
    return own | {"refit_at": at(refit), "gate_status": "passed", "serving": True} | facts


def test_an_empty_home_on_an_off_day(morning: Platform) -> None:
    found = digest(morning)
    assert found.title == "nba-assets: digest of 2024-11-02"
    assert found.text.splitlines() == [
        "Yesterday, 2024-11-01: no games.",
        "  Predictions: none.",
        "  Record: nothing is graded.",
        "Today, 2024-11-02: no games.",
        "  Predictions: none.",
        "Quarantine: empty.",
        "Dead letters: none.",
        "Open alarms: none.",
        "Model: none yet.",
        "",
        "As of 2024-11-02 13:15 UTC.",
    ]


def test_a_morning_after_two_games(morning: Platform, clock: FixedClock) -> None:
    later = LATE | {"is_postponed": True}
    write(morning, "nbac_schedule", *final(EARLY, 100, 98), later, TODAY, game("11-01", 9, "BOS", "NYK", kind="1"))
    bets = [said(EARLY, 1, "OVER"), said(EARLY, 2, "UNDER"), said(EARLY, 3, "OVER") | {"run_kind": "live"}]
    others = [said(EARLY, 4, "PASS", None, reasons=["no_line"]), said(EARLY, 5, "OVER") | {"role": "shadow"}]
    write(morning, PLAYER, *bets, *others, said(TODAY, 6, "PASS"))
    write(morning, "game_predictions", of(EARLY), of(TODAY))
    results = [
        graded(EARLY, 1, "win", profit=0.91, target="points", run_kind="backfill"),
        graded(EARLY, 2, "loss", profit=-1.0, target="points", run_kind="backfill"),
        graded(EARLY, 3, "pending", target="points", run_kind="live"),
        graded(EARLY, 4, "no_bet", target="points", run_kind="backfill"),
        graded(EARLY, 5, "win", profit=9.0, target="points", run_kind="backfill", is_official=False),
    ]
    write(morning, "prediction_grades", *results)
    fails(morning, 0)
    entry = QuarantineEntry("nbac_schedule", "a", "h", "$", "json", "cut")
    morning.ledger.quarantine([entry], clock.moment - dt.timedelta(days=2))
    morning.ledger.quarantine([QuarantineEntry("unknown", "b", "h", "$", "path", "-")], clock.moment)
    late = Cause("late_sources", "late_sources|x|2024-11-01", "-")
    morning.ledger.record_alarms([late], ["late_sources"], clock.moment)
    old = card("11-02", "market_baseline", "10-21 00:00", train_end=None, gate_status="insufficient")
    new = card("11-02", "residual_lgbm", "10-28 00:00", train_end=day("10-26"), gate_status="failed", serving=False)
    write(morning, "points_model", old, new)
    write(morning, "model_performance_daily", {"game_date": day("11-01"), "alarms": ["line_coverage_fell"]})
    assert digest(morning).text.splitlines() == [
        "Yesterday, 2024-11-01: 2 games, 1 final, 1 postponed.",
        "  Predictions: 4 players in 1 game, 3 with a line; scores of 1 game.",
        "  Official decisions, backfill: 1 OVER, 1 UNDER, 1 PASS.",
        "  Official decisions, live: 1 OVER, 0 UNDER, 0 PASS.",
        "  Record of the bets, backfill: 1 win, 1 loss, 0 push, 0 void, 0 pending; -0.09 units.",
        "  Record of the bets, live: 0 win, 0 loss, 0 push, 0 void, 1 pending; +0.00 units.",
        "Today, 2024-11-02: 1 game, 0 final, 0 postponed.",
        "  Predictions: 1 player in 1 game, 1 with a line; scores of 1 game.",
        "  Official decisions, backfill: 0 OVER, 0 UNDER, 1 PASS.",
        "Quarantine: 2 open, 1 of them since yesterday: nbac_schedule 1, unknown 1.",
        "Dead letters: 1: nba_raw.nbac_schedule 1.",
        "Open alarms: 1: late_sources 1.",
        "Model: newest card residual_lgbm-4c76, gates failed, trained to 2024-10-26, 5 days old; serving:"
        " market_baseline-4c76.",
        "  Alarms of the track record of 2024-11-01: line_coverage_fell.",
        "",
        "As of 2024-11-02 13:15 UTC.",
    ]


def test_a_day_of_passes_has_no_record_of_bets(morning: Platform) -> None:
    write(morning, PLAYER, said(EARLY, 1, "PASS"), said(EARLY, 2, "PASS"))
    grades = [graded(EARLY, n, result, target="points") for n, result in ((1, "no_bet"), (2, "pending"))]
    write(morning, "prediction_grades", *grades)
    assert "  Record: no bets; 2 decisions graded, 1 of them pending." in digest(morning).text.splitlines()


def test_figures_of_a_simulated_league_say_so_first(morning: Platform) -> None:
    write(morning, "nbac_schedule", TODAY | {"arena_name": "Simulated Arena"})
    found = digest(morning)
    assert found.title.endswith("(simulated data)")
    assert found.text.startswith(f"{SIMULATED}\n\n")


@pytest.mark.parametrize(("refit", "old"), [("10-26 00:00", False), ("10-21 00:00", True)])
def test_f46_a_model_that_nobody_refits_is_old(morning: Platform, refit: str, old: bool) -> None:
    write(morning, "nbac_schedule", TODAY)
    write(morning, "points_model", card("11-02", "residual_lgbm", refit, train_end=pd.Timestamp("2024-10-20")))
    assert ("  OLD: models are refitted on Mondays" in digest(morning).text) is old
    morning.warehouse.replace("nbac_schedule", [day("11-02")], frame("nbac_schedule", []))
    assert "OLD" not in digest(morning).text, "no games, no refit"
