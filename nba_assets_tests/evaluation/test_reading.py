"""What is read, and whose games it is about."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_assets import contracts
from nba_assets.engine.graph import input_dates
from nba_assets.errors import PlatformError, UsageError
from nba_assets.evaluation.backtest import backtest
from nba_assets.evaluation.reading import origin, spans
from nba_assets.modeling import TABLES
from nba_assets_tests.evaluation.conftest import LAST, START, really, written
from nba_assets_tests.modeling.rows import league

DAYS = [dt.date(2024, 11, 11), dt.date(2024, 11, 20)]


def test_training_history_reaches_as_far_as_the_contract_of_the_model_says():
    found = spans(DAYS)
    entries = [entry for entry in contracts.table("points_model").inputs if entry.table not in TABLES]
    for entry in entries:
        (first, _), _ = found[entry.table]
        assert first <= input_dates(entry, DAYS[0])[0]
    assert found["ml_feature_store"][0][1] == DAYS[-1]


def test_tables_that_are_made_anew_are_not_read():
    assert not {
        "stage_models",
        "points_model",
        "player_points_predictions",
        "game_predictions",
        "prediction_grades",
    } & set(spans(DAYS))


def test_real_and_simulated_games_in_one_range_are_refused(tmp_path):
    made = league(days=2, games=1, players=2, start=pd.Timestamp(START))
    earlier = really(league(days=1, games=1, players=2, start=pd.Timestamp(START) - pd.Timedelta(days=10)))
    schedule = pd.concat([earlier["nbac_schedule"], made["nbac_schedule"]], ignore_index=True)
    warehouse = written(tmp_path / "warehouse", made | {"nbac_schedule": schedule})
    told = "real 2024-10-25 to 2024-10-25; simulated 2024-11-04 to 2024-11-04"
    with pytest.raises(PlatformError, match=told):
        backtest(warehouse, START, START)
    assert origin(written(tmp_path / "one", really(made)), [START]) == "real"


def test_a_range_the_wrong_way_round_or_without_features_is_refused(warehouse, tmp_path):
    with pytest.raises(UsageError, match="the range from 2024-11-05 to 2024-11-04 is empty"):
        backtest(warehouse, dt.date(2024, 11, 5), dt.date(2024, 11, 4))
    with pytest.raises(PlatformError, match="no features of a date from 2023-01-01 to 2023-01-02") as refused:
        backtest(warehouse, dt.date(2023, 1, 1), dt.date(2023, 1, 2))
    assert refused.value.hint == f"it has {START} to {LAST}"
    with pytest.raises(PlatformError, match="the warehouse has no features of any date"):
        backtest(written(tmp_path / "empty", {}), START, LAST)
