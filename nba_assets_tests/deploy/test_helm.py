"""`deploy/helm`: keys that Dagster's chart has, containers without rights, the profile's environment."""

from __future__ import annotations

from string import Template
from typing import Any

import pytest
import yaml

from nba_assets_tests.deploy.files import HELM, LOOKS_SECRET, Terraform, filled, plain

CONTAINER = {"envConfigMaps", "envSecrets", "image", "podSecurityContext", "resources", "securityContext"} | {
    "volumeMounts",
    "volumes",
}
KNOWN: dict[str, set[str]] = {
    "": {
        "additionalInstanceConfig",
        "computeLogManager",
        "dagster-user-deployments",
        "dagsterDaemon",
        "dagsterWebserver",
        "generatePostgresqlPasswordSecret",
        "global",
        "ingress",
        "postgresql",
        "retention",
        "runLauncher",
        "serviceAccount",
        "telemetry",
    },
    "global": {"dagsterHome", "postgresqlSecretName", "serviceAccountName"},
    "serviceAccount": {"annotations", "create", "name"},
    "postgresql": {"enabled", "postgresqlDatabase", "postgresqlHost", "postgresqlUsername", "service"},
    "dagsterWebserver": CONTAINER | {"replicaCount", "service"},
    "dagsterDaemon": CONTAINER | {"enabled", "runCoordinator", "runMonitoring"},
    "dagster-user-deployments": {"deployments", "enableSubchart", "enabled", "serviceAccount"},
    "dagster-user-deployments.deployments": CONTAINER
    | {"dagsterApiGrpcArgs", "env", "includeConfigInLaunchedRuns", "name", "port"},
    "runLauncher": {"config", "type"},
    "runLauncher.config": {"k8sRunLauncher"},
    "runLauncher.config.k8sRunLauncher": {
        "failPodOnRunFailure",
        "imagePullPolicy",
        "loadInclusterConfig",
        "runK8sConfig",
        "securityContext",
    },
    "runLauncher.config.k8sRunLauncher.runK8sConfig": {"jobSpecConfig", "podSpecConfig"},
    "computeLogManager": {"config", "type"},
    "computeLogManager.config": {"gcsComputeLogManager"},
    "computeLogManager.config.gcsComputeLogManager": {"bucket", "localDir", "prefix"},
    "telemetry": {"enabled"},
    "retention": {"enabled"},
    "ingress": {"enabled"},
}
"""Keys of the chart's values that we set, as its schema spells them: it refuses or ignores any other."""


def manifest(name: str, terraform: Terraform) -> dict[str, Any]:
    """A file as `envsubst` leaves it; every placeholder must be one that Terraform fills."""
    text = (HELM / name).read_text().replace("${ }", "")
    found = yaml.safe_load(Template(text).substitute(filled(terraform)))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def values(terraform: Terraform) -> dict[str, Any]:
    return manifest("values.yaml", terraform)


@pytest.fixture(scope="module")
def watch(terraform: Terraform) -> dict[str, Any]:
    return manifest("watch.yaml", terraform)


@pytest.mark.parametrize("path", KNOWN)
def test_the_chart_has_every_key_that_is_set(values: dict[str, Any], path: str) -> None:
    found: Any = values
    for part in filter(None, path.split(".")):
        found = found[part]
    for entry in found if isinstance(found, list) else [found]:
        assert set(entry) <= KNOWN[path]


def test_every_container_is_of_our_image_without_root_and_cannot_write_its_root(
    values: dict[str, Any], watch: dict[str, Any]
) -> None:
    (code,) = values["dagster-user-deployments"]["deployments"]
    launcher = values["runLauncher"]["config"]["k8sRunLauncher"]
    pod = watch["spec"]["template"]["spec"]
    charts = [values["dagsterWebserver"], values["dagsterDaemon"], code]
    images = {f"{entry['image']['repository']}:{entry['image']['tag']}" for entry in charts}
    assert images | {container["image"] for container in pod["containers"]} == {"the-repository:the-tag"}
    contexts = [entry["securityContext"] for entry in [*charts, launcher, *pod["containers"]]]
    pods = [entry["podSecurityContext"] for entry in charts]
    pods += [launcher["runK8sConfig"]["podSpecConfig"]["securityContext"], pod["securityContext"]]
    assert len(contexts) == len(pods) == 5
    for context in contexts:
        assert context["readOnlyRootFilesystem"] is True
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
    for context in pods:
        assert context["runAsNonRoot"] is True
        assert context["runAsUser"] == 10001
    for entry in [*charts, *pod["containers"]]:
        assert {mount["mountPath"] for mount in entry["volumeMounts"]} == {"/data", "/tmp"}


def test_every_container_has_the_environment_and_the_secrets_by_name(
    values: dict[str, Any], watch: dict[str, Any]
) -> None:
    (code,) = values["dagster-user-deployments"]["deployments"]
    for entry in (values["dagsterWebserver"], values["dagsterDaemon"], code):
        assert entry["envConfigMaps"] == [{"name": "nba-assets-environment"}]
        assert entry["envSecrets"] == [{"name": "nba-assets-secrets"}]
    (container,) = watch["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [
        {"configMapRef": {"name": "nba-assets-environment"}},
        {"secretRef": {"name": "nba-assets-secrets"}},
    ]
    assert values["global"]["postgresqlSecretName"] == "nba-assets-secrets"
    for name in ("values.yaml", "watch.yaml"):
        assert not LOOKS_SECRET.search((HELM / name).read_text())


def test_runs_are_jobs_with_the_code_locations_environment(values: dict[str, Any]) -> None:
    assert values["runLauncher"]["type"] == "K8sRunLauncher"
    (code,) = values["dagster-user-deployments"]["deployments"]
    assert code["includeConfigInLaunchedRuns"] == {"enabled": True}


def test_everything_is_the_one_service_account_that_terraform_lets_be_the_runner(
    values: dict[str, Any], watch: dict[str, Any], terraform: Terraform
) -> None:
    name = values["global"]["serviceAccountName"]
    (variable,) = [
        body
        for entry in terraform.parsed["variables.tf"]["variable"]
        for found, body in entry.items()
        if plain(found) == "kubernetes_service_account"
    ]
    assert plain(variable["default"]) == name
    assert values["serviceAccount"]["name"] == name
    assert watch["spec"]["template"]["spec"]["serviceAccountName"] == name
    assert values["dagster-user-deployments"]["serviceAccount"] == {"create": False}
    assert values["serviceAccount"]["annotations"] == {"iam.gke.io/gcp-service-account": "the-runner"}


def test_no_database_and_no_open_door_come_with_it(values: dict[str, Any]) -> None:
    assert values["postgresql"]["enabled"] is False
    assert values["ingress"]["enabled"] is False
    assert values["dagsterWebserver"]["service"]["type"] == "ClusterIP"
