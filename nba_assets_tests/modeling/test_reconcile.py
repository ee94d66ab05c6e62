"""Players' sums against their team's: who has a line stands, the others give way within bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling.reconcile import reconciled


def players(team_points: float, *men: tuple[float, float, bool], team: str = "BOS") -> pd.DataFrame:
    rows = pd.DataFrame(men, columns=["points_mean", "p_plays", "is_lined"])
    return rows.assign(game_date=pd.Timestamp("2025-01-15"), game_id="1", team=team, team_points=team_points)


def only(rows: pd.DataFrame) -> pd.Series:
    (found,) = [row for _, row in reconciled(rows).iterrows()]
    return found


def test_by_hand() -> None:
    """A star at 30 with a line, two men of 40 who play one time in two: 70. The team has 74: they get a tenth more."""
    row = only(players(74, (30, 1.0, True), (40, 0.5, False), (40, 0.5, False)))

    assert (row["players_points"], row["factor"], row["gap"]) == (70, 1.1, 0)
    assert (row["n_players"], row["n_lined"]) == (3, 1)


@pytest.mark.parametrize(("team_points", "factor", "gap"), [(100, 1.15, 24), (40, 0.85, -24), (70, 1.0, 0)])
def test_the_factor_is_bounded_and_the_rest_is_told(team_points: float, factor: float, gap: float) -> None:
    row = only(players(team_points, (30, 1.0, True), (40, 1.0, False)))

    assert (row["factor"], row["gap"]) == (factor, gap)


@pytest.mark.parametrize("free", [[], [(10.0, 0.0, False)]])
def test_where_nothing_can_be_scaled_the_factor_is_one(free: list[tuple[float, float, bool]]) -> None:
    row = only(players(75, (30, 1.0, True), (40, 1.0, True), *free))

    assert (row["factor"], row["gap"]) == (1, 5)


def test_teams_do_not_see_each_other() -> None:
    both = pd.concat([players(74, (70, 1.0, False)), players(66, (70, 1.0, False), team="NYK")])

    assert reconciled(both)["gap"].tolist() == [0, 0]
    assert reconciled(both).set_index("team")["factor"].round(3).to_dict() == {"BOS": 1.057, "NYK": 0.943}


def test_a_null_is_refused() -> None:
    with pytest.raises(ValueError, match="null"):
        reconciled(players(74, (np.nan, 1.0, False)))
