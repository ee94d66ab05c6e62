"""From probabilities and prices to a decision."""

from __future__ import annotations

import numpy as np
import pytest

from nba_assets.contracts.nba_predictions.player_points_predictions import PASS_REASONS
from nba_assets.modeling import decision
from nba_assets.modeling.decision import Thresholds

NONE: dict[str, np.ndarray] = {}


def decide(ev_over, ev_under, p=0.6, market=0.5, flags=NONE, low=0.0):
    numbers = (np.array([float(x)]) for x in (ev_over, ev_under, low, p, market))
    made = decision.decide(*numbers, flags, Thresholds())
    return made["decision"].iloc[0], made["reasons"].iloc[0]


def test_american_prices_as_decimals():
    assert decision.decimal_price([-110, 100, 150, -200, np.nan]) == pytest.approx(
        [1 + 100 / 110, 2.0, 2.5, 1.5, np.nan], nan_ok=True
    )


def test_expected_value_by_hand():
    """P(over) .55 at -110: .55 x .909 - .45 = +.05; the under at +100: .45 - .55 = -.10."""
    over, under = decision.expected_values(np.array([0.55]), np.array([0.45]), [-110], [100])
    assert over[0] == pytest.approx(0.05)
    assert under[0] == pytest.approx(-0.10)


def test_a_push_returns_the_stake():
    """With 10 % pushes only 50 % wins and 40 % losses count."""
    over, _ = decision.expected_values(np.array([0.5]), np.array([0.4]), [100], [100])
    assert over[0] == pytest.approx(0.1)


def test_the_side_with_the_larger_value_is_bet():
    assert decide(0.05, -0.2) == ("OVER", [])
    assert decide(-0.2, 0.05, p=0.4) == ("UNDER", [])


def test_too_little_value_or_too_near_the_market_is_a_pass():
    assert decide(0.029, -0.2) == ("PASS", ["ev_small"])
    assert decide(0.05, -0.2, p=0.515) == ("PASS", ["edge_small"])
    assert decide(0.03, -0.2, p=0.52) == ("OVER", [])
    assert decide(0.05, -0.2, low=-0.001) == ("PASS", ["ev_uncertain"])


def test_the_interval_is_that_of_the_better_side():
    one = np.array([0.05, -0.1, np.nan]), np.array([-0.1, 0.02, np.nan])
    low = np.array([0.01, -0.05, np.nan]), np.array([-0.06, -0.03, np.nan])
    least, most = decision.ev_interval(*one, [one, low])
    assert least.tolist()[:2] == [0.01, -0.03]
    assert most.tolist()[:2] == [0.05, 0.02]
    assert np.isnan([least[2], most[2]]).all()


def test_any_reason_is_a_pass_and_reasons_keep_the_order_of_the_contract():
    flags = {name: np.array([True]) for name in ("gate_failed", "few_books", "questionable")}
    assert decide(0.001, -0.2, p=0.501, flags=flags) == (
        "PASS",
        ["few_books", "questionable", "gate_failed", "ev_small", "edge_small"],
    )
    everything = {name: np.array([True]) for name in reversed(PASS_REASONS)}
    small = [name for name in PASS_REASONS if name != "ev_uncertain"]
    assert decide(0.0, 0.0, p=0.5, flags=everything)[1] == small


def test_without_a_price_nothing_is_bet_and_there_is_a_reason():
    assert decide(np.nan, np.nan, p=np.nan, market=np.nan) == ("PASS", ["no_line"])
    assert decide(np.nan, np.nan, flags={"pickem_price": np.array([True])}) == ("PASS", ["pickem_price"])


def test_a_reason_that_the_contract_does_not_know_is_refused():
    with pytest.raises(ValueError, match="bad_mood"):
        decide(0.05, -0.2, flags={"bad_mood": np.array([True])})


def test_shrinking_goes_from_the_market_to_the_model():
    raw, market = np.array([0.7, 0.7]), np.array([0.5, np.nan])
    assert decision.shrink(raw, market, 0.0).tolist() == [0.5, 0.7]
    assert decision.shrink(raw, market, 1.0) == pytest.approx([0.7, 0.7])
    half = decision.shrink(raw, market, 0.5)[0]
    assert np.log(half / (1 - half)) == pytest.approx(np.log(0.7 / 0.3) / 2)
