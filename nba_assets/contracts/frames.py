"""Frames of a contract: canonical dtypes, column order, row order, and their Arrow form.

One representation everywhere, so that equal rows are equal bytes:
STRING, JSON `string[pyarrow]`; INT64 `Int64`; FLOAT64 `float64` (null is NaN); BOOL `boolean`;
DATE `datetime64[us]` at midnight; TIMESTAMP `datetime64[us, UTC]`; ARRAY<STRING> lists of `str`.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nba_assets.contracts.model import Column, Table, Type

pd.options.mode.copy_on_write = True  # as in pandas 3: frames are shared, never changed under anybody's feet

DTYPES: dict[Type, Any] = {
    Type.STRING: pd.StringDtype("pyarrow"),
    Type.JSON: pd.StringDtype("pyarrow"),
    Type.INT64: pd.Int64Dtype(),
    Type.FLOAT64: "float64",
    Type.BOOL: pd.BooleanDtype(),
    Type.DATE: "datetime64[us]",
    Type.TIMESTAMP: pd.DatetimeTZDtype("us", "UTC"),  # type: ignore[arg-type]
    Type.STRINGS: object,
}

MANY = 10_000
"""Rows: fewer are made a frame sooner by one thread than handed to several."""

BETWEEN = "\x1f"
"""Separates the strings of a list where lists are compared as text."""

ARROW: dict[Type, pa.DataType] = {
    Type.STRING: pa.string(),
    Type.JSON: pa.string(),
    Type.INT64: pa.int64(),
    Type.FLOAT64: pa.float64(),
    Type.BOOL: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Type.STRINGS: pa.list_(pa.string()),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The table's Arrow schema, in contract order."""
    return pa.schema([pa.field(c.name, ARROW[c.type], nullable=c.nullable) for c in table.columns])


def empty(table: Table) -> pd.DataFrame:
    """No rows, every column, canonical dtypes."""
    return _empty(table.columns).copy()


@functools.cache
def _empty(columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES[c.type]) for c in columns})


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with the contract's columns, dtypes and row order; a missing nullable column is filled with null.

    Raises `ValueError` naming table and column for a column the contract does not know, a missing column that may
    not be null, or a value that does not fit its type.
    """
    unknown = sorted(set(frame.columns) - set(table.column_names))
    if unknown:
        raise ValueError(f"{table.full_name}: columns not in the contract: {', '.join(map(str, unknown))}")
    out: dict[str, pd.Series[Any]] = {}
    for column in table.columns:
        if column.name in frame.columns:
            try:
                out[column.name] = _cast(frame[column.name], column.type)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{table.full_name}.{column.name}: not {column.type}: {error}") from error
        elif column.nullable:
            out[column.name] = pd.Series(None, index=frame.index, dtype=DTYPES[column.type])
        else:
            raise ValueError(f"{table.full_name}: column {column.name} is missing")
    conformed = pd.DataFrame(out, index=frame.index)
    return conformed.sort_values(table.sort_key, kind="stable", ignore_index=True)


def _cast(values: pd.Series[Any], type_: Type) -> pd.Series[Any]:
    if values.dtype == DTYPES[type_]:
        return values
    if type_ is Type.STRINGS:
        return values.astype(object)
    if type_ is Type.DATE:
        return pd.to_datetime(values).astype("datetime64[us]")
    if type_ is Type.TIMESTAMP:
        return pd.to_datetime(values, utc=True).astype(DTYPES[type_])
    if type_ is Type.FLOAT64:
        return pd.to_numeric(values).astype("float64")
    return values.astype(DTYPES[type_])


def to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """The conformed frame as an Arrow table of the contract's schema."""
    return pa.Table.from_pandas(frame, schema=arrow_schema(table), preserve_index=False).replace_schema_metadata(None)


def from_arrow(data: pa.Table, table: Table) -> pd.DataFrame:
    """An Arrow table (all or some of the contract's columns) as a frame of canonical dtypes."""
    types = {c.name: c.type for c in table.columns}
    if data.num_rows == 0:
        nothing: pd.DataFrame = empty(table)[data.column_names]
        return nothing
    mapping = {pa.string(): DTYPES[Type.STRING], pa.int64(): DTYPES[Type.INT64], pa.bool_(): DTYPES[Type.BOOL]}
    plain = data.select([name for name in data.column_names if types[name] is not Type.STRINGS]).combine_chunks()
    frame: pd.DataFrame = plain.to_pandas(
        types_mapper=mapping.get,
        date_as_object=False,
        timestamp_as_object=False,
        use_threads=data.num_rows > MANY,
    )
    for name, dtype in zip(frame.columns, frame.dtypes, strict=True):
        kind = types[name]
        if kind in (Type.DATE, Type.TIMESTAMP) and dtype != DTYPES[kind]:
            frame[name] = frame[name].astype(DTYPES[kind])
    for position, name in enumerate(data.column_names):
        if types[name] is Type.STRINGS:
            frame.insert(position, name, _lists(data[name]))
    return frame


def _lists(values: pa.ChunkedArray) -> pd.Series[Any]:
    """Lists of `str` as objects: one list for all rows that are equal, for a table has few different ones."""
    rows = values.combine_chunks()
    joined = pc.binary_join(rows, BETWEEN)
    sizes = pc.list_value_length(rows).cast(pa.string())
    codes = pc.binary_join_element_wise(sizes, joined, BETWEEN).dictionary_encode().indices
    codes = pc.fill_null(codes, -1).to_numpy()
    _, first = np.unique(codes, return_index=True)
    if pc.any(pc.match_substring(rows.take(first).flatten(), BETWEEN)).as_py():
        return pd.Series(rows.to_pylist(), dtype=object)
    lists = pd.Series(rows.take(first).to_pylist(), dtype=object).to_numpy()
    return pd.Series(lists[np.searchsorted(codes[first], codes)], dtype=object)
