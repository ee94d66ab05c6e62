"""The model that believes the market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import market_baseline
from nba_assets.modeling.forecast import Model, forecast, scores
from nba_assets.modeling.market_baseline import Bands

NULL = float("nan")


def rows(**columns):
    plain = {
        "consensus_line": [20.5],
        "line_value": [20.5],
        "market_p_over": [NULL],
        "game_date": [pd.Timestamp("2024-11-01")],
        "game_id": ["0022400001"],
        "own_points": [15.8],
        "own_minutes": [31.0],
    }
    return pd.DataFrame(plain | columns)


def test_the_mean_is_the_line_and_the_bias_of_its_band():
    bands = Bands(bias=(0.5, 0.4, 0.3, -0.2, 0.1))
    assert market_baseline.means(rows(consensus_line=[20.5]), bands) == pytest.approx([20.3])
    assert market_baseline.means(rows(consensus_line=[7.5]), bands) == pytest.approx([8.0])


def test_without_a_line_the_mean_is_what_the_stages_say_and_the_bias_of_its_band():
    bands = Bands(bias_no_line=(0.0, 0.0, -0.3, 0.0, 0.0))
    assert market_baseline.means(rows(consensus_line=[NULL]), bands) == pytest.approx([15.5])


def test_what_is_said_without_the_line_does_not_look_at_where_it_is():
    one, other = (forecast(rows(consensus_line=[line], line_value=[line]), Model()) for line in (20.5, 9.5))
    for name in ("own_mean", "own_q50"):
        assert one[name].tolist() == other[name].tolist()
    without = forecast(rows(consensus_line=[NULL], line_value=[NULL]), Model())
    assert without["points_mean"].tolist() == without["own_mean"].tolist()


def test_men_with_and_without_a_line_have_bands_of_their_own():
    bands = Bands(bias_no_line=(0.0, 0.0, -0.3, 0.0, 0.0), bias_own=(0.0, 0.0, 0.2, 0.0, 0.0))
    assert market_baseline.own_means(rows(), bands) == pytest.approx([16.0])
    assert market_baseline.own_means(rows(consensus_line=[NULL]), bands) == pytest.approx([15.5])


def test_minutes_have_a_mean_between_their_quantiles_and_within_a_game():
    mean, low, high = market_baseline.minutes(rows())
    assert mean == pytest.approx([31])
    assert 0 <= low[0] < mean[0] < high[0] <= 65


def test_bias_and_dispersion_are_fitted_and_shrunk_to_their_start():
    rng = np.random.default_rng(5)
    many = 20_000
    data = pd.concat([rows()] * many, ignore_index=True)
    data["actual"] = rng.negative_binomial(10, 10 / (10 + 21.5), many).astype(float)
    bands = market_baseline.fit(data)
    assert bands.bias[3] == pytest.approx(1.0, abs=0.1)
    assert bands.dispersion[3] == pytest.approx(0.1, abs=0.01)
    assert bands.bias[0] == market_baseline.START_BIAS[0]
    assert market_baseline.fit(data.iloc[:0]) == Bands()


def test_at_weight_zero_the_forecast_says_what_the_market_says():
    """An even market at 20.5: P(over) is one half and the median the line itself, whatever the bias."""
    said = forecast(rows(market_p_over=[0.5]), Model()).iloc[0]
    assert said["p_over"] == 0.5
    assert said["points_q50"] == 20.5
    assert said["p_over_raw"] != 0.5


def test_a_priced_whole_line_keeps_the_markets_probability_given_no_push():
    said = forecast(rows(line_value=[20.0], market_p_over=[0.52]), Model()).iloc[0]
    assert said["p_push"] > 0
    assert said["p_over"] / (said["p_over"] + said["p_under"]) == pytest.approx(0.52, abs=1e-5)
    assert said["p_over"] + said["p_push"] + said["p_under"] == pytest.approx(1, abs=1e-9)


def test_a_row_is_forecast_alike_alone_and_among_others():
    many = pd.concat([rows(consensus_line=[x + 0.5], line_value=[x + 0.5]) for x in range(3, 40)], ignore_index=True)
    together = forecast(many, Model())
    alone = pd.concat([forecast(many.iloc[[i]], Model()) for i in range(len(many))], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


def test_coverage_counts_whole_points_from_q10_to_q90():
    a, mu = np.array([0.1, 0.1]), np.array([20.0, 20.0])
    found = scores(mu, a, np.array([20.0, 60.0]))
    assert found["covered"].tolist() == [1.0, 0.0]
    assert 0.8 < found["coverage_expected"].iloc[0] < 0.87


def test_a_model_survives_its_card():
    model = Model("residual_lgbm", dispersion=(0.4, 0.2, 0.1, 0.07, 0.05), feature_names=("home_away",))
    card = {"family": model.family, "dispersion": model.dispersion_json(), "artifact": None, "params": "{}"}
    assert Model.of_row(card | {"feature_names": ["home_away"], "market_weight": 0.0}) == model
