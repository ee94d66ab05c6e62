"""Alarms on models: each told once with its figures, drift planted and named, an honest season silent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nba_assets.alarms.causes import RULES
from nba_assets.alarms.feature_drift import NAMES, drifts, feature_drift, stability_index
from nba_assets.alarms.model_alarms import model_alarms, slate_without_features
from nba_assets.engine.platform import Platform
from nba_assets_tests.modeling.rows import league, prediction, table

NOON = pd.Timestamp("2024-11-01")
"""The desk's date."""
DAY = pd.Timedelta(days=1)


def put(platform: Platform, name: str, rows: pd.DataFrame) -> None:
    """The rows in place of what their dates have."""
    days = sorted(rows["game_date"].unique())
    with platform.ledger.lock(name, [pd.Timestamp(day).date() for day in days]):
        platform.warehouse.replace(name, [pd.Timestamp(day) for day in days], rows)


def record(platform: Platform, *rows: dict[str, Any], day: pd.Timestamp = NOON - DAY) -> None:
    """Rows of the track record of yesterday."""
    plain = {"game_date": day, "model_version": "serving_points", "segment": "all", "window": "30d", "n_rows": 3_900}
    plain |= {
        "n_dates": 30,
        "bias": 0.62,
        "ece": 0.05,
        "ece_noise": 0.03,
        "alarms": [],
        "compared_with": "market",
        "data_origin": "real",
    }
    put(platform, "model_performance_daily", table("model_performance_daily", [plain | row for row in rows]))


def test_every_alarm_of_the_record_is_one_cause_with_its_figures(desk: Platform) -> None:
    record(
        desk,
        {"alarms": ["bias"], "window": "7d", "n_rows": 1_100},
        {"alarms": ["bias", "calibration"], "data_origin": "simulated"},
        {"alarms": ["bias"], "model_version": "residual_lgbm-4c76"},
        {"alarms": ["coverage"], "model_version": "new", "compared_with": "serving_points"},
    )
    found = {cause.cause: cause for cause in model_alarms(desk)}
    assert list(found) == [
        "model_alarms|bias|serving_points",
        "model_alarms|calibration|serving_points",
        "model_alarms|coverage|new",
    ]
    message = found["model_alarms|bias|serving_points"].message
    assert message.startswith(
        "bias of serving_points (live, 30d, all): bias 0.62; N 3,900 on 30 dates to 2024-10-31, simu"
    )
    assert "ece 0.05, ece_noise 0.03" in found["model_alarms|calibration|serving_points"].message
    assert set(RULES) > {"model_alarms", "feature_drift", "slate_without_features"}


def test_the_record_of_a_season_that_is_over_is_no_alarm(desk: Platform) -> None:
    record(desk, {"alarms": ["bias"]}, day=NOON - 11 * DAY)
    assert model_alarms(desk) == []


def slate(platform: Platform, unready: dict[int, int], players: int = 20) -> None:
    """By days ago, how many of the date's players lack features."""
    for ago, without in unready.items():
        rows = [
            prediction(
                game_date=NOON - ago * DAY,
                player_id=str(number),
                prediction_id=f"{ago} {number}",
                decision="PASS",
                reasons=["critical_feature_missing"] if number < without else ["ev_small"],
            )
            for number in range(players)
        ]
        put(platform, "player_points_predictions", table("player_points_predictions", rows))


@pytest.mark.parametrize(
    ("unready", "is_alarm"),
    [
        ({3: 1, 2: 2, 1: 1, 0: 12}, True),
        ({3: 1, 2: 2, 1: 1, 0: 9}, False),
        ({3: 20, 2: 20, 1: 18, 0: 16}, False),
        ({0: 20}, False),
    ],
)
def test_half_a_slate_without_features_is_an_alarm_unless_it_has_been_so(
    unready: dict[int, int], is_alarm: bool, desk: Platform
) -> None:
    """Early in a season, and on the first date, features are missing by nature."""
    slate(desk, unready)
    found = slate_without_features(desk)
    assert bool(found) is is_alarm
    if found:
        assert found[0].message.startswith(
            "12 of 20 players of 2024-11-01 pass because features are missing (60%, usual"
        )


def test_the_stability_index_by_hand() -> None:
    """Ten bins of a tenth each; half of the lower half went to the upper half: five are halved, five half more."""
    reference = np.arange(1000.0)
    assert stability_index(reference, reference) == 0
    recent = np.concatenate([reference[:500:2], reference[500:], reference[501::2]])
    expected = 5 * (0.05 - 0.1) * np.log(0.5) + 5 * (0.15 - 0.1) * np.log(1.5)
    assert stability_index(reference, recent) == pytest.approx(expected, rel=0.02)
    gone = np.where(np.arange(1000) % 2, reference, np.nan)
    assert stability_index(reference, gone) > 2, "a bin of missing values that there was not"


@pytest.fixture(scope="module")
def season() -> pd.DataFrame:
    """Features of 40 dates up to the desk's, 60 players a date."""
    rows = league(days=40, games=3, players=10, start=NOON - 39 * DAY, books=())["ml_feature_store"]
    return rows.assign(playoff_game=0.0)


def trained(platform: Platform, season: pd.DataFrame) -> None:
    """The season in the platform, and a serving model of its first 32 dates."""
    put(platform, "ml_feature_store", season)
    card = {"game_date": NOON, "model_version": "m1", "target": "points", "family": "residual_lgbm", "serving": True}
    card |= {"train_start": NOON - 39 * DAY, "train_end": NOON - 8 * DAY}
    put(platform, "points_model", table("points_model", [card]))


def test_an_honest_season_does_not_drift(desk: Platform, season: pd.DataFrame) -> None:
    trained(desk, season)
    assert feature_drift(desk) == []


def test_a_feature_that_moved_and_one_that_is_gone_are_told_with_their_sources(
    desk: Platform, season: pd.DataFrame
) -> None:
    late = season["game_date"] > NOON - 7 * DAY
    spread = season["recent_trend"].std()
    moved = season.assign(
        recent_trend=season["recent_trend"] + 1.5 * spread * late,
        pct_three=season["pct_three"].mask(late & (np.arange(len(season)) % 2 == 0)),
    )
    moved["pct_three_source"] = moved["pct_three_source"].mask(moved["pct_three"].isna(), "missing")
    trained(desk, moved)
    found = {cause.cause: cause.message for cause in feature_drift(desk)}
    assert set(found) == {"feature_drift|recent_trend", "feature_drift|pct_three"}
    assert "(420 rows) is not what the model was trained on (1,920 rows)" in found["feature_drift|recent_trend"]
    assert "missing 0% and 50%; computed 50%, missing 50% now, computed 100% then" in found["feature_drift|pct_three"]


def test_without_a_trained_model_or_enough_rows_nothing_is_said(desk: Platform, season: pd.DataFrame) -> None:
    put(desk, "ml_feature_store", season)
    assert feature_drift(desk) == []
    assert drifts(season.iloc[:999], season, NAMES) == []
