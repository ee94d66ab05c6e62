"""Elo by hand, and its being a function of what was known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import ratings
from nba_assets_tests.modeling.rows import D, at

DAY = pd.Timedelta(days=1)


def results(*rows):
    """(days before D, home, away, margin, hour known) as versions that nothing superseded."""
    frame = pd.DataFrame(
        [
            {
                "game_date": D - ago * DAY,
                "game_id": f"g{number}",
                "season": season,
                "home": home,
                "away": away,
                "margin": margin,
                "total": 220,
                "is_neutral": neutral,
                "known_at": at(D - ago * DAY, 28),
            }
            for number, (ago, home, away, margin, season, neutral) in enumerate(rows)
        ]
    )
    frame["superseded_at"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    return frame


def ask(home="BOS", away="NYK", season=2024, day=D):
    return pd.DataFrame({"game_date": [day], "season": [season], "home": [home], "away": [away], "at": [at(day, 24)]})


def elo(asks, games):
    return ratings.elo_differences(asks, games)["elo"].iloc[0]


def test_nobody_has_played():
    assert elo(ask(), results((400, "BOS", "NYK", 5, 2023, False))) == 0.0


def test_one_game_by_hand():
    """Boston won at home by 10 as equals: expected 1/(1 + 10^(-50/400)) with home advantage, margin multiplier."""
    expected = 1 / (1 + 10 ** (-50 / 400))
    gain = 20 * 13**0.8 / (7.5 + 0.006 * 50) * (1 - expected)
    assert elo(ask(), results((5, "BOS", "NYK", 10, 2024, False))) == pytest.approx(2 * gain)


def test_a_loss_at_home_on_neutral_ground_by_hand():
    gain = 20 * 7**0.8 / 7.5 * 0.5
    assert elo(ask(), results((5, "BOS", "NYK", -4, 2024, True))) == pytest.approx(-2 * gain)


def test_a_new_season_starts_a_quarter_nearer_to_the_mean():
    played = results((100, "BOS", "NYK", 10, 2023, False))
    assert elo(ask(season=2024), played) == pytest.approx(0.75 * elo(ask(season=2023), played))


def test_the_second_of_two_days_is_expected_to_be_harder():
    """The tired winner gains more than the rested one."""
    rested = results((3, "NYK", "MIA", 1, 2024, False), (1, "BOS", "NYK", 5, 2024, False))
    tired = results((2, "BOS", "MIA", 1, 2024, False), (1, "BOS", "NYK", 5, 2024, False))
    first = results((2, "BOS", "MIA", 1, 2024, False))
    lone = results((3, "NYK", "MIA", 1, 2024, False))
    assert elo(ask(), tired) - elo(ask(), first) > elo(ask(), rested) - elo(ask(), lone)


def test_a_result_known_after_the_decision_counts_for_nothing_and_a_correction_only_later():
    games = results((1, "BOS", "NYK", 10, 2024, False))
    late = games.assign(known_at=at(D, 24.1))
    assert elo(ask(), late) == 0.0
    corrected = pd.concat([games.assign(superseded_at=at(D, 30)), games.assign(margin=-1, known_at=at(D, 30))])
    assert elo(ask(), corrected) == elo(ask(), games)


def test_many_asks_are_answered_as_each_alone():
    rng = np.random.default_rng(1)
    teams = ["BOS", "NYK", "MIA", "LAL"]
    played = results(
        *((int(ago), *rng.permutation(teams)[:2], int(rng.integers(1, 20)), 2024, False) for ago in range(60, 0, -1))
    )
    asks = pd.concat([ask(*rng.permutation(teams)[:2], day=D - int(n) * DAY) for n in range(20)], ignore_index=True)
    together = ratings.elo_differences(asks, played)
    alone = pd.concat([ratings.elo_differences(asks.iloc[[i]], played) for i in range(len(asks))])
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


def test_the_leagues_total_is_the_prior_until_a_hundred_games_are_known():
    games = results(*((1 + n % 50, "BOS", "NYK", 5, 2024, False) for n in range(120)))
    assert ratings.league_totals(ask(), games.iloc[:99])[0] == ratings.Params().league_total
    assert ratings.league_totals(ask(), games)[0] == 220.0


def test_winner_and_quantiles_come_from_one_normal_distribution():
    mean, sd = np.array([0.0, 6.0]), np.array([13.8, 12.0])
    assert ratings.home_win(mean, sd) == pytest.approx([0.5, 0.6914624612740131])
    assert ratings.normal_quantiles(mean, sd, [0.5, 0.9])[1] == pytest.approx([6.0, 6 + 12 * 1.2815515655446004])
