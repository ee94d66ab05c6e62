"""Who counts in the record, and how often: traps 12 and 13."""

from __future__ import annotations

import pandas as pd

from nba_assets.modeling import TRANSFORMS
from nba_assets_tests.leakage.night import of_date
from nba_assets_tests.modeling.conftest import MONDAY


def test_trap_12_a_lined_player_who_does_not_play_has_a_decision_and_is_void(given, served):
    grades = TRANSFORMS["prediction_grades"](given | {"player_points_predictions": served}, [MONDAY])
    box = of_date(given["player_game_summary"], MONDAY)
    absent = box.loc[box["status"] == "dnp", "player_id"]
    assert len(absent) > 0
    assert set(absent) <= set(served["player_id"])
    theirs = grades[grades["player_id"].isin(absent) & grades["superseded_at"].isna()]
    assert len(theirs) == len(absent)
    assert set(theirs["result"]) == {"void"}


def test_trap_13_a_players_game_counts_once(given, served):
    """The same rows said twice live by who serves, and by a challenger in shadow, there at last live too."""
    early = served.assign(
        run_kind="live",
        decision_at=served["decision_at"] - pd.Timedelta(hours=2),
        created_at=served["decision_at"] - pd.Timedelta(hours=2),
        prediction_id=served["prediction_id"] + "-early",
    )
    later = early.assign(
        created_at=served["decision_at"] - pd.Timedelta(hours=1),
        decision_at=served["decision_at"] - pd.Timedelta(hours=1),
        prediction_id=served["prediction_id"] + "-later",
    )
    shadow = served.assign(role="shadow", model_version="challenger", prediction_id=served["prediction_id"] + "-shadow")
    last = shadow.assign(
        run_kind="live",
        created_at=served["decision_at"] - pd.Timedelta(minutes=10),
        prediction_id=served["prediction_id"] + "-last",
    )
    every = pd.concat([served, early, later, shadow, last], ignore_index=True)
    inputs = given | {"player_points_predictions": every}
    grades = TRANSFORMS["prediction_grades"](inputs, [MONDAY])
    official = grades[grades["is_official"] & grades["superseded_at"].isna()]
    assert not official.duplicated(["game_id", "player_id"]).any()
    assert len(official) == len(served)
    assert official["prediction_id"].str.endswith("-later").all()
    record = TRANSFORMS["model_performance_daily"](inputs | {"prediction_grades": grades}, [MONDAY])
    whole = record[(record["segment"] == "all") & (record["model_version"] == "serving_points")]
    assert set(whole["run_kind"]) == {"live"}
    assert set(whole["n_rows"] + whole["voids"]) == {len(served)}
