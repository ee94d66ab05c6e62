"""Whole numbers and shares that add up."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.simulator.draws import Purpose, generator, proportional, spread, whole

WEIGHTS = st.lists(st.floats(0.1, 50), min_size=7, max_size=15)


def test_largest_remainders_by_hand() -> None:
    assert whole(np.array([1.6, 1.3, 1.1]), 4).tolist() == [2, 1, 1]
    assert whole(np.array([-1.6, 0.6, 2.0]), 1).tolist() == [-2, 1, 2]


def test_what_a_cap_cuts_off_goes_to_the_others_alike() -> None:
    assert proportional(np.array([6.0, 2.0, 2.0]), 10.0, 4.0).tolist() == [4.0, 3.0, 3.0]


@settings(max_examples=200, deadline=None)
@given(WEIGHTS, st.integers(1, 3000))
def test_shares_are_whole_capped_and_add_up(weights: list[float], length: int) -> None:
    shares = proportional(np.array(weights), 5.0 * length, float(length))
    numbers = whole(shares, 5 * length)
    assert shares.sum() == pytest.approx(5 * length)
    assert numbers.sum() == 5 * length
    assert numbers.max() <= length
    assert numbers.min() >= 0


def test_events_are_dealt_out_completely_and_only_to_those_with_weight() -> None:
    dealt = spread(generator(1, Purpose.GAMES), 1000, np.array([0.0, 1.0, 3.0]))
    assert dealt.sum() == 1000
    assert dealt[0] == 0
    assert dealt[2] == pytest.approx(750, abs=60)


def test_streams_differ_by_seed_purpose_and_date() -> None:
    day = dt.date(2025, 11, 1)
    streams = [
        generator(1, Purpose.GAMES, day),
        generator(2, Purpose.GAMES, day),
        generator(1, Purpose.MARKET, day),
        generator(1, Purpose.GAMES, day + dt.timedelta(days=1)),
    ]
    assert len({float(stream.random()) for stream in streams}) == len(streams)
    assert float(generator(1, Purpose.GAMES, day).random()) == float(generator(1, Purpose.GAMES, day).random())
