"""Versions of a finished game's rows: the moments at which an input changed, the inputs as of each, what differed.

A *moment* is a game (game_date, game_id) and a time `at`. At each a game is *built* (its rows are there), *gone* (it
has none any more) or *held* (it cannot be built, and what was known before stays).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

GAME = ["game_date", "game_id"]

Ints = np.ndarray[Any, np.dtype[np.integer[Any]]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

UNCOMPARED = frozenset({"known_at", "moment"})
"""Columns that do not make a new version."""


def moments(events: Iterable[pd.DataFrame], since: pd.DataFrame) -> pd.DataFrame:
    """GAME and `at`: every time of the events of the games in `since`, from each game's `since` on; sorted, unique.

    events: frames with GAME, `known_at` and perhaps `superseded_at`. since: GAME (unique) and `since`.
    """
    times = [
        frame[[*GAME, name]].rename(columns={name: "at"})
        for frame in events
        for name in ("known_at", "superseded_at")
        if name in frame.columns and len(frame)
    ]
    found = pd.concat([*times, since.rename(columns={"since": "at"})], ignore_index=True).dropna(subset="at")
    found = found.drop_duplicates().merge(since, on=GAME)
    return found.loc[found["at"] >= found["since"], [*GAME, "at"]].sort_values([*GAME, "at"], ignore_index=True)


def as_of(rows: pd.DataFrame, at: pd.DataFrame) -> pd.DataFrame:
    """The versions of the moments' games that were known then, with `moment` (position in `at`), index 0, 1, ..."""
    versions = rows[[*GAME, "known_at", "superseded_at"]].reset_index(drop=True)
    versions["row"] = np.arange(len(rows))
    pairs = at[[*GAME, "at"]].assign(moment=np.arange(len(at))).merge(versions, on=GAME)
    pairs = pairs[known(pairs)].sort_values(["moment", "row"])
    found = rows.take(pairs["row"].to_numpy()).reset_index(drop=True)
    return found.assign(moment=pairs["moment"].to_numpy())


def known(pairs: pd.DataFrame) -> pd.Series[Any]:
    """A mask of the versions (known_at, superseded_at) that stood at `at`, the time beside each."""
    return (pairs["known_at"] <= pairs["at"]) & ~(pairs["superseded_at"] <= pairs["at"])


def collapsed(rows: pd.DataFrame, at: pd.DataFrame, built: Flags, gone: Flags, key: Sequence[str]) -> pd.DataFrame:
    """All versions of `rows`: `known_at`, `superseded_at` (null: current), index 0, 1, ...; without `moment`.

    rows: of the built moments, with `moment`. at: the moments. Equal rows of a key at consecutive moments that are not
    held are one version, known from the first on; it ends with the first moment that has another row or none.
    """
    told = at.assign(moment=np.arange(len(at)))[np.asarray(built | gone)]
    told["step"] = np.arange(len(told))
    told["next_at"] = told.groupby(GAME)["at"].shift(-1)
    rows = rows[np.asarray(built)[rows["moment"].to_numpy()]]
    rows = rows.merge(told[["moment", "step", "at", "next_at"]], on="moment")
    keys = rows.groupby([*GAME, *(k for k in key if k not in GAME)], sort=False).ngroup().to_numpy(dtype=np.int64)
    order = np.lexsort((rows["step"].to_numpy(), keys))
    rows, keys = rows.take(order).reset_index(drop=True), keys[order]
    goes_on = _same(keys, rows["step"].to_numpy(dtype=np.int64), _content(rows.drop(columns=["step", "at", "next_at"])))
    first = np.flatnonzero(~goes_on)
    last = np.append(first, len(rows))[1:] - 1
    out = rows.take(first).reset_index(drop=True)
    out["known_at"] = out["at"]
    out["superseded_at"] = rows["next_at"].take(last).reset_index(drop=True)
    return out.drop(columns=["moment", "step", "at", "next_at"])


def _same(keys: Ints, steps: Ints, content: Ints) -> Flags:
    """Whether each row continues the one before: same key, the next step, equal content."""
    if not len(keys):
        return np.zeros(0, dtype=bool)
    follows = (keys[1:] == keys[:-1]) & (steps[1:] == steps[:-1] + 1)
    return np.append(False, follows & (content[1:] == content[:-1]).all(axis=1))


def _content(rows: pd.DataFrame) -> Ints:
    """Rows x columns, equal integers for equal values (null equals null)."""
    codes = [pd.factorize(_plain(values))[0] for name, values in rows.items() if name not in UNCOMPARED]
    return np.column_stack(codes).astype(np.int64)


def _plain(values: pd.Series[Any]) -> pd.Series[Any]:
    """Lists as text; anything else as it is."""
    if values.dtype == object and len(values) and isinstance(values.iloc[0], list):
        return values.map("\x1f".join)
    return values
