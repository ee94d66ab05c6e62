"""BigQuery's tables from the contracts: what is made, what is brought forward, what is refused and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import pytest
from google.cloud.bigquery import Client, Dataset

from nba_assets.contracts.columns import string
from nba_assets.contracts.model import Column, Table
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.bigquery_schema import (
    CLUSTERED,
    MOST_CLUSTERED,
    PARTITION_VERSION,
    SCHEMA_LABEL,
    STAGING,
    WAREHOUSE,
    BigQuerySchema,
    Names,
    clustering_of,
    fields_of,
    schema_digest,
    stored_tables,
)
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.clients import bigquery_client, bigquery_read_client
from nba_assets_tests.gcp.conftest import CloudCommand
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, EVERY_TYPE, FIRST, box


def with_columns(*columns: Column) -> Table:
    return dataclasses.replace(BOX, columns=columns)


OLDER = with_columns(*(column for column in BOX.columns if column.name != "team"))
NEWER = with_columns(*BOX.columns, string("shoe?", "Shoe"))
RETYPED = with_columns(*(string("points?", "Points") if c.name == "points" else c for c in BOX.columns))
MADE = [
    "make the dataset nba_raw",
    "make the dataset nba_precompute",
    "make the dataset nba_staging",
    "make the dataset nba_warehouse",
    "make the table nba_raw.box",
    "make the view {}.nba_raw.box",
    "make the view {}.nba_raw.box__history",
    "make the table nba_precompute.every_type",
    "make the view {}.nba_precompute.every_type",
    "make the view {}.nba_precompute.every_type__history",
    "make the table nba_warehouse.partition_versions",
]
Of = Callable[..., BigQuerySchema]


@pytest.fixture
def client(bigquery: str, cloud: Settings) -> Client:
    return bigquery_client(cloud)


@pytest.fixture
def of(client: Client, project: str) -> Of:
    """The schema of contracts in the test's project."""
    return lambda *contracts, location="US": BigQuerySchema(client, Names(project), location, contracts)


def said(changes: Sequence[object]) -> list[str]:
    return [change.what for change in changes]  # type: ignore[attr-defined]


def test_an_empty_project_is_told_apart_then_filled_once(of: Of, project: str) -> None:
    schema, all_of_it = of(BOX, EVERY_TYPE), [line.format(project) for line in MADE]
    with pytest.raises(PlatformError, match=f"^there are no tables in BigQuery's project {project}") as raised:
        schema.check()
    assert raised.value.hint == "run `nba-assets schema --apply`"
    assert said(schema.plan()) == all_of_it
    assert said(schema.apply()) == all_of_it
    schema.check()
    assert (schema.plan(), schema.apply()) == ([], [])


def test_a_table_is_as_its_contract_says(of: Of, client: Client, project: str) -> None:
    of(BOX, EVERY_TYPE).apply()
    rows = client.get_table(Names(project).rows(BOX))
    assert {field.name: field.description for field in rows.schema}["points"] == BOX.column("points").description
    assert rows.schema[-1].name == PARTITION_VERSION and rows.schema[-1].mode == "REQUIRED"
    assert rows.description == BOX.description
    assert rows.labels == {"made_by": "nba_assets", "dataset": "nba_raw", "versioning": BOX.versioning.value}
    assert rows.time_partitioning.field == "game_date" and rows.time_partitioning.expiration_ms is None
    assert rows.clustering_fields == ["game_id", "player_id"]
    view = client.get_table(Names(project).view(BOX))
    assert view.labels == rows.labels and view.description == f"{BOX.description} The current rows."
    noted = client.get_table(Names(project).versions()).labels
    assert noted == {"made_by": "nba_assets", SCHEMA_LABEL: schema_digest([BOX, EVERY_TYPE])}
    assert all(client.get_dataset(Names(project).dataset(name)).location == "US" for name in ("nba_raw", STAGING))


@pytest.mark.parametrize("done", [1, 4, 6, 10], ids=lambda n: f"after {n} steps")
def test_what_a_crash_left_undone_is_done_by_the_next(of: Of, project: str, done: int) -> None:
    schema = of(BOX, EVERY_TYPE)
    for _, step in list(schema._steps())[:done]:
        step()
    with pytest.raises(PlatformError, match=r"no tables|another schema") as raised:
        schema.check()
    assert raised.value.hint == "run `nba-assets schema --apply`"
    assert said(schema.apply()) == [line.format(project) for line in MADE[done:]]
    schema.check()


def test_a_table_of_an_older_version_is_refused_then_brought_forward_with_its_rows(
    of: Of, client: Client, cloud: Settings
) -> None:
    of(OLDER).apply()
    rows = box((FIRST, "g1", "p1", 20, "12:00", None))
    warehouse(cloud).replace(OLDER, [FIRST], rows.drop(columns="team"))
    with pytest.raises(PlatformError) as raised:
        of(BOX).check()
    assert str(raised.value).startswith("BigQuery's tables are of another schema: add team to nba_raw.box; note the")
    assert raised.value.hint == "run `nba-assets schema --apply`"
    assert said(of(BOX).apply())[0] == "add team to nba_raw.box"
    of(BOX).check()
    assert of(BOX).plan() == []
    # The emulator's rows do not follow the schema that it is sent.
    client.query(f"ALTER TABLE `{Names(cloud.gcp_project).rows(BOX)}` ADD COLUMN team STRING").result()
    found = warehouse(cloud).read(BOX)
    assert found["points"].tolist() == [20] and found["team"].isna().all()
    warehouse(cloud).replace(BOX, [FIRST], rows)
    assert warehouse(cloud).read(BOX)["team"].tolist() == ["p1"]


def test_a_table_of_a_newer_version_asks_for_an_upgrade_and_is_left_alone(of: Of, client: Client, project: str) -> None:
    of(NEWER).apply()
    with pytest.raises(PlatformError, match=r"nba_raw\.box was made by a newer version .*: it has shoe") as raised:
        of(BOX).check()
    assert raised.value.hint == "upgrade nba_assets"
    with pytest.raises(PlatformError, match="newer version") as raised:
        of(BOX).apply()
    assert raised.value.hint == "upgrade nba_assets"
    assert client.get_table(Names(project).versions()).labels[SCHEMA_LABEL] == schema_digest([NEWER])


def test_a_type_that_differs_is_named_before_anything_is_changed(of: Of, client: Client, project: str) -> None:
    of(BOX).apply()
    wanted = of(dataclasses.replace(RETYPED, columns=(*RETYPED.columns, string("shoe?", "Shoe"))), EVERY_TYPE)
    impossible = [change.what for change in wanted.plan() if not change.possible]
    assert impossible == ["nba_raw.box.points is INT64, the contract's is STRING"]
    with pytest.raises(PlatformError, match=r"^BigQuery: nba_raw\.box\.points is INT64, the contract's") as raised:
        wanted.apply()
    assert "rebuild its dates" in raised.value.hint
    assert "shoe" not in [field.name for field in client.get_table(Names(project).rows(BOX)).schema]
    assert f"{project}.nba_precompute" not in [f"{one.project}.{one.dataset_id}" for one in client.list_datasets()]


def test_a_dataset_elsewhere_is_named_with_where_it_is(of: Of, client: Client, project: str) -> None:
    elsewhere = Dataset(Names(project).dataset(WAREHOUSE))
    elsewhere.location = "EU"
    client.create_dataset(elsewhere)
    for act in (of(BOX).check, of(BOX).plan, of(BOX).apply):
        with pytest.raises(PlatformError, match=r"^the dataset nba_warehouse is in EU, not in US$") as raised:
            act()
        assert raised.value.hint.startswith("set NBA_ASSETS_GCP_LOCATION=EU")
    of(BOX, location="eu").apply()


def test_installations_with_prefixes_share_a_project(client: Client, project: str) -> None:
    for prefix in ("a_", "b_"):
        BigQuerySchema(client, Names(project, prefix), "US", [BOX]).apply()
    assert sorted(one.dataset_id for one in client.list_datasets()) == [
        f"{prefix}{name}" for prefix in ("a_", "b_") for name in ("nba_raw", "nba_staging", "nba_warehouse")
    ]


@pytest.mark.parametrize("table", stored_tables(), ids=lambda table: table.name)
def test_every_contract_can_be_a_table(table: Table) -> None:
    clustered = clustering_of(table)
    assert len(clustered) <= MOST_CLUSTERED and len(set(clustered)) == len(clustered)
    assert all(table.column(name).type in CLUSTERED and name != "game_date" for name in clustered)
    fields = fields_of(table)
    assert all(field.description and len(field.description) <= 1024 for field in fields)
    assert len({field.name.lower() for field in fields}) == len(fields), "BigQuery's names have no case"
    assert PARTITION_VERSION not in table.column_names and table.description


def test_the_command_shows_applies_and_then_has_nothing_to_do(cloud_command: CloudCommand) -> None:
    shown = cloud_command("schema", "--json")
    assert shown.code == 0 and all(line["possible"] and not line["applied"] for line in shown.json)
    applied = cloud_command("schema", "--apply")
    assert applied.code == 0
    assert applied.out.splitlines() == [*(line["change"] for line in shown.json), f"{len(shown.json)} changes done."]
    assert cloud_command("schema").out == "BigQuery's tables are as the contracts say.\n"


def test_the_command_is_of_the_gcp_profile_alone(cloud_command: CloudCommand) -> None:
    local = dataclasses.replace(cloud_command, profile="local")("schema")
    assert local.code == 2 and "the local warehouse has no schema to migrate" in local.error
    unset = dataclasses.replace(cloud_command, cloud=cloud_command.cloud.model_copy(update={"gcp_project": ""}))
    assert "needs NBA_ASSETS_GCP_PROJECT" in unset("schema").error


def warehouse(cloud: Settings) -> BigQueryWarehouse:
    """A process that begins."""
    return BigQueryWarehouse(
        bigquery_client(cloud), bigquery_read_client(cloud), Names(cloud.gcp_project), no_ledger, cloud.query_bytes
    )
