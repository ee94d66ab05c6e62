"""The published distribution: the negative binomial of mean and dispersion, rounded so that it still adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from nba_assets.publishing import distribution
from nba_assets.publishing.distribution import RUNGS, TOP, Distribution


def distributions(mean: list[float], dispersion: list[float]) -> list[Distribution]:
    return distribution.distributions(pd.DataFrame({"points_mean": mean, "dispersion": dispersion, "short_share": 0.0}))


MEANS, DISPERSIONS = st.floats(0.1, 50), st.floats(0.01, 1.0)


def test_a_geometric_distribution_by_hand() -> None:
    """Mean 1 and dispersion 1: variance 2, n = 1, p = 1/2, so P(k) = 1/2, 1/4, 1/8 …"""
    [found] = distributions([1.0], [1.0])
    assert found.points_pmf is not None
    assert found.points_pmf[:4] == [0.5, 0.25, 0.125, 0.0625]
    assert found.ladder[0] == {"k": 5, "p": 0.0312}


@settings(max_examples=60, deadline=None)
@given(MEANS, DISPERSIONS)
def test_it_is_the_negative_binomial_and_adds_up_to_one(mean: float, dispersion: float) -> None:
    [found] = distributions([mean], [dispersion])
    assert found.points_pmf is not None
    n = 1 / dispersion
    exact = nbinom.pmf(np.arange(TOP), n, n / (n + mean))
    assert np.abs(np.asarray(found.points_pmf[:TOP]) - exact).max() <= 1.01e-4
    assert min(found.points_pmf) >= 0
    assert sum(found.points_pmf) == pytest.approx(1, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(MEANS, DISPERSIONS)
def test_every_rung_is_the_tail_of_the_probabilities(mean: float, dispersion: float) -> None:
    [found] = distributions([mean], [dispersion])
    assert found.points_pmf is not None
    assert [rung["k"] for rung in found.ladder] == list(RUNGS)
    for rung in found.ladder:
        assert rung["p"] == pytest.approx(sum(found.points_pmf[rung["k"] :]), abs=1e-9)


def test_a_row_without_parameters_has_no_distribution() -> None:
    known, *unknown = distributions([20.0, np.nan, 20.0, 20.0], [0.1, 0.1, np.nan, 0.0])
    assert known.points_pmf is not None
    assert [(row.points_pmf, row.ladder) for row in unknown] == [(None, [])] * 3
