"""`deploy/cloud_run`: every placeholder is filled by Terraform, secrets come by name, what must not sleep does not."""

from __future__ import annotations

from string import Template
from typing import Any

import pytest
import yaml

from nba_assets_tests.deploy.files import CLOUD_RUN, LOOKS_SECRET, Terraform, filled, plain

JOBS = ("run", "catch_up", "prune")


@pytest.fixture(scope="module", params=["service", *JOBS])
def manifest(request: pytest.FixtureRequest, terraform: Terraform) -> dict[str, Any]:
    text = (CLOUD_RUN / f"{request.param}.yaml").read_text()
    assert not LOOKS_SECRET.search(text)
    found = yaml.safe_load(Template(text).substitute(filled(terraform)))
    assert isinstance(found, dict)
    return found


def pod(manifest: dict[str, Any]) -> dict[str, Any]:
    spec = manifest["spec"]["template"]["spec"]
    found: dict[str, Any] = spec if manifest["kind"] == "Service" else spec["template"]["spec"]
    return found


def test_it_runs_our_image_as_the_runner_inside_the_network(manifest: dict[str, Any]) -> None:
    assert pod(manifest)["serviceAccountName"] == "the-runner"
    assert {container["image"] for container in pod(manifest)["containers"]} == {"the-repository:the-tag"}
    annotations = manifest["spec"]["template"]["metadata"]["annotations"]
    assert annotations["run.googleapis.com/vpc-access-egress"] == "private-ranges-only"
    assert "the-subnetwork" in annotations["run.googleapis.com/network-interfaces"]


def test_it_has_the_whole_environment_and_its_secrets_by_name(manifest: dict[str, Any], terraform: Terraform) -> None:
    wanted = {name for name in filled(terraform) if name.startswith("NBA_ASSETS_")}
    secrets = {plain(value): name for name, value in terraform.locals()["secrets"].items() if name != "__is_block__"}
    for container in pod(manifest)["containers"]:
        env = {entry["name"]: entry for entry in container["env"]}
        assert wanted <= env.keys()
        for name in ("NBA_ASSETS_DATABASE_URL", "NBA_ASSETS_ALARM_URLS"):
            assert env[name]["valueFrom"]["secretKeyRef"] == {"name": f"the-prefix-{secrets[name]}", "key": "latest"}
        assert not env.keys() & secrets.keys() - {"NBA_ASSETS_DATABASE_URL", "NBA_ASSETS_ALARM_URLS"}


def test_what_waits_for_nobodys_request_never_sleeps_and_is_there_once(terraform: Terraform) -> None:
    text = Template((CLOUD_RUN / "service.yaml").read_text()).substitute(filled(terraform))
    service = yaml.safe_load(text)
    annotations = service["spec"]["template"]["metadata"]["annotations"]
    assert annotations["autoscaling.knative.dev/minScale"] == annotations["autoscaling.knative.dev/maxScale"] == "1"
    assert annotations["run.googleapis.com/cpu-throttling"] == "false"
    containers = {container["name"]: container for container in pod(service)["containers"]}
    assert containers.keys() == {"webserver", "code", "daemon", "watch"}
    assert [name for name, container in containers.items() if "ports" in container] == ["webserver"]


def test_dagster_launches_the_job_that_there_is_for_the_location_that_there_is() -> None:
    launcher = yaml.safe_load((CLOUD_RUN / "dagster.yaml").read_text())["run_launcher"]["config"]
    (entry,) = yaml.safe_load((CLOUD_RUN / "workspace.yaml").read_text())["load_from"]
    job = yaml.safe_load((CLOUD_RUN / "run.yaml").read_text())
    assert launcher["job_name_by_code_location"] == {entry["grpc_server"]["location_name"]: job["metadata"]["name"]}
    service = yaml.safe_load((CLOUD_RUN / "service.yaml").read_text())
    (code,) = [container for container in pod(service)["containers"] if container["name"] == "code"]
    assert str(entry["grpc_server"]["port"]) in code["args"]


@pytest.mark.parametrize("name", JOBS)
def test_a_job_that_failed_is_not_run_again_by_itself(name: str) -> None:
    job = yaml.safe_load((CLOUD_RUN / f"{name}.yaml").read_text())
    assert pod(job)["maxRetries"] == 0
    assert job["spec"]["template"]["spec"]["taskCount"] == 1
