"""Players' expected points against their team's: whose presence is guessed gives way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_assets.modeling.reconcile import expected_points

NULL = float("nan")


def players(team_points: float, *men: tuple[float, float], team: str = "BOS") -> pd.DataFrame:
    """Men as (points_mean, p_play)."""
    rows = pd.DataFrame(men, columns=["points_mean", "p_play"], dtype=float)
    return rows.assign(game_date=pd.Timestamp("2025-01-15"), game_id="1", team=team, team_points=team_points)


def test_by_hand() -> None:
    """30 for sure, two men of 20 who play one time in two: 50. The team has 54: each of the two gets half of the 4."""
    assert expected_points(players(54, (30, 1.0), (20, 0.5), (20, 0.5))).tolist() == [30, 12, 12]


def test_shares_are_in_proportion_to_the_variance_of_presence() -> None:
    """100 * 0.25 = 25 against 400 * 0.25 = 100."""
    assert expected_points(players(20, (10, 0.5), (20, 0.5))).tolist() == [6, 14]


@pytest.mark.parametrize(("team_points", "expected"), [(90, [30, 20, 20]), (10, [30, 0, 0])])
def test_nobody_has_less_than_nothing_or_more_than_if_he_plays(team_points: float, expected: list[float]) -> None:
    assert expected_points(players(team_points, (30, 1.0), (20, 0.5), (20, 0.5))).tolist() == expected


def test_what_one_cannot_take_goes_to_the_others() -> None:
    """A gap of 11: the first, 2 points short of his mean, takes 2, the second the rest."""
    found = expected_points(players(39, (20, 0.9), (20, 0.5)))
    assert found.tolist() == [20, 19]


def test_without_a_teams_points_there_is_nothing_to_agree_with() -> None:
    assert expected_points(players(NULL, (30, 0.9), (20, 0.5))).tolist() == [27, 10]
    assert expected_points(players(NULL).iloc[:0]).tolist() == []


def test_teams_do_not_see_each_other() -> None:
    both = pd.concat([players(12, (20, 0.5)), players(8, (20, 0.5), team="NYK")], ignore_index=True)
    assert expected_points(both).tolist() == [12, 8]


@given(
    men=st.lists(st.tuples(st.floats(0.1, 35), st.floats(0.01, 0.99)), min_size=2, max_size=20),
    share=st.floats(0.05, 0.95),
)
def test_they_add_up_where_they_can(men: list[tuple[float, float]], share: float) -> None:
    rows = players(share * sum(mean for mean, _ in men), *men)
    found = expected_points(rows)
    assert (found >= 0).all()
    assert (found <= rows["points_mean"].to_numpy() + 1e-6).all()
    before = float(np.abs(rows["team_points"].iloc[0] - (rows["points_mean"] * rows["p_play"]).sum()))
    assert abs(found.sum() - rows["team_points"].iloc[0]) <= before + 1e-5
