"""The ledger's tables as frames of their contracts, for SQL and for the Dagster assets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import orjson
import pandas as pd
from sqlalchemy import Engine, select

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Type
from nba_assets.storage import ledger_schema


def frame(
    engine: Engine, name: str, columns: Sequence[str] | None = None, since: dt.datetime | None = None
) -> pd.DataFrame:
    """Rows of a table of `nba_orchestration` in its contract's columns, dtypes and order.

    With `columns` only those and the key's; of the execution log with `since` only what began since then.
    """
    contract = contracts.table(name)
    if columns is not None:
        contract = contract.of_columns(columns)
    source = ledger_schema.metadata.tables[f"{ledger_schema.SCHEMA}.{contract.name}"]
    wanted = select(*(source.c[column.name] for column in contract.columns))
    if since is not None and source is ledger_schema.pipeline_execution_log:
        wanted = wanted.where(source.c.started_at >= since)
    with engine.connect() as connection:
        rows = connection.execute(wanted).all()
    if not rows:
        return frames.empty(contract)
    data = pd.DataFrame(rows, columns=contract.column_names, dtype=object)
    for column in contract.columns:
        if column.type is Type.JSON:
            data[column.name] = data[column.name].map(_as_json, na_action="ignore")
        elif column.type is Type.STRINGS:
            data[column.name] = data[column.name].map(lambda dates: [str(item) for item in dates])
    return frames.conform(data, contract)


def _as_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
