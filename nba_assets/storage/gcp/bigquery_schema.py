"""The tables of BigQuery, derived from the contracts: what should exist, what differs, and the way there.

The rows of a table are in `<table>__rows`, each with the version of its partition; `<table>` is a view of the current
ones, `<table>__history` of all. So SQL reads as it does locally.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.cloud import bigquery

from nba_assets.contracts import tables
from nba_assets.contracts.model import Column, Table, Type, Versioning
from nba_assets.errors import PlatformError
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.sql import HISTORY

WAREHOUSE = "nba_warehouse"
"""The dataset of what the platform keeps about its tables."""
STAGING = "nba_staging"
"""The dataset of rows on their way into a table; each such table is gone after a day."""
VERSIONS = "partition_versions"
ROWS = "__rows"
PARTITION_VERSION = "partition_version"
"""A column of the rows that no view shows: so a reader knows of which version the rows are that it has read."""
SCHEMA_LABEL = "nba_assets_schema"
STAGED_FOR = dt.timedelta(days=1)
CLUSTERED = {Type.STRING, Type.INT64, Type.BOOL, Type.DATE, Type.TIMESTAMP}
MOST_CLUSTERED = 4
LABELS = {"made_by": "nba_assets"}
NEWER = "was made by a newer version"
MIGRATE = "run `nba-assets schema --apply`"
LONGEST_DESCRIPTION = 1024
_TYPES = {Type.JSON: "STRING", Type.STRINGS: "STRING"}
_OLD_NAMES = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}


@dataclass(frozen=True)
class Names:
    """The names of datasets and tables in a project; several installations share one by their prefix."""

    project: str
    prefix: str = ""

    def dataset(self, name: str) -> str:
        """`project.dataset`."""
        return f"{self.project}.{self.prefix}{name}"

    def rows(self, table: Table) -> str:
        """`project.dataset.table` of the table that holds the rows."""
        return f"{self.dataset(table.dataset)}.{table.name}{ROWS}"

    def view(self, table: Table, suffix: str = "") -> str:
        """The same of a view of it: of the current rows, or with `HISTORY` of all."""
        return f"{self.dataset(table.dataset)}.{table.name}{suffix}"

    def versions(self) -> str:
        """The same of the log of partitions' versions."""
        return f"{self.dataset(WAREHOUSE)}.{VERSIONS}"


@dataclass(frozen=True)
class Change:
    """One difference of BigQuery from the contracts, in words; `possible`: whether `apply` can mend it."""

    what: str
    possible: bool = True


def stored_tables() -> list[Table]:
    """The tables that the warehouse holds."""
    return [t for t in tables().values() if t.dataset not in ("nba_orchestration", "published")]


def fields_of(table: Table) -> list[bigquery.SchemaField]:
    """The rows' columns as BigQuery has them; a JSON document is kept as the text that it is, byte for byte."""
    text = "The version of the row's partition: a hash of its rows."
    version = bigquery.SchemaField(PARTITION_VERSION, "STRING", "REQUIRED", description=text)
    return [*map(_field, table.columns), version]


def clustering_of(table: Table) -> list[str]:
    """The grain, as far as it can be clustered by: its first four columns but the partition's own."""
    names = [n for n in table.key if n != "game_date" and table.column(n).type in CLUSTERED]
    return names[:MOST_CLUSTERED]


def schema_digest(contracts: Iterable[Table]) -> str:
    """What tells one schema from another, as a label's value."""
    text = "\n".join(
        f"{t.full_name} {t.versioning} {clustering_of(t)} {[(c.name, c.type.value) for c in t.columns]}"
        for t in sorted(contracts, key=lambda t: t.full_name)
    )
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class BigQuerySchema:
    """Datasets, tables and views of one project, against the contracts."""

    def __init__(self, client: bigquery.Client, names: Names, location: str, contracts: Iterable[Table]) -> None:
        self._client, self._names, self._location = client, names, location
        self._contracts = list(contracts)
        self._digest = schema_digest(self._contracts)

    def check(self) -> None:
        """Raise `PlatformError` where the tables are missing, elsewhere, or of another schema than the contracts'."""
        there = self._found_dataset(WAREHOUSE) is not None
        log = self._found_table(self._names.versions()) if there else None
        if log is None:
            raise PlatformError(
                f"there are no tables in BigQuery's project {self._names.project} ({self._names.prefix}{WAREHOUSE})",
                MIGRATE,
            )
        if log.labels.get(SCHEMA_LABEL) != self._digest:
            changes = self.plan()
            _refuse_impossible(changes)
            raise PlatformError(f"BigQuery's tables are of another schema: {_all(changes)}", MIGRATE)

    def plan(self) -> list[Change]:
        """What differs, nothing if all is as the contracts say."""
        return [change for change, _ in self._steps()]

    def apply(self) -> list[Change]:
        """Mend what differs: add datasets, tables, views, columns; nothing is ever removed.

        Raises `PlatformError`, before anything is changed, where a column would have to change its type or to go.
        """
        steps = list(self._steps())
        _refuse_impossible([change for change, _ in steps])
        for change, step in steps:
            with google_errors(change.what):
                step()
        return [change for change, _ in steps]

    def _steps(self) -> Iterator[tuple[Change, Any]]:
        for name in (*dict.fromkeys(t.dataset for t in self._contracts), STAGING, WAREHOUSE):
            if self._found_dataset(name) is None:
                yield Change(f"make the dataset {self._names.prefix}{name}"), lambda name=name: self._make_dataset(name)
        for table in self._contracts:
            yield from self._of_table(table)
        log = self._found_table(self._names.versions())
        if log is None:
            yield Change(f"make the table {WAREHOUSE}.{VERSIONS}"), self._make_versions
        elif log.labels.get(SCHEMA_LABEL) != self._digest:
            log.labels = {**log.labels, SCHEMA_LABEL: self._digest}
            yield Change(f"note the schema {self._digest}"), lambda: self._update(log, "labels")

    def _of_table(self, table: Table) -> Iterator[tuple[Change, Any]]:
        found = self._found_table(self._names.rows(table))
        if found is None:
            yield Change(f"make the table {table.full_name}"), lambda: self._make_table(table)
        else:
            yield from self._of_columns(table, found)
        for suffix in ("", HISTORY):
            yield from self._of_view(table, suffix)

    def _of_view(self, table: Table, suffix: str) -> Iterator[tuple[Change, Any]]:
        name, query = self._names.view(table, suffix), _view_query(table, self._names, suffix)
        view = self._found_table(name)
        if view is None:
            yield Change(f"make the view {name}"), lambda: self._make_view(table, suffix)
        elif view.view_query not in (None, query):  # None: the emulator does not tell it
            view.view_query = query
            yield Change(f"change the view {name}"), lambda: self._update(view, "view_query")

    def _of_columns(self, table: Table, found: bigquery.Table) -> Iterator[tuple[Change, Any]]:
        there = {field.name: field for field in found.schema}
        wanted = {field.name: field for field in fields_of(table)}
        for name, field in wanted.items():
            if name in there and _type_of(there[name]) != _type_of(field):
                what = f"{table.full_name}.{name} is {_type_of(there[name])}, the contract's is {_type_of(field)}"
                yield Change(what, possible=False), None
        if gone := [name for name in there if name not in wanted]:
            what = f"{table.full_name} {NEWER} of nba_assets: it has {', '.join(gone)}"
            yield Change(what, possible=False), None
        added = [name for name in wanted if name not in there]
        if added:
            more = [_nullable(wanted[name]) for name in added]
            yield (
                Change(f"add {', '.join(added)} to {table.full_name}"),
                lambda: self._set_schema(found, [*found.schema, *more]),
            )

    def _found_dataset(self, name: str) -> bigquery.Dataset | None:
        from google.api_core.exceptions import NotFound

        with google_errors(f"look at the dataset {self._names.prefix}{name}"):
            try:
                dataset = self._client.get_dataset(self._names.dataset(name))
            except NotFound as error:
                if "not found: project" in str(error).lower():
                    raise
                return None
        if dataset.location and dataset.location.upper() != self._location.upper():
            raise PlatformError(
                f"the dataset {self._names.prefix}{name} is in {dataset.location}, not in {self._location}",
                f"set NBA_ASSETS_GCP_LOCATION={dataset.location}; buckets and datasets must be in one place",
            )
        return dataset

    def _found_table(self, name: str) -> bigquery.Table | None:
        from google.api_core.exceptions import NotFound

        with google_errors(f"look at the table {name}"):
            try:
                return self._client.get_table(name)
            except NotFound:
                return None

    def _make_dataset(self, name: str) -> None:
        dataset = bigquery.Dataset(self._names.dataset(name))
        dataset.location, dataset.labels = self._location, dict(LABELS)
        if name == STAGING:
            dataset.default_table_expiration_ms = int(STAGED_FOR.total_seconds() * 1000)
        self._client.create_dataset(dataset, exists_ok=True)

    def _make_table(self, table: Table) -> None:
        made = bigquery.Table(self._names.rows(table), schema=fields_of(table))
        made.description, made.labels = table.description[: 16 * LONGEST_DESCRIPTION], labels_of(table)
        made.time_partitioning = bigquery.TimePartitioning(field="game_date")
        made.require_partition_filter = True
        made.clustering_fields = clustering_of(table) or None
        self._client.create_table(made, exists_ok=True)

    def _make_view(self, table: Table, suffix: str) -> None:
        view = bigquery.Table(self._names.view(table, suffix))
        view.view_query = _view_query(table, self._names, suffix)
        view.description = f"{table.description} {'All rows.' if suffix else 'The current rows.'}"
        view.labels = labels_of(table)
        self._client.create_table(view, exists_ok=True)

    def _make_versions(self) -> None:
        columns = {"table_name": "STRING", "game_date": "DATE", "version": "STRING", "written_at": "TIMESTAMP"}
        made = bigquery.Table(
            self._names.versions(), schema=[bigquery.SchemaField(n, t, "REQUIRED") for n, t in columns.items()]
        )
        made.description = "The versions of the tables' partitions: of a table and date the newest row tells it."
        made.time_partitioning = bigquery.TimePartitioning(field="written_at")
        made.require_partition_filter = True
        made.clustering_fields = ["table_name", "game_date"]
        made.labels = {**LABELS, SCHEMA_LABEL: self._digest}
        self._client.create_table(made, exists_ok=True)

    def _set_schema(self, table: bigquery.Table, fields: list[bigquery.SchemaField]) -> None:
        table.schema = fields
        self._update(table, "schema")

    def _update(self, table: bigquery.Table, what: str) -> None:
        self._client.update_table(table, [what])


def labels_of(table: Table) -> Mapping[str, str]:
    """The labels of a table: who made it, and its phase's dataset, by which costs can be told apart."""
    return {**LABELS, "dataset": table.dataset, "versioning": table.versioning.value}


def _field(column: Column) -> bigquery.SchemaField:
    mode = "REPEATED" if column.type is Type.STRINGS else "NULLABLE" if column.nullable else "REQUIRED"
    unit = f" [{column.unit}]" if column.unit else ""
    text = f"{column.description}{unit}"[:LONGEST_DESCRIPTION]
    return bigquery.SchemaField(column.name, _TYPES.get(column.type, column.type.value), mode, description=text)


def _nullable(field: bigquery.SchemaField) -> bigquery.SchemaField:
    """As BigQuery can add it to a table with rows: whether a null is allowed is the contract's to say."""
    mode = "REPEATED" if field.mode == "REPEATED" else "NULLABLE"
    return bigquery.SchemaField(field.name, field.field_type, mode, description=field.description)


def _type_of(field: bigquery.SchemaField) -> str:
    name = _OLD_NAMES.get(field.field_type, field.field_type)
    return f"ARRAY<{name}>" if field.mode == "REPEATED" else str(name)


def _view_query(table: Table, names: Names, suffix: str) -> str:
    current = " WHERE superseded_at IS NULL" if table.versioning is Versioning.CLOSED and not suffix else ""
    return f"SELECT * EXCEPT ({PARTITION_VERSION}) FROM `{names.rows(table)}`{current}"


def _refuse_impossible(changes: list[Change]) -> None:
    impossible = [change for change in changes if not change.possible]
    if any(NEWER in change.what for change in impossible):
        raise PlatformError(f"BigQuery: {_all(impossible)}", "upgrade nba_assets")
    if impossible:
        raise PlatformError(
            f"BigQuery: {_all(impossible)}", "copy the table's rows aside, drop it, apply anew and rebuild its dates"
        )


def _all(changes: list[Change]) -> str:
    shown = "; ".join(change.what for change in changes[:3])
    return f"{shown} and {len(changes) - 3} more" if len(changes) > 3 else shown
