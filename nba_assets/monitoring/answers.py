"""A monitoring query answered by DuckDB over what it needs of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts import tables
from nba_assets.monitoring.registry import Query
from nba_assets.storage import sql

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def answer(platform: Platform, query: Query, given: Mapping[str, str]) -> pd.DataFrame:
    """The query's rows as of the platform's clock; `given`: parameters as text.

    Of the ledger only the columns that it names are read, of the execution log only what its `@since` and
    `@correlation_id` let through. Raises `UsageError` for parameters that it does not take.
    """
    values = query.values(given, platform.clock.now())
    bounds = {name: values.get(name) for name in ("since", "correlation_id")}
    relations = {
        name: platform.ledger.relation(name, query.columns(tables()[name]), **bounds)
        for name in query.question.ledger_tables
    }
    return sql.run(query.question, relations, values)
