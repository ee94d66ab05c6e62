"""Rows of a table made comparable: without the columns that do not count, lists as text."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from nba_assets.contracts.frames import BETWEEN
from nba_assets.contracts.model import Table, Type


def comparable(rows: pd.DataFrame, table: Table, without: Collection[str]) -> pd.DataFrame:
    """The rows in the contract's columns but those `without`; equal rows are equal to pandas, null equals null."""
    columns = [column for column in table.columns if column.name not in without]
    lists = [column.name for column in columns if column.type is Type.STRINGS]
    texts = {name: rows[name].map(BETWEEN.join, na_action="ignore") for name in lists}
    return rows[[column.name for column in columns]].assign(**texts)
