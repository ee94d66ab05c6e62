"""The rival by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.evaluation import elo


def games(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    """(season, home, away, margin), nobody tired."""
    found = pd.DataFrame(rows, columns=["season", "home", "away", "margin"])
    return found.assign(tired=0.0, is_neutral=False)


def test_one_game_by_hand() -> None:
    """Boston won at home by 10 as equals: expected 1/(1 + 10^(-50/400)) with home advantage, margin multiplier."""
    gain = 20 * 13**0.8 / (7.5 + 0.006 * 50) * (1 - 1 / (1 + 10 ** (-50 / 400)))
    found = elo.edge(games((2017, "BOS", "NYK", 10), (2017, "NYK", "BOS", 1)), elo.Params())

    assert found.tolist() == pytest.approx([50, 50 - 2 * gain])


def test_a_loss_at_home_on_neutral_ground_by_hand() -> None:
    rows = games((2017, "BOS", "NYK", -4), (2017, "BOS", "NYK", 1)).assign(is_neutral=True)

    assert elo.edge(rows, elo.Params())[1] == pytest.approx(-2 * 20 * 7**0.8 / 7.5 * 0.5)


def test_a_new_season_starts_a_quarter_nearer_to_the_mean() -> None:
    first = (2017, "BOS", "NYK", 10)
    same, new = (elo.edge(games(first, (year, "BOS", "NYK", 1)), elo.Params())[1] for year in (2017, 2018))

    assert new - 50 == pytest.approx(0.75 * (same - 50))


def test_tired_visitors_are_worth_forty() -> None:
    assert elo.edge(games((2017, "BOS", "NYK", 10)).assign(tired=1.0), elo.Params())[0] == 90


def test_parameters_are_of_the_seasons_before() -> None:
    """Where home always wins, next season's home advantage is the grid's largest; the first has the default."""
    rows = games(*((season, home, away, 3) for season in (2017, 2018) for home, away in [("A", "B"), ("B", "A")] * 40))
    found = elo.walk_forward(rows)
    other = elo.walk_forward(rows.assign(margin=rows["margin"].where(rows["season"] == 2017, -30)))

    assert found.params[2017] == elo.Params()
    assert found.params[2018].home_advantage == 75
    assert other.params == found.params
    assert other.margin[80] == found.margin[80]
