"""History as of a decision: every ask with the rows it may use, and sums over them.

An *ask* is a row that wants history: a team or a player on a game date with its decision time. A *pair* is an ask and
one earlier row that was known then. Sums run over each ask's own pairs in order of date, so a value never depends on
which other asks were made: any subset gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

NEVER = int(np.iinfo(np.int64).max)
"""When a current version ends."""

DAY_BITS = 24
"""Bits of a day within a place, which is a key and a day in one integer that sorts by key, then day."""


def history(
    asks: pd.DataFrame, rows: pd.DataFrame, by: str, season: bool = True, newest: int | None = None
) -> pd.DataFrame:
    """Every pair of an ask and a row of its past, as known at the ask's decision.

    asks: game_date, decision_at, `by`, and `season` where it bounds the history. rows: all versions, with game_date,
    `by`, known_at, perhaps superseded_at, season and whatever is wanted. A row pairs with an ask of equal `by` (and
    season) if its game_date is before the ask's, it was known at the decision and had not been superseded.

    Columns: `ask` (position of the ask), `n` (1 the most recent row), those of `rows`. Sorted by ask, then date, then
    game; index 0, 1, ... `newest` keeps the pairs with n up to it. Hand in only the columns of `rows` that are needed,
    and only the rows (of players who played, say) that shall count: a season of players is 2 million pairs.
    """
    keys = [by, "season"] if season else [by]
    ask_code, row_code = _codes(asks, rows, keys)
    place = (row_code << DAY_BITS) + _day_in_place(rows)
    ties = [pd.factorize(rows[name], sort=True)[0] for name in ("player_id", "game_id") if name in rows.columns]
    order = np.lexsort((micros(rows["known_at"]), *ties, place))
    place = place[order]
    first = np.searchsorted(place, ask_code << DAY_BITS)
    end = np.searchsorted(place, (ask_code << DAY_BITS) + _day_in_place(asks))
    counts = np.where(ask_code < 0, 0, end - first)
    ask = np.repeat(np.arange(len(asks)), counts)
    row = order[np.arange(len(ask)) - np.repeat(np.cumsum(counts) - counts - first, counts)]
    at = micros(asks["decision_at"])[ask]
    known = (micros(rows["known_at"])[row] <= at) & (_ends(rows)[row] > at)
    ask, row = ask[known], row[known]
    n = from_last(ask)
    if newest is not None:
        ask, row, n = ask[n <= newest], row[n <= newest], n[n <= newest]
    pairs = rows.take(row).reset_index(drop=True)
    pairs.insert(0, "ask", ask)
    pairs.insert(1, "n", n)
    return pairs


def last(pairs: pd.DataFrame, n: int) -> pd.DataFrame:
    """The most recent `n` of each ask's pairs handed in, in their order."""
    return pairs[from_last(pairs["ask"].to_numpy()) <= n]


def count(pairs: pd.DataFrame) -> pd.Series[Any]:
    """Number of pairs by ask; an ask without pairs is not in the index."""
    return _by_ask(pairs["ask"].to_numpy(), lambda asks: np.bincount(asks)).astype("Int64")


def total(pairs: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Sum of the column by ask, nulls skipped; an ask whose values are all null is not in the index."""
    asks, values = _present(pairs, column)
    return _by_ask(asks, lambda found: np.bincount(found, weights=values))


def mean(pairs: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Mean of the column by ask, nulls skipped."""
    asks, values = _present(pairs, column)
    return _by_ask(asks, lambda found: np.bincount(found, weights=values) / _at_least_one(found))


def weighted(pairs: pd.DataFrame, column: str, half_life: float) -> pd.Series[Any]:
    """Mean of the column by ask, nulls skipped, a pair weighing 0.5^((n - 1)/half_life)."""
    values = floats(pairs[column])
    there = ~np.isnan(values)
    weight = 0.5 ** ((pairs["n"].to_numpy()[there] - 1) / half_life)

    def mean_of(found: Ints) -> Floats:
        below = np.bincount(found, weights=weight)
        return np.bincount(found, weights=weight * values[there]) / np.where(below > 0, below, 1.0)

    return _by_ask(pairs["ask"].to_numpy()[there], mean_of)


def deviation(pairs: pd.DataFrame, column: str, least: int = 3) -> pd.Series[Any]:
    """Sample standard deviation (n − 1) of the column by ask, nulls skipped; null below `least` values."""
    asks, values = _present(pairs, column)

    def spread(found: Ints) -> Floats:
        size = np.bincount(found)
        centre = np.bincount(found, weights=values) / _at_least_one(found)
        squares = np.bincount(found, weights=(values - centre[found]) ** 2)
        return np.asarray(np.where(size >= least, np.sqrt(squares / np.maximum(size - 1, 1)), np.nan))

    return _by_ask(asks, spread)


def ratio(pairs: pd.DataFrame, numerator: str, denominator: str) -> pd.Series[Any]:
    """Σ numerator/Σ denominator by ask over the pairs that have both; null where the denominator is 0."""
    both = pairs[pairs[numerator].notna() & pairs[denominator].notna()]
    below = total(both, denominator)
    return total(both, numerator) / below.where(below != 0)


def run(pairs: pd.DataFrame, holds: Flags) -> pd.Series[Any]:
    """How many of each ask's most recent pairs in a row have `holds` set, 0 or more."""
    asks = pairs["ask"].to_numpy()
    n = from_last(asks)
    whole = pd.Series(n, index=asks).groupby(level=0).max()
    until = pd.Series(n[~holds], index=asks[~holds]).groupby(level=0).min() - 1
    return until.reindex(whole.index).fillna(whole).astype("Int64")


def floats(values: pd.Series[Any]) -> Floats:
    """A number or flag column as floats, NaN for null."""
    if values.dtype == np.float64:
        return np.asarray(values, dtype=np.float64)
    return np.asarray(values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan))


def days(dates: pd.Series[Any]) -> Ints:
    """Dates as days since 1970."""
    return np.asarray(dates.to_numpy().astype("datetime64[D]").astype(np.int64))


def micros(times: pd.Series[Any]) -> Ints:
    """UTC times as microseconds since 1970; the least integer for null."""
    naive = times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return np.asarray(naive.astype("datetime64[us]").astype(np.int64))


def known_then(rows: pd.DataFrame, at: pd.Series[Any]) -> Flags:
    """Whether each row (version) was known and not superseded at its own time in `at`."""
    moments = micros(at)
    return (micros(rows["known_at"]) <= moments) & (_ends(rows) > moments)


def _ends(rows: pd.DataFrame) -> Ints:
    if "superseded_at" not in rows.columns:
        return np.full(len(rows), NEVER)
    return np.where(rows["superseded_at"].isna(), NEVER, micros(rows["superseded_at"]))


def _codes(asks: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> tuple[Ints, Ints]:
    """One integer per distinct key of the rows, for asks and rows; −1 for an ask whose key no row has."""
    ask_code, row_code = np.zeros(len(asks), np.int64), np.zeros(len(rows), np.int64)
    for key in keys:
        values = pd.Index(rows[key].unique())
        row_part = values.get_indexer(pd.Index(rows[key])).astype(np.int64)
        ask_part = values.get_indexer(pd.Index(asks[key])).astype(np.int64)
        ask_code = np.where((ask_code < 0) | (ask_part < 0), -1, ask_code * len(values) + ask_part)
        row_code = row_code * len(values) + row_part
    return ask_code, row_code


def _day_in_place(frame: pd.DataFrame) -> Ints:
    return days(frame["game_date"]) + (1 << DAY_BITS - 1)


def from_last(asks: Ints) -> Ints:
    """For asks in sorted runs: 1 for the last of each run, 2 for the one before, ..."""
    if not len(asks):
        return np.zeros(0, np.int64)
    ends = np.append(np.flatnonzero(np.diff(asks)), len(asks) - 1)
    end = np.repeat(ends, np.diff(np.concatenate(([-1], ends))))
    return end - np.arange(len(asks)) + 1


def _present(pairs: pd.DataFrame, column: str) -> tuple[Ints, Floats]:
    values = floats(pairs[column])
    there = ~np.isnan(values)
    return pairs["ask"].to_numpy()[there], values[there]


def _at_least_one(asks: Ints) -> Ints:
    return np.maximum(np.bincount(asks), 1)


def _by_ask(asks: Ints, values: Callable[[Ints], np.ndarray[Any, Any]]) -> pd.Series[Any]:
    """The result of an accumulation indexed by ask, of the asks that have a pair."""
    found = np.flatnonzero(np.bincount(asks))
    return pd.Series(values(asks)[found] if len(found) else np.zeros(0), index=found)
