"""Questions to the warehouse: one SELECT in BigQuery's dialect, run by DuckDB on nothing but the tables it names."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from nba_assets.contracts import tables
from nba_assets.contracts.frames import DTYPES
from nba_assets.contracts.model import Table, Type, Versioning
from nba_assets.errors import UsageError

logging.getLogger("sqlglot").setLevel(logging.ERROR)

HISTORY = "__history"
ONLY_SELECT = "only one SELECT is allowed"
LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "TimeZone": "'UTC'",
    "lock_configuration": "true",
}
"""A query reaches no file, no network, no extension and no variable of this process; the last setting locks them."""


@dataclass(frozen=True)
class Question:
    """A checked query: its text for DuckDB, the bare names of the tables it mentions, and its `@parameters`.

    `columns` has every name that may be a column of them, in lower case; None: it may read any.
    """

    text: str
    warehouse_tables: tuple[str, ...]
    ledger_tables: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    columns: frozenset[str] | None = None


def parse(sql: str) -> Question:
    """Check and translate a query.

    Raises `UsageError` of one line for anything but one SELECT, and for an unknown table, with the nearest names.
    """
    try:
        statements = [s for s in sqlglot.parse(sql, read="bigquery") if s is not None]
    except SqlglotError as error:
        raise UsageError(f"this is not SQL: {_parse_error(error)}", "write it in BigQuery's dialect") from error
    if len(statements) != 1:
        raise UsageError(f"{ONLY_SELECT}, not {len(statements)} statements", "ask one question at a time")
    statement = statements[0]
    if not isinstance(statement, exp.Query) or any(statement.find_all(exp.DML, exp.DDL, exp.Command, exp.Into)):
        raise UsageError(f"{ONLY_SELECT}, not {statement.key.upper()}", "tables are written by steps alone")
    named = _tables(statement)
    try:
        text = statement.sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise UsageError(f"this cannot be asked: {_parse_error(error)}", "write it in simpler terms") from error
    return Question(
        text,
        tuple(sorted(t.name for t in named if t.dataset != "nba_orchestration")),
        tuple(sorted(t.name for t in named if t.dataset == "nba_orchestration")),
        tuple(sorted({node.name for node in statement.find_all(exp.Parameter)})),
        None if any(_reads_all(star) for star in statement.find_all(exp.Star)) else _column_names(statement),
    )


def run(question: Question, relations: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The rows in canonical dtypes. `relations`: all versions of each table by bare name, as Arrow.

    `parameters`: a value for each `@parameter` of the query; it is bound, never written into the SQL.

    Raises `UsageError` of one line for what DuckDB refuses: an unknown column, a wrong type, a division by zero.
    """
    with duckdb.connect(":memory:") as connection:
        for name, value in LOCKED.items():
            connection.execute(f"SET {name} = {value}")
        for name, relation in relations.items():
            _register(connection, tables()[name], relation)
        try:
            result = connection.sql(question.text, params=dict(parameters) if parameters else None).to_arrow_table()
        except duckdb.Error as error:
            raise _refusal(error) from error
    return frame_of(result)


def nearest(name: str, known: Collection[str]) -> str:
    """A hint: the known names that look most like it."""
    bare = {full.rpartition(".")[2]: full for full in known}
    close = difflib.get_close_matches(name.rpartition(".")[2], bare, n=3, cutoff=0.5)
    found = [bare[n] for n in close] or sorted(known)[:8]
    return f"did you mean {', '.join(found)}?" if close else f"there are {', '.join(found)}, …"


def queryable() -> dict[str, Table]:
    """The tables that a query may name, by `dataset.table`; published documents are not tables."""
    return {t.full_name: t for t in tables().values() if t.dataset != "published"}


def _tables(statement: exp.Query) -> list[Table]:
    defined = {cte.alias for cte in statement.find_all(exp.CTE)}
    known = queryable()
    found: dict[str, Table] = {}
    for node in statement.find_all(exp.Table):
        if not isinstance(node.this, exp.Identifier):
            raise UsageError(f"functions in FROM are not allowed: {node.sql('bigquery')[:80]}", "name a table")
        name = ".".join(part.name for part in node.parts)
        if name in defined:
            continue
        full = name.removesuffix(HISTORY)
        if full not in known:
            raise UsageError(f"no table {name[:80]!r}", nearest(full, known))
        found[full] = known[full]
    return list(found.values())


def _reads_all(star: exp.Star) -> bool:
    return not isinstance(star.parent, exp.Count)


def _column_names(statement: exp.Query) -> frozenset[str]:
    return frozenset(node.name.lower() for node in statement.find_all(exp.Identifier))


def _register(connection: duckdb.DuckDBPyConnection, table: Table, relation: Any) -> None:
    stored = f"{table.dataset}.{table.name}"
    connection.register(stored, relation)
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{table.dataset}"')
    current = " WHERE superseded_at IS NULL" if table.versioning is Versioning.CLOSED else ""
    for name, rows in ((table.name, current), (f"{table.name}{HISTORY}", "")):
        connection.execute(f'CREATE VIEW "{table.dataset}"."{name}" AS SELECT * FROM "{stored}"{rows}')


def _parse_error(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        return f"{first['description']} at line {first['line']}, column {first['col']}"
    return _plain(str(error))


def _refusal(error: duckdb.Error) -> UsageError:
    message = str(error).partition("\n")[0]
    hint = re.search(r"(?:Candidate bindings|Did you mean|Candidate functions)[^\n]*", str(error))
    return UsageError(_plain(message), _plain(hint.group(0)) if hint else "check the columns and types of the query")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def frame_of(result: pa.Table) -> pd.DataFrame:
    """A query's rows in canonical dtypes."""
    for number, field in enumerate(result.schema):
        result = result.set_column(number, field.name, _canonical(result.column(number)))
    mapping = {pa.string(): DTYPES[Type.STRING], pa.int64(): DTYPES[Type.INT64], pa.bool_(): DTYPES[Type.BOOL]}
    frame: pd.DataFrame = result.to_pandas(types_mapper=mapping.get, date_as_object=False, timestamp_as_object=False)
    for name, field in zip(frame.columns, result.schema, strict=True):
        if pa.types.is_date(field.type):
            frame[name] = frame[name].astype(DTYPES[Type.DATE])
        elif pa.types.is_list(field.type):
            frame[name] = frame[name].map(list, na_action="ignore")
    return frame


def _canonical(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers as INT64 or FLOAT64, text as STRING, times in microseconds of UTC."""
    kind = values.type
    if pa.types.is_decimal(kind):
        return values.cast(pa.int64()) if kind.scale == 0 and _fits(values) else values.cast(pa.float64())
    if pa.types.is_integer(kind):
        return values.cast(pa.int64() if kind != pa.uint64() or _fits(values) else pa.float64())
    if pa.types.is_floating(kind):
        return values.cast(pa.float64())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string())
    if pa.types.is_timestamp(kind):
        return values.cast(pa.timestamp("us", tz="UTC" if kind.tz else None))
    return values


def _fits(values: pa.ChunkedArray) -> bool:
    try:
        values.cast(pa.int64())
    except pa.ArrowInvalid:
        return False
    return True
