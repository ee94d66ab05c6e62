"""What is said of a date of the generated season."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nba_assets.modeling import TRANSFORMS, Inputs
from nba_assets_tests.modeling.conftest import MONDAY


def predict(inputs: Inputs, dates: Sequence[pd.Timestamp] = (MONDAY,)) -> pd.DataFrame:
    """The predictions of all models of the dates."""
    return TRANSFORMS["player_points_predictions"](inputs, list(dates))
