"""Ids of predictions, hashes of rows, and the rows a scope asks for."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.scope import Scope


def prediction_ids(keys: pd.DataFrame) -> list[str]:
    """sha256 of the key columns, joined in their order, first 32 characters; times as RFC 3339 in UTC."""
    texts = [
        (column.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(column.dtype, pd.DatetimeTZDtype) else column)
        .astype(str)
        .tolist()
        for _, column in keys.items()
    ]
    return [hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32] for parts in zip(*texts, strict=True)]


def row_hashes(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[str]:
    """sha256 of each row of numbers, rounded to 9 decimals, first 16 characters; NaN hashes as NaN."""
    stable = np.ascontiguousarray(np.round(values, 9) + 0.0)
    stable[np.isnan(stable)] = np.nan
    return [hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in stable]


def in_scope(frame: pd.DataFrame, scope: Scope | None, teams: tuple[str, ...]) -> pd.DataFrame:
    """The rows that match any player, team or game of the scope; all of them without one.

    `teams` names the columns that hold a tricode; a player matches where there is a column `player_id`.
    """
    if scope is None:
        return frame
    hit = frame["game_id"].isin(scope.games)
    for name in teams:
        hit |= frame[name].isin(scope.teams)
    if "player_id" in frame.columns:
        hit |= frame["player_id"].isin(scope.players)
    return frame[hit]
