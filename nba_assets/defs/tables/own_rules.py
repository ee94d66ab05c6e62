"""A contract's own rules on a frame: SQL predicates in BigQuery's dialect, asked of DuckDB in one question."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa
import sqlglot
from sqlglot import exp

from nba_assets.contracts.frames import arrow_schema
from nba_assets.contracts.model import Table
from nba_assets.contracts.verify import Finding, finding, version_key

PLACE = "place_in_frame"
"""Column of the rows' order, which a rule over a whole date (a window) would not keep."""
_kept = threading.local()


@dataclass(frozen=True)
class Question:
    """The rules of a contract as one SELECT of a boolean each, and the columns that each rule reads."""

    text: str
    columns: tuple[tuple[str, ...], ...]


def findings(contract: Table, frame: pd.DataFrame) -> Iterator[Finding]:
    """Every rule's finding on all versions in `frame`; a rule that comes out null is kept."""
    if not contract.checks or frame.empty:
        yield from (Finding(rule.name, rule.description, 0, frame.iloc[:0]) for rule in contract.checks)
        return
    question = _question(tuple((rule.name, rule.predicate) for rule in contract.checks))
    connection = _connection()
    needed = {name for columns in question.columns for name in columns}
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(contract) if field.name in needed])
    rows = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    connection.register("rows", rows.append_column(PLACE, pa.array(range(len(rows)))))
    try:
        broken = connection.sql(question.text).to_df()
    finally:
        connection.unregister("rows")
    for rule, columns in zip(contract.checks, question.columns, strict=True):
        bad = broken[rule.name].fillna(False).astype(bool).set_axis(frame.index)
        yield finding(rule.name, rule.description, frame, bad, [*version_key(contract), *columns])


@functools.cache
def _question(rules: tuple[tuple[str, str], ...]) -> Question:
    asked, columns = [], []
    for name, predicate in rules:
        rule = sqlglot.parse_one(predicate, read="bigquery")
        asked.append(f'NOT ({rule.sql(dialect="duckdb")}) AS "{name}"')
        columns.append(tuple(dict.fromkeys(column.name for column in rule.find_all(exp.Column))))
    return Question(f"SELECT {', '.join(asked)} FROM rows ORDER BY {PLACE}", tuple(columns))


def _connection() -> duckdb.DuckDBPyConnection:
    """This thread's database: opening one takes longer than a question."""
    if not hasattr(_kept, "connection"):
        _kept.connection = duckdb.connect(":memory:")
        _kept.connection.execute("SET TimeZone = 'UTC'")
    connection: duckdb.DuckDBPyConnection = _kept.connection
    return connection
