"""`deploy/terraform`: who may do what, what is public, and that the names are the platform's."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from typing import Any

import pytest

from nba_assets.fetching.fetchers import fetchers
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import COMPUTE_LOGS
from nba_assets.storage.gcp.bigquery_schema import STAGED_FOR, STAGING, WAREHOUSE, stored_tables
from nba_assets.storage.gcp.environment import NEEDED
from nba_assets.web.answers import ANY_ORIGIN, PREFLIGHT
from nba_assets_tests.deploy.files import LOOKS_SECRET, ROOT, TERRAFORM, Terraform, plain, variables_of_profile
from nba_assets_tests.emulators.firestore import RULES

IN_PROJECT = {
    "roles/bigquery.jobUser",
    "roles/bigquery.readSessionUser",
    "roles/datastore.user",
    "roles/cloudsql.client",
}
"""What can be granted on a project only."""
MADE_BY_HAND = (
    "google_secret_manager_secret_version",
    "google_service_account_key",
    "google_sql_user",
    "google_storage_hmac_key",
    "random_password",
)
"""Resources that would put a secret into the state."""
REFERENCE = re.compile(r"\b((?:data\.)?google_[a-z0-9_]+\.[a-z0-9_]+)\b")


def grants(terraform: Terraform) -> list[tuple[str, dict[str, Any]]]:
    return [(block.address, block.body) for block in terraform.blocks() if block.kind.endswith("_iam_member")]


def without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", "", text)


def test_every_resource_variable_and_local_that_is_mentioned_exists_and_none_is_there_for_nothing(
    terraform: Terraform,
) -> None:
    text = without_comments("\n".join(terraform.text.values()))
    assert set(REFERENCE.findall(text)) <= {block.address for block in terraform.blocks()}
    assert set(re.findall(r"\bvar\.(\w+)", text)) == terraform.names("variable")
    assert set(re.findall(r"\blocal\.(\w+)", text)) == set(terraform.locals())


def test_the_files_are_formatted_as_terraform_would() -> None:
    command = shutil.which("terraform")
    if command is None:
        pytest.skip("there is no terraform here")
    environment = {name: value for name, value in os.environ.items() if name != "TF_CLI_CONFIG_FILE"}
    done = subprocess.run([command, "fmt", "-check"], cwd=TERRAFORM, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_provider_is_pinned_to_one_version(terraform: Terraform) -> None:
    (settings,) = terraform.parsed["versions.tf"]["terraform"]
    (providers,) = settings["required_providers"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", plain(providers["google"]["version"]))


def test_nobody_gets_a_basic_role_or_an_administrators(terraform: Terraform) -> None:
    roles = {plain(body["role"]) for _, body in grants(terraform)}
    assert len(roles) > 8
    assert not [role for role in roles if re.search(r"(?i)roles/(owner|editor|viewer)$|admin", role)]


def test_a_role_of_our_own_can_neither_grant_nor_delete(terraform: Terraform) -> None:
    roles = [block.body for block in terraform.blocks() if block.kind == "google_project_iam_custom_role"]
    permissions = {plain(permission) for role in roles for permission in role["permissions"]}
    assert len(roles) == 2
    assert not [name for name in permissions if name.endswith((".setIamPolicy", ".delete", ".create", "*"))]


def test_grants_are_added_and_never_replace_what_others_granted(terraform: Terraform) -> None:
    kinds = {block.kind for block in terraform.blocks()}
    assert not [kind for kind in kinds if kind.endswith(("_iam_policy", "_iam_binding"))]


def test_the_whole_project_is_granted_only_where_nothing_smaller_can_be(terraform: Terraform) -> None:
    found = {
        plain(body["role"]) for address, body in grants(terraform) if address.startswith("google_project_iam_member.")
    }
    assert {role for role in found if not role.startswith("${")} == IN_PROJECT
    custom = {role for role in found if role.startswith("${")}
    assert custom == {"${google_project_iam_custom_role.run_launcher[0].id}"}


def test_documents_and_postgres_are_granted_for_this_installation_alone(terraform: Terraform) -> None:
    for name in ("runner_documents", "runner_postgres"):
        (condition,) = terraform.named(f"google_project_iam_member.{name}")["condition"]
        assert "resource.name ==" in condition["expression"]


def test_everybody_may_read_the_published_bucket_and_nothing_else(terraform: Terraform) -> None:
    text = without_comments("\n".join(terraform.text.values()))
    assert "allAuthenticatedUsers" not in text
    public = [(address, body) for address, body in grants(terraform) if "allUsers" in plain(body["member"])]
    assert text.count("allUsers") == len(public) == 1
    ((_, body),) = public
    assert body["bucket"] == "${google_storage_bucket.published.name}"
    assert plain(body["role"]) == "roles/storage.objectViewer"
    assert body["count"] == "${var.public ? 1 : 0}"


def test_every_bucket_refuses_public_access_but_the_published_one(terraform: Terraform) -> None:
    buckets = {block.address: block.body for block in terraform.blocks() if block.kind == "google_storage_bucket"}
    assert {address.rpartition(".")[2] for address in buckets} == {"landing", "published", "private"}
    for address, body in buckets.items():
        assert body["uniform_bucket_level_access"] is True
        assert body["force_destroy"] is False
        assert body["location"] == "${var.location}"
        prevention = plain(body["public_access_prevention"])
        assert prevention == "enforced" or address == "google_storage_bucket.published"


def test_only_compute_logs_end_by_themselves(terraform: Terraform) -> None:
    deleting = {
        block.address: [plain(prefix) for prefix in condition["matches_prefix"]]
        for block in terraform.blocks()
        for rule in block.body.get("lifecycle_rule", [])
        for condition, action in [(rule["condition"][0], rule["action"][0])]
        if plain(action["type"]) == "Delete"
    }
    assert deleting == {"google_storage_bucket.private": [f"{COMPUTE_LOGS}/"]}


def test_a_page_may_do_with_the_published_bucket_what_it_may_do_with_serve(terraform: Terraform) -> None:
    (cors,) = terraform.named("google_storage_bucket.published")["cors"]
    assert plain(cors["method"]) == ["GET", "HEAD"]
    assert str(cors["max_age_seconds"]) == PREFLIGHT["Access-Control-Max-Age"]
    shown = dict(ANY_ORIGIN)[b"access-control-expose-headers"].decode().split(", ")
    sent = PREFLIGHT["Access-Control-Allow-Headers"].split(", ")
    of_serve_alone = {"Retry-After", "X-Request-ID", "traceparent"}
    assert {*shown, *sent} - of_serve_alone <= set(plain(cors["response_header"]))


def test_nothing_that_holds_a_secrets_value_is_made(terraform: Terraform) -> None:
    kinds = {block.kind for block in terraform.blocks()}
    assert not kinds & set(MADE_BY_HAND)
    for path in [*TERRAFORM.iterdir()]:
        assert not LOOKS_SECRET.search(path.read_text()), path
    assert not re.search(r"(?m)^\s*(password|secret_data|private_key)\s*=", "\n".join(terraform.text.values()))


def test_there_is_a_secret_for_every_secret_setting_and_every_feeds_key(terraform: Terraform) -> None:
    found = {plain(value) for name, value in terraform.locals()["secrets"].items() if not name.startswith("__")}
    settings = {
        f"NBA_ASSETS_{name.upper()}"
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation) and name != "local_database_url"
    }
    assert found == settings | {fetcher.key for fetcher in fetchers().values() if fetcher.key}


def test_each_secret_is_granted_by_itself(terraform: Terraform) -> None:
    (role,) = [
        address for address, body in grants(terraform) if plain(body["role"]) == "roles/secretmanager.secretAccessor"
    ]
    assert role == "google_secret_manager_secret_iam_member.runner_secrets"


def test_the_environment_that_is_printed_is_the_profiles(terraform: Terraform) -> None:
    names = set(re.findall(r"\b(NBA_ASSETS_[A-Z_]+) = ", terraform.output("environment")))
    assert names <= variables_of_profile()
    assert names >= {f"NBA_ASSETS_{name.upper()}" for name in NEEDED}
    fields = list(Settings.model_fields)
    of_the_profile = fields[fields.index("gcp_project") : fields.index("query_bytes")]
    assert names == {"NBA_ASSETS_PROFILE", *(f"NBA_ASSETS_{name.upper()}" for name in of_the_profile)}


def test_every_variable_of_the_platform_that_is_named_below_deploy_is_a_setting() -> None:
    named = set()
    for path in (ROOT / "deploy").rglob("*"):
        if path.is_file() and "grafana" not in path.parts:
            named |= set(re.findall(r"\bNBA_ASSETS_[A-Z][A-Z_]*[A-Z]\b", path.read_text()))
    assert len(named) > 10
    assert named <= variables_of_profile()


@pytest.mark.parametrize("name", ["dataset_prefix", "firestore_root"])
def test_what_terraform_lets_pass_the_settings_do(terraform: Terraform, name: str) -> None:
    (pattern,) = [item.pattern for item in Settings.model_fields[name].metadata if hasattr(item, "pattern")]
    begin = terraform.text["variables.tf"].index(f'variable "{name}"')
    assert f'regex("{pattern}"' in terraform.text["variables.tf"][begin : begin + 600]


def test_there_is_a_dataset_for_every_contract_and_only_the_staging_one_forgets(terraform: Terraform) -> None:
    datasets = {name for name in terraform.locals()["table_datasets"] if not name.startswith("__")}
    assert datasets == {table.dataset for table in stored_tables()}
    for name, dataset in (("warehouse", WAREHOUSE), ("staging", STAGING)):
        assert plain(terraform.named(f"google_bigquery_dataset.{name}")["dataset_id"]).endswith("}" + dataset)
    forgets = [block.address for block in terraform.blocks() if "default_table_expiration_ms" in block.body]
    assert forgets == ["google_bigquery_dataset.staging"]
    day = terraform.named("google_bigquery_dataset.staging")["default_table_expiration_ms"]
    assert (day, STAGED_FOR) == ("${24 * 3600 * 1000}", dt.timedelta(days=1))


def test_a_drop_is_told_once_it_is_finished_and_the_hint_is_kept_a_week(terraform: Terraform) -> None:
    assert plain(terraform.named("google_storage_notification.landing")["event_types"]) == ["OBJECT_FINALIZE"]
    subscription = terraform.named("google_pubsub_subscription.landing")
    assert plain(subscription["message_retention_duration"]) == f"{7 * 24 * 3600}s"
    assert subscription["enable_exactly_once_delivery"] is False
    publisher = terraform.named("google_pubsub_topic_iam_member.gcs_publishes")
    assert publisher["member"] == "${data.google_storage_project_service_account.gcs.member}"


def test_postgres_has_no_public_address_and_takes_encrypted_connections_only(terraform: Terraform) -> None:
    (settings,) = terraform.named("google_sql_database_instance.postgres")["settings"]
    (addresses,) = settings["ip_configuration"]
    (backup,) = settings["backup_configuration"]
    assert addresses["ipv4_enabled"] is False
    assert plain(addresses["ssl_mode"]) == "ENCRYPTED_ONLY"
    assert backup["point_in_time_recovery_enabled"] is True


def test_firestores_rules_and_indexes_are_the_ones_that_its_emulator_is_tested_with(terraform: Terraform) -> None:
    (source,) = terraform.named("google_firebaserules_ruleset.firestore")["source"]
    (rules,) = source["files"]
    files = TERRAFORM / plain(terraform.locals()["firestore"]).replace("${path.module}", ".")
    assert "${local.firestore}/firestore.rules" in rules["content"]
    assert (files / "firestore.rules").resolve() == RULES
    assert f'"/{Settings.model_fields["firestore_root"].default}/"' in rules["content"]
    assert "/nba_assets/" in RULES.read_text()
    assert "${local.firestore}/firestore.indexes.json" in terraform.locals()["unindexed"]
    assert (files / "firestore.indexes.json").is_file()


def test_firestores_rules_let_no_client_write() -> None:
    rules = re.sub(r"//.*", "", RULES.read_text())
    allowed = re.findall(r"allow\s+([\w, ]+?)\s*(?::\s*if\s+(\w+))?;", rules)
    assert allowed
    writes = {"write", "create", "update", "delete"}
    assert all(condition == "false" for what, condition in allowed if writes & set(re.split(r",\s*", what)))


def test_every_alert_names_a_line_of_the_runbook_that_there_is(terraform: Terraform) -> None:
    runbook = (ROOT / "docs" / "deployment.md").read_text()
    table = runbook[runbook.index("## At 2 a.m.") :]
    lines = re.findall(r'line \\"([^"\\]+)\\"', terraform.text["alerts.tf"])
    policies = [block for block in terraform.blocks() if block.kind == "google_monitoring_alert_policy"]
    assert len(lines) == len(policies) >= 4
    for line in lines:
        assert f"| {line} |" in table
