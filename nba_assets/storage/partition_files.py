"""The files of one table: `<game_date>.<sequence>.<version>.parquet`, never changed once they are there.

A partition is replaced by a file of the next sequence; the highest sequence is the partition. So a listing tells every
version without opening a file, a file that was read once need never be read again, and a crash between the new file
and the removal of the old one leaves the new rows. Superseded files stay for a while, for readers that have listed
them.
"""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nba_assets.storage.files import Staging, sync_folder, write_files

GRACE = 10.0
"""Seconds for which a superseded file stays readable."""
SUFFIX = ".parquet"


@dataclass(frozen=True)
class PartitionFile:
    """One file by what its name says."""

    day: str
    sequence: int
    version: str

    @property
    def name(self) -> str:
        return f"{self.day}.{self.sequence:06d}.{self.version}{SUFFIX}"


class PartitionFiles:
    """The partitions of one table below its folder."""

    def __init__(self, folder: Path, staging: Staging) -> None:
        self.folder = folder
        self._staging = staging

    def current(self) -> dict[str, PartitionFile]:
        """Every partition by ISO date, in date order."""
        return self._listed()[0]

    def path(self, file: PartitionFile) -> Path:
        return self.folder / file.name

    def write(self, rows: Mapping[str, tuple[str, pa.Table]], pool: Executor) -> list[PartitionFile]:
        """Put the partitions in place: by ISO date, version and rows. Each is replaced whole or not at all."""
        present, superseded = self._listed()
        for path in self._free(present, superseded):
            path.unlink(missing_ok=True)
        if not rows:
            return []
        files = [
            PartitionFile(day, present[day].sequence + 1 if day in present else 1, version)
            for day, (version, _) in rows.items()
        ]
        data = pool.map(lambda file: encoded(rows[file.day][1]), files)
        write_files(self._staging, zip(map(self.path, files), data, strict=True))
        return files

    def sweep(self, *, dry_run: bool = False) -> int:
        """Remove superseded files that no reader can still want; how many those are."""
        free = list(self._free(*self._listed()))
        for path in () if dry_run else free:
            path.unlink(missing_ok=True)
        return len(free)

    def remove(self, days: Iterable[str]) -> None:
        """Remove the partitions of those dates."""
        present, superseded = self._listed()
        gone = [day for day in days if day in present]
        for file in superseded:
            if file.day in gone:
                self.path(file).unlink(missing_ok=True)
        if gone:
            sync_folder(self.folder)
        for day in gone:
            self.path(present[day]).unlink(missing_ok=True)
        if gone:
            sync_folder(self.folder)

    def _listed(self) -> tuple[dict[str, PartitionFile], list[PartitionFile]]:
        newest: dict[str, PartitionFile] = {}
        superseded = []
        for file in sorted(self._files(), key=lambda file: (file.day, file.sequence, file.version)):
            if file.day in newest:
                superseded.append(newest[file.day])
            newest[file.day] = file
        return newest, superseded

    def _files(self) -> list[PartitionFile]:
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 (thousands of names)
        except FileNotFoundError:
            return []
        parts = [name.split(".") for name in names if name.endswith(SUFFIX)]
        return [PartitionFile(day, int(sequence), version) for day, sequence, version, _ in parts]

    def _free(self, present: Mapping[str, PartitionFile], superseded: Iterable[PartitionFile]) -> Iterator[Path]:
        """Superseded files whose successor has been there for a while."""
        now = time.time()
        for file in superseded:
            with contextlib.suppress(FileNotFoundError):
                if now - self.path(present[file.day]).stat().st_mtime > GRACE:
                    yield self.path(file)


def encoded(rows: pa.Table) -> bytes:
    """The rows as the bytes of a Parquet file. Statistics would only be in the way: files are small and read whole."""
    sink = pa.BufferOutputStream()
    text = [field.name for field in rows.schema if not pa.types.is_primitive(field.type)]
    pq.write_table(rows, sink, compression="lz4", use_dictionary=text, write_statistics=False)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def decoded(path: Path, schema: pa.Schema, columns: Sequence[str] | None = None) -> pa.Table:
    """A file's rows in the schema's columns (all, or those named), each nullable; a column that it lacks is null."""
    names = schema.names if columns is None else list(columns)
    with pq.ParquetFile(pa.BufferReader(path.read_bytes())) as file:
        there = set(file.schema_arrow.names)
        rows = file.read(columns=[name for name in names if name in there], use_threads=False)
    wanted = _nullable(schema, tuple(names))
    as_written = rows.column_names == names and rows.schema.types == wanted.types
    arrays = rows.columns if as_written else [_column(rows, field) for field in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


@functools.lru_cache(maxsize=512)
def _nullable(schema: pa.Schema, names: tuple[str, ...]) -> pa.Schema:
    return pa.schema([schema.field(name).with_nullable(True) for name in names])


def _column(rows: pa.Table, field: pa.Field) -> pa.ChunkedArray | pa.Array:
    if field.name not in rows.column_names:
        return pa.nulls(len(rows), field.type)
    found = rows[field.name]
    return found if found.type.equals(field.type) else found.cast(field.type)
