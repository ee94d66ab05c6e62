"""What became of the decisions: days, season, calibration."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.publishing.envelope import Published
from nba_assets.publishing.track_record import reliability
from nba_assets_tests.publishing.conftest import body_of, documents
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, facts, frame, grade, performance, prediction, weekend

FRIDAYS = "track-record/days/2024-11-01.json"
SEASON = "track-record/2024-25.json"


def test_a_day_lists_every_lined_decision_with_line_and_result(published: dict[str, Published]) -> None:
    body = published[FRIDAYS].body
    first = body["data"]["decisions"][0]
    assert body["status"] == "complete"
    assert (first["name"], first["line_value"], first["price"], first["decision"]) == (
        "Jayson Tatum",
        24.5,
        None,
        "PASS",
    )
    assert (first["actual_points"], first["outcome"], first["result"]) == (27, "over", "no_bet")
    assert [(g["home"], g["margin"], g["total"], g["home_won"]) for g in body["data"]["games"]] == [
        ("BOS", 10, 210, True),
        ("DEN", 10, 210, True),
    ]


def test_a_bet_shows_the_price_of_its_side() -> None:
    tables = weekend()
    listed = [("0022400130", "BOS", "CHA", "OVER", "win"), ("0022400130", "CHA", "BOS", "UNDER", "loss")]
    said = [
        (prediction(FRIDAY, game, team, opponent, decision=side, reasons=[]), result)
        for game, team, opponent, side, result in listed
    ]
    tables["player_points_predictions"] = frame("player_points_predictions", [row for row, _ in said])
    tables["prediction_grades"] = frame("prediction_grades", [grade(row, 27, result=result) for row, result in said])
    decisions = body_of(facts(tables, FRIDAY), FRIDAYS)["data"]["decisions"]
    assert {(d["decision"], d["price"], d["result"]) for d in decisions} == {
        ("OVER", -110, "win"),
        ("UNDER", -112, "loss"),
    }


def test_a_day_that_is_not_graded_is_partial(published: dict[str, Published]) -> None:
    body = published["track-record/days/2024-11-02.json"].body
    assert (body["status"], body["reasons"][0]["text"]) == ("partial", "2 of 2 decisions are not graded yet")
    assert [d["result"] for d in body["data"]["decisions"]] == [None, None]


def test_a_decision_without_a_line_is_no_decision() -> None:
    tables = weekend()
    rows = tables["player_points_predictions"].copy()
    rows.loc[rows["team"] == "BOS", "line_value"] = None
    tables["player_points_predictions"] = rows
    names = {d["name"] for d in body_of(facts(tables), FRIDAYS)["data"]["decisions"]}
    assert names == {"LaMelo Ball", "Nikola Jokić", "LeBron James"}


def test_rates_are_null_while_the_verdict_is_insufficient_and_counts_stay(published: dict[str, Published]) -> None:
    window = published[SEASON].data["windows"][0]
    assert (window["n_bets"], window["wins"], window["hit_rate"], window["roi"]) == (20, 11, None, None)
    assert (window["mae"], window["line_mae"]) == (4.912, 4.957)


def test_rates_are_shown_once_there_are_enough_bets() -> None:
    tables = weekend()
    rows = [performance(FRIDAY, window="season", n_bets=400, wins=210, losses=190, hit_rate=0.525, verdict="level")]
    tables["model_performance_daily"] = frame("model_performance_daily", rows)
    window = body_of(facts(tables), SEASON)["data"]["windows"][0]
    assert (window["hit_rate"], window["verdict"]) == (0.525, "level")


def test_a_season_shows_the_windows_of_its_last_date_and_a_row_for_every_day() -> None:
    tables = weekend()
    rows = [performance(FRIDAY), performance(SATURDAY), performance(SATURDAY, window="7d")]
    rows += [performance(SATURDAY, segment="side=OVER"), performance(SATURDAY, model_version="m1")]
    rows += [performance(SATURDAY, model_version="residual_lgbm", compared_with="serving_points")]
    tables["model_performance_daily"] = frame("model_performance_daily", rows)
    data = body_of(facts(tables), SEASON)["data"]
    assert data["last_date"] == "2024-11-02"
    assert [(w["model_version"], w["window"], w["segment"]) for w in data["windows"]] == [
        ("m1", "1d", "all"),
        ("serving_points", "1d", "all"),
        ("serving_points", "1d", "side=OVER"),
        ("serving_points", "7d", "all"),
    ]
    assert [(d["game_date"], d["model_version"]) for d in data["days"]] == [
        ("2024-11-01", "serving_points"),
        ("2024-11-02", "serving_points"),
    ]


def test_a_season_without_grades_is_empty_and_says_so() -> None:
    tables = weekend()
    tables["model_performance_daily"] = tables["model_performance_daily"].iloc[:0]
    body = body_of(facts(tables), SEASON)
    assert (body["status"], body["reasons"][0]["code"], body["data"]["windows"]) == ("empty", "no_grades", [])


def test_calibration_has_ten_equal_bins_per_run_kind_and_none_of_few() -> None:
    p = np.linspace(0.4, 0.6, 200)
    rows = pd.DataFrame({"run_kind": "backfill", "p": p, "over": (np.arange(200) % 2).astype(float)})
    few = pd.DataFrame({"run_kind": "live", "p": [0.5] * 99, "over": [1.0] * 99})
    bins = reliability(pd.concat([rows, few]))
    assert [b["n"] for b in bins] == [20] * 10
    assert {b["run_kind"] for b in bins} == {"backfill"}
    assert {b["hit"] for b in bins} == {0.5}
    assert bins[0]["p"] == round(p[:20].mean(), 4)


def test_games_of_two_seasons_are_two_documents() -> None:
    tables = weekend()
    schedule = tables["nbac_schedule"].copy()
    schedule.loc[schedule["game_date"] == pd.Timestamp(SATURDAY), ["season_label", "season"]] = ["2025-26", 2025]
    tables["nbac_schedule"] = schedule
    names = [name for name in documents(facts(tables)) if name.startswith("track-record/20")]
    assert names == ["track-record/2024-25.json", "track-record/2025-26.json"]
