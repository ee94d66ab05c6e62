"""The warehouse as Parquet files, one per table and date, asked in SQL by DuckDB."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Table
from nba_assets.errors import PlatformError
from nba_assets.storage.arrow_warehouse import ArrowWarehouse, Prepared, Wanted, contract_of
from nba_assets.storage.files import Staging, is_transient, make_folder, storage_error, write_file
from nba_assets.storage.partition_files import PartitionFile, PartitionFiles, decoded
from nba_assets.storage.records import iso_date
from nba_assets.storage.row_cache import RowCache

VERSION = 1
"""Of the folder's layout; a warehouse of a higher one is not opened."""
VERSION_FILE = "VERSION"
THREADS = 4
ATTEMPTS = 5
"""How often a read starts anew because the files that it had listed were replaced meanwhile."""


class LocalWarehouse(ArrowWarehouse):
    """The `Warehouse` interface on a local folder; `ledger_frames` gives the tables of `nba_orchestration` by name.

    `cache_bytes` of rows that were read or written are kept in memory.
    """

    def __init__(self, root: Path, ledger_frames: Callable[[str], pd.DataFrame], cache_bytes: int = 0) -> None:
        self.root = root
        self._ledger_frames = ledger_frames
        self._staging = Staging(root)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="warehouse")
        self._read = _ReadFiles(cache_bytes)
        try:
            make_folder(root)
            _check_version(root, self._staging)
            self._staging.clean()
        except OSError as error:
            raise storage_error(error, f"open the warehouse {root}") from error

    def replace(self, table: Table | str, dates: Sequence[dt.date], frame: pd.DataFrame) -> dict[str, str]:
        contract = contract_of(table)
        rows = Prepared.of(contract, dates, frame)
        files = self._files(contract)
        try:
            present = files.current()
            changed = {
                day: (version, rows.part(day))
                for day, version in rows.versions.items()
                if day not in present or present[day].version != version
            }
            mostly = 2 * sum(len(part) for _, part in changed.values()) > len(rows.data)
            row_size = rows.data.nbytes / max(len(rows.data), 1)
            for file in files.write(changed, self._pool):
                self._read.put(files.path(file), changed[file.day][1], row_size, alone=not mostly)
            files.remove([day for day in rows.days if day not in rows.versions])
        except OSError as error:
            raise storage_error(error, f"write {contract.full_name}") from error
        return rows.outcome()

    def versions(self, table: Table | str, dates: tuple[dt.date, dt.date] | None = None) -> dict[str, str]:
        contract = contract_of(table)
        return {day: file.version for day, file in self._listed(contract, dates).items()}

    def clean(self, *, dry_run: bool = False) -> int:
        try:
            stored = [table for table in contracts.tables().values() if (self.root / table.dataset).is_dir()]
            superseded = sum(self._files(table).sweep(dry_run=dry_run) for table in stored)
            return superseded + self._staging.clean(dry_run=dry_run)
        except OSError as error:
            raise storage_error(error, f"clean the warehouse {self.root}") from error

    def query(self, sql_text: str) -> pd.DataFrame:
        from nba_assets.storage import sql

        question = sql.parse(sql_text)
        for attempt in range(ATTEMPTS):
            listed = {name: self._listed(contracts.table(name)) for name in question.warehouse_tables}
            relations = {name: self._relation(contracts.table(name), files) for name, files in listed.items()}
            for name in question.ledger_tables:
                relations[name] = frames.to_arrow(self._ledger_frames(name), contracts.table(name))
            try:
                return sql.run(question, relations)
            except PlatformError:
                if attempt + 1 == ATTEMPTS or not self._any_gone(listed):
                    raise
        raise AssertionError("unreachable")

    def listed_once(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def scanned_bytes(self, sql_text: str) -> int:
        from nba_assets.storage import sql

        named = [contracts.table(name) for name in sql.parse(sql_text).warehouse_tables]
        return sum(
            self._files(table).path(file).stat().st_size for table in named for file in self._listed(table).values()
        )

    def _files(self, contract: Table) -> PartitionFiles:
        return PartitionFiles(self.root / contract.dataset / contract.name, self._staging)

    def _listed(self, contract: Table, dates: tuple[dt.date, dt.date] | None = None) -> dict[str, PartitionFile]:
        try:
            files = self._files(contract).current()
        except (OSError, ValueError) as error:
            raise PlatformError(
                f"cannot list the partitions of {contract.full_name}: {error}", "see what is in the folder"
            ) from error
        if dates is None:
            return files
        first, last = iso_date(dates[0]), iso_date(dates[1])
        return {day: file for day, file in files.items() if first <= day <= last}

    def _rows(self, contract: Table, wanted: Wanted, seen: dict[str, str] | None = None) -> pa.Table:
        days, columns = wanted.days, wanted.columns
        schema = frames.arrow_schema(contract)
        files = self._files(contract)
        for attempt in range(ATTEMPTS):
            listed = self._listed(contract, wanted.dates)
            chosen = [file for day, file in listed.items() if days is None or day in days]
            paths = [files.path(file) for file in chosen]
            try:
                parts = list(self._pool.map(lambda path: self._read.get(path, schema, columns), paths))
                break
            except FileNotFoundError as error:
                if attempt + 1 == ATTEMPTS:
                    raise storage_error(error, f"read {contract.full_name}") from error
            except (OSError, pa.ArrowException) as error:
                if isinstance(error, OSError) and error.errno and is_transient(error):
                    raise storage_error(error, f"read {contract.full_name}") from error
                raise PlatformError(
                    f"cannot read {contract.full_name}: {' '.join(str(error).split())}",
                    "the file is damaged: restore it from a backup, or delete it and rebuild the date",
                ) from error
        if seen is not None:
            seen |= {file.day: file.version for file in chosen}
        if not parts:
            return schema.empty_table().select(list(columns or schema.names))
        return pa.concat_tables(parts)

    def _relation(self, contract: Table, files: dict[str, PartitionFile]) -> ds.Dataset | pa.Table:
        """What DuckDB scans: only the columns and files that a query needs are read."""
        schema = frames.arrow_schema(contract)
        nullable = pa.schema([field.with_nullable(True) for field in schema])
        folder = self._files(contract)
        if not files:
            return nullable.empty_table()
        return ds.dataset([str(folder.path(file)) for file in files.values()], schema=nullable, format="parquet")

    def _any_gone(self, listed: dict[str, dict[str, PartitionFile]]) -> bool:
        return any(
            not self._files(contracts.table(name)).path(file).exists()
            for name, files in listed.items()
            for file in files.values()
        )


class _ReadFiles:
    """Rows of files that this process has read or written; a file never changes, so neither do they."""

    def __init__(self, limit: int) -> None:
        self._cache = RowCache(limit)

    def get(self, path: Path, schema: pa.Schema, columns: Sequence[str] | None) -> pa.Table:
        """The file's rows, whole or some columns."""
        if (found := self._cache.find(path, schema.names, columns)) is not None:
            return found
        rows = decoded(path, schema, columns)
        self._cache.keep(path, rows)
        return rows

    def put(self, path: Path, rows: pa.Table, row_size: float, *, alone: bool) -> None:
        """Keep the rows (of so many bytes each) that were written; `alone`: without what they are a slice of."""
        kept = rows.take(pa.array(np.arange(len(rows)))) if alone else rows
        nullable = pa.schema([field.with_nullable(True) for field in rows.schema])
        self._cache.keep(path, pa.Table.from_arrays(kept.columns, schema=nullable), row_size * len(rows))


def _check_version(root: Path, staging: Staging) -> None:
    path = root / VERSION_FILE
    if not path.exists():
        write_file(staging, path, f"{VERSION}\n".encode())
        return
    text = path.read_text().strip()
    if not text.isdigit() or int(text) > VERSION:
        raise PlatformError(
            f"the warehouse {root} was written by a newer version of nba_assets (layout {text[:20]}, this one knows"
            f" {VERSION})",
            "upgrade nba_assets",
        )
