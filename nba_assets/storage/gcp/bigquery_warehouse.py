"""The warehouse on BigQuery.

A write stages its rows as Parquet by a load job and puts them in place in one transaction, together with the new
versions of their partitions. A read is one session of the Storage Read API, in Arrow: no job, no slot, a snapshot.
A partition that was read once is kept in memory as long as the log has its version.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from google.cloud import bigquery
from google.cloud.bigquery_storage_v1 import types
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Table
from nba_assets.errors import UsageError
from nba_assets.storage.arrow_warehouse import ArrowWarehouse, Prepared, Wanted, bounds_of, contract_of
from nba_assets.storage.gcp import bigquery_sql
from nba_assets.storage.gcp.bigquery_schema import LABELS, PARTITION_VERSION, STAGING, Names, fields_of
from nba_assets.storage.gcp.errors import WriteConflict, google_errors, question_errors
from nba_assets.storage.gcp.versions_log import VersionsLog
from nba_assets.storage.records import iso_date
from nba_assets.storage.row_cache import RowCache

if TYPE_CHECKING:
    from google.cloud.bigquery_storage import BigQueryReadClient

STREAMS = 4
"""Streams of a read session that are read side by side."""
CONFLICT_SECONDS = 120.0
"""How long a write is tried again while other dates of its table are being written."""
MANY_DAYS = 31
"""Of more days than these a reader of few rows is given those rows alone, and nothing is kept."""
LEFT_OVER = dt.timedelta(hours=2)
"""Age after which a staged table is a crashed writer's."""
KEPT_VERSIONS = dt.timedelta(days=7)
"""How long superseded rows of the versions' log stay: as long as BigQuery can go back in time."""


@dataclass
class Usage:
    """What this process has had BigQuery do: for the doctor, and for what a day costs."""

    sessions: int = 0
    read_bytes: int = 0
    loads: int = 0
    loaded_bytes: int = 0
    transactions: int = 0
    queries: int = 0
    query_bytes: int = 0


class BigQueryWarehouse(ArrowWarehouse):
    """The `Warehouse` interface; `ledger_frames` gives the tables of `nba_orchestration` by name.

    `query_bytes` is the most that one query may scan, `cache_bytes` of rows are kept in memory. What is sent is told to
    `listener` before.
    """

    def __init__(
        self,
        client: bigquery.Client,
        reader: BigQueryReadClient,
        names: Names,
        ledger_frames: Callable[[str], pd.DataFrame],
        query_bytes: int,
        cache_bytes: int = 0,
        listener: Callable[[str], None] = lambda sql: None,
    ) -> None:
        self._client, self._reader, self._names = client, reader, names
        self._ledger_frames, self._query_bytes, self.listener = ledger_frames, query_bytes, listener
        self._pool = ThreadPoolExecutor(2 * STREAMS, thread_name_prefix="bigquery")
        self._lock = threading.Lock()
        self._cache = RowCache(cache_bytes)
        self._log = VersionsLog(self._written_since)
        self._listed = threading.local()
        self.usage = Usage()

    def replace(self, table: Table | str, dates: Sequence[dt.date], frame: pd.DataFrame) -> dict[str, str]:
        contract = contract_of(table)
        rows = Prepared.of(contract, dates, frame)
        present = self.versions(contract)
        changed = {day: version for day, version in rows.versions.items() if present.get(day) != version}
        gone = dict.fromkeys((day for day in rows.days if day in present and day not in rows.versions), "")
        if changed or gone:
            parts = {day: rows.part(day) for day in changed}
            self._write(contract, parts, changed | gone)
            for day, part in parts.items():
                rows_of_day = pa.Table.from_arrays(_alone(part).columns, schema=_nullable(part.schema))
                self._cache.keep((contract.full_name, day, changed[day]), rows_of_day)
        return rows.outcome()

    def versions(self, table: Table | str, dates: tuple[dt.date, dt.date] | None = None) -> dict[str, str]:
        name = contract_of(table).full_name
        if not getattr(self._listed, "once", False):
            self._log.read()
        elif not self._listed.done:
            self._log.read()
            self._listed.done = True
        first, last = (iso_date(day) for day in dates) if dates is not None else ("", "9999")
        return {day: version for day, version in self._log.of(name) if first <= day <= last}

    @contextlib.contextmanager
    def listed_once(self) -> Iterator[None]:
        if getattr(self._listed, "once", False):
            yield
            return
        self._listed.once, self._listed.done = True, False
        try:
            yield
        finally:
            self._listed.once = False

    def clean(self, *, dry_run: bool = False) -> int:
        now = dt.datetime.now(dt.UTC)
        with google_errors("clean BigQuery's staging dataset"):
            staged = list(self._client.list_tables(self._names.dataset(STAGING)))
            old = [t for t in staged if t.created is not None and t.created < now - LEFT_OVER]
            for found in () if dry_run else old:
                self._client.delete_table(found.reference, not_found_ok=True)
        if not dry_run:
            self._job(bigquery_sql.compact_script(self._names, now - KEPT_VERSIONS), "compact the versions' log")
        return len(old)

    def query(self, sql_text: str) -> pd.DataFrame:
        from nba_assets.storage import sql

        question = sql.parse(sql_text)
        staged: dict[str, str] = {}
        try:
            for name in question.ledger_tables:
                ledger = contracts.table(name)
                staged[name] = self._stage(
                    ledger, frames.to_arrow(self._ledger_frames(name), ledger), fields_of(ledger)[:-1]
                )
            text = bigquery_sql.in_project(sql_text, self._names, staged)
            with question_errors():
                job = self._job(text, "answer the query", maximum_bytes_billed=self._query_bytes)
                found = job.result().to_arrow(create_bqstorage_client=False)
        finally:
            for name in staged.values():
                self._drop(name)
        self._count(queries=1, query_bytes=job.total_bytes_processed or 0)
        return sql.frame_of(found)

    def scanned_bytes(self, sql_text: str) -> int:
        from nba_assets.storage import sql

        question = sql.parse(sql_text)
        if question.ledger_tables:
            raise UsageError("the ledger's tables are in Postgres: BigQuery scans nothing of them", "leave them out")
        text = bigquery_sql.in_project(sql_text, self._names, {})
        with question_errors():
            return int(self._job(text, "look at the query", dry_run=True).total_bytes_processed)

    def _rows(self, contract: Table, wanted: Wanted, seen: dict[str, str] | None = None) -> pa.Table:
        listed = self.versions(contract, wanted.dates)
        versions = {day: version for day, version in listed.items() if wanted.days is None or day in wanted.days}
        schema = _nullable(frames.arrow_schema(contract))
        names = schema.names
        if wanted.columns is not None:
            names = [name for name in names if name in wanted.columns or name in contract.sort_key]
        parts = {
            day: found
            for day, version in versions.items()
            if (found := self._cache.find((contract.full_name, day, version), schema.names, names)) is not None
        }
        if missing := [day for day in versions if day not in parts]:
            together = missing == [day for day in listed if missing[0] <= day <= missing[-1]]
            filtered = len(missing) > MANY_DAYS and (wanted.scope is not None or wanted.as_of is not None)
            restriction = bigquery_sql.row_restriction(contract, missing, together, wanted if filtered else None)
            rows = self._fetched(contract, names, restriction)
            if filtered:
                parts |= {day: part for day, (_, part) in rows.items()}
            else:
                versions = {day: version for day, version in versions.items() if day in parts} | {
                    day: version for day, (version, _) in rows.items()
                }
                for day, (version, part) in rows.items():
                    parts[day] = part
                    self._cache.keep((contract.full_name, day, version), part)
        if seen is not None:
            seen |= dict(sorted(versions.items()))
        ordered = [parts[day] for day in sorted(parts)]
        return pa.concat_tables(ordered) if ordered else schema.empty_table().select(names)

    def _fetched(self, contract: Table, names: list[str], restriction: str) -> dict[str, tuple[str, pa.Table]]:
        """By date the version and the rows of its partition that the restriction lets through, in canonical order."""
        columns = [*dict.fromkeys((*names, "game_date", PARTITION_VERSION))]
        found = self._session(self._names.rows(contract), columns, restriction)
        found = found.sort_by([(name, "ascending") for name in contract.sort_key]).combine_chunks()
        schema = _nullable(frames.arrow_schema(contract))
        rows = pa.Table.from_arrays(
            [found[name].cast(schema.field(name).type) for name in names],
            schema=pa.schema([schema.field(name) for name in names]),
        )
        bounds = bounds_of(pd.Series(found["game_date"].to_numpy()))
        return {
            day: (found[PARTITION_VERSION][start].as_py(), _alone(rows.slice(start, stop - start)))
            for day, (start, stop) in bounds.items()
        }

    def _written_since(self, since: dt.datetime | None) -> pa.Table:
        columns = ["table_name", "game_date", "version", "written_at"]
        return self._session(self._names.versions(), columns, bigquery_sql.versions_restriction(since))

    def _session(self, table: str, columns: list[str], restriction: str) -> pa.Table:
        """The columns of the table's rows that the restriction lets through, as of one moment."""
        project, dataset, name = table.split(".")
        self.listener(f"SELECT {', '.join(columns)} FROM `{table}` WHERE {restriction}")
        wanted = types.ReadSession(
            table=f"projects/{project}/datasets/{dataset}/tables/{name}",
            data_format=types.DataFormat.ARROW,
            read_options=types.ReadSession.TableReadOptions(selected_fields=columns, row_restriction=restriction),
        )
        with google_errors(f"read {dataset}.{name}"):
            session = self._reader.create_read_session(
                parent=f"projects/{self._names.project}", read_session=wanted, max_stream_count=STREAMS
            )
            schema = pa.ipc.read_schema(pa.py_buffer(session.arrow_schema.serialized_schema))
            parts = list(self._pool.map(lambda stream: self._stream(stream.name, schema), session.streams))
        self._count(sessions=1, read_bytes=sum(part.nbytes for part in parts))
        return pa.concat_tables(parts) if parts else schema.empty_table()

    def _stream(self, name: str, schema: pa.Schema) -> pa.Table:
        stream = self._reader.read_rows(name)  # type: ignore[no-untyped-call]
        messages = (message.arrow_record_batch.serialized_record_batch for message in stream)
        return pa.Table.from_batches((pa.ipc.read_record_batch(data, schema) for data in messages), schema)

    def _write(self, contract: Table, parts: Mapping[str, pa.Table], versions: Mapping[str, str]) -> None:
        what = f"write {contract.full_name}"
        with_versions = [
            part.append_column(PARTITION_VERSION, pa.repeat(versions[day], len(part))) for day, part in parts.items()
        ]
        staged = self._stage(contract, pa.concat_tables(with_versions), fields_of(contract)) if parts else None
        script = bigquery_sql.replace_script(contract, self._names, staged, versions)
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type(WriteConflict),
                stop=stop_after_delay(CONFLICT_SECONDS),
                wait=wait_random_exponential(0.2, max=10),
                reraise=True,
            ):
                with attempt:
                    self._job(script, what)
        finally:
            if staged is not None:
                self._drop(staged)
        self._count(transactions=1)
        self._log.read()

    def _stage(self, contract: Table, rows: pa.Table, fields: list[bigquery.SchemaField]) -> str:
        """A table of its own with the rows, by one load job; it is gone after a day even if nobody drops it."""
        name = f"{self._names.dataset(STAGING)}.{contract.dataset}__{contract.name}__{uuid.uuid4().hex}"
        data = io.BytesIO()
        pq.write_table(rows, data, compression="zstd", write_statistics=False)
        size = data.tell()
        lists = bigquery.ParquetOptions()  # type: ignore[no-untyped-call]
        lists.enable_list_inference = True
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.PARQUET,
            schema=fields,
            write_disposition=bigquery.WriteDisposition.WRITE_EMPTY,
            parquet_options=lists,
            labels=LABELS,
        )
        with google_errors(f"stage {contract.full_name}"):
            self._client.load_table_from_file(data, name, rewind=True, job_config=config).result()
        self._count(loads=1, loaded_bytes=size)
        return name

    def _drop(self, name: str) -> None:
        with google_errors(f"drop {name}"):
            self._client.delete_table(name, not_found_ok=True)

    def _job(self, sql: str, what: str, **options: Any) -> Any:
        self.listener(sql)
        config = bigquery.QueryJobConfig(labels=LABELS, **options)
        with google_errors(what):
            job = self._client.query(sql, job_config=config)
            if not options.get("dry_run"):
                job.result()
            return job

    def _count(self, **more: int) -> None:
        with self._lock:
            for name, value in more.items():
                setattr(self.usage, name, getattr(self.usage, name) + value)


def _nullable(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema])


def _alone(rows: pa.Table) -> pa.Table:
    """The rows without the larger table that they are a slice of."""
    return rows.take(pa.array(range(len(rows)), pa.int64()))
