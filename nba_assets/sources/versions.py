"""Versions of raw rows from all captures of a source: collapse equals, close what vanished, reopen, never go back.

Everything is ordered by (`known_at`, the capture's own time, content hash, object name), so the order of arrival never
shows. The two times differ where a row had to wait for the schedule: what was captured last still counts last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

ORDER = ["known_at", "stamped_at", "source_hash", "source_path"]
BOOKKEEPING = frozenset({*ORDER, "known_at_assumed", "data_source", "superseded_at"})
"""Columns that do not make a new version: when and from which file, in which of its forms, a row was taken."""
CAPTURE_COLUMNS = ["unit", *ORDER]
"""`captures`: one row per capture and unit it is complete for."""
SCHEDULED = 1
"""The lowest status: only rows that never got beyond it are closed by their absence."""

Ints = npt.NDArray[Any]


def close(rows: pd.DataFrame, captures: pd.DataFrame, key: Sequence[str], status: str | None = None) -> pd.DataFrame:
    """All versions of `rows`, one frame, with `superseded_at` (null: current); without the column `unit`.

    `rows`: every row of every capture, with `unit` (what the row belongs to: a game, a date), the columns of `ORDER`
    and the content, in the contract's dtypes. `captures`: `CAPTURE_COLUMNS`, a row for each unit a capture speaks for,
    even if it has no row in it. A key's versions are its rows in order; equal consecutive content collapses into the
    earlier version; a later capture of the unit that holds the current version but not the key closes it;
    reappearance opens a new version; a key that moves to another unit supersedes its row in the old one. Of captures
    known at the same time the last in order counts (no zero-length versions).

    With `status` (an ordered number per row), a row with a lower status than an earlier one of its key is ignored,
    and absence closes only keys that never got beyond `SCHEDULED`.
    """
    if rows.empty:
        return rows.drop(columns="unit").assign(superseded_at=_no_time(rows))
    rows = rows.reset_index(drop=True)
    order, unit, capture_order, capture_unit = _codes(rows, captures)
    keys = _group_codes(rows, key)
    position = np.arange(len(rows), dtype=np.int64)
    gone_key, gone_order, gone_unit = _absences(keys, unit, order, capture_unit, capture_order)

    event_key = np.concatenate([keys, gone_key])
    event_order = np.concatenate([order, gone_order])
    event_row = np.concatenate([position, np.full(len(gone_key), -1, dtype=np.int64)])
    event_unit = np.concatenate([unit, gone_unit])
    sort = np.lexsort((event_row, event_order, event_key))
    event_key, event_order, event_row, event_unit = (a[sort] for a in (event_key, event_order, event_row, event_unit))

    keep = _effective(event_key, event_row, event_unit, _statuses(rows, status))
    event_key, event_order, event_row = event_key[keep], event_order[keep], event_row[keep]
    times = _order_times(rows, captures)
    event_time = times[event_order]
    last = np.append((event_key[1:] != event_key[:-1]) | (event_time[1:] != event_time[:-1]), True)
    event_key, event_row, event_time = event_key[last], event_row[last], event_time[last]

    changed = _changed(event_key, event_row, _content(rows))
    event_key, event_row, event_time = event_key[changed], event_row[changed], event_time[changed]
    following = np.append(event_key[1:] == event_key[:-1], False)
    until = np.where(following, np.append(event_time[1:], 0), np.iinfo(np.int64).min)
    present = event_row >= 0
    versions: pd.DataFrame = rows.iloc[event_row[present]].drop(columns="unit").reset_index(drop=True)
    return versions.assign(
        superseded_at=pd.to_datetime(until[present].astype("datetime64[us]"), utc=True).as_unit("us")
    )


def without_setbacks(rows: pd.DataFrame, captures: pd.DataFrame, status: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` and `captures` without the captures of a unit that fall behind an earlier one's status.

    A capture's status for a unit is the highest of its rows' there (0 if it has none): a file fetched from a stale
    cache, live after final, neither changes nor closes anything.
    """
    if rows.empty or captures.empty:
        return rows, captures
    identity = [*CAPTURE_COLUMNS]
    level = rows[status].astype("Float64").fillna(0).astype("float64")
    levels = level.groupby([rows[c] for c in identity], sort=False).max().rename("_status").reset_index()
    ordered = captures[identity].drop_duplicates().merge(levels, on=identity, how="left").fillna({"_status": 0.0})
    ordered = ordered.sort_values(ORDER, kind="stable")
    ordered = ordered[ordered["_status"] >= ordered.groupby("unit", sort=False)["_status"].cummax()]
    good = ordered[identity]
    return rows.merge(good, on=identity, how="inner"), captures.merge(good, on=identity, how="inner")


def without_repeats(rows: pd.DataFrame, captures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`rows` and `captures` without the captures of a unit whose bytes are those of the one before.

    The same bytes under another name say nothing new: what resolves later is still of the first of them.
    """
    ordered = captures[CAPTURE_COLUMNS].drop_duplicates().sort_values(ORDER, kind="stable")
    before = ordered.groupby("unit", sort=False)["source_hash"].shift()
    good = ordered[(ordered["source_hash"] != before).fillna(True)]
    if len(good) == len(ordered):
        return rows, captures
    return rows.merge(good, on=CAPTURE_COLUMNS, how="inner"), captures.merge(good, on=CAPTURE_COLUMNS, how="inner")


def _no_time(rows: pd.DataFrame) -> pd.Series[Any]:
    return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")


def _both(rows: pd.DataFrame, captures: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return pd.concat([rows[columns], captures[columns]], ignore_index=True)


def _group_codes(frame: pd.DataFrame, columns: Sequence[str]) -> Ints:
    return frame.groupby(list(columns), sort=False, dropna=False).ngroup().to_numpy(dtype=np.int64)


def _codes(rows: pd.DataFrame, captures: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints]:
    """(rows' order, rows' unit, captures' order, captures' unit) as comparable integers."""
    both = _both(rows, captures, CAPTURE_COLUMNS)
    order = both.groupby(ORDER, sort=True, dropna=False).ngroup().to_numpy(dtype=np.int64)
    unit = pd.factorize(both["unit"])[0].astype(np.int64)
    n = len(rows)
    return order[:n], unit[:n], order[n:], unit[n:]


def _order_times(rows: pd.DataFrame, captures: pd.DataFrame) -> Ints:
    """known_at (microseconds) by order code."""
    times = _both(rows, captures, ORDER).drop_duplicates().sort_values(ORDER, kind="stable")["known_at"]
    return times.astype("datetime64[us, UTC]").astype("int64").to_numpy()


def _absences(keys: Ints, unit: Ints, order: Ints, capture_unit: Ints, capture_order: Ints) -> tuple[Ints, Ints, Ints]:
    """(key, order, unit) of every capture of a unit that once held the key and does not hold it."""
    held = pd.DataFrame({"key": keys, "unit": unit}).drop_duplicates()
    spoken = pd.DataFrame({"unit": capture_unit, "order": capture_order}).drop_duplicates()
    pairs = held.merge(spoken, on="unit")
    span = int(max(order.max(initial=0), capture_order.max(initial=0))) + 1
    seen = np.isin(pairs["key"].to_numpy() * span + pairs["order"].to_numpy(), keys * span + order)
    first = pd.Series(order).groupby(keys).min().reindex(pairs["key"]).to_numpy()
    gone = pairs[~seen & (pairs["order"].to_numpy() > first)]
    return gone["key"].to_numpy(), gone["order"].to_numpy(), gone["unit"].to_numpy()


def _statuses(rows: pd.DataFrame, status: str | None) -> Ints:
    if status is None:
        return np.full(len(rows), SCHEDULED, dtype=np.int64)
    return rows[status].fillna(SCHEDULED).astype("int64").to_numpy()


def _effective(keys: Ints, row: Ints, unit: Ints, status: Ints) -> npt.NDArray[np.bool_]:
    """Which events count: rows that do not go back; absences from the unit that holds the current version."""
    present = row >= 0
    level = pd.Series(np.where(present, status[row], 0)).groupby(keys).cummax().to_numpy()
    forward = present & (status[row] >= level)
    holder = np.maximum.accumulate(np.where(forward, np.arange(len(row)), -1))
    absent = ~present & (unit == unit[holder]) & (level <= SCHEDULED)
    return np.asarray(forward | absent)


def _content(rows: pd.DataFrame) -> Ints:
    """Rows x columns, equal integers for equal values (null equals null)."""
    names = [c for c in rows.columns if c not in BOOKKEEPING and c != "unit"]
    return np.column_stack([pd.factorize(rows[c])[0] for c in names]).astype(np.int64)


def _changed(keys: Ints, row: Ints, content: Ints) -> npt.NDArray[np.bool_]:
    """Which events differ from the one before of the same key (an absence needs a row before it)."""
    present = row >= 0
    same_key = np.append(False, keys[1:] == keys[:-1])
    before = np.append(-1, row[:-1])
    equal = present & (before >= 0) & (content[row] == content[before]).all(axis=1)
    return np.asarray(np.where(same_key, np.where(present, ~equal, before >= 0), present))
