"""Columns of input frames as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.modeling import Inputs
from nba_assets.modeling.distribution import Floats


def of(inputs: Inputs, name: str) -> pd.DataFrame:
    """The input frame, or its empty frame if it was not handed in."""
    frame = inputs.get(name)
    return frames.empty(contracts.table(name)) if frame is None else frame


def matrix(rows: pd.DataFrame, names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The features as floats, NaN for null, columns in the order of `names`."""
    columns = [floats(rows[name]) for name in names]
    return np.column_stack(columns) if columns else np.empty((len(rows), 0))


def group_sums(values: Floats, codes: NDArray[np.integer[Any]]) -> Floats:
    """Each row's sum over its group (codes 0, 1, ...), added in row order: its bits hang on no other group."""
    return np.asarray(np.bincount(codes, weights=values)[codes], dtype=np.float64) if len(codes) else values


def floats(values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A nullable number column as floats, NaN for null."""
    numbers = pd.to_numeric(values)
    plain = numbers.to_numpy() if isinstance(numbers.dtype, np.dtype) else numbers.to_numpy(float, na_value=np.nan)
    return np.asarray(plain, dtype=np.float64)
