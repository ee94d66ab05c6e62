"""The tuned event log, pinned to what Dagster's UI and conditions see of a run over a range of dates."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.storage.partition_status_cache import get_and_update_asset_status_cache_value
from pydantic import SecretStr

from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance, write_dagster_yaml

DATES = dg.DailyPartitionsDefinition("2024-11-01", end_date="2024-12-01")
RANGE = {"dagster/asset_partition_range_start": "2024-11-03", "dagster/asset_partition_range_end": "2024-11-07"}
IN_RANGE = {f"2024-11-0{day}" for day in range(3, 8)}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
seen_while_running: dict[str, set[str]] = {}


@dg.asset(partitions_def=DATES)
def upstream() -> dg.MaterializeResult:
    return dg.MaterializeResult(metadata={"rows": 3})


@dg.asset(deps=[upstream], partitions_def=DATES)
def downstream(context: dg.AssetExecutionContext) -> None:
    seen_while_running.update(statuses(context.instance, "downstream"))
    if context.run.tags.get("fail"):
        raise ValueError("no luck")


def statuses(instance: dg.DagsterInstance, asset: str) -> dict[str, set[str]]:
    """Partitions of an asset by the status that the UI shows."""
    found = get_and_update_asset_status_cache_value(instance, dg.AssetKey(asset), DATES)
    assert found is not None
    return {
        "materialized": set(found.deserialize_materialized_partition_subsets(DATES).get_partition_keys()),
        "failed": set(found.deserialize_failed_partition_subsets(DATES).get_partition_keys()),
        "in progress": set(found.deserialize_in_progress_partition_subsets(DATES).get_partition_keys()),
    }


def run(instance: dg.DagsterInstance, tags: dict[str, str]) -> dg.ExecuteInProcessResult:
    defs = dg.Definitions(
        assets=[upstream, downstream],
        jobs=[dg.define_asset_job("both", selection=[upstream, downstream])],
        executor=dg.in_process_executor,
    )
    return defs.resolve_job_def("both").execute_in_process(
        instance=instance, tags=tags, raise_on_error=False, run_config=QUIET
    )


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(settings) as opened:
        yield opened


def events(instance: dg.DagsterInstance, run_id: str, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    return [
        record.event_log_entry.get_dagster_event()
        for record in instance.get_records_for_run(run_id, of_type=kind).records
    ]


def test_a_range_is_planned_with_one_event_per_asset(instance: dg.DagsterInstance) -> None:
    result = run(instance, RANGE)
    assert result.success
    planned = events(instance, result.run_id, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    assert sorted(event.asset_key.to_user_string() for event in planned if event.asset_key) == [
        "downstream",
        "upstream",
    ]
    for event in planned:
        assert event.partitions_subset is not None
        assert set(event.partitions_subset.get_partition_keys()) == IN_RANGE
    made = events(instance, result.run_id, dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert sorted((str(event.asset_key), event.partition) for event in made) == sorted(
        (str(dg.AssetKey(asset)), day) for asset in ("upstream", "downstream") for day in IN_RANGE
    )


def test_the_status_of_each_partition_while_a_range_runs_fails_and_is_run_again(instance: dg.DagsterInstance) -> None:
    assert not run(instance, RANGE | {"fail": "yes"}).success
    assert seen_while_running == {"materialized": set(), "failed": set(), "in progress": IN_RANGE}
    assert statuses(instance, "upstream") == {"materialized": IN_RANGE, "failed": set(), "in progress": set()}
    assert statuses(instance, "downstream") == {"materialized": set(), "failed": IN_RANGE, "in progress": set()}

    assert run(instance, {"dagster/partition": "2024-11-05"}).success
    assert statuses(instance, "downstream") == {
        "materialized": {"2024-11-05"},
        "failed": IN_RANGE - {"2024-11-05"},
        "in progress": set(),
    }

    assert run(instance, RANGE).success
    assert statuses(instance, "downstream") == {"materialized": IN_RANGE, "failed": set(), "in progress": set()}


def test_a_failure_is_seen_also_after_earlier_partitions_were_materialized_one_by_one(
    instance: dg.DagsterInstance,
) -> None:
    assert run(instance, {"dagster/partition": "2024-11-04"}).success
    assert statuses(instance, "downstream")["materialized"] == {"2024-11-04"}
    assert not run(instance, RANGE | {"fail": "yes"}).success
    assert statuses(instance, "downstream") == {
        "materialized": {"2024-11-04"},
        "failed": IN_RANGE,
        "in progress": set(),
    }


def test_the_url_of_ones_own_database_is_not_written(settings: Settings) -> None:
    secret = "postgresql://someone:s3cret@localhost/x"
    text = write_dagster_yaml(settings.model_copy(update={"database_url": SecretStr(secret)})).read_text()
    assert "s3cret" not in text
    assert json.loads(text)["run_storage"]["config"] == {"url": {"env": "NBA_ASSETS_DATABASE_URL"}}


def test_another_process_loads_the_instance_from_its_folder(settings: Settings) -> None:
    with dagster_instance(settings) as here:
        here.add_dynamic_partitions("entity_refresh", ["2025-11-15|player|1630567"])
    assert settings.database_url is not None
    env = os.environ | {
        "DAGSTER_HOME": str(settings.dagster.absolute()),
        "NBA_ASSETS_DATABASE_URL": settings.database_url.get_secret_value(),
    }
    code = "import dagster as dg; print(dg.DagsterInstance.get().get_dynamic_partitions('entity_refresh'))"
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['2025-11-15|player|1630567']"
