"""player_composite_factors: the four scores, threshold by threshold, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_assets.scope import Scope
from nba_assets.transforms import player_composite_factors
from nba_assets_tests.transforms.leagues import at, day, frame

DATE = "11-30"
KEY = {"game_date": day(DATE), "game_id": "0022400900", "decision_at": at("11-30 23:30"), "known_at": at("11-30 12:00")}
PLAYER = KEY | {
    "player_id": "7",
    "team": "BOS",
    "opponent": "DEN",
    "season": 2024,
    "tip_at": at("12-01 00:00"),
    "days_rest": 1,
    "avg_minutes_last_7d": 20.0,
    "points_avg_l10": 20.0,
}
"""A rested player: no term of the fatigue score applies to him."""


def scores(
    context: dict[str, Any] | None = None,
    *,
    team: dict[str, Any] | None = None,
    cache: dict[str, Any] | None = None,
    shots: dict[str, Any] | None = None,
    defense: dict[str, Any] | None = None,
    scope: Scope | None = None,
) -> pd.Series[Any]:
    """The row of player 7, BOS, who meets DEN: each table's row as given, absent where not."""
    person = {"player_id": "7", "team": "BOS"}
    given = {
        "upcoming_player_game_context": PLAYER | (context or {}),
        "upcoming_team_game_context": None if team is None else KEY | {"team": "BOS", "opponent": "DEN"} | team,
        "player_daily_cache": None if cache is None else KEY | person | cache,
        "player_shot_zone_analysis": None if shots is None else KEY | person | shots,
        "team_defense_zone_analysis": None if defense is None else KEY | {"team": "DEN"} | defense,
    }
    inputs = {name: frame(name, [] if row is None else [row]) for name, row in given.items()}
    rows = player_composite_factors.build(inputs, [day(DATE)], scope)
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("state", "score"),
    [
        ({}, 100),
        ({"is_b2b": True, "days_rest": 0}, 85),
        ({"days_rest": 2}, 100),
        ({"games_last_7d": 3}, 100),
        ({"games_last_7d": 4}, 90),
        ({"minutes_last_7d": 140.0}, 100),
        ({"minutes_last_7d": 140.1}, 90),
        ({"avg_minutes_last_7d": 35.0}, 100),
        ({"avg_minutes_last_7d": 35.1}, 92),
        ({"b2b_last_14d": 1}, 95),
        ({"b2b_last_14d": 2}, 88),
        ({"b2b_last_14d": 3}, 88),
        ({"days_rest": 3}, 100),
        ({"days_rest": 3, "b2b_last_14d": 2}, 93),
        ({"days_rest": 2, "b2b_last_14d": 2}, 88),
    ],
)
def test_fatigue_term_by_term(state: dict[str, Any], score: float) -> None:
    row = scores(state)

    assert (row["fatigue_score"], row["fatigue_score_source"]) == (score, "computed")


def test_all_fatigue_terms_add_up() -> None:
    spent = {"is_b2b": True, "days_rest": 0, "games_last_7d": 4, "minutes_last_7d": 150.0, "avg_minutes_last_7d": 37.5}

    assert scores(spent | {"b2b_last_14d": 2})["fatigue_score"] == 100 - 15 - 10 - 10 - 8 - 12


def test_an_unknown_fatigue_term_is_skipped_and_said() -> None:
    row = scores({"days_rest": None, "b2b_last_14d": 1})

    assert (row["fatigue_score"], row["fatigue_score_source"]) == (95, "partial")


def test_minutes_unknown_of_the_weeks_only_game_are_said() -> None:
    row = scores({"avg_minutes_last_7d": None, "games_last_7d": 1})

    assert (row["fatigue_score"], row["fatigue_score_source"]) == (100, "partial")


def test_the_seasons_first_game_leaves_nothing_unknown() -> None:
    row = scores({"days_rest": None, "avg_minutes_last_7d": None, "points_avg_l10": None})

    assert (row["fatigue_score"], row["fatigue_score_source"]) == (100, "computed")


def test_a_week_without_a_game_leaves_nothing_unknown() -> None:
    row = scores({"days_rest": 9, "avg_minutes_last_7d": None})

    assert (row["fatigue_score"], row["fatigue_score_source"]) == (100, "computed")


SHOTS = {"paint_share_l10": 0.5, "mid_share_l10": 0.2, "three_share_l10": 0.3}
DEFENSE = {"paint_diff_pp": 3.0, "mid_diff_pp": -2.0, "three_diff_pp": 1.0}


def test_mismatch_of_example_c() -> None:
    row = scores(shots=SHOTS, defense=DEFENSE)

    assert row["shot_zone_mismatch_score"] == pytest.approx(3.1)
    assert row["shot_zone_mismatch_score_source"] == "computed"


@pytest.mark.parametrize(
    "lacks", [{"shots": SHOTS}, {"defense": DEFENSE}, {"shots": SHOTS, "defense": DEFENSE | {"mid_diff_pp": None}}]
)
def test_no_mismatch_without_both_sides(lacks: dict[str, Any]) -> None:
    row = scores(**lacks)

    assert pd.isna(row["shot_zone_mismatch_score"])
    assert row["shot_zone_mismatch_score_source"] == "missing"


@pytest.mark.parametrize(("opponent", "score"), [(105.0, 5.0), (95.0, -5.0), (100.0, 0.0)])
def test_a_fast_opponent_raises_the_pace(opponent: float, score: float) -> None:
    row = scores(cache={"team_pace_l10": 100.0}, defense={"pace_l15": opponent, "league_pace": 100.0})

    assert row["pace_score"] == pytest.approx(score)
    assert row["expected_pace"] == pytest.approx(100 + score)


def test_the_teams_pace_is_the_caches_else_the_contexts() -> None:
    defense = {"pace_l15": 102.0, "league_pace": 100.0}

    assert scores(team={"team_pace_l10": 50.0}, defense=defense)["pace_score"] == pytest.approx(1)
    both = scores(team={"team_pace_l10": 50.0}, cache={"team_pace_l10": 100.0}, defense=defense)
    assert both["pace_score"] == pytest.approx(2)


def test_no_pace_score_without_a_league() -> None:
    row = scores(cache={"team_pace_l10": 100.0}, defense={"pace_l15": 105.0})

    assert pd.isna(row["pace_score"]) and row["pace_score_source"] == "missing"


@pytest.mark.parametrize(
    ("usage", "minutes", "projected", "spike"),
    [(22.5, 36.0, 21.94, 1.94), (4.5, 7.2, 20.31, 0.31), (0.0, 0.0, 20.0, 0.0)],
)
def test_usage_spike_of_example_d(usage: float, minutes: float, projected: float, spike: float) -> None:
    row = scores({"usage_l10": 20.0, "vacated_usage": usage, "vacated_minutes": minutes})

    assert row["projected_usage"] == pytest.approx(projected, abs=0.005)
    assert row["usage_spike_score"] == pytest.approx(spike, abs=0.005)
    assert row["usage_spike_score_source"] == "computed"


def test_no_usage_spike_without_a_report() -> None:
    row = scores({"usage_l10": 20.0})

    assert pd.isna(row["usage_spike_score"]) and row["usage_spike_score_source"] == "missing"


def test_a_team_cannot_be_without_all_its_usage() -> None:
    row = scores({"usage_l10": 20.0, "vacated_usage": 100.0, "vacated_minutes": 100.0})

    assert pd.isna(row["projected_usage"])
    assert scores({"usage_l10": 0.2, "vacated_usage": 99.0, "vacated_minutes": 0.0})["projected_usage"] == 20.0


def test_inputs_and_quality() -> None:
    row = scores(shots=SHOTS, defense=DEFENSE)

    assert list(row["sources_used"]) == [
        "upcoming_player_game_context",
        "player_shot_zone_analysis",
        "team_defense_zone_analysis",
    ]
    assert list(row["missing_inputs"]) == ["upcoming_team_game_context", "player_daily_cache"]
    assert row["quality"] == 50


def test_known_at_is_the_latest_of_the_rows_used() -> None:
    row = scores(shots=SHOTS | {"known_at": at("11-30 22:00")}, defense=DEFENSE)

    assert row["known_at"] == at("11-30 22:00")


def test_known_at_is_the_contexts_own_where_it_is_the_latest_or_alone() -> None:
    late = {"known_at": at("11-30 22:00")}

    assert scores(late)["known_at"] == at("11-30 22:00")
    assert scores(late, shots=SHOTS, defense=DEFENSE)["known_at"] == at("11-30 22:00")


def test_every_row_is_his_own_teams_and_his_opponents() -> None:
    """Others of the same game are there too: player 8 of DEN, whose team is fast and whose opponent is BOS."""
    other = KEY | {"player_id": "8", "team": "DEN", "opponent": "BOS"}
    mine = {
        "upcoming_team_game_context": KEY | {"team": "BOS", "opponent": "DEN", "team_pace_l10": 50.0},
        "player_daily_cache": KEY | {"player_id": "7", "team": "BOS", "team_pace_l10": 100.0},
        "player_shot_zone_analysis": KEY | {"player_id": "7", "team": "BOS"} | SHOTS,
        "team_defense_zone_analysis": KEY | {"team": "DEN", "pace_l15": 105.0, "league_pace": 100.0} | DEFENSE,
    }
    theirs = {
        "upcoming_team_game_context": KEY | {"team": "DEN", "opponent": "BOS", "team_pace_l10": 110.0},
        "player_daily_cache": KEY | {"player_id": "8", "team": "DEN", "team_pace_l10": 110.0},
        "player_shot_zone_analysis": KEY | {"player_id": "8", "team": "DEN", "paint_share_l10": 1.0},
        "team_defense_zone_analysis": KEY | {"team": "BOS", "pace_l15": 95.0, "league_pace": 100.0},
    }
    inputs = {name: frame(name, [theirs[name], mine[name]]) for name in mine}
    inputs["upcoming_player_game_context"] = frame("upcoming_player_game_context", [PLAYER, PLAYER | other])

    rows = player_composite_factors.build(inputs, [day(DATE)]).set_index("player_id")

    assert rows["pace_score"].to_dict() == {"7": pytest.approx(5.0), "8": pytest.approx(-5.5)}
    assert rows.loc["7", "shot_zone_mismatch_score"] == pytest.approx(3.1)
    assert pd.isna(rows.loc["8", "shot_zone_mismatch_score"])


def test_a_row_known_after_the_decision_is_as_good_as_absent() -> None:
    late = {"known_at": at("11-30 23:31")}

    row = scores(shots=SHOTS, defense=DEFENSE | late, cache={"team_pace_l10": 100.0} | late)

    assert pd.isna(row["shot_zone_mismatch_score"])
    assert row["known_at"] == at("11-30 12:00")
    assert "team_defense_zone_analysis" in row["missing_inputs"]


def test_a_player_who_is_out_keeps_his_row() -> None:
    assert scores({"injury_status": "out"})["fatigue_score"] == 100


def test_a_scope_that_names_him_gives_the_same_row() -> None:
    whole = scores(shots=SHOTS, defense=DEFENSE)

    for scope in (Scope(players=frozenset({"7"})), Scope(games=frozenset({"0022400900"}))):
        pd.testing.assert_series_equal(scores(shots=SHOTS, defense=DEFENSE, scope=scope), whole)
