"""Segments: a planted one is found, chance is not, and few bets say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.evaluation.segments import DISCOVERY, banded, q_values, segments
from nba_assets_tests.evaluation.graded import many


def named(found, dimension):
    return {each.name: each for each in found if each.dimension == dimension}


def noisy(n=10_000, seed=1):
    """Rows of a model that differs from the line by noise alone, on twenty teams."""
    rng = np.random.default_rng(seed)
    rows = many(n, dates=60, seed=seed, team=rng.choice([f"T{number:02d}" for number in range(20)], n))
    rows["abs_error"] = np.maximum(rows["line_error"] + rng.normal(0, 1, n), 0)
    rows["line_error"] = rows["line_error"] + (rows["abs_error"] - rows["line_error"]).mean()
    return rows


def test_among_twenty_segments_of_chance_none_is_a_finding():
    for seed in range(3):
        teams = named(segments(noisy(seed=seed)), "team")
        tested = [each.q_mae_diff for each in teams.values() if each.q_mae_diff is not None]
        assert len(tested) >= 10
        assert min(tested) > DISCOVERY


def test_a_segment_in_which_the_model_is_better_is_found():
    rows = noisy()
    better = rows["team"] == "T07"
    rows.loc[better, "abs_error"] = rows.loc[better, "line_error"] - 0.5 + 0.1 * np.sin(np.arange(better.sum()))
    teams = named(segments(rows), "team")
    assert teams["T07"].q_mae_diff < DISCOVERY
    assert teams["T07"].figures["mae_diff"].value == pytest.approx(-0.5, abs=0.05)
    assert [name for name, each in teams.items() if (each.q_mae_diff is not None and each.q_mae_diff < DISCOVERY)] == [
        "T07"
    ]


def betting(n_over, n_under, won):
    """Bets on both sides of which a share `won` is won at +100."""
    n = n_over + n_under
    rows = many(n, decision=["OVER"] * n_over + ["UNDER"] * n_under)
    wins = (np.arange(n) % 100 < 100 * won).astype(float)
    return rows.assign(n_decided=1.0, n_settled=1.0, wins=wins, profit=np.where(wins > 0, 1.0, -1.0)).sample(
        frac=1, random_state=1, ignore_index=True
    )


def test_under_three_hundred_bets_there_is_no_rate_and_no_verdict():
    sides = named(segments(betting(400, 299, 0.8)), "side")
    assert sides["OVER"].verdict == "ahead" and sides["OVER"].figures["roi"].value == pytest.approx(0.6, abs=0.01)
    few = sides["UNDER"]
    assert (few.verdict, few.n_bets, few.q_roi) == ("insufficient", 299, None)
    assert few.figures["roi"].value is few.figures["hit_rate"].value is None


def test_a_losing_segment_is_behind_and_an_even_one_level():
    assert named(segments(betting(400, 0, 0.2)), "side")["OVER"].verdict == "behind"
    assert named(segments(betting(400, 0, 0.5)), "side")["OVER"].verdict == "level"


def test_every_lined_row_is_in_one_segment_of_each_dimension_but_the_side():
    rows = many(500)
    found = segments(rows)
    for dimension in ("median", "line", "minutes to tip", "books", "line source", "injury status", "home", "month"):
        assert sum(each.figures["mae"].n for each in named(found, dimension).values()) == 500, dimension
    assert named(found, "side") == {}
    assert list(named(found, "line")) == ["0 to <8", "8 to <12", "12 to <20", "20 to <25", "25+"]


def test_bands_by_hand():
    values = pd.Series([0.5, 8.0, 24.9, 25.0, None])
    assert banded(values, (0.0, 8.0, 25.0)).tolist()[:4] == ["0 to <8", "8 to <25", "8 to <25", "25+"]
    assert banded(values, (0.0, 8.0, 25.0)).isna().tolist() == [False] * 4 + [True]


def test_q_values_are_benjamini_hochbergs_and_keep_their_places():
    """p = 0.01, 0.02, 0.04 of three: 0.03, 0.03, 0.04."""
    assert q_values([0.04, None, 0.01, 0.02]) == [0.04, None, 0.03, 0.03]
    assert q_values([None]) == [None]
