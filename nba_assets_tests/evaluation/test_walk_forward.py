"""The walk-forward's rows are the platform's own; a model never saw the date it serves."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets.contracts import frames, table
from nba_assets.errors import PlatformError
from nba_assets.evaluation.walk_forward import in_time, refit_date, walk_forward
from nba_assets.modeling import TRANSFORMS
from nba_assets_tests.evaluation.conftest import LAST, START

D = pd.Timestamp("2024-11-14")
"""A Thursday."""
DAY = pd.Timedelta(days=1)


def test_a_week_is_the_platforms_mondays_and_any_other_number_counts_from_the_start():
    start = pd.Timestamp("2024-11-09")
    assert refit_date(D, start, 7) == pd.Timestamp("2024-11-11")
    assert [refit_date(start + n * DAY, start, 3) for n in (0, 2, 3, 5)] == [
        start,
        start,
        start + 3 * DAY,
        start + 3 * DAY,
    ]


def test_with_refits_on_mondays_the_rows_are_the_platforms_own_tables(league_inputs, forward):
    days = list(pd.date_range(START, LAST))
    tables = dict(league_inputs)
    for name in ("points_model", "player_points_predictions", "game_predictions", "prediction_grades"):
        tables[name] = TRANSFORMS[name](tables, days)
    assert forward.models["family"].nunique() == 3 and set(forward.predictions["role"]) == {"serving", "shadow"}
    predictions = tables["player_points_predictions"]
    pd.testing.assert_frame_equal(forward.predictions, predictions, check_exact=True)
    grades = tables["prediction_grades"]
    points = grades[(grades["target"] == "points") & grades["superseded_at"].isna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(forward.grades, points, check_exact=True)
    served = tables["points_model"]
    own = served[(served["target"] == "points")]
    assert set(forward.models["model_version"]) == set(own["model_version"])


def test_a_part_of_the_range_has_the_rows_of_the_whole(inputs, forward):
    first, last = dt.date(2024, 11, 13), dt.date(2024, 11, 19)
    part = walk_forward(inputs, first, last)
    whole = forward.predictions
    cut = whole[whole["game_date"].between(pd.Timestamp(first), pd.Timestamp(last))]
    pd.testing.assert_frame_equal(part.predictions, cut.reset_index(drop=True), check_exact=True)


def test_other_grids_refit_as_often_as_they_say(inputs):
    done = []
    first, last = dt.date(2024, 11, 9), dt.date(2024, 11, 14)
    forward = walk_forward(inputs, first, last, 3, lambda number, of: done.append((number, of)))
    assert [f"{day:%d}" for day in forward.models["refit_at"]] == ["09", "12"]
    assert [f"{day:%d}" for day in forward.models["train_end"]] == ["07", "10"]
    assert done == [(0, 2), (1, 2), (2, 2)]


def test_every_models_training_ends_an_embargo_before_its_rows(forward):
    cards = forward.models.set_index("model_version")["train_end"]
    ends = forward.predictions["model_version"].map(cards)
    assert (ends.isna() | (ends + 2 * DAY <= forward.predictions["game_date"])).all()


def card(train_end: pd.Timestamp, refit_at: pd.Timestamp = D) -> dict[str, object]:
    return {"model_version": "m-1", "train_end": train_end, "refit_at": refit_at.tz_localize("UTC")}


def test_a_model_that_had_seen_a_row_is_refused():
    rows = pd.DataFrame({"game_date": [D], "game_id": ["g"], "decision_at": [D.tz_localize("UTC") + 23 * DAY / 24]})
    in_time(card(D - 2 * DAY), rows)
    in_time(card(pd.NaT), rows)
    with pytest.raises(PlatformError, match="m-1, trained to 2024-11-13, had seen game g of 2024-11-14"):
        in_time(card(D - DAY), rows)
    with pytest.raises(PlatformError, match="had seen"):
        in_time(card(D - 2 * DAY, D + DAY), rows)


def test_without_rows_there_is_nothing_to_walk_over():
    nothing = frames.empty(table("ml_feature_store"))
    with pytest.raises(PlatformError, match="no rows of ml_feature_store between 2024-11-04 and 2024-11-04"):
        walk_forward({"ml_feature_store": nothing}, START, START)
