"""ml_feature_store: where each feature comes from, what its source and quality say, and the row's score, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.scope import Scope
from nba_assets.transforms import ml_feature_store
from nba_assets.transforms.feature_values import plain
from nba_assets.transforms.season_reports import first_report
from nba_assets_tests.transforms.leagues import at, day, frame

DATE = "11-30"
GAME_ID = "0022400900"
KEY = {"game_date": day(DATE), "game_id": GAME_ID, "decision_at": at("11-30 23:30"), "known_at": at("11-30 12:00")}
PERSON = {"player_id": "7", "team": "BOS", "season": 2024}

CONTEXT = {
    "opponent": "DEN",
    "tip_at": at("12-01 00:00"),
    "is_home": True,
    "injury_status": "available",
    "report_at": at("11-30 18:00"),
    "is_b2b": False,
    "games_last_7d": 3,
    "rest_advantage": 1,
}
CACHE = {
    "points_avg_l5": 21.0,
    "points_avg_l10": 22.0,
    "points_avg_season": 23.0,
    "points_std_l10": 4.0,
    "recent_trend": -2.5,
    "games_n_l10": 10,
    "games_n_season": 20,
    "minutes_avg_l10": 33.0,
    "minutes_avg_season": 30.0,
    "ft_points_share_l10": 0.2,
    "games_last_7d": 3,
    "team_pace_l10": 99.0,
    "team_off_rating_l10": 112.0,
    "team_win_pct": 0.6,
    "team_games_n_l10": 10,
    "team_games_n_season": 20,
    "prior_season_points_avg": 18.0,
    "prior_season_games": 70,
}
TEAM = {"team_pace_l10": 98.0, "team_off_rating_l10": 111.0, "team_win_pct": 0.55}
SCORES = {
    "fatigue_score": 92.0,
    "shot_zone_mismatch_score": 3.1,
    "pace_score": 1.5,
    "usage_spike_score": 0.3,
}
COMPOSITE = SCORES | {f"{name}_source": "computed" for name in SCORES}
SHOTS = {
    "paint_share_l10": 0.5,
    "mid_share_l10": 0.2,
    "three_share_l10": 0.3,
    "games_n_l10": 10,
    "season_zone_games": 900,
}
DEFENSE = {"def_rating_l15": 110.0, "pace_l15": 101.0, "games_n": 15, "season_zone_games": 60}
REPORT = {
    "game_date": day("11-20"),
    "game_id": "0022400300",
    "report_at": at("11-20 18:00"),
    "known_at": at("11-20 18:00"),
}
NO_REPORT = {"injury_status": None, "report_at": None}
OFF: dict[str, Any] = {}


def store(
    *,
    context: dict[str, Any] = OFF,
    cache: dict[str, Any] | None = OFF,
    team: dict[str, Any] | None = OFF,
    composite: dict[str, Any] | None = OFF,
    shots: dict[str, Any] | None = OFF,
    defense: dict[str, Any] | None = OFF,
    report: dict[str, Any] | None = OFF,
    scope: Scope | None = None,
) -> pd.DataFrame:
    """The store's rows of player 7, BOS, who meets DEN: full inputs changed as given; None leaves the input out."""
    opposing = {"opponent": "DEN"}
    rows = {
        "upcoming_player_game_context": (KEY | PERSON | CONTEXT, context),
        "player_daily_cache": (KEY | PERSON | CACHE, cache),
        "upcoming_team_game_context": (KEY | {"team": "BOS"} | opposing | TEAM, team),
        "player_composite_factors": (KEY | PERSON | opposing | COMPOSITE, composite),
        "player_shot_zone_analysis": (KEY | PERSON | SHOTS, shots),
        "team_defense_zone_analysis": (KEY | {"team": "DEN"} | DEFENSE, defense),
        "nbac_injury_report": (REPORT, report),
    }
    inputs = {name: frame(name, [full | change]) for name, (full, change) in rows.items() if change is not None}
    return ml_feature_store.build(inputs, [day(DATE)], scope)


def only(rows: pd.DataFrame) -> pd.Series[Any]:
    assert len(rows) == 1
    return rows.iloc[0]


def of(row: pd.Series[Any], feature: str) -> tuple[Any, str, Any]:
    """Value, source and quality."""
    return tuple(None if pd.isna(v) else v for v in row[[feature, f"{feature}_source", f"{feature}_quality"]])  # type: ignore[return-value]


def test_every_feature_of_a_full_row() -> None:
    row = only(store())

    expected = {
        "points_avg_last_5": 21,
        "points_avg_last_10": 22,
        "points_avg_season": 23,
        "points_std_last_10": 4,
        "games_in_last_7_days": 3,
        "fatigue_score": 92,
        "shot_zone_mismatch_score": 3.1,
        "pace_score": 1.5,
        "usage_spike_score": 0.3,
        "rest_advantage": 1,
        "injury_risk": 0,
        "recent_trend": -2.5,
        "minutes_change": pytest.approx(0.1),
        "opponent_def_rating": 110,
        "opponent_pace": 101,
        "home_away": 1,
        "back_to_back": 0,
        "playoff_game": 0,
        "pct_paint": 0.5,
        "pct_mid_range": 0.2,
        "pct_three": 0.3,
        "pct_free_throw": 0.2,
        "team_pace": 99,
        "team_off_rating": 112,
        "team_win_pct": 0.6,
    }
    assert list(expected) == [feature.name for feature in FEATURES]
    assert {name: row[name] for name in expected} == expected
    assert {row[f"{name}_source"] for name in expected} == {"computed"}
    assert (row["feature_quality_score"], row["quality_tier"], row["is_ready"]) == (100, "gold", True)
    assert (row["n_missing"], row["required_missing"], list(row["missing_features"])) == (0, 0, [])
    assert (row["feature_set"], row["decision_at"], row["missing_inputs"]) == ("v1_25", at("11-30 23:30"), [])


def test_players_who_are_out_have_no_row_and_the_doubtful_have() -> None:
    assert store(context={"injury_status": "out"}).empty
    assert len(store(context={"injury_status": "doubtful"})) == 1


@pytest.mark.parametrize(("status", "risk"), [("available", 0), ("probable", 1), ("questionable", 2), ("doubtful", 3)])
def test_injury_risk(status: str, risk: int) -> None:
    assert only(store(context={"injury_status": status}))["injury_risk"] == risk


@pytest.mark.parametrize(("rest", "clamped"), [(5, 2), (2, 2), (-1, -1), (-4, -2)])
def test_rest_advantage_is_clamped(rest: int, clamped: int) -> None:
    assert only(store(context={"rest_advantage": rest}))["rest_advantage"] == clamped


@pytest.mark.parametrize(
    ("side", "value"),
    [({"is_home": True}, 1), ({"is_home": False}, 0), ({"is_neutral": True}, 0.5)],
)
def test_home_away(side: dict[str, bool], value: float) -> None:
    assert only(store(context=side))["home_away"] == value


@pytest.mark.parametrize(
    ("game_id", "value"), [("0042400101", 1), ("0052400101", 1), ("0062400001", 0), ("0022400900", 0)]
)
def test_playoff_game(game_id: str, value: int) -> None:
    assert only(store(context={"game_id": game_id}))["playoff_game"] == value


@pytest.mark.parametrize(
    ("games", "prior", "source", "quality"),
    [
        (10, 70, "computed", 100),
        (9, 0, "partial", 90),
        (9, 70, "partial", 90),
        (4, 0, "partial", 40),
        (4, 70, "partial", 75),
        (4, 1, "partial", 75),
        (3, 70, "partial", 75),
        (2, 70, "partial", 20),
    ],
)
def test_a_short_window_is_partial(games: int, prior: int, source: str, quality: float) -> None:
    row = only(store(cache={"games_n_l10": games, "prior_season_games": prior}))

    assert of(row, "points_avg_last_10") == (22, source, quality)


@pytest.mark.parametrize("games", [5, 9])
def test_the_window_of_five_is_full_with_five_games(games: int) -> None:
    row = only(store(cache={"games_n_l10": games, "prior_season_games": 0}))

    assert of(row, "points_avg_last_5")[1:] == ("computed", 100)
    assert of(row, "recent_trend")[1:] == ("computed", 100)


@pytest.mark.parametrize("games", [0, 1, 2])
def test_last_seasons_average_stands_in_for_the_first_games(games: int) -> None:
    first = {"points_avg_l5": 30.0 if games else None, "points_avg_season": 30.0 if games else None}
    row = only(store(cache=first | {"games_n_l10": games, "games_n_season": games}))

    assert of(row, "points_avg_last_5") == (18, "prior_season", 70)
    assert of(row, "points_avg_season") == (18, "prior_season", 70)
    assert row["required_missing"] == 0


def test_from_three_games_on_this_season_counts() -> None:
    row = only(store(cache={"games_n_l10": 3, "games_n_season": 3}))

    assert of(row, "points_avg_last_5") == (21, "partial", 75)


def test_a_rookies_first_games_are_partial_then_missing_without_one() -> None:
    rookie = {"prior_season_games": 0, "prior_season_points_avg": None}

    assert of(only(store(cache=rookie | {"games_n_l10": 1})), "points_avg_last_5") == (21, "partial", 20)
    none = only(store(cache=rookie | {"games_n_l10": 0, "points_avg_l5": None}))
    assert of(none, "points_avg_last_5") == (None, "missing", 0)
    assert "points_avg_last_5" in none["missing_features"]


@pytest.mark.parametrize(
    ("games", "change", "source"), [(4, None, "missing"), (5, 0.1, "partial"), (20, 0.1, "computed")]
)
def test_minutes_change_from_five_games(games: int, change: float | None, source: str) -> None:
    value, how, _ = of(only(store(cache={"games_n_season": games})), "minutes_change")

    assert value == (None if change is None else pytest.approx(change))
    assert how == source


def test_a_season_without_minutes_has_no_change_of_them() -> None:
    row = only(store(cache={"minutes_avg_season": 0.0, "minutes_avg_l10": 1.0}))

    assert of(row, "minutes_change") == (None, "missing", 0)
    short = only(store(cache={"minutes_avg_season": 0.5, "minutes_avg_l10": 0.75}))
    assert of(short, "minutes_change") == (0.5, "computed", 100)


def test_opponents_window_is_fifteen_games() -> None:
    row = only(store(defense={"games_n": 12}))

    assert of(row, "opponent_def_rating") == (110, "partial", 80)
    assert of(row, "opponent_pace") == (101, "partial", 80)


def test_without_the_cache_four_features_fall_back_and_no_others() -> None:
    row = only(store(cache=None))

    assert of(row, "games_in_last_7_days") == (3, "fallback", 70)
    assert of(row, "team_pace") == (98, "fallback", 70)
    assert of(row, "team_off_rating") == (111, "fallback", 70)
    assert of(row, "team_win_pct") == (0.55, "fallback", 70)
    sources = [row[f"{feature.name}_source"] for feature in FEATURES]
    assert sources.count("fallback") == 4
    assert of(row, "points_avg_last_5") == (None, "missing", 0)
    assert "player_daily_cache" in row["missing_inputs"]


def test_a_missing_defence_is_null_never_a_constant() -> None:
    row = only(store(defense=None))

    assert of(row, "opponent_def_rating") == (None, "missing", 0)
    assert of(row, "opponent_pace") == (None, "missing", 0)
    assert (row["required_missing"], row["is_ready"]) == (2, False)


def test_a_partial_score_has_the_quality_of_a_substitute() -> None:
    row = only(store(composite={"fatigue_score_source": "partial"}))

    assert of(row, "fatigue_score") == (92, "partial", 70)


NO_ZONES: dict[str, Any] = dict.fromkeys(("paint_share_l10", "mid_share_l10", "three_share_l10"))
NO_MISMATCH = {"shot_zone_mismatch_score": None, "shot_zone_mismatch_score_source": "missing"}
NO_SPIKE = {"usage_spike_score": None, "usage_spike_score_source": "missing"}


def test_zones_are_not_available_in_a_season_without_play_by_play() -> None:
    row = only(
        store(
            composite=NO_MISMATCH,
            shots=NO_ZONES | {"season_zone_games": 0, "games_n_l10": 0},
            defense={"season_zone_games": 0},
        )
    )

    for name in ("pct_paint", "pct_mid_range", "pct_three", "shot_zone_mismatch_score"):
        assert of(row, name) == (None, "not_available", None)
    assert (row["feature_quality_score"], row["n_missing"], list(row["missing_features"])) == (100, 0, [])


def test_zones_that_others_have_are_missing() -> None:
    row = only(store(composite=NO_MISMATCH, shots=NO_ZONES | {"games_n_l10": 0}))

    for name in ("pct_paint", "pct_mid_range", "pct_three", "shot_zone_mismatch_score"):
        assert of(row, name) == (None, "missing", 0)
    assert row["n_missing"] == 4


@pytest.mark.parametrize("without", ["shots", "defense"])
def test_a_mismatch_needs_the_seasons_zones_of_both_sides(without: str) -> None:
    none = {"season_zone_games": 0}
    row = only(store(composite=NO_MISMATCH, **{without: none}))  # type: ignore[arg-type]

    assert of(row, "shot_zone_mismatch_score") == (None, "not_available", None)


def test_a_row_of_zones_that_is_not_there_says_nothing_of_the_season() -> None:
    row = only(store(composite=NO_MISMATCH, shots=None))

    assert of(row, "pct_paint") == of(row, "shot_zone_mismatch_score") == (None, "missing", 0)


def test_a_report_that_his_team_has_not_submitted_is_missing_not_unavailable() -> None:
    row = only(store(context={"injury_status": None}, composite=NO_SPIKE, report=None))

    assert of(row, "injury_risk") == of(row, "usage_spike_score") == (None, "missing", 0)


def test_reports_are_not_available_in_a_season_without_any() -> None:
    row = only(store(context=NO_REPORT, composite=NO_SPIKE, report=None))

    assert of(row, "injury_risk") == (None, "not_available", None)
    assert of(row, "usage_spike_score") == (None, "not_available", None)
    assert row["feature_quality_score"] == 100
    assert row["missing_inputs"] == ["nbac_injury_report"]


@pytest.mark.parametrize(
    ("report", "source"),
    [
        ({}, "missing"),
        ({"game_id": "0022300300"}, "not_available"),
        ({"known_at": at("11-30 23:30")}, "missing"),
        ({"known_at": at("11-30 23:31")}, "not_available"),
        ({"game_date": day("11-29")}, "missing"),
        ({"game_date": day(DATE)}, "not_available"),
    ],
)
def test_a_report_is_missing_once_the_season_had_one_that_was_known(report: dict[str, Any], source: str) -> None:
    row = only(store(context=NO_REPORT, composite=NO_SPIKE, report=report))

    assert of(row, "injury_risk")[1] == of(row, "usage_spike_score")[1] == source


def test_the_first_report_of_a_season_is_the_one_that_was_known_first() -> None:
    rows = pd.DataFrame({"season": [2024], "game_date": [day(DATE)], "decision_at": [KEY["decision_at"]]})
    stamps = (("11-20", "11-19 18:00"), ("11-20", "11-19 17:00"), ("11-19", "11-19 19:00"))
    reports = [REPORT | {"game_date": day(date), "known_at": at(known)} for date, known in stamps]

    assert first_report(rows, frame("nbac_injury_report", reports)).tolist() == [at("11-19 17:00")]


def test_each_season_and_date_has_the_first_report_known_by_its_own_decision() -> None:
    """Reports of 2023 and of 2024, both of 20 November; the third row is decided before its season's first."""
    dates = [day("2023-11-30"), day("11-30"), day("11-21"), day("11-30")]
    decided = [at("2023-11-30 23:30"), at("11-30 23:30"), at("11-20 17:59"), at("11-30 23:30")]
    rows = pd.DataFrame({"season": [2023, 2024, 2024, 2024], "game_date": dates, "decision_at": decided})
    last = REPORT | {"game_id": "0022300300", "game_date": day("2023-11-20"), "known_at": at("2023-11-20 18:00")}

    found = first_report(rows.set_index(pd.Index([3, 2, 1, 0])), frame("nbac_injury_report", [REPORT, last]))

    assert found.isna().tolist() == [False, False, True, False]
    assert found.dropna().tolist() == [at("2023-11-20 18:00"), at("11-20 18:00"), at("11-20 18:00")]
    assert found.index.tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("quality", "tier"),
    [
        (95.0, "gold"),
        (94.9, "silver"),
        (85.0, "silver"),
        (84.9, "bronze"),
        (70.0, "bronze"),
        (69.9, "poor"),
        (50.0, "poor"),
        (49.9, "critical"),
    ],
)
def test_tiers_begin_at_their_least_score(quality: float, tier: str) -> None:
    values = {feature.name: replace(plain(np.ones(1)), quality=np.array([quality])) for feature in FEATURES}

    row = only(ml_feature_store.verdict(values))

    assert row["feature_quality_score"] == pytest.approx(quality)
    assert row["quality_tier"] == tier


def test_the_score_is_weighted() -> None:
    """Σ w = 4·3 + 6·2 + 15 = 39; a missing spike costs 2, a missing rest 1."""
    row = only(store(composite=NO_SPIKE, context={"rest_advantage": None}))

    assert row["feature_quality_score"] == pytest.approx(100 * 36 / 39)
    assert row["quality_tier"] == "silver"
    assert list(row["missing_features"]) == ["usage_spike_score", "rest_advantage"]


def test_a_required_feature_missing_caps_the_score_at_69() -> None:
    row = only(store(defense={"pace_l15": None}))

    assert (row["feature_quality_score"], row["quality_tier"]) == (69, "poor")
    assert (row["required_missing"], row["is_ready"]) == (1, False)


def test_four_required_features_missing_cap_it_at_69_still() -> None:
    gone = {"points_avg_l5": None, "points_avg_season": None, "prior_season_points_avg": None}

    row = only(store(cache=gone, defense={"def_rating_l15": None, "pace_l15": None}))

    assert (row["feature_quality_score"], row["required_missing"]) == (69, 4)


def test_all_five_missing_cap_it_at_49() -> None:
    gone = {"points_avg_l5": None, "points_avg_season": None, "prior_season_points_avg": None, "team_pace_l10": None}

    row = only(store(cache=gone, team=None, defense={"def_rating_l15": None, "pace_l15": None}))

    assert (row["feature_quality_score"], row["quality_tier"], row["required_missing"]) == (49, "critical", 5)


@pytest.mark.parametrize("latest", ["cache", "team", "composite", "shots", "defense"])
def test_known_at_covers_every_input(latest: str) -> None:
    changed: Any = {latest: {"known_at": at("11-30 22:10")}}

    assert only(store(**changed))["known_at"] == at("11-30 22:10")


def test_every_input_of_a_full_row_is_named() -> None:
    assert set(only(store())["sources_used"]) == {
        "upcoming_player_game_context",
        "player_daily_cache",
        "upcoming_team_game_context",
        "player_composite_factors",
        "player_shot_zone_analysis",
        "team_defense_zone_analysis",
        "nbac_injury_report",
    }


def test_known_at_is_the_contexts_or_the_first_reports_where_that_is_the_latest() -> None:
    assert only(store(context={"known_at": at("11-30 22:20")}))["known_at"] == at("11-30 22:20")
    assert only(store(report={"known_at": at("11-30 22:30")}))["known_at"] == at("11-30 22:30")


def test_every_row_is_his_own_teams_and_his_opponents() -> None:
    """Player 8 of DEN is in the same game, and each input has a row of the other side first."""
    other = KEY | {"player_id": "8", "team": "DEN", "season": 2024, "opponent": "BOS"}
    mine = KEY | PERSON | {"opponent": "DEN"}
    rows = {
        "upcoming_player_game_context": [other | CONTEXT | {"opponent": "BOS"}, mine | CONTEXT],
        "player_daily_cache": [other | CACHE | {"points_avg_l5": 5.0}, mine | CACHE | {"team_pace_l10": None}],
        "upcoming_team_game_context": [other | TEAM | {"team_pace_l10": 90.0}, mine | TEAM],
        "player_composite_factors": [other | COMPOSITE | {"fatigue_score": 50.0}, mine | COMPOSITE],
        "player_shot_zone_analysis": [other | SHOTS | {"paint_share_l10": 0.1}, mine | SHOTS],
        "team_defense_zone_analysis": [other | DEFENSE, other | {"team": "BOS"} | DEFENSE | {"pace_l15": 92.0}],
    }
    inputs = {}
    for name, some in rows.items():
        columns = contracts.table(name).column_names
        inputs[name] = frame(name, [{c: v for c, v in row.items() if c in columns} for row in some])

    found = ml_feature_store.build(inputs, [day(DATE)]).set_index("player_id")

    assert found["points_avg_last_5"].to_dict() == {"7": 21, "8": 5}
    assert found["team_pace"].to_dict() == {"7": 98, "8": 99}
    assert found["fatigue_score"].to_dict() == {"7": 92, "8": 50}
    assert found["pct_paint"].to_dict() == {"7": 0.5, "8": 0.1}
    assert found["opponent_pace"].to_dict() == {"7": 101, "8": 92}


def test_a_row_known_after_the_decision_is_as_good_as_absent() -> None:
    row = only(store(defense={"known_at": at("11-30 23:31")}))

    assert of(row, "opponent_pace") == (None, "missing", 0)
    assert row["known_at"] == at("11-30 12:00")


def test_another_games_row_of_the_date_is_not_his() -> None:
    """A table by date and player speaks for the game that its row names."""
    assert of(only(store(cache={"game_id": "0022400901"})), "points_avg_last_5")[1] == "missing"


def test_known_at_is_the_latest_of_the_rows_used() -> None:
    assert only(store(shots={"known_at": at("11-30 22:10")}))["known_at"] == at("11-30 22:10")


def test_a_scope_is_rows_of_the_whole() -> None:
    pd.testing.assert_frame_equal(store(scope=Scope(players=frozenset({"7"}))), store())
    assert store(scope=Scope(teams=frozenset({"DEN"}))).empty
