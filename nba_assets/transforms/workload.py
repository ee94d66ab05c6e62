"""Rest and load of a team or a player, from the pairs of his or its games before an ask."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms import windows
from nba_assets.transforms.windows import Ints


def days_since(asks: pd.DataFrame, games: pd.DataFrame) -> Ints:
    """Days from the date of each pair's game to its ask's: 1 is yesterday."""
    return np.asarray(windows.days(asks["game_date"])[games["ask"].to_numpy()] - windows.days(games["game_date"]))


def recent(asks: pd.DataFrame, games: pd.DataFrame, days: int) -> pd.DataFrame:
    """The pairs on D − `days` to D − 1."""
    return games[days_since(asks, games) <= days]


def games_in(asks: pd.DataFrame, games: pd.DataFrame, days: int) -> pd.Series[Any]:
    """Games on D − `days` to D − 1 of every ask."""
    return of_all(windows.count(recent(asks, games, days)), asks).fillna(0)


def days_rest(asks: pd.DataFrame, games: pd.DataFrame) -> pd.Series[Any]:
    """(D − last game) − 1 of every ask: 0 is back-to-back, null without an earlier game of the season."""
    newest = windows.last(games, 1)
    return of_all(pd.Series(days_since(asks, newest) - 1, index=newest["ask"].to_numpy()), asks)


def days_rest_prev(asks: pd.DataFrame, games: pd.DataFrame) -> pd.Series[Any]:
    """What `days_rest` was before the last game; null below two games."""
    since = of_ranks(asks, games, (1, 2))
    return (since[2] - since[1] - 1).astype("Int64")


def back_to_backs(asks: pd.DataFrame, games: pd.DataFrame, days: int = 14) -> pd.Series[Any]:
    """Pairs of games on consecutive days in D − `days` to D − 1 of every ask."""
    inside = recent(asks, games, days)
    ask, day = inside["ask"].to_numpy(), windows.days(inside["game_date"])
    second = np.zeros(len(inside), dtype=bool)
    second[1:] = (np.diff(ask) == 0) & (np.diff(day) == 1)
    return of_all(windows.count(inside[second]), asks).fillna(0)


def of_ranks(asks: pd.DataFrame, games: pd.DataFrame, ranks: tuple[int, ...]) -> pd.DataFrame:
    """Days since the last game (1), the one before (2), ..., a column each; null where there are not as many."""
    newest = windows.last(games, max(ranks))
    n = windows.from_last(newest["ask"].to_numpy())
    since = pd.Series(days_since(asks, newest), index=newest["ask"].to_numpy())
    return pd.DataFrame({rank: of_all(since[n == rank], asks) for rank in ranks})


def of_all(values: pd.Series[Any], asks: pd.DataFrame) -> pd.Series[Any]:
    """Whole numbers by ask as one nullable integer per ask, in order."""
    return values.reindex(np.arange(len(asks))).astype("Int64")
