"""The version of a partition: a hash of its rows, whatever library or moment wrote them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DIGEST_BYTES = 16


def row_hashes(data: pa.Table, bounds: Sequence[tuple[int, int]]) -> list[str]:
    """One hash (hex) per slice `[start, stop)` of the rows: of column names, types, values, nulls and row order."""
    digests = [hashlib.blake2b(str(data.schema.remove_metadata()).encode(), digest_size=DIGEST_BYTES) for _ in bounds]
    for column in data.columns:
        values = column.combine_chunks()
        for array, edges in _buffers(values):
            for digest, (start, stop) in zip(digests, bounds, strict=True):
                digest.update(array[edges[start] : edges[stop]] if edges is not None else array[start:stop])
    return [digest.hexdigest() for digest in digests]


def _buffers(values: pa.Array) -> Iterator[tuple[Any, np.ndarray[Any, Any] | None]]:
    """Byte arrays that together say what the column holds, and for each where a row begins in it (None: one item)."""
    yield values.is_valid().to_numpy(zero_copy_only=False), None
    if pa.types.is_list(values.type):
        lists = pc.fill_null(values, pa.scalar([], values.type)) if values.null_count else values
        rows = _edges(lists)
        items = lists.flatten()
        yield np.diff(rows), None
        for array, edges in _buffers(items):
            yield array, rows if edges is None else edges[rows]
    elif pa.types.is_string(values.type):
        text = pc.fill_null(values, "") if values.null_count else values
        edges = _edges(text)
        yield np.diff(edges), None
        yield _bytes_of(text), edges
    else:
        whole = pc.fill_null(values, _zero(values.type)) if values.null_count else values
        yield np.ascontiguousarray(_numbers(whole)), None


def _edges(values: pa.Array) -> np.ndarray[Any, Any]:
    """Offsets of a list or string array, the first row's at 0."""
    if not len(values):
        return np.zeros(1, dtype=np.int32)
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    edges: np.ndarray[Any, Any] = offsets - offsets[0]
    return edges


def _bytes_of(text: pa.Array) -> Any:
    data = text.buffers()[2]
    if data is None or not len(text):
        return memoryview(b"")
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)
    return memoryview(data)[offsets[text.offset] : offsets[text.offset + len(text)]]


def _zero(type_: pa.DataType) -> pa.Scalar:
    return (
        pa.scalar(0, pa.int64()).cast(type_) if not pa.types.is_date32(type_) else pa.scalar(0, pa.int32()).cast(type_)
    )


def _numbers(values: pa.Array) -> Any:
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    elif pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return values.to_numpy(zero_copy_only=False)
