"""What became of a prediction: the cases of grading by hand, closing lines, versions, who is official."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.verify import verify
from nba_assets.modeling.prediction_grades import build
from nba_assets_tests.modeling.rows import GAME, TIP, D, T, at, box, final, predictions, props, schedule, table

MINUTE = pd.Timedelta(minutes=1)
PLAYED = schedule({"superseded_at": at(D, 28)}, final(110, 100))


def grades(made, boxes=None, games=PLAYED, **more):
    inputs = {"nbac_schedule": games, "player_points_predictions": made} | more
    if boxes is not None:
        inputs["player_game_summary"] = boxes
    return build(inputs, [D])


def now(*args, **more):
    """The one current grade."""
    rows = grades(*args, **more)
    rows = rows[rows["superseded_at"].isna()]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("decision", "line", "points", "outcome", "result", "profit"),
    [
        ("OVER", 20.5, 21, "over", "win", 100 / 110),
        ("OVER", 20.5, 20, "under", "loss", -1.0),
        ("UNDER", 20.5, 20, "under", "win", 1.25),
        ("UNDER", 20.5, 21, "over", "loss", -1.0),
        ("OVER", 21.0, 21, "push", "push", 0.0),
        ("PASS", 20.5, 21, "over", "no_bet", np.nan),
        ("PASS", 21.0, 21, "push", "no_bet", np.nan),
        ("OVER", 20.5, 0, "under", "loss", -1.0),
    ],
)
def test_a_player_who_played(decision, line, points, outcome, result, profit):
    made = predictions({"decision": decision, "line_value": line, "over_price": -110, "under_price": 125})
    row = now(made, box({"points": points}))
    assert (row["outcome"], row["result"]) == (outcome, result)
    assert row["profit"] == pytest.approx(profit, abs=1e-6, nan_ok=True)
    assert (row["actual_points"], row["actual_minutes"], row["played"]) == (points, 30.0, True)
    assert pd.isna(row["void_reason"])


@pytest.mark.parametrize("status", ["dnp", "inactive"])
@pytest.mark.parametrize("decision", ["OVER", "PASS"])
def test_a_player_who_did_not_play_is_void_bet_or_not(status, decision):
    row = now(predictions({"decision": decision}), box({"status": status}))
    assert (row["outcome"], row["result"], row["void_reason"], row["played"]) == ("void", "void", status, False)
    assert row["profit"] == 0.0 if decision == "OVER" else np.isnan(row["profit"])
    errors = ["actual_points", "model_abs_error", "line_abs_error", "log_loss", "crps", "covered"]
    assert row[errors].isna().all()


@pytest.mark.parametrize("status", ["played", "dnp"])
def test_without_a_line_nothing_is_won_lost_or_void(status):
    """Trap 3: a missing line is never graded as one."""
    null = dict.fromkeys(("line_value", "consensus_line", "over_price", "market_p_over", "p_over", "baseline_mean"))
    made = predictions(null | {"decision": "PASS", "reasons": ["no_line"], "line_source": "none"})
    row = now(made, box({"status": status}))
    assert (row["outcome"], row["result"]) == ("no_line", "no_bet")
    assert row[["line_abs_error", "log_loss", "market_crps", "profit", "void_reason"]].isna().all()
    assert np.isnan(row["model_abs_error"]) == (status == "dnp")
    assert row["played"] == (status == "played")


def test_errors_and_scores_by_hand():
    made = predictions(
        {"points_q50": 19.4, "consensus_line": 21.0, "points_mean": 20.0, "p_over": 0.54, "p_under": 0.46}
    )
    row = now(made, box({"points": 25}))
    assert row["model_abs_error"] == pytest.approx(5.6)
    assert row["line_abs_error"] == 4.0
    assert row["signed_error"] == 5.0
    assert row["log_loss"] == pytest.approx(-np.log(0.54), abs=1e-6)
    assert row["brier"] == pytest.approx(0.46**2)
    assert row["market_log_loss"] == pytest.approx(np.log(2), abs=1e-6)
    assert row["market_brier"] == 0.25
    points = np.arange(91)
    for name, mu in (("crps", 20.0), ("market_crps", 20.5)):
        below = nbinom(1 / 0.07, 1 / (1 + 0.07 * mu)).cdf(points)
        assert row[name] == pytest.approx(((below - (points >= 25)) ** 2).sum(), abs=1e-5)
    assert row["covered"]
    assert 0.8 < row["coverage_expected"] < 0.9


def test_probabilities_of_a_whole_line_are_scored_given_no_push_and_a_push_is_not():
    made = {"line_value": 21.0, "p_over": 0.45, "p_push": 0.1, "p_under": 0.45}
    assert now(predictions(made), box({"points": 22}))["log_loss"] == pytest.approx(np.log(2), abs=1e-6)
    pushed = now(predictions(made), box({"points": 21}))
    assert pushed[["log_loss", "brier", "market_log_loss", "market_brier"]].isna().all()
    assert pushed["crps"] > 0


def test_pickem_lines_have_no_market_scores():
    row = now(predictions({"market_p_over": None, "decision": "PASS"}), box({"points": 22}))
    assert row[["market_log_loss", "market_brier"]].isna().all()
    assert row["log_loss"] > 0
    assert row["market_crps"] > 0


def test_before_the_game_is_final_it_is_pending():
    row = now(predictions({}), games=schedule({}))
    assert (row["outcome"], row["result"], row["grade_version"]) == ("pending", "pending", 1)
    assert row[["played", "profit", "actual_points", "source_hash"]].isna().all()
    assert row["known_at"] == at(D, 20)


def test_a_suspended_game_is_pending_until_the_league_finalises():
    live = {"game_status": 2, "game_status_text": "Suspended", "known_at": at(D, 27)}
    assert now(predictions({}), games=schedule({"superseded_at": at(D, 27)}, live))["result"] == "pending"


def test_final_without_its_box_score_is_pending():
    assert now(predictions({}))["result"] == "pending"


def test_missing_from_the_box_scores_is_void_only_when_both_sources_are_in():
    """The game is there, he is not: one source may be incomplete, two agree that he was not in the game."""
    alone = ["nbac_schedule", "nbac_gamebook_player_stats"]
    assert now(predictions({}), box({"player_id": "2", "sources_used": alone}))["result"] == "pending"
    row = now(predictions({}), box({"player_id": "2"}))
    assert (row["result"], row["void_reason"], row["played"]) == ("void", "not_in_game", False)
    assert pd.isna(row["actual_points"])


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        ({"is_postponed": True, "game_status_text": "PPD"}, "postponed"),
        ({"game_status_text": "Cancelled"}, "cancelled"),
    ],
)
def test_a_game_that_is_not_played_is_void(game, reason):
    row = now(predictions({}), games=schedule({"superseded_at": at(D, 26)}, game | {"known_at": at(D, 26)}))
    assert (row["outcome"], row["result"], row["void_reason"]) == ("void", "void", reason)
    assert (row["profit"], row["known_at"]) == (0.0, at(D, 26))


def test_a_game_moved_to_another_date_is_void_here_and_a_new_prediction_there():
    tomorrow = D + pd.Timedelta(days=1)
    moved = {"game_date": tomorrow, "tip_at": at(tomorrow, 24.5), "known_at": at(D, 26)}
    games = schedule({"superseded_at": at(D, 26)}, moved)
    again = {
        "game_date": tomorrow,
        "prediction_id": "p1-again",
        "decision_at": at(tomorrow, 24),
        "tip_at": at(tomorrow, 24.5),
        "known_at": at(tomorrow, 20),
    }
    inputs = {"nbac_schedule": games, "player_points_predictions": predictions({}, again)}
    rows = build(inputs, [D, tomorrow])
    current = rows[rows["superseded_at"].isna()].set_index("prediction_id")
    assert current.loc["p1", ["result", "void_reason"]].tolist() == ["void", "postponed"]
    assert current.loc["p1-again", "result"] == "pending"
    assert current["is_official"].all()


def test_a_playoff_game_that_was_not_needed_is_cancelled():
    game = "0042400407"
    games = schedule({"game_id": game, "superseded_at": at(D, 26)})
    assert now(predictions({"game_id": game}), games=games)["void_reason"] == "cancelled"


def test_a_stat_correction_adds_a_version_and_leaves_the_prediction_alone():
    """Two days later one of his baskets is a team mate's."""
    made = predictions({})
    before = made.copy(deep=True)
    fixed = at(D, 76)
    rows = grades(made, box({"points": 21, "superseded_at": fixed}, {"points": 19, "known_at": fixed}))
    assert rows["result"].tolist() == ["pending", "win", "loss"]
    assert rows["actual_points"].tolist() == [pd.NA, 21, 19]
    assert rows["grade_version"].tolist() == [1, 1, 2]
    assert rows["known_at"].tolist() == [at(D, 20), at(D, 29), fixed]
    assert rows["superseded_at"].tolist() == [at(D, 29), fixed, pd.NaT]
    assert rows["source_hash"].nunique() == 2
    pd.testing.assert_frame_equal(made, before)


def test_a_correction_of_something_else_is_no_new_version():
    rows = grades(predictions({}), box({"superseded_at": at(D, 76)}, {"reb": 9, "known_at": at(D, 76)}))
    assert rows["result"].tolist() == ["pending", "loss"]


def test_a_grade_never_begins_before_its_prediction():
    """The schedule was known in August; the game was final long before a prediction made in hindsight."""
    late = at(D, 80)
    rows = grades(predictions({"known_at": late}), box({}))
    assert rows[["result", "known_at"]].to_numpy().tolist() == [["loss", late]]


def test_the_last_live_row_of_the_serving_model_is_official_else_its_backfill_row():
    live = {
        "run_kind": "live",
        "prediction_id": "early",
        "decision_at": T - 200 * MINUTE,
        "created_at": T - 200 * MINUTE,
    }
    made = predictions(
        {"prediction_id": "backfill"},
        live,
        live | {"prediction_id": "last", "decision_at": T - 90 * MINUTE, "created_at": T - 90 * MINUTE},
        live
        | {"prediction_id": "shadow", "role": "shadow", "decision_at": T - 5 * MINUTE, "created_at": T - 5 * MINUTE},
        {"prediction_id": "other", "player_id": "2"},
        {"prediction_id": "other-shadow", "player_id": "2", "role": "shadow"},
    )
    rows = grades(made, games=schedule({}))
    assert set(rows.loc[rows["is_official"], "prediction_id"]) == {"last", "other"}


def test_a_row_made_after_its_decision_time_is_never_live():
    """Trap 11."""
    hindsight = {"run_kind": "live", "prediction_id": "hindsight", "created_at": T + MINUTE}
    rows = grades(predictions({"prediction_id": "backfill"}, hindsight), box({}))
    assert set(rows.loc[rows["is_official"], "prediction_id"]) == {"backfill"}


def close(**more):
    return {"captured_at": TIP - 10 * MINUTE, "line": 22.5, "over_price": -120, "under_price": 100} | more


@pytest.mark.parametrize(("decision", "clv"), [("OVER", 2.0), ("UNDER", -2.0), ("PASS", np.nan)])
def test_the_line_moved_after_the_decision(decision, clv):
    lines = props({}, close())
    row = now(predictions({"decision": decision}), box({"points": 21}), odds_api_player_points_props=lines)
    assert row["outcome"] == "over"
    assert (row["closing_line"], row["closing_captured_at"]) == (22.5, TIP - 10 * MINUTE)
    assert row["clv_points"] == pytest.approx(clv, nan_ok=True)
    assert np.isnan(row["clv_p"])


def test_the_price_moved_at_the_same_line():
    lines = props({}, close(line=20.5))
    row = now(predictions({}), box({}), odds_api_player_points_props=lines)
    fair = (120 / 220) / (120 / 220 + 0.5)
    assert row["closing_p_over"] == pytest.approx(fair, abs=1e-6)
    assert row["clv_p"] == pytest.approx(fair - 0.5, abs=1e-6)
    assert row["clv_points"] == 0.0


@pytest.mark.parametrize(
    "late",
    [
        {"captured_at": TIP - 31 * MINUTE},
        {"captured_at": TIP + MINUTE, "is_in_play": True},
        {"book": "newcomer"},
        {"known_at": TIP + MINUTE},
    ],
    ids=["too early", "in play", "another book", "known too late"],
)
def test_what_is_not_a_close(late):
    """Trap 15: the decision's own capture is no close either."""
    row = now(predictions({}), box({}), odds_api_player_points_props=props({}, close(**late)))
    assert row[["closing_line", "closing_p_over", "closing_captured_at", "clv_points", "clv_p"]].isna().all()


def test_a_void_bet_has_no_closing_line_value():
    row = now(predictions({}), box({"status": "dnp"}), odds_api_player_points_props=props({}, close()))
    assert row[["closing_line", "clv_points"]].isna().all()


def game(**more):
    plain = {
        "game_date": D,
        "prediction_id": "g1",
        "game_id": GAME,
        "home": "BOS",
        "away": "NYK",
        "model_version": "ratings-1",
        "decision_at": T,
        "created_at": T,
        "tip_at": TIP,
        "run_kind": "backfill",
        "role": "serving",
        "p_home_win": 0.7,
        "market_p_home": 0.65,
        "margin_mean": 6.0,
        "margin_q50": 6.0,
        "total_mean": 228.0,
        "total_q50": 228.0,
        "home_spread": -5.5,
        "total_line": 226.5,
        "known_at": at(D, 20),
    }
    return table("game_predictions", [plain | more])


def game_grades(games, **more):
    return build({"nbac_schedule": games, "game_predictions": game(**more)}, [D])


def test_a_game_and_its_market_twins():
    row = game_grades(PLAYED).query("superseded_at.isna()").iloc[0]
    assert (row["target"], row["result"], row["home_won"], row["margin"], row["total"]) == (
        "game",
        "no_bet",
        True,
        10,
        210,
    )
    assert row["log_loss"] == pytest.approx(-np.log(0.7), abs=1e-6)
    assert row["market_log_loss"] == pytest.approx(-np.log(0.65), abs=1e-6)
    assert row["brier"] == pytest.approx(0.09)
    assert (row["margin_abs_error"], row["market_margin_abs_error"]) == (4.0, 4.5)
    assert (row["total_abs_error"], row["market_total_abs_error"]) == (18.0, 16.5)
    assert row[["outcome", "player_id", "actual_points", "crps"]].isna().all()


def test_a_game_without_lines_has_no_market_twins():
    row = game_grades(PLAYED, market_p_home=None, home_spread=None, total_line=None).iloc[-1]
    twins = ["market_log_loss", "market_brier", "market_margin_abs_error", "market_total_abs_error"]
    assert row[twins].isna().all()
    assert row["margin_abs_error"] == 4.0


def test_a_corrected_score_is_a_second_version_and_a_postponed_game_is_void():
    corrected = schedule(
        {"superseded_at": at(D, 28)}, final(110, 100, superseded_at=at(D, 40)), final(108, 100, hour=40.0)
    )
    rows = game_grades(corrected)
    assert rows["margin"].tolist() == [pd.NA, 10, 8]
    assert rows["grade_version"].tolist() == [1, 1, 2]
    postponed = schedule({"superseded_at": at(D, 26)}, {"is_postponed": True, "known_at": at(D, 26)})
    assert game_grades(postponed).iloc[-1][["result", "void_reason"]].tolist() == ["void", "postponed"]


def test_nothing_predicted_nothing_graded():
    assert build({}, [D]).empty
    assert build({"nbac_schedule": PLAYED, "player_game_summary": box({})}, [D]).empty


def test_the_contract_holds():
    made = predictions({}, {"player_id": "2"}, {"player_id": "3"})
    rows = grades(made, box({}, {"player_id": "2", "status": "inactive"}), game_predictions=game())
    contract = contracts.table("prediction_grades")
    findings = list(verify(contract, rows, {}, PLAYED))
    assert all(finding.passed for finding in findings), [f.description for f in findings if not f.passed]
    pd.testing.assert_frame_equal(frames.conform(rows, contract), rows, check_exact=True)
    assert ((rows["result"] == "void") == rows["void_reason"].notna()).all()
