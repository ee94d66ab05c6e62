"""The negative binomial of points: against SciPy's, its quantiles, scores and the mean that meets a probability."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from nba_assets.modeling import distribution

MEANS = st.floats(0.5, 45)
SPREADS = st.floats(0.02, 0.8)


def scipy_nbinom(mu: float, a: float):
    return nbinom(1 / a, 1 / (1 + a * mu))


@pytest.mark.parametrize(("mu", "a"), [(4.2, 0.42), (15.0, 0.12), (31.5, 0.06)])
def test_probabilities_are_those_of_scipy(mu, a):
    table = distribution.pmf([mu], [a])
    points = np.arange(distribution.SUPPORT)
    assert table[0, :-1] == pytest.approx(scipy_nbinom(mu, a).pmf(points), abs=1e-12)
    assert distribution.cdf(points, np.full(100, mu), a) == pytest.approx(scipy_nbinom(mu, a).cdf(points), abs=1e-12)


def test_every_distribution_adds_up_to_one_and_has_the_mean_and_variance_it_is_named_by():
    table = distribution.pmf([12.0, 25.0], [0.2, 0.06])
    points = np.arange(table.shape[1])
    mean = table @ points
    assert table.sum(axis=1) == pytest.approx([1, 1])
    assert mean == pytest.approx([12, 25], abs=1e-6)
    assert table @ points**2 - mean**2 == pytest.approx([12 + 0.2 * 144, 25 + 0.06 * 625], abs=1e-3)


def test_at_a_half_point_line_there_is_no_push_at_a_whole_one_there_is():
    over, push, under = distribution.line_probabilities(np.full(2, 20.0), np.full(2, 0.1), [20.5, 21.0])
    reference = scipy_nbinom(20.0, 0.1)
    assert over == pytest.approx([reference.sf(20), reference.sf(21)])
    assert push == pytest.approx([0.0, reference.pmf(21)])
    assert under == pytest.approx([reference.cdf(20), reference.cdf(20)])


def test_without_a_line_there_are_no_probabilities():
    assert np.isnan(distribution.line_probabilities([20.0], [0.1], [np.nan])).all()


@given(MEANS, SPREADS)
@settings(max_examples=60, deadline=None)
def test_quantiles_do_not_decrease_and_move_by_little_when_the_mean_does(mu, a):
    levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    table = distribution.cdf_table(distribution.pmf([mu, mu + 1e-6], [a, a]))
    here, there = distribution.quantiles(table, levels)
    assert (np.diff(here) >= 0).all()
    assert there == pytest.approx(here, abs=1e-4)


@given(st.integers(1, 45), SPREADS)
@settings(max_examples=60, deadline=None)
def test_a_fair_half_point_line_is_the_median(whole, a):
    line = np.array([whole + 0.5])
    mu = distribution.mean_for_probability([0.5], line, [a])
    table = distribution.cdf_table(distribution.pmf(mu, [a]))
    assert round(float(distribution.quantiles(table, [0.5])[0, 0]), distribution.DECIMALS) == line[0]


@given(st.floats(0.05, 0.95), st.sampled_from([7.5, 12.0, 20.5, 25.0]))
@settings(max_examples=60, deadline=None)
def test_the_mean_for_a_probability_has_that_probability_given_no_push(p, line):
    a = distribution.START_DISPERSION[distribution.band([line])[0]]
    mu = distribution.mean_for_probability([p], [line], [a])
    over, _, under = distribution.line_probabilities(mu, [a], [line])
    assert over / (over + under) == pytest.approx([p], abs=1e-8)


def test_bands_hold_their_lower_end():
    assert distribution.band([0.5, 7.5, 8.0, 11.5, 19.9, 20.0, 25.0, 60.0, np.nan]).tolist() == [
        0, 0, 1, 1, 2, 3, 4, 4, 0,
    ]  # fmt: skip


def test_crps_by_hand():
    """A coin between 1 and 3 points, and 2 scored: F is 0, .5, .5, 1 against 0, 0, 1, 1."""
    table = np.ones((1, 101))
    table[0, :3] = [0.0, 0.5, 0.5]
    assert distribution.crps(table, [2.0])[0] == pytest.approx(0.25 + 0.25)


def test_crps_of_what_is_not_known_is_null_and_of_a_certain_hit_zero():
    certain = np.ones((2, 101))
    certain[:, :7] = 0.0
    scores = distribution.crps(certain, [7.0, np.nan])
    assert scores[0] == 0.0
    assert np.isnan(scores[1])


def test_pinball_of_the_median_is_half_the_absolute_error():
    table = distribution.cdf_table(distribution.pmf([20.0], [0.1]))
    median = distribution.quantiles(table, [0.5])[0, 0]
    assert distribution.pinball(table, [30.0], [0.5])[0] == pytest.approx((30 - median) / 2)
    assert distribution.pinball(table, [10.0], [0.5])[0] == pytest.approx((median - 10) / 2)


def test_dispersion_is_fitted_by_moments_and_shrunk_to_its_prior():
    rng = np.random.default_rng(3)
    mu = np.full(200_000, 15.0)
    actual = rng.negative_binomial(1 / 0.2, 1 / (1 + 0.2 * 15), len(mu)).astype(float)
    assert distribution.fit_dispersion(actual, mu, prior=0.1) == pytest.approx(0.2, abs=0.01)
    assert distribution.fit_dispersion(actual[:0], mu[:0], prior=0.1) == 0.1
    few = distribution.fit_dispersion(actual[:10], mu[:10], prior=0.1)
    assert abs(few - 0.1) < 0.03


def test_log_loss_of_an_even_chance_is_the_logarithm_of_two():
    assert distribution.log_losses(np.array([0.5, 0.9, 0.9]), [1, 1, 0]) == pytest.approx(
        [np.log(2), -np.log(0.9), -np.log(0.1)]
    )
