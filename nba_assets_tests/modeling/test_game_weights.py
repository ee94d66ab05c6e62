"""Every season's weights are of the seasons before it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling.game_features import MARGIN, TOTAL
from nba_assets.modeling.game_weights import FILE, as_table, fitted, of_season


def rows(season: int, n: int = 600) -> pd.DataFrame:
    """Games whose margin is twice their plus-minus and a point for the rest, whose total is the league's and one."""
    rng = np.random.default_rng(season)
    found = pd.DataFrame({name: rng.normal(0, 2, n) for name in (*MARGIN, *TOTAL)})
    found = found.assign(season=season, has_players=True, league_total=220.0, strength=0.0)
    found["margin"] = found["plus_minus"] + found[list(MARGIN)].sum(axis=1)
    found["total"] = 220.0 + found[list(TOTAL)].sum(axis=1)
    return found


def test_what_made_the_scores_is_found() -> None:
    weights = fitted(2019, rows(2018))

    assert weights.margin == (2, 1, 1, 1, 1, 1, 1)
    assert (weights.total, weights.sd_margin, weights.sd_total) == ((1, 1, 1), 0, 0)
    assert weights.margins(rows(2019)) == pytest.approx(rows(2019)["margin"])
    assert weights.totals(rows(2019)) == pytest.approx(rows(2019)["total"])


def test_without_players_the_teams_strength_is_the_margin() -> None:
    bare = rows(2019, 1).assign(has_players=False, strength=4.0, home_advantage=2.5, tired=1.0)

    assert fitted(2019, rows(2018)).margins(bare)[0] == pytest.approx(4 + 2.5 + 1)


def test_a_row_alone_is_as_among_others() -> None:
    weights, many = of_season(2024), rows(2024)
    assert [weights.margins(many.iloc[[n]])[0] for n in range(50)] == weights.margins(many)[:50].tolist()


@pytest.mark.parametrize("given", [rows(2019), rows(2018, 499)])
def test_neither_the_season_itself_nor_a_handful_of_games_fits(given: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="all before it"):
        fitted(2019, given)


def test_the_file_has_a_season_a_row_and_a_new_one_is_served_by_the_newest() -> None:
    stored = pd.read_csv(FILE)
    again = as_table([of_season(int(season)) for season in stored["season"]])

    pd.testing.assert_frame_equal(again, stored, check_dtype=False)
    assert stored["season"].tolist() == list(range(2017, 2026))
    assert stored["n_games"].is_monotonic_increasing
    assert of_season(2031) == of_season(2025)
    assert of_season(2010) == of_season(2017)
