"""The backtest on 1 to 15 November 2024: its rows are the platform's own, and nothing is too good to be true."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.engine.platform import Platform
from nba_assets.evaluation.backtest import Backtest, backtest, facts
from nba_assets.evaluation.reading import read
from nba_assets.evaluation.walk_forward import days_needed, walk_forward
from nba_assets_tests.real.conftest import END, START


@pytest.fixture(scope="module")
def found(real: Platform) -> Backtest:
    return backtest(real.warehouse, START, END)


def test_the_lined_rows_and_the_line_are_those_of_the_table_of_grades(found: Backtest, real: Platform) -> None:
    """Pick'em lines: no probability of a market, no bet, one capture a date and so no close."""
    said = facts(found)
    assert (said["data_origin"], said["n_lined"], said["n_void"], said["n_dates"]) == ("real", 1168, 30, 14)
    assert (said["n_two_sided"], said["n_bets"], said["n_clv"]) == (0, 0, 0)
    grades = real.warehouse.read("prediction_grades")
    lined = grades[grades["outcome"].isin(["over", "under", "push"]) & grades["is_official"]]
    assert said["line_mae"] == pytest.approx(lined["line_abs_error"].mean(), abs=1e-6)
    assert said["mae"] == pytest.approx(lined["model_abs_error"].mean(), abs=1e-6)
    assert 4.9 < said["line_mae"] < 5.6


def test_its_rows_are_the_platforms_own_byte_for_byte(real: Platform) -> None:
    forward = walk_forward(read(real.warehouse, days_needed(START, END, 7)), START, END)
    stored = real.warehouse.read("player_points_predictions", dates=(START, END))
    backfill = stored[stored["run_kind"] == "backfill"].reset_index(drop=True)
    pd.testing.assert_frame_equal(forward.predictions, backfill, check_exact=True)
    grades = real.warehouse.read("prediction_grades", dates=(START, END))
    points = grades[grades["target"] == "points"].reset_index(drop=True)
    pd.testing.assert_frame_equal(forward.grades, points, check_exact=True)


def test_no_result_is_too_good_to_be_true(found: Backtest) -> None:
    """A leak alarm fails the build here as it does in the command."""
    assert found.raised == []
    assert found.verdict != "leak"
