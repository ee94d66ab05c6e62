"""A night of a small season, and a generated season with enough lines to learn from."""

from __future__ import annotations

import pandas as pd
import pytest

from nba_assets_tests.leakage.night import Night
from nba_assets_tests.leakage.night import night as made
from nba_assets_tests.leakage.season import predict
from nba_assets_tests.modeling.conftest import cards, season

__all__ = ["cards", "given", "night", "said", "season", "served"]


@pytest.fixture(scope="session")
def night() -> Night:
    """Six weeks of four teams of nine men: anything is late, missing, corrected, moved."""
    return made()


@pytest.fixture(scope="session")
def given(season: dict[str, pd.DataFrame], cards: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Everything a prediction of the season's last date is made from, its models among it."""
    return season | {"points_model": cards}


@pytest.fixture(scope="session")
def said(given: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What all models say of the season's last date."""
    return predict(given)


@pytest.fixture(scope="session")
def served(said: pd.DataFrame) -> pd.DataFrame:
    """What the serving model says."""
    return said[said["role"] == "serving"].reset_index(drop=True)
