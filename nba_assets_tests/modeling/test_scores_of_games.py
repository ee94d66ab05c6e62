"""Winner, margin and total are of one distribution of the two scores."""

from __future__ import annotations

import numpy as np
import pytest

from nba_assets.modeling.scores_of_games import Scores


def scores(margin: float = 6.0, total: float = 220.0) -> Scores:
    one = np.ones(1)
    return Scores.of(margin * one, total * one, 12.0 * one, 18.0 * one)


def test_by_hand() -> None:
    found = scores()

    assert (found.home[0], found.away[0]) == (113, 107)
    assert found.home_wins()[0] == pytest.approx(0.6914624612740131)
    assert found.margin_quantiles([0.5, 0.9])[0] == pytest.approx([6, 6 + 12 * 1.2815515655446004])
    assert found.total_quantiles([0.1])[0] == pytest.approx([220 - 18 * 1.2815515655446004])


def test_drawn_scores_have_its_margin_total_and_winner() -> None:
    found = scores()
    variance, covariance = (value[0] for value in found.covariance)
    matrix = [[variance, covariance], [covariance, variance]]
    drawn = np.random.default_rng(1).multivariate_normal([found.home[0], found.away[0]], matrix, 200_000)
    margin, total = drawn[:, 0] - drawn[:, 1], drawn.sum(axis=1)

    assert (margin.std(), total.std()) == (pytest.approx(12, rel=0.01), pytest.approx(18, rel=0.01))
    assert (margin > 0).mean() == pytest.approx(found.home_wins()[0], abs=0.005)
    assert np.quantile(margin, 0.9) == pytest.approx(found.margin_quantiles([0.9])[0, 0], abs=0.2)


def test_means_stay_in_bounds() -> None:
    wild = scores(margin=-400, total=1_000)

    assert (wild.margin[0], wild.total[0], wild.home[0], wild.away[0]) == (-60, 340, 140, 200)
