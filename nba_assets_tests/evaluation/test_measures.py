"""Figures by hand, their intervals, and that they are the platform's own on the same rows."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from nba_assets.evaluation.judged import judged, settled
from nba_assets.evaluation.measures import BY_NAME, Measure, figures
from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.resampling import intervals
from nba_assets_tests.evaluation.graded import graded, many
from nba_assets_tests.modeling.rows import TIP, prop, props


def values(rows: pd.DataFrame) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures(rows, [np.arange(len(rows))])[0].items()}


def test_model_and_line_on_the_rows_that_have_both():
    """Medians 20.4 and 18, lines 20.5 and 20, actual 24 and 15; no line, no play: not counted."""
    rows = graded(
        {"points": 24, "points_q50": 20.4},
        {"points": 15, "points_q50": 18.0, "line_value": 20.5, "consensus_line": 20.0},
        {"points": 30, "line_value": None, "consensus_line": None, "decision": "PASS", "points_q50": 20.0},
        {"points": None},
    )
    said = figures(rows, [np.arange(4)])[0]
    assert said["mae"].value == pytest.approx((3.6 + 3.0) / 2)
    assert said["line_mae"].value == pytest.approx((3.5 + 5.0) / 2)
    assert said["mae_diff"].value == pytest.approx(3.3 - 4.25)
    assert (said["mae"].n, said["mae"].dates) == (2, 1)
    assert said["bias"].value == pytest.approx((3.0 - 6.0) / 2)
    assert (said["unlined_mae"].value, said["unlined_mae"].n) == (10.0, 1)


def test_log_loss_is_of_rows_with_both_prices_and_no_push():
    rows = graded(
        {"points": 24, "p_over": 0.6, "p_under": 0.4, "market_p_over": 0.5},
        {"points": 24, "market_p_over": None, "decision": "PASS"},
        {"points": 20, "line_value": 20.0, "consensus_line": 20.0, "p_over": 0.5, "p_push": 0.1, "p_under": 0.4},
    )
    said = figures(rows, [np.arange(3)])[0]
    assert said["log_loss"].n == 1
    assert said["log_loss"].value == pytest.approx(-math.log(0.6), abs=1e-6)
    assert said["log_loss_diff"].value == pytest.approx(math.log(0.5) - math.log(0.6), abs=1e-6)
    assert said["brier_diff"].value == pytest.approx(0.16 - 0.25)
    assert rows["n_two_sided"].sum() == 2
    assert said["mae"].n == 3


def test_bets_at_the_best_and_at_the_median_price():
    """OVER at +100 won, UNDER at −110 lost, a push. Median book: 0.5 · 1.06 implied, so d = 1.887."""
    price = {"hold": 0.06, "market_p_over": 0.5, "over_price": 100}
    rows = graded(
        {"points": 24, **price},
        {"points": 24, "decision": "UNDER", **price},
        {"points": 20, "line_value": 20.0, "consensus_line": 20.0, **price},
        {"points": 10, "decision": "PASS", "reasons": ["ev_small"], **price},
    )
    said = figures(rows, [np.arange(4)])[0]
    assert (said["hit_rate"].value, said["hit_rate"].n) == (0.5, 2)
    assert (said["roi"].value, said["roi"].n) == (0.0, 3)
    assert said["roi_median_book"].value == pytest.approx((1 / 0.53 - 1 - 1) / 3, abs=1e-6)


def test_without_the_line_is_null_where_the_model_has_no_such_median():
    rows = graded({"points": 24}, {"points": 15})
    said = figures(rows, [np.arange(2)])[0]["mae_no_line"]
    assert (said.value, said.lo, said.hi, said.n) == (None, None, None, 0)


def test_without_the_line_is_judged_on_lined_rows_that_have_such_a_median():
    """The line 20.5 misses 24 by 3.5, the own median 22 by 2."""
    rows = graded(
        {"points": 24, "own_q50": 22.0},
        {"points": 15},
        {"points": 30, "own_q50": 10.0, "line_value": None, "consensus_line": None, "decision": "PASS"},
    )
    said = figures(rows, [np.arange(3)])[0]
    assert (said["mae_no_line"].value, said["mae_no_line"].n) == (2.0, 1)
    assert said["mae_no_line_diff"].value == -1.5


def test_no_row_is_no_number():
    said = figures(many(5), [np.arange(0)], [BY_NAME["mae"], BY_NAME["crps_ratio"]])[0]
    assert {(f.value, f.lo, f.hi, f.n, f.dates) for f in said.values()} == {(None, None, None, 0, 0)}


def test_a_difference_is_paired_and_its_interval_resamples_dates():
    """Every date's difference is the same: no noise, whatever the errors are."""
    rows = many(400)
    rows["abs_error"] = rows["line_error"] - 0.5
    said = figures(rows, [np.arange(400)], [BY_NAME["mae"], BY_NAME["mae_diff"]])[0]
    assert said["mae_diff"].value == said["mae_diff"].lo == said["mae_diff"].hi == -0.5
    assert said["mae"].lo < said["mae"].value < said["mae"].hi


def test_a_group_has_the_figures_that_it_has_alone():
    rows = many(300)
    groups = [np.arange(300), np.arange(40, 160), np.arange(7)]
    together = figures(rows, groups, [BY_NAME["mae"], BY_NAME["crps_ratio"]])
    alone = [figures(rows, [group], [BY_NAME["mae"], BY_NAME["crps_ratio"]])[0] for group in groups]
    assert together == alone


def test_intervals_are_those_of_the_track_record():
    rows = pd.DataFrame({"game_date": pd.date_range("2025-01-01", periods=6), "top": [1.0, 2, 3, 4, 5, 6], "n": 2.0})
    said = figures(rows, [np.arange(6)], [Measure("x", "top", "n", "", "")])[0]["x"]
    low, high = intervals(np.arange(1, 7) * 1_000_000, np.full(6, 2_000_000), np.asarray([0]), np.asarray([6]))
    assert (said.lo, said.hi) == (round(float(low[0]), 6), round(float(high[0]), 6))


def test_the_figures_are_those_of_model_performance_daily(league_inputs, forward, found):
    """The last date's season window of whichever model served, on the same rows."""
    last = found.rows["game_date"].max()
    tables = {
        **league_inputs,
        "player_points_predictions": forward.predictions,
        "prediction_grades": forward.grades,
    }
    record = TRANSFORMS["model_performance_daily"](tables, [last])
    row = record[
        (record["model_version"] == "serving_points") & (record["window"] == "season") & (record["segment"] == "all")
    ].iloc[0]
    rows = judged(settled(forward))
    rows = rows[rows["is_official"]].reset_index(drop=True)
    said = figures(rows, [np.arange(len(rows))])[0]
    for name in ("mae", "line_mae", "mae_diff", "bias", "market_log_loss", "log_loss", "brier", "crps", "market_crps"):
        assert said[name].value == pytest.approx(row[name], abs=1e-6), name
    for name in ("mae_diff", "roi", "hit_rate"):
        ends = [None if pd.isna(row[f"{name}{end}"]) else row[f"{name}{end}"] for end in ("_lo", "_hi")]
        assert [said[name].lo, said[name].hi] == pytest.approx(ends, abs=1e-6), name
    assert said["mae"].n == row["n_lined"]


def test_closing_line_value_is_of_the_bets_that_have_a_close():
    """Bet OVER 20.5; both books' last word, ten minutes before the tip, is 22.5 and 20.5."""
    books = ("draftkings", "fanduel")
    early = [prop(player_id=player, book=book) for player in ("1", "2") for book in books]
    late = [
        prop(player_id=player, book=book, captured_at=TIP - pd.Timedelta(minutes=10), line=line)
        for player, line in (("1", 22.5), ("2", 20.5))
        for book in books
    ]
    rows = graded({"points": 24}, {"points": 10}, {"points": 24}, lines=props(*early, *late))
    said = figures(rows, [np.arange(3)])[0]
    assert (said["clv"].value, said["clv"].n) == (1.0, 2)
    assert said["clv_p"].n == 1
    without = graded({"points": 24}, {"points": 10}, lines=props(*early))
    assert figures(without, [np.arange(2)])[0]["clv"].n == 0
