"""The game's clock in whole milliseconds since the tip: sums of them are exact, in any order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.windows import Ints, floats

SECOND, MINUTE = 1_000, 60_000
QUARTER, OVERTIME = 12 * MINUTE, 5 * MINUTE
REGULATION = 4


def millis(elapsed_seconds: pd.Series[Any]) -> Ints:
    """Time since the tip."""
    return np.rint(floats(elapsed_seconds) * SECOND).astype(np.int64)


def period_start(periods: Ints) -> Ints:
    """When periods (from 1; the fifth and later are overtimes) begin, and the ones before them end."""
    before = periods - 1
    return np.asarray(QUARTER * np.minimum(before, REGULATION) + OVERTIME * np.maximum(before - REGULATION, 0))


def period_at(times: Ints) -> Ints:
    """The period that is on from each time on: at its very end the next one is."""
    overtime = np.maximum(times - REGULATION * QUARTER, 0) // OVERTIME
    return np.asarray(np.minimum(times // QUARTER, REGULATION) + overtime + 1)
