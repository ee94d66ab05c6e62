"""The line, moved a share of the way to the own median."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import blend, distribution
from nba_assets.modeling.distribution import SHORT_SHARE
from nba_assets.modeling.forecast import Model, forecast
from nba_assets.modeling.market_baseline import Bands

NULL = float("nan")


def rows(n=1, **columns):
    plain = {
        "game_date": pd.Timestamp("2024-11-01"),
        "game_id": "0022400001",
        "consensus_line": 20.5,
        "line_value": 20.5,
        "market_p_over": NULL,
        "own_points": 16.0,
        "own_minutes": 31.0,
        "stages_hash": "",
    }
    return pd.DataFrame({name: np.broadcast_to(value, n) for name, value in (plain | columns).items()})


def model(weight):
    return Model("stages_blend", Bands(), (0.3, 0.16, 0.09, 0.05, 0.045), short=SHORT_SHARE, market_weight=weight)


def test_at_zero_the_median_is_the_line_and_at_one_the_own_median():
    zero, half, one = (forecast(rows(), model(weight)).iloc[0] for weight in (0.0, 0.5, 1.0))
    assert zero["points_q50"] == pytest.approx(20.5, abs=0.02)
    assert one["points_q50"] == pytest.approx(one["own_q50"], abs=0.02)
    assert half["points_q50"] == pytest.approx((20.5 + half["own_q50"]) / 2, abs=0.02)


def test_at_zero_a_priced_line_keeps_the_markets_probability():
    said = forecast(rows(market_p_over=0.54), model(0.0)).iloc[0]
    assert said["p_over"] == pytest.approx(0.54, abs=0.002)
    assert said["points_q50"] > 20.5


def test_the_probability_moves_with_the_median():
    zero, half = (forecast(rows(market_p_over=0.5), model(weight)).iloc[0] for weight in (0.0, 0.5))
    assert half["own_q50"] < 20.5
    assert half["p_over"] < zero["p_over"]


def test_without_a_line_it_says_what_the_stages_say():
    said = forecast(rows(consensus_line=NULL, line_value=NULL), model(0.3)).iloc[0]
    assert said["points_mean"] == said["own_mean"] == 16.0
    assert np.isnan(said["p_over"])


def test_a_row_is_said_alike_alone_and_among_others():
    many = pd.concat([rows(consensus_line=x + 0.5, line_value=x + 0.5) for x in range(3, 30)], ignore_index=True)
    together = forecast(many, model(0.2))
    alone = pd.concat([forecast(many.iloc[[i]], model(0.2)) for i in range(len(many))], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


@pytest.mark.parametrize(("knows", "low", "high"), [(True, 0.4, 0.5), (False, 0.0, 0.1)])
def test_the_weight_is_large_where_the_stages_know_and_small_where_they_do_not(knows, low, high):
    rng = np.random.default_rng(2)
    n = 3_000
    truth = rng.uniform(8, 28, n)
    line = np.floor(truth + rng.normal(0, 4, n)).clip(4) + 0.5
    own = truth if knows else (line + rng.normal(0, 6, n)).clip(1)
    actual = rng.negative_binomial(10, 10 / (10 + truth)).astype(float)
    data = rows(n, consensus_line=line, line_value=line, own_points=own).assign(actual=actual)
    fitted = blend.fit(data, Bands())
    assert low <= fitted.market_weight <= high
    assert fitted.weight_ends is not None
    assert fitted.weight_ends[0] <= fitted.market_weight <= fitted.weight_ends[1]


@pytest.mark.parametrize(("dates", "known"), [(3, False), (60, True)])
def test_the_weights_interval_is_of_dates_and_narrows_with_them(dates, known):
    """On even dates the line is right, on odd ones the stages are by far: three dates leave all open."""
    days = pd.date_range("2024-11-01", periods=dates)
    odd = np.arange(dates) % 2 == 1
    data = rows(dates, own_points=26.0).assign(game_date=days, actual=np.where(odd, 30.0, 20.0))
    low, high = blend.fit(data, Bands()).weight_ends
    assert (high - low < 0.5) == known


def test_what_the_interval_leaves_open_is_said_at_both_ends():
    said = forecast(rows(market_p_over=0.5), replace(model(0.2), weight_ends=(0.0, 0.5))).iloc[0]
    assert said["p_over_low"] == pytest.approx(0.5, abs=0.002)
    assert said["p_over_high"] == forecast(rows(market_p_over=0.5), model(0.5)).iloc[0]["p_over"]
    certain = forecast(rows(market_p_over=0.5), model(0.2)).iloc[0]
    assert certain["p_over_low"] == certain["p_over_high"] == certain["p_over"]


def test_short_nights_are_a_mixture_with_the_mean_of_both():
    mu, a, share = np.array([20.0]), np.array([0.06]), SHORT_SHARE
    table = distribution.pmf(mu, a, share)
    points = np.arange(table.shape[1])
    assert table.sum() == pytest.approx(1.0)
    assert (table[0] * points).sum() == pytest.approx(20.0, abs=1e-6)
    plain = distribution.pmf(mu, a)
    assert table[0, :6].sum() > 2 * plain[0, :6].sum()
    assert distribution.cdf(np.array([12.0]), mu, a, share)[0] == pytest.approx(table[0, :13].sum())


def test_the_mean_for_a_median_gives_the_median():
    for goal in (5.5, 14.25, 31.0):
        mean = distribution.mean_for_median([goal], [0.1], [SHORT_SHARE])
        table = distribution.cdf_table(distribution.pmf(mean, [0.1], SHORT_SHARE))
        assert distribution.quantiles(table, [0.5])[0, 0] == pytest.approx(goal, abs=0.02)
    assert np.isnan(distribution.mean_for_median([NULL], [0.1]))
