"""The ledger's tables as frames of their contracts, for SQL and for the Dagster assets."""

from __future__ import annotations

import orjson
import pandas as pd
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
        if column.type is Type.JSON:
            data[column.name] = data[column.name].map(_as_json, na_action="ignore")
        elif column.type is Type.STRINGS:
            data[column.name] = data[column.name].map(lambda dates: [str(item) for item in dates])
    return frames.conform(data, contract)


def _as_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
