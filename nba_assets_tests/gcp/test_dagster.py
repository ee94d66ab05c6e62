"""What Dagster has of the gcp profile: Google's resources beside the platform, compute logs in the private bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from dagster._core.storage.compute_log_manager import ComputeIOType
from dagster._serdes import ConfigurableClassData
from google.cloud import storage

from nba_assets.defs.resources import resources_of
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import COMPUTE_LOGS, write_dagster_yaml
from nba_assets_tests.emulators.installation import new_bucket


@pytest.fixture
def settings(gcs_client: storage.Client, cloud: Settings, settings: Settings) -> Settings:
    """An installation of which Dagster needs a bucket and a database."""
    given: dict[str, Any] = {"private_bucket": new_bucket(gcs_client).name, "home": settings.home}
    return cloud.model_copy(update=given | {"database_url": settings.database_url})


def test_assets_of_ones_own_have_the_clients_of_the_platforms_project(bigquery: str, settings: Settings) -> None:
    found = resources_of(settings)
    assert set(found) == {"platform", "gcs", "bigquery"}
    assert settings.private_bucket in [bucket.name for bucket in found["gcs"].get_client().list_buckets()]
    assert (found["bigquery"].project, found["bigquery"].location) == (settings.gcp_project, settings.gcp_location)
    assert set(resources_of(settings.model_copy(update={"profile": "local"}))) == {"platform"}


def test_what_a_run_prints_lies_in_the_private_bucket(
    settings: Settings, gcs_client: storage.Client, tmp_path: Path
) -> None:
    written = orjson.loads(write_dagster_yaml(settings).read_bytes())["compute_logs"]
    logs = ConfigurableClassData(written["module"], written["class"], orjson.dumps(written["config"]).decode())
    with logs.rehydrate(as_type=object).open_log_stream(["run", "step"], ComputeIOType.STDERR) as stream:  # type: ignore[attr-defined]
        assert stream is not None
        stream.write("said\n")
    said = {blob.name: blob.download_as_bytes() for blob in gcs_client.list_blobs(settings.private_bucket)}
    assert b"said\n" in said.values() and all(name.startswith(f"{COMPUTE_LOGS}/") for name in said)
