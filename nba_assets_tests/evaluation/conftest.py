"""A generated league of four weeks in a warehouse of its own, walked forward once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from nba_assets.evaluation.backtest import Backtest, backtest
from nba_assets.evaluation.reading import read
from nba_assets.evaluation.walk_forward import WalkForward, days_needed, walk_forward
from nba_assets.modeling import Inputs
from nba_assets.storage.warehouse import LocalWarehouse
from nba_assets_tests.modeling.rows import league

START, LAST = dt.date(2024, 11, 4), dt.date(2024, 12, 4)
"""Monday to Wednesday: the refit of the last Monday, 2 December, is the first with 2,000 lined rows."""


def written(root: Path, inputs: Mapping[str, pd.DataFrame]) -> LocalWarehouse:
    """A warehouse with these tables."""
    warehouse = LocalWarehouse(root, lambda name: pd.DataFrame())
    for name, frame in inputs.items():
        if name == "nbac_schedule":
            frame = frame.assign(game_status_text=frame["game_status_text"].fillna("7:00 pm ET"))
        warehouse.replace(name, sorted(frame["game_date"].dt.date.unique()), frame)
    return warehouse


def really(inputs: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same games in a real arena."""
    schedule = inputs["nbac_schedule"]
    arena = pd.Series("TD Garden", index=schedule.index, dtype="string[pyarrow]")
    return {**inputs, "nbac_schedule": schedule.assign(arena_name=arena)}


@pytest.fixture(scope="session")
def league_inputs() -> dict[str, pd.DataFrame]:
    """31 dates, 96 lined players a date."""
    return league(days=31, games=4, players=12, seed=2, start=pd.Timestamp(START))


@pytest.fixture(scope="session")
def warehouse(league_inputs: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> LocalWarehouse:
    return written(tmp_path_factory.mktemp("league") / "warehouse", league_inputs)


@pytest.fixture(scope="session")
def inputs(warehouse: LocalWarehouse) -> Inputs:
    """What a walk-forward over all dates reads."""
    return read(warehouse, days_needed(START, LAST, 7))


@pytest.fixture(scope="session")
def forward(inputs: Inputs) -> WalkForward:
    """All dates, refitted on Mondays."""
    return walk_forward(inputs, START, LAST)


@pytest.fixture(scope="session")
def found(warehouse: LocalWarehouse) -> Backtest:
    """A backtest of the last nine dates: two refits, the second of which learns."""
    return backtest(warehouse, dt.date(2024, 11, 26), LAST)
