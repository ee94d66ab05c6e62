"""Questions about the texts of a column, asked once per distinct text: a season has few of them in many rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.windows import Flags


def flags(texts: pd.Series[Any], question: Callable[[str], bool]) -> Flags:
    """The answer of each row; False where there is no text."""
    codes, found = pd.factorize(texts)
    answers = np.array([*map(question, found), False], dtype=bool)
    return answers[codes]
