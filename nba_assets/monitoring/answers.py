"""A monitoring query answered by DuckDB over what it needs of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import frames, tables
from nba_assets.monitoring.registry import Query
from nba_assets.storage import sql

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def answer(platform: Platform, query: Query, given: Mapping[str, str]) -> pd.DataFrame:
    """The query's rows as of the platform's clock; `given`: parameters as text.

    Only the columns that it names are read, and of the execution log only what began since its `@since`. Raises
    `UsageError` for parameters that it does not take.
    """
    values = query.values(given, platform.clock.now())
    relations = {}
    for name in query.question.ledger_tables:
        contract = tables()[name]
        columns = contract.column_names if query.question.columns is None else sorted(query.question.columns)
        rows = platform.ledger.frames(name, columns, since=values.get("since"))
        relations[name] = frames.to_arrow(rows, contract.of_columns(columns))
    return sql.run(query.question, relations, values)
