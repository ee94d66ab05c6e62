"""The traps of the field that are about predictions: each test plants the leak and sees that nothing moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nba_assets.modeling import TRANSFORMS
from nba_assets.modeling.slate import FEATURE_NAMES
from nba_assets_tests.modeling.conftest import MONDAY
from nba_assets_tests.modeling.rows import prop, table

DAY = pd.Timedelta(days=1)
PROPS = "odds_api_player_points_props"


@pytest.fixture(scope="module")
def given(season, cards):
    """Everything a prediction of the last date is made from, its models among it."""
    return season | {"points_model": cards}


def predict(inputs, dates=(MONDAY,)):
    return TRANSFORMS["player_points_predictions"](inputs, list(dates))


@pytest.fixture(scope="module")
def said(given):
    return predict(given)


@pytest.fixture(scope="module")
def served(said):
    """What the serving model says."""
    return said[said["role"] == "serving"].reset_index(drop=True)


def same(left, right):
    pd.testing.assert_frame_equal(left, right, check_exact=True)


def of_date(frame, day=MONDAY):
    return frame[frame["game_date"] == day]


def wild(given, after, known=None):
    """A wild line for everybody of the last date, `after` minutes after the tip."""
    rows = of_date(given["upcoming_player_game_context"])
    captured = rows["tip_at"] + pd.Timedelta(minutes=after)
    lines = [
        prop(
            **{name: row[name] for name in ("game_date", "game_id", "player_id")},
            line=60.5,
            captured_at=when,
            known_at=when if known is None else row["tip_at"] + pd.Timedelta(minutes=known),
            is_in_play=after >= 0,
        )
        for (_, row), when in zip(rows.iterrows(), captured, strict=True)
    ]
    more = table(PROPS, lines)
    return given | {PROPS: pd.concat([given[PROPS], more], ignore_index=True)}


def test_2_a_line_from_after_the_tip_is_never_used(given, said):
    same(predict(wild(given, after=20)), said)


def test_2_a_line_from_before_the_tip_that_became_known_after_the_decision_is_not_either(given, said):
    same(predict(wild(given, after=-40, known=-20)), said)
    assert (predict(wild(given, after=-40))["consensus_line"] != said["consensus_line"]).any()


def test_3_no_line_value_stands_for_many_players(said):
    assert said["line_value"].notna().all()
    assert said["line_value"].value_counts(normalize=True).max() <= 0.25


@pytest.mark.parametrize("status", ["dnp", "inactive"])
def test_4_who_turned_out_not_to_play_is_not_known_before(given, said, status):
    box = given["player_game_summary"].copy()
    today = box["game_date"] == MONDAY
    box.loc[today, "status"] = status
    box.loc[today, ["points"]] = pd.NA
    changed = given | {"player_game_summary": box}
    same(predict(changed), said)
    same(TRANSFORMS["points_model"](changed, [MONDAY]), given["points_model"])


def test_9_minutes_of_the_box_scores_train_nothing(given):
    """Expected minutes come from form alone: shuffled minutes leave every model as it was."""
    box = given["player_game_summary"]
    minutes = np.random.default_rng(1).permutation(box["minutes"].to_numpy())
    shuffled = box.assign(minutes=pd.Series(minutes, index=box.index).where(box["status"] == "played"))
    same(TRANSFORMS["points_model"](given | {"player_game_summary": shuffled}, [MONDAY]), given["points_model"])


def test_11_a_model_never_saw_the_game_it_predicts(given, said):
    cards = given["points_model"].set_index("model_version")
    end = said["model_version"].map(cards["train_end"])
    assert (end + 2 * DAY <= said["game_date"]).all()
    assert (said["model_version"].map(cards["refit_at"]) <= said["decision_at"]).all()
    assert set(said["run_kind"]) == {"backfill"}


def test_12_a_lined_player_who_does_not_play_has_a_decision_and_is_void(given, served):
    grades = TRANSFORMS["prediction_grades"](given | {"player_points_predictions": served}, [MONDAY])
    box = of_date(given["player_game_summary"])
    absent = box.loc[box["status"] == "dnp", "player_id"]
    assert len(absent) > 0
    assert set(absent) <= set(served["player_id"])
    theirs = grades[grades["player_id"].isin(absent) & grades["superseded_at"].isna()]
    assert len(theirs) == len(absent)
    assert set(theirs["result"]) == {"void"}


def test_13_a_players_game_counts_once(given, served):
    """The same rows said again in shadow by a challenger, and live twice before the tip."""
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
    every = pd.concat([served, early, later, shadow], ignore_index=True)
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


def test_14_a_stat_correction_moves_no_decision_made_before_it_was_known(given, said):
    box = given["player_game_summary"]
    played = box[(box["game_date"] == MONDAY - 10 * DAY) & (box["status"] == "played")].head(1)
    fixed = said["decision_at"].max()
    old = box.assign(superseded_at=box["superseded_at"].mask(box.index.isin(played.index), fixed))
    new = played.assign(points=99, known_at=fixed)
    changed = given | {"player_game_summary": pd.concat([old, new], ignore_index=True)}
    same(TRANSFORMS["points_model"](changed, [MONDAY]), given["points_model"])
    same(predict(changed), said)


def test_14_a_new_tip_known_after_the_decision_moves_none(given, said):
    schedule = given["nbac_schedule"]
    late = said["decision_at"].max() + pd.Timedelta(minutes=1)
    row = schedule[(schedule["game_date"] == MONDAY) & (schedule["game_status"] == 1)].head(1)
    moved = table("nbac_schedule", row.assign(tip_at=row["tip_at"] + DAY, is_postponed=True, known_at=late))
    same(predict(given | {"nbac_schedule": pd.concat([schedule, moved], ignore_index=True)}), said)


def test_15_the_line_is_the_decisions_capture_not_the_close(given, said):
    assert not [name for name in FEATURE_NAMES if "clos" in name]
    ahead = (said["tip_at"] - said["line_captured_at"]).dt.total_seconds() / 60
    assert said["minutes_to_tip"].tolist() == ahead.tolist()
    close = wild(given, after=-5)
    same(predict(close), said)
    grades = TRANSFORMS["prediction_grades"](close | {"player_points_predictions": said}, [MONDAY])
    assert grades["closing_line"].notna().any()


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_known_later_moves_nothing(given, said, seed):
    """All at once: every number of every row that was known after the last decision, at random."""
    rng = np.random.default_rng(seed)
    last = said["decision_at"].max()
    noisy = {}
    for name, frame in given.items():
        later = (frame["known_at"] > last).to_numpy()
        out = frame.copy()
        for column in frame.columns:
            if pd.api.types.is_numeric_dtype(frame[column].dtype) and frame[column].dtype != "boolean":
                noise = pd.Series(rng.integers(1, 50, len(frame)), index=frame.index).astype(frame[column].dtype)
                out[column] = frame[column].mask(later, noise)
        noisy[name] = out
    assert not noisy["player_game_summary"].equals(given["player_game_summary"])
    same(TRANSFORMS["points_model"](noisy, [MONDAY]), given["points_model"])
    same(predict(noisy), said)
    games = TRANSFORMS["game_predictions"]
    same(games(noisy, [MONDAY]), games(given, [MONDAY]))
