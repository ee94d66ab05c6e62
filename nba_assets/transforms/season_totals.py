"""Sums over all teams of a season, as known at each decision time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms import windows
from nba_assets.transforms.pregame import by_ask, counts, latest

MOMENT = ["season", "game_date", "decision_at"]
"""What a season's past depends on: asks of one moment share their totals."""

EPOCH = pd.Timestamp(0, tz="UTC")


def season_totals(
    asks: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str], seasons_back: int = 0
) -> pd.DataFrame:
    """Per ask, in its order: totals of the season's rows before its date that were known at its decision.

    asks: MOMENT. rows: all versions, with season, game_date, known_at, superseded_at. Columns: `rows_n`, the sum of
    each of `columns` (0 without rows), and `known_at`, the latest of the rows (1970 without). Rows are added in order
    of date and, within it, in the order handed in: hand them in sorted where sums are not of whole numbers.
    """
    wanted = asks[MOMENT].assign(season=asks["season"] - seasons_back)
    moments = wanted.drop_duplicates(ignore_index=True)
    place = moments.assign(moment=np.arange(len(moments)))
    moment = wanted.merge(place, on=MOMENT, how="left")["moment"].to_numpy()
    pairs = windows.history(moments, rows[["season", "game_date", "known_at", "superseded_at", *columns]], by="season")
    n = len(moments)
    start = pd.Series(EPOCH, index=moments.index).dt.as_unit("us")
    found: dict[str, Any] = {"rows_n": counts(windows.count(pairs), n), "known_at": latest(start, pairs)}
    found |= {name: np.nan_to_num(by_ask(windows.total(pairs, name), n)) for name in columns}
    return pd.DataFrame(found).take(moment).reset_index(drop=True)


def zone_games(asks: pd.DataFrame, rows: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Per ask: `rows_n` of the season's rows with valid zones (`zone`, one of the zone counts, is not null)."""
    located = rows[rows[zone].notna()]
    version = ["season", "game_date", "known_at", "superseded_at"]
    together = located.groupby(version, dropna=False, sort=True).size().rename("games").reset_index()
    return season_totals(asks, together, ["games"]).drop(columns="rows_n").rename(columns={"games": "rows_n"})
