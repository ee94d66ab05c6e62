"""BigQuery: datasets of its own with two of the contracts' tables, and everything that is done with tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets.commands.live_checks.checklist import Checklist, Found, must
from nba_assets.contracts import frames, tables
from nba_assets.contracts.model import Column, Table, Type
from nba_assets.errors import PlatformError, UsageError
from nba_assets.scope import Scope
from nba_assets.settings import Settings
from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.clients import bigquery_client, bigquery_read_client
from nba_assets.storage.gcp.errors import google_errors

if TYPE_CHECKING:
    from google.cloud import bigquery

SERVICE = "BigQuery"
FIRST, SECOND, THIRD = (dt.date(2024, 11, day) for day in (1, 2, 3))
ROWS = 20
REPORT = "report it: the platform's own calls are not answered as documented"
SCHEDULE, RATING = "nbac_schedule", "team_rating"
"""A table that keeps versions and one that is replaced; together they have columns of every type but one."""
QUESTION = f"SELECT COUNT(*) AS n FROM nba_raw.{SCHEDULE}"
BOUNDED = f"{QUESTION} WHERE game_date = DATE '{FIRST}'"


def check_tables(checks: Checklist, settings: Settings, scratch: str) -> None:
    client = bigquery_client(settings)
    names = Names(settings.gcp_project, f"{scratch.replace('-', '_')}_")
    contracts = [tables()[SCHEDULE], tables()[RATING]]
    schema = BigQuerySchema(client, names, settings.gcp_location, contracts)

    def warehouse(listener: Callable[[str], None] = lambda sql: None) -> BigQueryWarehouse:
        """As a process that begins has it, which has read nothing yet."""
        reader = bigquery_read_client(settings)
        return BigQueryWarehouse(client, reader, names, frames_of_no_ledger, settings.query_bytes, 0, listener)

    def make() -> str:
        made = schema.apply()
        schema.check()
        must(not schema.plan(), "tables just made are not as the contracts say", REPORT)
        return f"{len(made)} steps in {settings.gcp_location}"

    checks.remove_at_last("datasets", partial(remove_datasets, client, names.prefix))
    if checks.check(SERVICE, "datasets, tables, views", make) and checks.check(
        SERVICE, "staged load, transaction", partial(_write, warehouse(), contracts)
    ):
        checks.check(SERVICE, "upsert", partial(_upsert, warehouse(), contracts[0]))
        checks.check(SERVICE, "read by the Storage API", partial(_read, warehouse()))
        checks.check(SERVICE, "log of versions", partial(_versions, warehouse()))
        checks.check(SERVICE, "dry run", partial(_dry_run, warehouse(), settings))
        checks.check(SERVICE, "bounded query", partial(_query, warehouse()))
        checks.check(SERVICE, "unbounded query", partial(_unbounded, warehouse(), settings))
        checks.check(SERVICE, "two writers at once", partial(_two_writers, warehouse, contracts[0]))


def rows_of(table: Table, day: dt.date, count: int) -> pd.DataFrame:
    """Rows of any contract, all of one date, none of them of a game that ever was."""
    columns = {column.name: [_value(column, day, number) for number in range(count)] for column in table.columns}
    return frames.conform(pd.DataFrame(columns), table)


def remove_datasets(client: bigquery.Client, prefix: str) -> str:
    """Remove the datasets whose names start with the prefix, with all that is in them."""
    with google_errors(f"remove the datasets {prefix}*"):
        found = [one.reference for one in client.list_datasets() if one.dataset_id.startswith(prefix)]
        for dataset in found:
            client.delete_dataset(dataset, delete_contents=True, not_found_ok=True)
    return f"{len(found)} removed"


def frames_of_no_ledger(name: str) -> pd.DataFrame:
    """A ledger's table without rows."""
    return frames.empty(tables()[name])


def _write(warehouse: BigQueryWarehouse, contracts: list[Table]) -> Found:
    for table in contracts:
        days = [rows_of(table, day, ROWS) for day in (FIRST, SECOND)]
        warehouse.replace(table, [FIRST, SECOND], pd.concat(days, ignore_index=True))
    return Found(f"{4 * ROWS} rows of {len(contracts)} tables", bytes=warehouse.usage.loaded_bytes)


def _upsert(warehouse: BigQueryWarehouse, table: Table) -> Found:
    changed = rows_of(table, FIRST, 1)
    warehouse.upsert(table, changed, [FIRST], Scope(games=frozenset(changed["game_id"])))
    must(len(warehouse.read(table, (FIRST, FIRST))) == ROWS, "an upsert changed other rows than its own", REPORT)
    return Found("one game of a date", bytes=warehouse.usage.loaded_bytes + warehouse.usage.read_bytes)


def _read(warehouse: BigQueryWarehouse) -> Found:
    found = warehouse.read(SCHEDULE, (SECOND, SECOND), columns=["game_id"])
    expected = rows_of(tables()[SCHEDULE], SECOND, ROWS)["game_id"]
    must(sorted(found["game_id"]) == sorted(expected), "what was read is not what was written", REPORT)
    return Found("one date of two, few columns", bytes=warehouse.usage.read_bytes)


def _versions(warehouse: BigQueryWarehouse) -> Found:
    found = warehouse.versions(SCHEDULE)
    must(list(found) == [FIRST.isoformat(), SECOND.isoformat()], f"versions of {', '.join(found)}", REPORT)
    return Found(f"{len(found)} partitions", bytes=warehouse.usage.read_bytes)


def _dry_run(warehouse: BigQueryWarehouse, settings: Settings) -> Found:
    size = warehouse.scanned_bytes(BOUNDED)
    return Found("the emulator counts none" if settings.emulators else "would be scanned", bytes=size)


def _query(warehouse: BigQueryWarehouse) -> Found:
    counted = int(warehouse.query(BOUNDED)["n"].iloc[0])
    must(counted == ROWS, f"{counted} rows were counted where {ROWS} were written", REPORT)
    return Found(f"{counted} rows counted", bytes=warehouse.usage.query_bytes)


def _unbounded(warehouse: BigQueryWarehouse, settings: Settings) -> str:
    try:
        warehouse.query(QUESTION)
    except UsageError:
        return "refused"
    if settings.emulators:
        return "not enforced by the emulator"
    raise PlatformError("a query of all dates was not refused", REPORT)


def _two_writers(warehouse: Callable[..., BigQueryWarehouse], table: Table) -> str:
    """Two dates of one table at once: BigQuery ends one transaction, which is tried again."""
    sent: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        writes = [
            pool.submit(warehouse(sent.append).replace, table, [day], rows_of(table, day, ROWS + 1))
            for day in (FIRST, THIRD)
        ]
        for write in writes:
            write.result()
    found = warehouse().read(table, (FIRST, THIRD), columns=["game_date"])
    must(len(found) == 3 * ROWS + 2, f"{len(found)} rows where {3 * ROWS + 2} were written", REPORT)
    again = sum(sql.startswith("BEGIN TRANSACTION") for sql in sent) - len(writes)
    return f"both written, {again} tried again"


def _value(column: Column, day: dt.date, number: int) -> Any:
    if column.name == "game_date":
        return pd.Timestamp(day)
    if column.name == "superseded_at":
        return None
    return {
        Type.STRING: f"{column.name} {day} {number}",
        Type.INT64: number,
        Type.FLOAT64: number / 8,
        Type.BOOL: number % 2 == 0,
        Type.DATE: pd.Timestamp(day),
        Type.TIMESTAMP: pd.Timestamp(day, tz="UTC") + pd.Timedelta(seconds=number),
        Type.JSON: f'{{"number": {number}}}',
        Type.STRINGS: ["doctor", str(number)],
    }[column.type]
