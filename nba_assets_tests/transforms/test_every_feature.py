"""Each of the 25 features: its window, its quality when that is short, and what a null of it costs."""

from __future__ import annotations

from typing import Any

import pytest

from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets_tests.transforms.test_ml_feature_store import NO_REPORT, SCORES, of, only, store

NAMES = [feature.name for feature in FEATURES]
WEIGHTS = {0: 3, 1: 3, 2: 3, 3: 3, 5: 2, 6: 2, 7: 2, 8: 2, 13: 2, 14: 2}
"""By the feature's number; all others weigh 1, the sum is 39."""
REQUIRED = (0, 2, 13, 14, 22)

WINDOWS = {
    0: (5, "cache", "games_n_l10"),
    1: (10, "cache", "games_n_l10"),
    2: (10, "cache", "games_n_season"),
    3: (10, "cache", "games_n_l10"),
    11: (5, "cache", "games_n_l10"),
    12: (20, "cache", "games_n_season"),
    13: (15, "defense", "games_n"),
    14: (15, "defense", "games_n"),
    18: (10, "shots", "games_n_l10"),
    19: (10, "shots", "games_n_l10"),
    20: (10, "shots", "games_n_l10"),
    21: (10, "cache", "games_n_l10"),
    22: (10, "cache", "team_games_n_l10"),
    23: (10, "cache", "team_games_n_l10"),
    24: (10, "cache", "team_games_n_season"),
}
"""By number: N, and where the games of the window are counted."""

SOURCES: dict[int, dict[str, dict[str, Any]]] = {
    0: {"cache": {"points_avg_l5": None}},
    1: {"cache": {"points_avg_l10": None}},
    2: {"cache": {"points_avg_season": None}},
    3: {"cache": {"points_std_l10": None}},
    **{5 + n: {"composite": {score: None, f"{score}_source": "missing"}} for n, score in enumerate(SCORES)},
    9: {"context": {"rest_advantage": None}},
    10: {"context": NO_REPORT},
    11: {"cache": {"recent_trend": None}},
    12: {"cache": {"minutes_avg_season": None}},
    13: {"defense": {"def_rating_l15": None}},
    14: {"defense": {"pace_l15": None}},
    18: {"shots": {"paint_share_l10": None}},
    19: {"shots": {"mid_share_l10": None}},
    20: {"shots": {"three_share_l10": None}},
    21: {"cache": {"ft_points_share_l10": None}},
    22: {"cache": {"team_pace_l10": None}, "team": {"team_pace_l10": None}},
    23: {"cache": {"team_off_rating_l10": None}, "team": {"team_off_rating_l10": None}},
    24: {"cache": {"team_win_pct": None}, "team": {"team_win_pct": None}},
}
"""What makes each feature null; 4, 15, 16 and 17 are always known."""


def test_the_order_is_the_reference_order() -> None:
    assert len(NAMES) == 25
    assert [number for number, feature in enumerate(FEATURES) if feature.window] == list(WINDOWS)
    assert {**dict.fromkeys(range(25), 1), **WEIGHTS} == {n: feature.weight for n, feature in enumerate(FEATURES)}


@pytest.mark.parametrize("number", WINDOWS, ids=[NAMES[n] for n in WINDOWS])
def test_a_window_is_full_with_n_games_and_a_share_of_it_before(number: int) -> None:
    full, table, column = WINDOWS[number]
    rookie: dict[str, Any] = {"prior_season_games": 0, "prior_season_points_avg": None}

    def told(games: int, **prior: Any) -> tuple[Any, str, Any]:
        inputs: dict[str, Any] = {"cache": rookie | prior}
        inputs[table] = inputs.get(table, {}) | {column: games}
        return of(only(store(**inputs)), NAMES[number])

    value, *computed = told(full)
    assert computed == ["computed", 100.0]
    assert told(full - 1) == (value, "partial", pytest.approx(100 * (full - 1) / full))
    if full > 5 and number != 12:
        assert told(3, prior_season_games=50)[2] == 75.0


@pytest.mark.parametrize("number", SOURCES, ids=[NAMES[n] for n in SOURCES])
def test_without_its_value_a_feature_is_null_missing_and_costs_its_weight(number: int) -> None:
    row = only(store(**SOURCES[number]))

    name = NAMES[number]
    assert of(row, name) == (None, "missing", 0)
    assert (row["n_missing"], list(row["missing_features"])) == (1, [name])
    others = [row[f"{other}_quality"] for other in NAMES if other != name]
    assert others == [100.0] * 24
    weighted = 100 * (39 - WEIGHTS.get(number, 1)) / 39
    assert row["feature_quality_score"] == pytest.approx(min(weighted, 69) if number in REQUIRED else weighted)
    assert row["quality"] == row["feature_quality_score"]
    assert (row["required_missing"], row["is_ready"]) == (int(number in REQUIRED), number not in REQUIRED)


@pytest.mark.parametrize(("lose", "tier"), [(1, "gold"), (3, "silver"), (6, "bronze"), (12, "poor"), (20, "critical")])
def test_tiers(lose: int, tier: str) -> None:
    """Features of so much weight of 39 are missing, none of them required."""
    chosen: list[int] = []
    left = lose
    for number in (1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 18, 19, 20, 21, 23, 24):
        if left and WEIGHTS.get(number, 1) <= left:
            chosen.append(number)
            left -= WEIGHTS.get(number, 1)
    assert not left
    gone: dict[str, dict[str, Any]] = {}
    for number in chosen:
        for table, facts in SOURCES[number].items():
            gone[table] = gone.get(table, {}) | facts

    row = only(store(**gone))

    assert row["feature_quality_score"] == pytest.approx(100 * (39 - lose) / 39)
    assert row["quality_tier"] == tier
    assert row["is_ready"]
