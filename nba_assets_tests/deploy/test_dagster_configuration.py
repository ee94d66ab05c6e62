"""The `dagster.yaml` of both deployments: the platform's storages, queue and limits, as Dagster itself reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster._core.instance.ref import InstanceRef
from dagster_shared.yaml_utils import load_yaml_from_path

from nba_assets.settings import Settings
from nba_assets.storage import dagster_storage
from nba_assets.storage.dagster_instance import COMPUTE_LOGS, DAGSTER_YAML, QUEUE, RUNS_END, STORAGES, _ticks
from nba_assets_tests.deploy.files import CLOUD_RUN, HELM, documents

OF_THE_CHART = {
    "run_storage": {"module": "dagster_postgres.run_storage", "class": "PostgresRunStorage", "config": {}},
    "event_log_storage": {"module": "dagster_postgres.event_log", "class": "PostgresEventLogStorage", "config": {}},
    "schedule_storage": {
        "module": "dagster_postgres.schedule_storage",
        "class": "PostgresScheduleStorage",
        "config": {},
    },
}
"""What the chart writes before `additionalInstanceConfig`."""


def of_helm() -> str:
    (values,) = documents(HELM / "values.yaml")
    return yaml.safe_dump(OF_THE_CHART) + yaml.safe_dump(values["additionalInstanceConfig"])


def of_cloud_run() -> str:
    return (CLOUD_RUN / DAGSTER_YAML).read_text()


@pytest.fixture(params=[of_helm, of_cloud_run], ids=["helm", "cloud_run"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / DAGSTER_YAML).write_text(request.param())
    return tmp_path


@pytest.fixture
def configuration(home: Path) -> dict[str, Any]:
    loaded = load_yaml_from_path(str(home / DAGSTER_YAML))
    assert isinstance(loaded, dict)
    return loaded


def test_dagster_accepts_it_and_takes_the_platforms_storages(home: Path) -> None:
    reference = InstanceRef.from_dir(str(home))
    for role, name in STORAGES.items():
        storage = getattr(reference, f"{role.replace('event_log', 'event')}_data")
        assert (storage.module_name, storage.class_name) == ("nba_assets.storage.dagster_storage", name)
        assert hasattr(dagster_storage, name)


def test_the_databases_address_is_in_the_environment_only(configuration: dict[str, Any]) -> None:
    for role in STORAGES:
        assert configuration[role]["config"] == {"url": {"env": "NBA_ASSETS_DATABASE_URL"}}


def test_queue_ends_and_retention_are_those_of_every_other_installation(configuration: dict[str, Any]) -> None:
    assert configuration["run_coordinator"] == QUEUE
    assert configuration["run_monitoring"] == RUNS_END
    assert configuration["retention"] == _ticks(Settings.model_fields["keep_runs_days"].default)


def test_dagsters_files_go_where_a_read_only_root_can_be_written(home: Path) -> None:
    (folder,) = yaml.safe_load(InstanceRef.from_dir(str(home)).local_artifact_storage_data.config_yaml).values()
    assert folder.startswith("/data/")


def test_compute_logs_go_where_the_bucket_lets_them_end() -> None:
    (values,) = documents(HELM / "values.yaml")
    assert values["computeLogManager"]["config"]["gcsComputeLogManager"]["prefix"] == COMPUTE_LOGS
    assert yaml.safe_load(of_cloud_run())["compute_logs"]["config"]["prefix"] == COMPUTE_LOGS


def test_a_run_of_cloud_run_may_last_as_long_as_a_run_may() -> None:
    launcher = yaml.safe_load(of_cloud_run())["run_launcher"]["config"]
    assert launcher["run_timeout"] == RUNS_END["max_runtime_seconds"]
