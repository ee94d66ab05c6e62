"""Winner, margin and total from one distribution, anchored on the market where there is one."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import norm

from nba_assets import contracts
from nba_assets.contracts.verify import verify
from nba_assets.modeling import ratings
from nba_assets.modeling.game_predictions import build
from nba_assets_tests.modeling.rows import GAME, TIP, D, T, at, table

DAY = pd.Timedelta(days=1)


def contexts(**more):
    plain = {
        "game_date": D,
        "game_id": GAME,
        "season": 2024,
        "tip_at": TIP,
        "decision_at": T,
        "known_at": at(D, 14),
        "team_pace_l10": 100.0,
        "team_off_rating_l10": 115.0,
        "team_def_rating_l10": 113.0,
    } | more
    home = plain | {"team": "BOS", "opponent": "NYK", "is_home": True}
    return table("upcoming_team_game_context", [home, plain | {"team": "NYK", "opponent": "BOS", "is_home": False}])


def lines(*rows):
    plain = {
        "game_date": D,
        "game_id": GAME,
        "book": "draftkings",
        "captured_at": at(D, 20),
        "home_spread": -6.0,
        "total": 228.5,
        "home_ml_price": -250,
        "away_ml_price": 205,
        "is_in_play": False,
    }
    filled = [plain | row for row in rows]
    return table("odds_api_game_lines", [{"known_at": row["captured_at"]} | row for row in filled])


def only(**given):
    rows = build({"upcoming_team_game_context": contexts()} | given, [D])
    assert len(rows) == 1
    return rows.iloc[0]


def test_two_unknown_teams_are_equals_but_for_home_advantage():
    row = only()
    assert row["margin_mean"] == pytest.approx(0.039 * 50)
    assert row["p_home_win"] == pytest.approx(norm.cdf(1.95 / 13.8), abs=1e-6)
    assert row["margin_q50"] == row["margin_mean"]
    assert row["reasons"] == ["no_lines", "no_moneyline", "few_games"]
    assert (row["home"], row["away"], row["model_version"]) == ("BOS", "NYK", ratings.MODEL_VERSION)


def test_the_total_by_hand():
    """Pace 100, attack 115 and defence 113 on both sides: 228, seven tenths of it and three of the league's 225."""
    assert only()["total_mean"] == pytest.approx(0.7 * 228 + 0.3 * 225)


def test_neutral_ground_has_no_home_advantage_and_a_tired_visitor_is_worth_forty_points_of_elo():
    neutral = build({"upcoming_team_game_context": contexts(is_neutral=True)}, [D]).iloc[0]
    assert (neutral["margin_mean"], neutral["p_home_win"]) == (0.0, 0.5)
    tired = contexts()
    tired["is_b2b"] = ~tired["is_home"]
    row = build({"upcoming_team_game_context": tired}, [D]).iloc[0]
    assert row["margin_mean"] == pytest.approx(0.039 * 90)


def test_lines_are_the_anchor_and_the_market_is_de_vigged():
    """-250 is 71.43 %, +205 is 32.79 %: 68.54 % without the margin."""
    row = only(odds_api_game_lines=lines({}, {"book": "fanduel", "home_spread": -7.0, "total": 229.5}))
    assert (row["home_spread"], row["margin_mean"], row["total_line"], row["total_mean"]) == (-6.5, 6.5, 229.0, 229.0)
    assert row["market_p_home"] == pytest.approx((250 / 350) / (250 / 350 + 100 / 305), abs=1e-6)
    assert row["reasons"] == ["few_games"]
    assert (row["lines_source"], row["lines_captured_at"], row["known_at"]) == ("odds_api", at(D, 20), at(D, 20))


def test_only_each_books_newest_line_known_in_time_counts():
    newest = {"home_spread": -4.0, "captured_at": at(D, 22)}
    in_play = {"home_spread": 15.0, "captured_at": TIP + pd.Timedelta(minutes=1)}
    late = {"home_spread": 15.0, "captured_at": at(D, 23), "known_at": T + pd.Timedelta(minutes=1)}
    stale = {"home_spread": 15.0, "captured_at": at(D, 11), "book": "old"}
    assert only(odds_api_game_lines=lines({}, newest, in_play, late, stale))["home_spread"] == -4.0


def test_winner_and_margin_agree(season):
    rows = build(season, sorted(season["nbac_schedule"]["game_date"].unique()))
    assert ((rows["p_home_win"] > 0.5) == (rows["margin_mean"] > 0)).all()
    quantiles = rows[[f"margin_q{level:02d}" for level in (5, 10, 25, 50, 75, 90, 95)]].to_numpy()
    assert (quantiles[:, 1:] > quantiles[:, :-1]).all()
    findings = list(verify(contracts.table("game_predictions"), rows, {}, season["nbac_schedule"]))
    assert all(finding.passed for finding in findings), [f.description for f in findings if not f.passed]


def test_earlier_results_move_it_and_the_games_own_does_not():
    def summary(day, margin):
        return table(
            "team_offense_game_summary",
            [
                {
                    "game_date": day,
                    "game_id": f"g{day}",
                    "team": "BOS",
                    "opponent": "NYK",
                    "season": 2024,
                    "is_home": True,
                    "points": 110,
                    "margin": margin,
                    "known_at": at(day, 30),
                    "superseded_at": pd.NaT,
                }
            ],
        )

    plain = only()
    assert only(team_offense_game_summary=summary(D - DAY, 20))["margin_mean"] > plain["margin_mean"]
    pd.testing.assert_series_equal(only(team_offense_game_summary=summary(D, 20)), plain)


def test_a_game_with_one_context_waits():
    half = contexts().query("team == 'BOS'")
    assert build({"upcoming_team_game_context": half}, [D]).empty
