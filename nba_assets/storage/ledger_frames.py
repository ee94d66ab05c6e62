"""The ledger's tables as frames of their contracts, for SQL and for the Dagster assets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson
import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine, select

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Type
from nba_assets.storage import ledger_schema


def frame(engine: Engine, name: str) -> pd.DataFrame:
    """All rows of a table of `nba_orchestration` in its contract's columns, dtypes and order."""
    contract = contracts.table(name)
    source = ledger_schema.metadata.tables[f"{ledger_schema.SCHEMA}.{contract.name}"]
    with engine.connect() as connection:
        rows = connection.execute(select(*(source.c[column.name] for column in contract.columns))).all()
    if not rows:
        return frames.empty(contract)
    data = pd.DataFrame(rows, columns=contract.column_names, dtype=object)
    for column in contract.columns:
        if column.type in (Type.JSON, Type.STRINGS):
            data[column.name] = data[column.name].map(READ[column.type], na_action="ignore")
    return frames.conform(data, contract)


def relation(
    engine: Engine, name: str, columns: Collection[str], since: dt.datetime | None, correlation_id: str | None
) -> pa.Table:
    """Some columns of a table of `nba_orchestration` (and its key's), in Arrow, for a query.

    All rows, or of the execution log those that began since then, and those that the drop fed.
    """
    contract = contracts.table(name).of_columns(columns)
    source = ledger_schema.metadata.tables[f"{ledger_schema.SCHEMA}.{contract.name}"]
    wanted = select(*(source.c[column.name] for column in contract.columns))
    if source is ledger_schema.pipeline_execution_log:
        if since is not None:
            wanted = wanted.where(source.c.started_at >= since)
        if correlation_id is not None:
            wanted = wanted.where(source.c.correlation_ids.contains([correlation_id]))
    with engine.connect() as connection:
        values = [*zip(*connection.execute(wanted).all(), strict=True)] or [()] * len(contract.columns)
    arrays = [
        pa.array([read(v) if v is not None else None for v in column] if read else list(column), type=field.type)
        for column, field, read in zip(
            values, frames.arrow_schema(contract), (READ.get(c.type) for c in contract.columns), strict=True
        )
    ]
    return pa.Table.from_arrays(arrays, schema=frames.arrow_schema(contract))


def _as_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _as_strings(items: Sequence[object]) -> list[str]:
    return [str(item) for item in items]


READ: dict[Type, Callable[[Any], Any]] = {Type.JSON: _as_json, Type.STRINGS: _as_strings}
"""How a value that is there becomes one of the contract's type, where it is none yet."""
