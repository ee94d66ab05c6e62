"""Rows that this process has read or written, by what never changes: a partition's file, or a partition and version."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence

import pyarrow as pa


class RowCache:
    """The latest `limit` bytes of rows, whole partitions or some of their columns."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0.0
        self._kept: OrderedDict[tuple[Hashable, tuple[str, ...]], tuple[pa.Table, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, partition: Hashable, names: Sequence[str], columns: Sequence[str] | None) -> pa.Table | None:
        """The columns (None: all `names`) of the partition, if they or all of them are kept."""
        with self._lock:
            for key in ((partition, tuple(names)), (partition, tuple(columns or names))):
                if (found := self._kept.get(key)) is not None:
                    self._kept.move_to_end(key)
                    return found[0] if columns is None else found[0].select(list(columns))
        return None

    def keep(self, partition: Hashable, rows: pa.Table, size: float | None = None) -> None:
        """Keep rows with the columns that they have; `size`: their bytes, if they are a slice of something larger."""
        key, size = (partition, tuple(rows.column_names)), float(rows.nbytes) if size is None else size
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (rows, size)
                self._size += size
            while self._size > self._limit and self._kept:
                self._size -= self._kept.popitem(last=False)[1][1]
