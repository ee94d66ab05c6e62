"""Winner, margin and total from one distribution, anchored on the market where there is one."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import norm

from nba_assets import contracts
from nba_assets.contracts.verify import verify
from nba_assets.modeling import ratings
from nba_assets.modeling.game_features import MARGIN, TOTAL
from nba_assets.modeling.game_predictions import build
from nba_assets.modeling.game_weights import of_season
from nba_assets_tests.modeling.rows import GAME, TIP, D, T, at, table


def contexts(**more):
    plain = {
        "game_date": D,
        "game_id": GAME,
        "season": 2024,
        "tip_at": TIP,
        "decision_at": T,
        "known_at": at(D, 14),
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


def team_ratings(**more):
    """Boston 3 points better than New York, home is worth 2, 225 points in the league's games."""
    plain = {"game_date": D, "game_id": GAME, "season": 2024, "home_advantage": 2.0, "league_total": 225.0}
    plain |= {"strength": 0.0, "total_strength": 1.0, "games_n": 20, "known_at": at(D, 14)} | more
    return table("team_rating", [plain | {"team": "BOS", "strength": 3.0}, plain | {"team": "NYK"}])


STAR = {"plus_minus": 5.0, "game_score": 10.0, "long_minutes": 35.0, "adjusted_plus_minus": 6.0, "scoring": 12.0}


def player_ratings(**star):
    """Five men of 40 minutes and two of 20 a side, all average but Boston's first."""
    plain = {"game_date": D, "game_id": GAME, "season": 2024, "known_at": at(D, 14), "games_missed": 0}
    plain |= dict.fromkeys(STAR, 0.0) | {"long_minutes": 20.0}
    rows = []
    for team, first in (("BOS", 1), ("NYK", 11)):
        for number, minutes in enumerate([40.0] * 5 + [20.0] * 2):
            own = {"player_id": str(first + number), "team": team, "usual_minutes": minutes}
            rows.append(plain | own | {"expected_minutes": 0.93 * minutes} | (star if first + number == 1 else {}))
    return table("player_rating", rows)


def statuses(status):
    """A report that has Boston's first man so, and nobody else of either side on it."""
    plain = {"game_date": D, "game_id": GAME, "season": 2024}
    sides = [("BOS", number) for number in range(1, 8)] + [("NYK", number) for number in range(11, 18)]
    rows = [{"player_id": str(n), "team": team, "injury_status": "available"} for team, n in sides]
    rows[0]["injury_status"] = status
    return table("upcoming_player_game_context", [plain | row for row in rows])


def only(**given):
    rows = build({"upcoming_team_game_context": contexts()} | given, [D])
    assert len(rows) == 1
    return rows.iloc[0]


def test_of_unknown_teams_the_home_side_is_better_by_what_home_is_worth():
    row = only()
    assert row["margin_mean"] == 2.5
    assert row["p_home_win"] == pytest.approx(norm.cdf(2.5 / of_season(2024).sd_margin), abs=1e-6)
    assert (row["total_mean"], row["home_mean"], row["away_mean"]) == (222, 112.25, 109.75)
    assert row["margin_q50"] == row["margin_mean"]
    assert row["reasons"] == ["no_lines", "no_moneyline", "few_games", "no_player_ratings"]
    assert (row["home"], row["away"], row["model_version"]) == ("BOS", "NYK", ratings.MODEL_VERSION)


def test_without_players_the_teams_ratings_speak():
    row = only(team_rating=team_ratings())
    assert row["margin_mean"] == 3 + 2
    assert row["total_mean"] == pytest.approx(225 + 2 * weight("total_strength"))
    assert row["reasons"] == ["no_lines", "no_moneyline", "no_player_ratings"]


def weight(name):
    """What a unit of the feature is worth in 2024-25."""
    found = of_season(2024)
    return dict(zip((*MARGIN, *TOTAL), (*found.margin, *found.total), strict=True))[name]


def test_a_star_counts_by_his_share_of_the_minutes():
    """One of five men and two halves: 40 of 240 minutes, five sixths of a man on the floor."""
    plain = only(team_rating=team_ratings(), player_rating=player_ratings())
    row = only(team_rating=team_ratings(), player_rating=player_ratings(**STAR))
    assert plain["margin_mean"] == pytest.approx(2 * weight("home_advantage"))
    gain = 5 * weight("plus_minus") + 10 * weight("game_score") + 15 * weight("long_minutes")
    gain += 6 * weight("adjusted_plus_minus")
    assert row["margin_mean"] - plain["margin_mean"] == pytest.approx(5 / 6 * gain, abs=1e-5)
    assert row["total_mean"] == plain["total_mean"]
    assert row["reasons"] == ["no_lines", "no_moneyline"]


@pytest.mark.parametrize(("status", "left"), [("out", 0.0), ("doubtful", 0.1), ("questionable", 0.55)])
def test_a_star_out_takes_his_margin_and_points_with_him(status, left):
    given = {"team_rating": team_ratings(), "player_rating": player_ratings(**STAR)}
    well = only(**given, upcoming_player_game_context=statuses("available"))
    row = only(**given, upcoming_player_game_context=statuses(status))
    share = 5 * 40 * left / (40 * left + 0.93 * 200)
    assert row["margin_mean"] < well["margin_mean"] - 2
    points = (share - 5 / 6) * 12 * weight("missing_scoring")
    assert row["total_mean"] - well["total_mean"] == pytest.approx(points, abs=1e-5)
    assert row["feature_hash"] != well["feature_hash"]


def test_without_a_report_a_star_who_missed_games_is_counted_on_less():
    there = only(player_rating=player_ratings(**STAR))
    missing = only(player_rating=player_ratings(**STAR, games_missed=3, expected_minutes=40 * 0.93 / 3.7))
    back = only(
        player_rating=player_ratings(**STAR, games_missed=3, expected_minutes=40 * 0.93 / 3.7),
        upcoming_player_game_context=statuses("available"),
    )
    assert missing["margin_mean"] < there["margin_mean"]
    assert back["margin_mean"] == pytest.approx(there["margin_mean"], abs=1e-5)
    assert missing["total_mean"] < there["total_mean"] < back["total_mean"]


def test_neutral_ground_has_no_home_advantage_and_rest_counts_as_fitted():
    neutral = build({"upcoming_team_game_context": contexts(is_neutral=True)}, [D]).iloc[0]
    assert (neutral["margin_mean"], neutral["p_home_win"]) == (0.0, 0.5)
    tired = contexts()
    tired["is_b2b"] = ~tired["is_home"]
    row = build({"upcoming_team_game_context": tired}, [D]).iloc[0]
    assert row["margin_mean"] == pytest.approx(2.5 + weight("tired"))


def test_a_playoff_game_has_fewer_points():
    row = build({"upcoming_team_game_context": contexts(season_phase="playoffs")}, [D]).iloc[0]
    assert row["total_mean"] == pytest.approx(222 + weight("postseason"))


def test_lines_are_the_anchor_and_the_market_is_de_vigged():
    """-250 is 71.43 %, +205 is 32.79 %: 68.54 % without the margin."""
    row = only(odds_api_game_lines=lines({}, {"book": "fanduel", "home_spread": -7.0, "total": 229.5}))
    assert (row["home_spread"], row["margin_mean"], row["total_line"], row["total_mean"]) == (-6.5, 6.5, 229.0, 229.0)
    assert row["market_p_home"] == pytest.approx((250 / 350) / (250 / 350 + 100 / 305), abs=1e-6)
    assert row["reasons"] == ["few_games", "no_player_ratings"]
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


def test_spread_and_total_make_both_scores():
    row = only(odds_api_game_lines=lines({}), player_rating=player_ratings(**STAR), team_rating=team_ratings())
    assert (row["home_mean"], row["away_mean"]) == (117.25, 111.25)


def test_a_game_with_one_context_waits():
    half = contexts().query("team == 'BOS'")
    assert build({"upcoming_team_game_context": half}, [D]).empty
