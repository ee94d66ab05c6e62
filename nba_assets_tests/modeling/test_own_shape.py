"""The shape without a line: found where there is one to find, start values where rows are few."""

from __future__ import annotations

import numpy as np
import pytest

from nba_assets.modeling import own_shape
from nba_assets.modeling.distribution import SHORT_DISPERSION, SHORT_FACTOR, ordinary_mean


def nights(mean: float, a: float, short: float, n: int, seed: int = 1) -> np.ndarray:
    """Points drawn night by night, not from `pmf`: a short night first, then its negative binomial."""
    rng = np.random.default_rng(seed)
    early = rng.random(n) < short
    mu = float(ordinary_mean([mean], short)[0]) * np.where(early, SHORT_FACTOR, 1.0)
    size = 1.0 / np.where(early, SHORT_DISPERSION, a)
    return rng.negative_binomial(size, size / (size + mu)).astype(float)


@pytest.mark.parametrize(("mean", "a", "short"), [(5.0, 0.2, 0.35), (16.0, 0.1, 0.0), (16.0, 0.06, 0.2)])
def test_the_shape_that_made_the_nights_is_found(mean: float, a: float, short: float) -> None:
    points = nights(mean, a, short, 40_000)
    found_a, found_short = own_shape.fit(np.full(len(points), mean), points)
    index = int(own_shape.band([mean])[0])
    steps = list(own_shape.STEPS_A)
    assert abs(steps.index(found_a[index]) - steps.index(a)) <= 1
    assert found_short[index] == pytest.approx(short, abs=0.07)


def test_few_rows_keep_the_start_values_and_bands_do_not_see_each_other() -> None:
    many, few = nights(16.0, 0.1, 0.0, own_shape.LEAST_ROWS), nights(3.0, 0.1, 0.0, own_shape.LEAST_ROWS - 1)
    mean = np.repeat([16.0, 3.0], [len(many), len(few)])
    found = own_shape.fit(mean, np.concatenate([many, few]))
    moved = int(own_shape.band([16.0])[0])
    for said, start in zip(found, (own_shape.START_A, own_shape.START_SHORT), strict=True):
        assert said[:moved] + said[moved + 1 :] == start[:moved] + start[moved + 1 :]
    assert [said[moved] for said in found] == [alone[moved] for alone in own_shape.fit(np.full(len(many), 16.0), many)]


def test_bands_hold_their_lower_end_and_nobody_is_left_out() -> None:
    assert own_shape.band([-1.0, 0.0, 1.99, 2.0, 24.9, 25.0, 60.0, np.nan]).tolist() == [0, 0, 0, 1, 6, 7, 7, 0]
