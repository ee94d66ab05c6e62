"""Predictions of points: the line they stand on, their reasons, their contract."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.verify import verify
from nba_assets.modeling import TRANSFORMS, market_baseline
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.forecast import Model
from nba_assets.modeling.player_points_predictions import build
from nba_assets_tests.modeling.conftest import MONDAY
from nba_assets_tests.modeling.rows import BOOKS, GAME, TIP, D, T, at, final, prop, schedule, table


def model(family="market_baseline", status="insufficient", **more):
    plain = {
        "game_date": D,
        "model_version": f"{family}-1",
        "target": "points",
        "family": family,
        "refit_at": at(D, -48),
        "known_at": at(D, -48),
        "dispersion": Model().dispersion_json(),
        "thresholds": json.dumps(Thresholds().__dict__),
        "gate_status": status,
        "serving": True,
    }
    return table("points_model", [plain | more])


def inputs(props=(), models=None, context=None, store=None):
    """One player's game with whatever a test changes."""
    key = {"game_date": D, "game_id": GAME, "player_id": "1", "team": "BOS", "opponent": "NYK", "season": 2024}
    plain = {"decision_at": T, "known_at": at(D, 14)}
    form = {"points_avg_last_5": 20.0, "points_avg_last_10": 20.0, "points_avg_season": 20.0}
    seasons = {"games_n_season": 30, "prior_season_games": 60}
    return {
        "ml_feature_store": table(
            "ml_feature_store",
            [key | plain | form | {"is_ready": True, "feature_quality_score": 95.0} | (store or {})],
        ),
        "upcoming_player_game_context": table(
            "upcoming_player_game_context",
            [key | plain | {"tip_at": TIP, "injury_status": "available"} | (context or {})],
        ),
        "player_daily_cache": table(
            "player_daily_cache",
            [{name: value for name, value in (key | plain).items() if name != "opponent"} | seasons],
        ),
        "odds_api_player_points_props": table("odds_api_player_points_props", [prop(**row) for row in props]),
        "nbac_schedule": schedule({}),
        "points_model": model() if models is None else models,
    }


FOUR = tuple({"book": book} for book in BOOKS)


def only(given):
    rows = build(given, [D])
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_row_says_the_line_its_prices_and_a_distribution_that_agrees_with_them():
    row = only(inputs(FOUR))
    assert (row["line_value"], row["consensus_line"], row["n_books"]) == (20.5, 20.5, 4)
    assert (row["over_price"], row["under_price"], row["market_p_over"]) == (-110, -110, 0.5)
    assert (row["line_captured_at"], row["minutes_to_tip"]) == (at(D, 20), 270.0)
    assert (row["p_over"], row["p_push"], row["p_under"], row["points_q50"]) == (0.5, 0.0, 0.5, 20.5)
    assert row["ev_over"] == pytest.approx(0.5 * 100 / 110 - 0.5, abs=1e-6)
    assert row["baseline_mean"] == 20.5 + market_baseline.START_BIAS[3]
    assert (row["run_kind"], row["role"], row["decision_at"], row["created_at"]) == ("backfill", "serving", T, T)
    assert (row["decision"], row["reasons"]) == ("PASS", ["baseline_model", "ev_small", "edge_small"])


def test_the_row_is_known_when_the_last_of_what_it_used_was():
    assert only(inputs(FOUR))["known_at"] == at(D, 20)
    assert only(inputs())["known_at"] == at(D, 14)


def test_without_a_line_there_is_a_distribution_and_nothing_at_the_line():
    row = only(inputs())
    assert row["reasons"] == ["no_line", "baseline_model"]
    nothing = ["line_value", "consensus_line", "over_price", "market_p_over", "p_over", "p_push", "p_under", "ev_over"]
    assert row[nothing].isna().all()
    assert row["line_source"] == "none"
    assert row["n_books"] == 0
    assert row["points_q05"] < row["points_q50"] < row["points_q95"]


def test_a_game_that_had_tipped_when_its_only_capture_was_made():
    late = [row | {"captured_at": TIP + pd.Timedelta(minutes=35), "is_in_play": True} for row in FOUR]
    row = only(inputs(late))
    assert row["reasons"] == ["tipped", "baseline_model"]
    assert np.isnan(row["line_value"])


def test_pickem_books_give_a_line_and_no_probability():
    pickem = [{"book": book, "is_dfs": True, "over_price": -137, "under_price": -137} for book in ("a", "b", "c")]
    row = only(inputs(pickem))
    assert row["line_value"] == 20.5
    assert row["reasons"] == ["pickem_price", "baseline_model"]
    assert row[["market_p_over", "ev_over", "ev_under"]].isna().all()
    assert 0 < row["p_over"] < 1


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("few_books", {"props": FOUR[:2]}),
        ("one_sided", {"props": [row | {"under_price": None} for row in FOUR]}),
        ("stale_line", {"props": [row | {"captured_at": at(D, 10)} for row in FOUR]}),
        ("player_out", {"context": {"injury_status": "out"}}),
        ("questionable", {"context": {"injury_status": "questionable"}}),
        ("questionable", {"context": {"injury_status": "doubtful"}}),
        ("critical_feature_missing", {"store": {"is_ready": False}}),
        ("low_quality", {"store": {"feature_quality_score": 69.0}}),
        ("gate_failed", {"models": model("residual_lgbm", "failed", serving=False)}),
    ],
)
def test_reasons_to_pass(reason, change):
    assert reason in only(inputs(**({"props": FOUR} | change)))["reasons"]


WRONG = {"over_price": 99999, "under_price": -99999}


@pytest.mark.parametrize(
    ("books", "found"),
    [
        ([row | WRONG for row in FOUR], True),
        ([FOUR[0] | WRONG, *FOUR[1:]], True),
        ([FOUR[0] | {"over_price": 250, "under_price": -320}, *FOUR[1:]], True),
        ([FOUR[0] | {"over_price": 105, "under_price": -125}, *FOUR[1:]], False),
        ([row | {"over_price": -137, "under_price": -137} for row in FOUR], False),
        ([row | {"over_price": -180, "under_price": -180} for row in FOUR], True),
        ([FOUR[0] | {"line": 30.5, **WRONG}, *FOUR[1:]], False),
    ],
)
def test_a_price_that_is_an_error_is_never_a_bet(books, found):
    """A model that says 23 against 20.5 would bet +99999 gladly; what a book errs about on another line is not offered.

    +250 where the others want -110 would win 0.2 units whatever happens; -180 on both sides is a hold of 0.29.
    """
    bands = json.loads(Model().dispersion_json()) | {"bias": [3.0] * 5}
    sure = model("residual_lgbm", "passed", dispersion=json.dumps(bands), market_weight=1.0)
    row = only(inputs(books, models=sure))
    assert ("price_outlier" in row["reasons"]) is found
    assert row["decision"] == "PASS" or not found


@pytest.mark.parametrize("line", [0.5, 70.0])
def test_the_least_and_the_largest_line_are_lines_like_any_other(line):
    row = only(inputs([prop_ | {"line": line} for prop_ in FOUR]))
    assert (row["line_value"], row["market_p_over"]) == (line, 0.5)
    assert row["p_over"] == pytest.approx(row["p_under"], abs=1e-4)


def test_with_one_book_there_is_a_distribution_and_no_bet():
    row = only(inputs(FOUR[:1]))
    assert row["n_books"] == 1 and 0 < row["p_over"] < 1
    assert (row["decision"], "few_books" in row["reasons"]) == ("PASS", True)


def test_whose_features_are_missing_passes_with_the_reason():
    given = inputs(FOUR, store={"is_ready": False, "points_avg_last_5": None, "feature_quality_score": 40.0})
    row = only(given)
    assert {"critical_feature_missing", "low_quality"} <= set(row["reasons"])
    assert row["decision"] == "PASS" and np.isfinite(row["points_mean"])


@pytest.mark.parametrize(("season", "before", "few"), [(2, 70, True), (3, 6, True), (3, 7, False), (10, 0, False)])
def test_few_games_is_under_ten_in_two_seasons_or_three_in_this(season, before, few):
    given = inputs(FOUR)
    given["player_daily_cache"] = given["player_daily_cache"].assign(
        games_n_season=pd.array([season], "Int64"), prior_season_games=pd.array([before], "Int64")
    )
    assert ("few_games" in only(given)["reasons"]) is few


def test_postponed_counts_if_it_was_known_at_the_decision():
    def reasons(*versions):
        return only(inputs(FOUR) | {"nbac_schedule": schedule(*versions)})["reasons"]

    known = [{"superseded_at": at(D, 20)}, {"is_postponed": True, "known_at": at(D, 20)}]
    late = [{"superseded_at": at(D, 24.2)}, {"is_postponed": True, "known_at": at(D, 24.2)}]
    assert "postponed" in reasons(*known)
    assert "postponed" not in reasons(*late)


def test_a_model_with_an_edge_bets_and_its_thresholds_are_those_of_its_card():
    """Trap 16. A residual model that says 23 against 20.5 with w = 1, by its bands alone."""
    bands = json.loads(Model().dispersion_json()) | {"bias": [3.0] * 5}
    learned = {"dispersion": json.dumps(bands), "market_weight": 1.0}
    row = only(inputs(FOUR, models=model("residual_lgbm", "passed", **learned)))
    assert (row["decision"], row["reasons"]) == ("OVER", [])
    assert row["ev_over"] > 0.03
    strict = json.dumps(Thresholds(least_ev=0.5).__dict__)
    row = only(inputs(FOUR, models=model("residual_lgbm", "passed", **learned, thresholds=strict)))
    assert (row["decision"], row["reasons"]) == ("PASS", ["ev_small"])


def test_a_challenger_predicts_in_shadow():
    both = pd.concat([model(), model("residual_lgbm", "failed", serving=False)], ignore_index=True)
    rows = build(inputs(FOUR, models=both), [D]).set_index("model_version")
    assert rows["role"].to_dict() == {"market_baseline-1": "serving", "residual_lgbm-1": "shadow"}
    assert rows["prediction_id"].nunique() == 2


def test_a_model_that_two_refits_agree_on_is_known_when_the_dates_own_refit_was():
    """Without training rows two Mondays give the same version; each date has its own card, in any order."""
    card = model()
    other = card.assign(
        game_date=D - pd.Timedelta(days=7), known_at=T + pd.Timedelta(hours=1), refit_at=T + pd.Timedelta(hours=1)
    )
    both = pd.concat([other, card], ignore_index=True)
    rows = inputs(FOUR, models=both)
    earlier = {
        name: frame.assign(game_date=D - pd.Timedelta(days=7), game_id="0022400001")
        for name, frame in rows.items()
        if name not in ("points_model", "nbac_schedule")
    }
    joined = {name: pd.concat([earlier[name], rows[name]], ignore_index=True) for name in earlier}
    found = build(rows | joined, [D - pd.Timedelta(days=7), D])
    assert found.set_index("game_date")["known_at"].loc[D] == at(D, 20)


def test_a_date_without_a_model_or_features_has_no_rows():
    assert build(inputs(FOUR) | {"points_model": model().iloc[:0]}, [D]).empty
    assert build({}, [D]).empty


def test_a_season_keeps_the_contract(season, cards):
    rows = build(season | {"points_model": cards}, [MONDAY])
    contract = contracts.table("player_points_predictions")
    findings = list(verify(contract, rows, {}, season["nbac_schedule"]))
    assert all(finding.passed for finding in findings), [f.description for f in findings if not f.passed]
    pd.testing.assert_frame_equal(frames.conform(rows, contract), rows, check_exact=True)
    assert not rows.duplicated(["game_id", "player_id", "model_version"]).any()
    every = (season["ml_feature_store"]["game_date"] == MONDAY).sum()
    assert rows["role"].value_counts().to_dict() == {"serving": every, "shadow": 2 * every}
    rows = rows[rows["role"] == "serving"]
    assert ((rows["decision"] == "PASS") == (rows["reasons"].map(len) > 0)).all()
    assert (rows["known_at"] <= rows["decision_at"]).all()
    assert (rows["minutes_to_tip"] > 0).all()
    total = rows["p_over"] + rows["p_push"] + rows["p_under"]
    assert total.to_numpy() == pytest.approx(np.ones(len(rows)), abs=1e-5)
    assert (rows.groupby("game_id")["line_value"].size() >= 20).all()
    assert rows["line_value"].value_counts(normalize=True).max() < 0.25
    assert set(rows["decision"]) > {"PASS"}


def test_every_table_is_found_by_its_name():
    assert all(callable(TRANSFORMS[name]) for name in TRANSFORMS)
    assert "ml_feature_store" not in TRANSFORMS


def test_the_game_is_final_and_nothing_moves(season, cards):
    """Trap 5: the schedule's score and the box score are not looked at."""
    given = season | {"points_model": cards}
    without = given | {
        "player_game_summary": given["player_game_summary"].iloc[:0],
        "nbac_schedule": given["nbac_schedule"].query("game_status == 1"),
    }
    pd.testing.assert_frame_equal(build(without, [MONDAY]), build(given, [MONDAY]), check_exact=True)
    assert final(100, 90)["game_status"] == 3
