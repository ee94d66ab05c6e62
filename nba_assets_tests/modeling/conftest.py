"""A generated season with enough lined rows to train on, and the models of its sixth Monday."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets.modeling import TRANSFORMS
from nba_assets_tests.modeling.rows import league

START = pd.Timestamp("2024-11-04")
MONDAY = pd.Timestamp("2024-12-09")
DAYS = 36


@pytest.fixture(scope="session")
def season() -> dict[str, pd.DataFrame]:
    """36 dates from Monday 2024-11-04, 96 lined players a date: inputs of Phase 5."""
    return league(days=DAYS, games=4, players=12, seed=2, start=START)


@pytest.fixture(scope="session")
def cards(season: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """points_model on the last date of `season`, a Monday."""
    return TRANSFORMS["points_model"](season, [MONDAY])
