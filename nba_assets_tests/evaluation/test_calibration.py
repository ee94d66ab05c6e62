"""Calibration: by hand, on draws that are calibrated, on draws that are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from nba_assets.evaluation.calibration import by_line_band, calibration, contains, pit, recalibration, reliability
from nba_assets.evaluation.measures import Figure
from nba_assets_tests.evaluation.graded import many

N = 8_000
DATES = pd.date_range("2025-01-01", periods=80)


def drawn(slope: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """p, what happened where the truth is logit⁻¹(slope · logit p), dates."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.3, 0.7, N)
    over = (rng.random(N) < expit(slope * logit(p))).astype(float)
    return p, over, DATES.to_numpy()[np.arange(N) % len(DATES)]


def test_calibrated_draws_have_slope_one_and_an_ece_within_its_noise():
    p, over, dates = drawn(1.0)
    found = calibration(pd.DataFrame({"p": p, "over": over, "game_date": dates}))
    assert contains(found.slope, 1.0) and contains(found.intercept, 0.0)
    assert found.slope.hi - found.slope.lo < 0.4
    assert found.ece < found.ece_noise
    assert (found.n, found.dates) == (N, 80)


def test_overconfident_draws_are_told():
    p, over, dates = drawn(0.4)
    found = calibration(pd.DataFrame({"p": p, "over": over, "game_date": dates}))
    assert found.slope.value == pytest.approx(0.4, abs=0.15)
    assert contains(found.slope, 1.0) is False
    assert found.ece > found.ece_noise


def test_rows_that_share_a_date_do_not_count_as_independent():
    """The same rows once more on the same dates: the interval stays as wide."""
    p, over, dates = drawn(1.0)
    once, _ = recalibration(p, over, dates)
    twice, _ = recalibration(np.tile(p, 2), np.tile(over, 2), np.tile(dates, 2))
    assert twice.hi - twice.lo == pytest.approx(once.hi - once.lo, rel=0.02)


@pytest.mark.parametrize(
    ("p", "over"),
    [
        (np.full(500, 0.5), np.arange(500) % 2),
        (np.linspace(0.4, 0.6, 500), np.ones(500)),
        (np.linspace(0.4, 0.6, 99), np.arange(99) % 2),
    ],
    ids=["one p", "one outcome", "too few"],
)
def test_where_no_slope_can_be_told_there_is_none(p, over):
    slope, intercept = recalibration(p, over.astype(float), DATES.to_numpy()[np.arange(len(p)) % 80])
    assert slope.value is None and intercept.value is None and slope.n == len(p)


def test_nothing_is_nothing():
    found = calibration(pd.DataFrame({"p": [], "over": [], "game_date": pd.to_datetime([])}))
    assert (found.n, found.ece, found.ece_noise, found.slope.value, found.bins) == (0, None, None, None, ())


def test_reliability_bins_by_hand():
    """Twenty rows, two a bin: the first bin has 0.30 and 0.31, of which one went over."""
    p = np.round(np.arange(20) * 0.01 + 0.3, 2)
    bins = reliability(p, np.arange(20) % 2.0)
    assert [each.n for each in bins] == [2] * 10
    assert bins[0].p == pytest.approx(0.305) and bins[0].hit == 0.5
    assert 0.0 <= bins[0].lo <= bins[0].hi <= 1.0


def test_the_band_of_a_bin_holds_what_is_true_and_not_what_is_not():
    p = np.full(4_000, 0.5)
    bins = reliability(p, (np.random.default_rng(2).random(4_000) < 0.5).astype(float))
    assert sum(each.lo <= each.hit <= each.hi for each in bins) >= 8
    wrong = reliability(p, (np.random.default_rng(2).random(4_000) < 0.7).astype(float))
    assert not any(each.lo <= each.hit <= each.hi for each in wrong)


def points(spread: float, seed: int = 3, n: int = 4_000) -> pd.DataFrame:
    """Players with mean 15 and a = 0.1 whose points scatter by a = `spread`."""
    rng = np.random.default_rng(seed)
    size = 1 / spread
    return pd.DataFrame(
        {
            "game_date": DATES.to_numpy()[np.arange(n) % 80],
            "actual": rng.negative_binomial(size, size / (size + 15.0), n).astype(float),
            "points_mean": 15.0,
            "dispersion": 0.1,
            "short_share": 0.0,
        }
    )


def test_the_pit_of_the_true_distribution_is_flat_although_points_are_counts():
    shares = pit(points(0.1))
    assert sum(each.value for each in shares) == pytest.approx(1.0, abs=1e-5)
    assert sum(each.lo <= 0.1 <= each.hi for each in shares) >= 8


def test_a_distribution_that_is_too_narrow_has_a_pit_with_horns():
    shares = pit(points(0.3))
    assert shares[0].lo > 0.1 and shares[-1].lo > 0.1 and shares[4].hi < 0.1


def test_the_pit_of_one_row_lies_between_the_distribution_below_and_at_it():
    """0 points, F(0) = 0.25: all mass evenly on 0 … 0.25, two and a half bins."""
    row = pd.DataFrame(
        {"game_date": DATES[:1], "actual": [0.0], "points_mean": [3.0], "dispersion": [1.0], "short_share": [0.0]}
    )
    assert [each.value for each in pit(row)] == pytest.approx([0.4, 0.4, 0.2, *[0.0] * 7], abs=1e-5)


def test_line_bands_have_their_share_of_overs():
    rows = many(1_000)
    found = by_line_band(rows)
    assert [each.name for each in found] == ["0-8", "8-12", "12-20", "20-25", "25+"]
    assert sum(each.hit.n for each in found) == 1_000
    low = rows[rows["consensus_line"] == 6.5]
    assert found[0].hit.value == pytest.approx(low["over"].mean(), abs=1e-6) and found[0].p == 0.5


def test_an_interval_contains_its_ends():
    assert contains(Figure(1.0, 0.9, 1.0, 5, 5), 1.0) is True
    assert contains(Figure(1.0, None, None, 5, 1), 1.0) is None
