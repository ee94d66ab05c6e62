"""The league looks like the real one, as far as a platform's machinery can notice."""

from __future__ import annotations

import pandas as pd
import pytest

from .conftest import Drops


@pytest.fixture(scope="session")
def log(drops: Drops) -> pd.DataFrame:
    return drops.tables("nba-com/team-boxscore/", depth=3)


@pytest.fixture(scope="session")
def players(drops: Drops) -> pd.DataFrame:
    return drops.tables("nba-com/player-boxscores/", depth=3)


def test_teams_score_100_to_125_on_average_with_real_spread(log: pd.DataFrame) -> None:
    assert len(log) >= 400
    assert 105 < log["PTS"].mean() < 120
    assert 10 < log["PTS"].std() < 16
    assert 12 < log["PLUS_MINUS"].std() < 19


def test_the_home_team_wins_a_little_more_often(log: pd.DataFrame) -> None:
    home = log[log["MATCHUP"].str.contains(" vs. ")]
    assert len(home) * 2 == len(log)
    assert 0.5 < (home["WL"] == "W").mean() < 0.65


@pytest.mark.parametrize(
    ("stat", "low", "high"),
    [
        ("FGA", 84, 93),
        ("FG3A", 32, 42),
        ("FTA", 18, 25),
        ("REB", 40, 50),
        ("AST", 23, 29),
        ("STL", 6.5, 9.5),
        ("BLK", 3.5, 6),
        ("TOV", 12, 16),
        ("PF", 17, 22),
    ],
)
def test_team_lines_are_of_the_leagues_size(log: pd.DataFrame, stat: str, low: float, high: float) -> None:
    assert low < log[stat].mean() < high


def test_stars_score_and_everybody_varies_more_than_by_chance(players: pd.DataFrame) -> None:
    by_player = players.groupby("PLAYER_ID")["PTS"].agg(["mean", "std", "size"]).query("size >= 10")
    assert 22 < by_player["mean"].max() < 36
    assert (by_player["mean"] > 18).sum() >= 20
    regular = by_player[by_player["mean"] > 12]
    assert (regular["std"] ** 2 / regular["mean"]).mean() > 2


def test_minutes_fall_from_starters_to_the_end_of_the_bench(players: pd.DataFrame) -> None:
    usual = players.groupby("PLAYER_ID")["MIN"].mean()
    assert 30 < usual.nlargest(60).mean() < 37
    assert usual.min() < 8
