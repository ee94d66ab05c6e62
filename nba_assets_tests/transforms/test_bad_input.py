"""What cannot be known is null with its quality, or waits with its reason: over all ten tables, never an exception.

Boston and New York meet on 12 November; something is wrong with the game of the 18th; on the 20th they meet again.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.verify import verify
from nba_assets.transforms import TRANSFORMS
from nba_assets.transforms.readiness import games_of
from nba_assets.transforms.team_readiness import games_of as team_games_of
from nba_assets_tests.transforms.boxes import POINTS, man, team_box
from nba_assets_tests.transforms.chain import Raw, Tables, ahead, of_player, of_team, played, tables, told
from nba_assets_tests.transforms.leagues import at, day, game
from nba_assets_tests.transforms.test_never_infinite import assert_finite

SUMMARY, OFFENSE = "player_game_summary", "team_offense_game_summary"
CONTEXT, TEAM, CACHE = "upcoming_player_game_context", "upcoming_team_game_context", "player_daily_cache"
SHOTS, DEFENSE, STORE = "player_shot_zone_analysis", "team_defense_zone_analysis", "ml_feature_store"
COMPOSITE = "player_composite_factors"
BEFORE, AHEAD = played("11-12", 1), ahead("11-20")
WRONG = day("11-18")
WITHOUT = tables(told(BEFORE, AHEAD))
"""As if the game of the 18th had not been played."""


def built(*parts: Raw) -> Tables:
    """All tables; whatever is in them is finite, and keys and nulls are as the contracts say."""
    found = tables(told(BEFORE, *parts, AHEAD))
    schedule = found["nbac_schedule"]
    for name in TRANSFORMS:
        assert_finite(name, found[name])
        broken = [
            each.description
            for each in verify(
                contracts.table(name), found[name], {"nbac_schedule.game_id": schedule["game_id"]}, schedule.iloc[:0]
            )
            if each.critical and not each.passed
        ]
        assert broken == [], name
    return found


def changed(rows: list[dict[str, Any]], **facts: Any) -> list[dict[str, Any]]:
    return [row | facts for row in rows]


def assert_as_without_it(found: Tables) -> None:
    """On the 20th no form and no average is of the game of the 18th."""
    for name in (CACHE, SHOTS, DEFENSE):
        ours, theirs = (
            rows[rows["game_date"] == day("11-20")].reset_index(drop=True) for rows in (found[name], WITHOUT[name])
        )
        pd.testing.assert_frame_equal(ours, theirs, obj=name)


def waiting(found: Tables) -> str:
    rows = games_of(found, [WRONG])
    return str(rows["reason"].iloc[0])


@pytest.mark.parametrize("team", ["BOS", "NYK"])
def test_a_box_score_without_one_team_waits_and_counts_for_nothing(team: str) -> None:
    half = played("11-18", 2)
    for source in ("gamebook", "bdl"):
        half[source] = [row for row in half[source] if row["team_tricode"] == team]
    found = built(half)

    other = {"BOS": "NYK", "NYK": "BOS"}[team]
    assert f"{other}: players' points 0 do not add up to the score" in waiting(found)
    for name in (SUMMARY, OFFENSE, "team_defense_game_summary"):
        assert not (found[name]["game_date"] == WRONG).any(), name
    assert_as_without_it(found)
    assert of_team(found, TEAM, "11-20")["days_rest"] == 1, "the schedule knows of it"


def test_a_team_box_score_without_one_team_leaves_what_it_tells_unknown() -> None:
    right = played("11-18", 2)
    box = changed(team_box(right["schedule"][0]), known_at=at("11-19 06:30"))
    found = built(right, {"team_box": box[:1]})

    assert team_games_of(found, [WRONG]).empty
    one, other = of_team(found, OFFENSE, "11-18"), of_team(found, OFFENSE, "11-18", "NYK")
    assert (one["team_turnovers_known"], other["team_turnovers_known"]) == (True, False)
    assert one["totals_match_boxscore"] and pd.isna(other["totals_match_boxscore"])
    assert one["possessions"] == other["possessions"]
    assert one["quality"] == other["quality"] == 80.0, "no zones, one team's own turnovers not known"


def test_a_player_summary_of_one_team_makes_no_team_rows() -> None:
    inputs = tables(told(BEFORE))
    players = inputs[SUMMARY]
    inputs[SUMMARY] = players[players["team"] == "BOS"].reset_index(drop=True)

    for name in (OFFENSE, "team_defense_game_summary"):
        assert TRANSFORMS[name](inputs, [day("11-12")], None).empty


def test_minutes_of_zero_are_a_value_and_what_they_divide_is_null() -> None:
    """Whole minutes: bos4 was on the floor for seconds, scored, and has 0."""
    short = played("11-18", 2)
    nothing = {"seconds_played": 0, "minutes_precision": "minute"}
    for source in ("gamebook", "bdl"):
        short[source] = [row | (nothing if row["player_id"] == "bos4" else {}) for row in short[source]]
    found = built(short)

    row = of_player(found, SUMMARY, "11-18", "bos4")
    assert (row["status"], row["minutes"], row["points"]) == ("played", 0.0, 10)
    assert row[["usage_rate", "ast_pct", "oreb_pct", "dreb_pct"]].isna().all()
    assert row["ts_pct"] == pytest.approx(10 / 20)
    assert row["quality"] == 80.0, "no zones, whole minutes"
    cache, past = of_player(found, CACHE, "11-20", "bos4"), of_player(WITHOUT, CACHE, "11-20", "bos4")
    assert (cache["games_n_l10"], cache["minutes_avg_l10"]) == (2, 24.0)
    assert cache["usage_l10"] == past["usage_l10"], "of the game that has one"
    assert cache["ppm_l10"] == pytest.approx(20 / 48)


def test_a_man_of_no_minutes_at_all_has_no_rates() -> None:
    only = played("11-18", 2)
    nobody = {"seconds_played": 0, "minutes_precision": "minute"}
    fouled = man(only["schedule"][0], "NYK", 7, at("11-19 06:00"), player_status="active", **nobody)
    only["gamebook"].append(fouled | dict.fromkeys(("pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta"), 0) | {"pf": 1})
    only["nbac_player_list"] = ahead("11-20", roster={"nyk7": "NYK"})["nbac_player_list"]
    found = built(only)

    row = of_player(found, SUMMARY, "11-18", "nyk7")
    assert (row["status"], row["points"], row["pf"]) == ("played", 0, 1)
    assert row[["usage_rate", "ts_pct", "efg_pct", "tov_pct"]].isna().all()
    cache = of_player(found, CACHE, "11-20", "nyk7")
    assert (cache["points_avg_l10"], cache["minutes_avg_l10"], cache["games_n_l10"]) == (0.0, 0.0, 1)
    assert cache[["ppm_l10", "usage_l10", "ts_pct_l10", "ft_points_share_l10"]].isna().all()
    context = of_player(found, CONTEXT, "11-20", "nyk7")
    assert (context["minutes_last_7d"], context["avg_minutes_last_7d"]) == (0.0, 0.0)
    store = of_player(found, STORE, "11-20", "nyk7")
    assert (store["pct_free_throw_source"], store["pct_free_throw_quality"]) == ("missing", 0.0)
    assert store["minutes_change_source"] == "missing"


def test_zero_denominators_of_a_team_are_null() -> None:
    """No rebounds and no turnovers: what divides by them is null or 0, pace and ratings stand."""
    dry = played("11-18", 2)
    none = dict.fromkeys(("oreb", "dreb", "reb", "tov", "fg3a", "ast"), 0)
    for source in ("gamebook", "bdl"):
        dry[source] = changed(dry[source], **none)
    found = built(dry)

    row, defense = of_team(found, OFFENSE, "11-18"), of_team(found, "team_defense_game_summary", "11-18")
    assert row[["oreb_pct", "dreb_pct"]].isna().all() and pd.isna(defense["opp_oreb_pct"])
    assert row["tov_pct"] == 0.0
    assert row["possessions"] == pytest.approx((74 + 0.4 * 2 + 74 + 0.4 * 2) / 2, abs=2)
    player = of_player(found, SUMMARY, "11-18")
    assert player[["oreb_pct", "dreb_pct"]].isna().all()
    assert (player["ast_pct"], player["tov_pct"]) == (0.0, 0.0)


def test_a_man_in_two_games_of_a_date_is_in_both_and_each_table_has_one_row_of_him() -> None:
    """bos0 is in Boston's box score and in Denver's; no player list of the 20th has him."""
    one = played("11-18", 2)
    two = played("11-18", 3, points={"DEN": [60, 40], "LAL": [98]}, away="DEN", home="LAL")
    for source in ("gamebook", "bdl"):
        two[source] = [
            row | ({"player_id": "bos0", "player_key": "bos0"} if row["player_id"] == "den0" else {})
            for row in two[source]
        ]
    den = {"schedule": [game("11-20", 901, "DEN", "LAL")]}
    unlisted = {"nbac_player_list": [row for row in AHEAD["nbac_player_list"] if row["player_id"] != "bos0"]}
    found = tables(told(BEFORE, one, two, den, {"schedule": AHEAD["schedule"]}, unlisted))

    for name in TRANSFORMS:
        assert_finite(name, found[name])
        assert not found[name].duplicated([*contracts.table(name).key, "known_at"]).any(), name
    rows = found[SUMMARY]
    same = rows[(rows["player_id"] == "bos0") & (rows["game_date"] == WRONG) & rows["superseded_at"].isna()]
    assert sorted(same["points"]) == [30, 60]
    for name in (CONTEXT, CACHE, SHOTS, COMPOSITE, STORE):
        of_player(found, name, "11-20")
    cache, context = of_player(found, CACHE, "11-20"), of_player(found, CONTEXT, "11-20")
    assert (cache["games_n_l10"], cache["points_avg_l10"], cache["games_last_7d"]) == (3, 40.0, 2)
    assert (context["team_source"], context["days_rest"], context["b2b_last_14d"]) == ("last_game", 1, 0)


def test_a_team_in_two_games_of_a_date_has_rows_of_neither_and_those_after_stand() -> None:
    both = {"schedule": [game("11-18", 2, "BOS", "NYK"), game("11-18", 3, "BOS", "DEN")]}
    found = built(both)

    for name in (TEAM, CONTEXT, CACHE, STORE):
        assert not (found[name]["game_date"] == WRONG).any(), name
    assert_as_without_it(found)


def test_a_season_without_history_is_null_with_quality() -> None:
    """The first date of the first season there is: nothing but a schedule and a player list."""
    found = tables(AHEAD)

    assert {name for name in TRANSFORMS if found[name].empty} == {SUMMARY, OFFENSE, "team_defense_game_summary"}
    cache, context = of_player(found, CACHE, "11-20"), of_player(found, CONTEXT, "11-20")
    assert cache[["points_avg_l5", "points_avg_season", "team_pace_l10", "team_win_pct"]].isna().all()
    assert cache[["prior_season_points_avg", "dnp_rate_l10", "usage_season", "recent_trend"]].isna().all()
    assert (cache["games_n_season"], cache["prior_season_games"], cache["early_season"], cache["quality"]) == (
        0,
        0,
        True,
        0.0,
    )
    assert context[["days_rest", "points_avg_l5", "injury_status", "rest_advantage", "vacated_usage"]].isna().all()
    assert context["season_phase"] == "early"
    team = of_team(found, TEAM, "11-20")
    assert team[["days_rest", "streak", "team_win_pct", "team_pace_l10", "travel_miles"]].isna().all()
    assert (team["game_number"], team["quality"]) == (1, 20.0)
    defense = of_team(found, DEFENSE, "11-20")
    assert defense[["def_rating_l15", "league_pace", "league_source", "paint_diff_pp"]].isna().all()
    assert (defense["games_n"], defense["league_games_n"], defense["quality"]) == (0, 0, 0.0)
    scores = of_player(found, COMPOSITE, "11-20")
    assert (scores["fatigue_score"], scores["fatigue_score_source"]) == (100.0, "computed")
    for name in ("shot_zone_mismatch_score", "pace_score", "usage_spike_score"):
        assert pd.isna(scores[name]) and scores[f"{name}_source"] == "missing"
    store = of_player(found, STORE, "11-20")
    for name in ("points_avg_last_5", "points_avg_season", "opponent_def_rating", "team_pace", "minutes_change"):
        assert pd.isna(store[name])
        assert (store[f"{name}_source"], store[f"{name}_quality"]) == ("missing", 0.0)
    for name in ("pct_paint", "injury_risk", "usage_spike_score", "shot_zone_mismatch_score"):
        assert (store[f"{name}_source"], pd.isna(store[f"{name}_quality"])) == ("not_available", True)
    assert (store["required_missing"], store["is_ready"], store["quality_tier"]) == (5, False, "critical")
    assert {"points_avg_last_5", "recent_trend"} <= set(store["missing_features"])


def test_points_and_names_of_nobody_known_wait() -> None:
    lost = played("11-18", 2)
    for source in ("gamebook", "bdl"):
        lost[source] = [
            row | ({"player_id": None, "player_key": "unresolved:BOS:x#1"} if row["player_id"] == "bos4" else {})
            for row in lost[source]
        ]
    found = built(lost)

    assert waiting(found) == "no league id for Man bos4 (BOS), who scored 10"
    assert POINTS["BOS"][4] == 10
    assert_as_without_it(found)


def test_a_final_without_a_score_or_with_another_waits() -> None:
    for score in ({"away_score": None}, {"home_score": 99}):
        wrong = played("11-18", 2)
        wrong["schedule"] = [row | (score if row["game_status"] == 3 else {}) for row in wrong["schedule"]]
        found = tables(wrong)
        assert "do not add up" in waiting(found)
        assert found[SUMMARY].empty


def test_nothing_in_gives_no_rows_and_no_exception() -> None:
    for name, build in TRANSFORMS.items():
        found = build({}, [WRONG], None)
        assert found.empty
        assert list(found.columns) == contracts.table(name).column_names
        assert build({}, [], None).empty
