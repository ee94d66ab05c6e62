"""What the pre-game tables share: joining rows as of a decision, naming the inputs a row used, its `known_at`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.scope import Scope, in_scope
from nba_assets.transforms.windows import Flags, Floats, floats, micros

VERSION = ["game_date", "game_id", "season", "known_at", "superseded_at"]
"""What places a version of a post-game row in a history, beside its player or team."""


def within(rows: pd.DataFrame, scope: Scope | None) -> pd.DataFrame:
    """The rows of the scope, index 0, 1, ...; all of them without one."""
    return (rows if scope is None else rows[in_scope(rows, scope)]).reset_index(drop=True)


def about(rows: pd.DataFrame, asks: pd.DataFrame, by: str) -> pd.DataFrame:
    """The rows whose `by` one of the asks has: all that a history by it can use."""
    wanted = pd.Index(asks[by].unique())
    return rows[wanted.get_indexer(pd.Index(rows[by])) >= 0]


def attach(
    rows: pd.DataFrame, other: pd.DataFrame, on: Sequence[str], columns: Sequence[str], prefix: str
) -> pd.DataFrame:
    """The rows with `other`'s columns and known_at, each under `prefix`, in the order of `rows`.

    `other` has at most one row a key `on`; one that was not known at the row's `decision_at` is as good as absent.
    """
    wanted = [*columns, "known_at"]
    names = {name: f"{prefix}{name}" for name in wanted}
    found = rows.merge(other[[*on, *wanted]].rename(columns=names), on=list(on), how="left", validate="many_to_one")
    late = found[f"{prefix}known_at"] > found["decision_at"]
    if late.any():
        found.loc[late, list(names.values())] = None
    return found


def by_ask(values: pd.Series[Any], n: int) -> Floats:
    """A sum by ask (see `windows`) as one float per ask, NaN where there is none."""
    return floats(values.reindex(np.arange(n)))


def counts(values: pd.Series[Any], n: int) -> Floats:
    """A count by ask as one float per ask, 0 where there is none."""
    return np.nan_to_num(by_ask(values, n))


def latest(known_at: pd.Series[Any], *pairs: pd.DataFrame) -> pd.Series[Any]:
    """Per ask the latest `known_at` of its own and of its pairs."""
    out = micros(known_at)
    for found in pairs:
        np.maximum.at(out, found["ask"].to_numpy(), micros(found["known_at"]))
    return pd.Series(out.astype("datetime64[us]"), index=known_at.index).dt.tz_localize("UTC")


def names_where(flags: Mapping[str, Flags]) -> pd.Series[Any]:
    """Per row the list of names whose flag is set, in the mapping's order."""
    bits = sum((np.asarray(flag, dtype=bool).astype(np.int64) << place for place, flag in enumerate(flags.values())))
    patterns, code = np.unique(bits, return_inverse=True)
    lists = np.empty(len(patterns), dtype=object)
    for position, pattern in enumerate(patterns):
        lists[position] = [name for place, name in enumerate(flags) if pattern >> place & 1]
    return pd.Series(lists[code], dtype=object)


def with_inputs(rows: pd.DataFrame, used: Mapping[str, Flags]) -> pd.DataFrame:
    """The rows with `sources_used` and `missing_inputs`: each input is in one of the two."""
    missing = {name: ~np.asarray(flag, dtype=bool) for name, flag in used.items()}
    return rows.assign(sources_used=names_where(used).to_numpy(), missing_inputs=names_where(missing).to_numpy())
