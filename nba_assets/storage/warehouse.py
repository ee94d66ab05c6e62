"""The warehouse as Parquet files, one per table and date, asked in SQL by DuckDB."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Table, Versioning
from nba_assets.errors import PlatformError, UsageError
from nba_assets.scope import TEAM_COLUMNS, Scope, in_scope
from nba_assets.storage.files import Staging, is_transient, make_folder, storage_error, write_file
from nba_assets.storage.partition_files import PartitionFile, PartitionFiles, decoded
from nba_assets.storage.records import iso_date
from nba_assets.storage.row_hash import row_hashes
from nba_assets.storage.write_rules import checked, outside

VERSION = 1
"""Of the folder's layout; a warehouse of a higher one is not opened."""
VERSION_FILE = "VERSION"
THREADS = 4
ATTEMPTS = 5
"""How often a read starts anew because the files that it had listed were replaced meanwhile."""


class LocalWarehouse:
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

    def read(
        self,
        table: Table | str,
        dates: tuple[dt.date, dt.date] | None = None,
        columns: Sequence[str] | None = None,
        scope: Scope | None = None,
        as_of: dt.datetime | None = None,
        history: bool = False,
        seen: dict[str, str] | None = None,
    ) -> pd.DataFrame:
        contract = contract_of(table)
        wanted = _known_columns(contract, columns)
        closed = contract.versioning is Versioning.CLOSED
        looked_at = {*(wanted or ()), *_filter_columns(scope, as_of)}
        needed = [name for name in contract.column_names if name in looked_at] if wanted is not None else None
        rows = self._rows(contract, dates, needed, seen=seen)
        if as_of is not None:
            rows = _known_by(rows, as_of, closed, history)
        elif closed and not history:
            rows = rows.filter(pc.is_null(rows["superseded_at"]))
        frame = frames.from_arrow(rows, contract)
        if scope is not None:
            frame = frame[in_scope(frame, scope)].reset_index(drop=True)
        return frame[wanted] if wanted is not None else frame

    def replace(self, table: Table | str, dates: Sequence[dt.date], frame: pd.DataFrame) -> dict[str, str]:
        contract = contract_of(table)
        days = sorted({iso_date(day) for day in dates})
        rows = checked(contract, days, frame)
        data = frames.to_arrow(rows, contract)
        bounds = _bounds(rows["game_date"])
        versions = dict(zip(bounds, row_hashes(data, list(bounds.values())), strict=True))
        files = self._files(contract)
        try:
            present = files.current()
            changed = {
                day: (version, data.slice(bounds[day][0], bounds[day][1] - bounds[day][0]))
                for day, version in versions.items()
                if day not in present or present[day].version != version
            }
            mostly = 2 * sum(len(part) for _, part in changed.values()) > len(data)
            row_size = data.nbytes / max(len(data), 1)
            for file in files.write(changed, self._pool):
                self._read.put(files.path(file), changed[file.day][1], row_size, alone=not mostly)
            files.remove([day for day in days if day not in versions])
        except OSError as error:
            raise storage_error(error, f"write {contract.full_name}") from error
        return {day: versions.get(day, "") for day in days}

    def upsert(self, table: Table | str, frame: pd.DataFrame, dates: Sequence[dt.date], scope: Scope) -> dict[str, str]:
        contract = contract_of(table)
        days = sorted({iso_date(day) for day in dates})
        rows = checked(contract, days, frame)
        there = self._rows(contract, None, None, days)
        kept = outside(frames.from_arrow(there, contract), scope, rows, contract)
        parts = [part for part in (kept, rows) if len(part)]
        return self.replace(contract, dates, pd.concat(parts) if parts else rows)

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

    def _rows(
        self,
        contract: Table,
        dates: tuple[dt.date, dt.date] | None,
        columns: list[str] | None,
        days: Sequence[str] | None = None,
        seen: dict[str, str] | None = None,
    ) -> pa.Table:
        """The stored rows of a range or of some days, all versions, in canonical order; `seen`: see `read`."""
        schema = frames.arrow_schema(contract)
        files = self._files(contract)
        for attempt in range(ATTEMPTS):
            listed = self._listed(contract, dates)
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
            return schema.empty_table().select(columns or schema.names)
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
        self._limit = limit
        self._size = 0.0
        self._kept: OrderedDict[tuple[Path, str], tuple[pa.Table, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: Path, schema: pa.Schema, columns: list[str] | None) -> pa.Table:
        """The file's rows. The latest `limit` bytes that were read, whole files or some columns, are kept."""
        whole = (path, ",".join(schema.names))
        key = whole if columns is None else (path, ",".join(columns))
        with self._lock:
            for kept in (whole, key):
                if (found := self._kept.get(kept)) is not None:
                    self._kept.move_to_end(kept)
                    return found[0] if columns is None else found[0].select(columns)
        rows = decoded(path, schema, columns)
        self._keep(key, rows, rows.nbytes)
        return rows

    def put(self, path: Path, rows: pa.Table, row_size: float, *, alone: bool) -> None:
        """Keep the rows (of so many bytes each) that were written; `alone`: without what they are a slice of."""
        kept = rows.take(pa.array(np.arange(len(rows)))) if alone else rows
        nullable = pa.schema([field.with_nullable(True) for field in rows.schema])
        size = row_size * len(rows)
        self._keep((path, ",".join(nullable.names)), pa.Table.from_arrays(kept.columns, schema=nullable), size)

    def _keep(self, key: tuple[Path, str], rows: pa.Table, size: float) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (rows, size)
                self._size += size
            while self._size > self._limit and self._kept:
                self._size -= self._kept.popitem(last=False)[1][1]


def contract_of(table: Table | str) -> Table:
    """The contract itself or by name. Raises `UsageError` with the nearest names for one there is not."""
    if isinstance(table, Table):
        return table
    try:
        return contracts.table(table)
    except KeyError:
        known = {t.full_name for t in contracts.tables().values()}
        raise UsageError(f"no table {table!r}", _nearest(table, known)) from None


def _nearest(name: str, known: Collection[str]) -> str:
    from nba_assets.storage.sql import nearest

    return nearest(name, known)


def _known_columns(contract: Table, columns: Sequence[str] | None) -> list[str] | None:
    if columns is None:
        return None
    for name in columns:
        if name not in contract.column_names:
            raise UsageError(f"{contract.full_name} has no column {name!r}", _nearest(name, contract.column_names))
    return list(columns)


def _filter_columns(scope: Scope | None, as_of: dt.datetime | None) -> tuple[str, ...]:
    """Columns that a read looks at besides those asked for (where the table has them)."""
    return (
        "superseded_at",
        *(("known_at",) if as_of is not None else ()),
        *(("player_id", "game_id", *TEAM_COLUMNS) if scope is not None else ()),
    )


def _known_by(rows: pa.Table, as_of: dt.datetime, closed: bool, history: bool) -> pa.Table:
    """The versions known at a time, `superseded_at` as it was then; without history each key's newest."""
    if as_of.tzinfo is None:
        raise UsageError(f"as_of {as_of} has no time zone", "give an aware datetime")
    if "known_at" not in rows.column_names:
        return rows
    moment = pa.scalar(pd.Timestamp(as_of).tz_convert("UTC").to_pydatetime(), rows["known_at"].type)
    rows = rows.filter(pc.less_equal(rows["known_at"], moment))
    if not closed:
        return rows
    ended = pc.less_equal(rows["superseded_at"], moment)
    then = pc.if_else(ended, rows["superseded_at"], pa.scalar(None, rows["superseded_at"].type))
    rows = rows.set_column(rows.column_names.index("superseded_at"), "superseded_at", then)
    return rows if history else rows.filter(pc.is_null(then))


def _bounds(game_dates: pd.Series[pd.Timestamp]) -> dict[str, tuple[int, int]]:
    """First and last row (exclusive) of each date in sorted rows."""
    days, starts = np.unique(game_dates.to_numpy(), return_index=True)
    stops = np.append(starts, len(game_dates))[1:]
    return {
        str(day)[:10]: (int(start), int(stop))
        for day, start, stop in zip(days.astype("datetime64[D]"), starts, stops, strict=True)
    }


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
