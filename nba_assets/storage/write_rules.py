"""What every write into the warehouse keeps, whichever back end takes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nba_assets.contracts.frames import conform
from nba_assets.contracts.model import Table, Type, Versioning
from nba_assets.errors import PlatformError
from nba_assets.scope import Scope, in_scope

NOTHING_WRITTEN = "nothing was written; the step that built the rows must be corrected"


def checked(table: Table, days: Sequence[str], frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as the contract's: dtypes, columns, row order.

    Raises `PlatformError` naming table, column and first row for a column or type that is not the contract's, a row
    outside the days (ISO dates), a null where none is allowed, an infinite number (but in raw tables, which show what
    their source said), or two rows with one key (of one version).
    """
    try:
        rows = conform(frame, table)
    except ValueError as error:
        raise PlatformError(" ".join(str(error).split()), NOTHING_WRITTEN) from error
    _refuse(table, rows, ~rows["game_date"].isin(pd.to_datetime(list(days))), "outside the dates written")
    for column in table.columns:
        if not column.nullable:
            _refuse(table, rows, rows[column.name].isna(), f"without {column.name}, which may not be null")
    for column in table.columns if table.dataset != "nba_raw" else ():
        if column.type is Type.FLOAT64:
            numbers = rows[column.name].to_numpy(dtype=float, na_value=np.nan)
            _refuse(table, rows, pd.Series(np.isinf(numbers), index=rows.index), f"with {column.name} without end")
    unique = version_key(table)
    _refuse(table, rows, rows.duplicated(unique, keep=False), f"with the same {', '.join(unique)}")
    return rows


def version_key(table: Table) -> list[str]:
    """The columns that no two stored rows share: the grain, and `known_at` where versions are kept."""
    known_at = ("known_at",) if table.versioning is Versioning.CLOSED else ()
    return [*dict.fromkeys((*table.key, *known_at))]


def outside(rows: pd.DataFrame, scope: Scope, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The rows that an upsert of `frame` leaves as they are: not in scope, and of a key that it does not have."""
    kept = rows[~in_scope(rows, scope)]
    key = list(table.key)
    given = frame[key].drop_duplicates().assign(__given=True)
    shared = kept[key].merge(given, on=key, how="left")["__given"].notna()
    return kept[~shared.to_numpy()]


def _refuse(table: Table, rows: pd.DataFrame, wrong: pd.Series[bool], what: str) -> None:
    if not wrong.any():
        return
    bad = rows[wrong]
    shown = bad.iloc[0][[*dict.fromkeys(("game_date", *version_key(table)))]]
    first = ", ".join(f"{name} {_text(value)}" for name, value in shown.items())
    raise PlatformError(f"{table.full_name}: {len(bad)} rows {what} (first: {first})", NOTHING_WRITTEN)


def _text(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) and value.tz is None else str(value)
