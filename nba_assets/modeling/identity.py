"""Ids of predictions, hashes of rows, and the rows a scope asks for."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.scope import Scope, in_scope


def text_hashes(rows: pd.DataFrame) -> list[str]:
    """sha256 of each row's values, joined in the order of the columns, first 32 characters; times as RFC 3339 in UTC.

    Of a prediction's key columns it is the prediction's id.
    """
    texts = [
        (column.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(column.dtype, pd.DatetimeTZDtype) else column)
        .astype(str)
        .tolist()
        for _, column in rows.items()
    ]
    return [hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32] for parts in zip(*texts, strict=True)]


def row_hashes(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[str]:
    """sha256 of each row of numbers, rounded to 9 decimals, first 16 characters; NaN hashes as NaN."""
    stable = np.ascontiguousarray(np.round(values, 9) + 0.0)
    stable[np.isnan(stable)] = np.nan
    return [hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in stable]


def within(frame: pd.DataFrame, scope: Scope | None) -> pd.DataFrame:
    """The rows of the scope; all of them without one."""
    return frame if scope is None else frame[in_scope(frame, scope)]
