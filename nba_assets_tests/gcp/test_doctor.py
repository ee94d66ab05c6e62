"""`doctor` in the gcp profile, and `doctor --live` on the emulators: all is tried, and nothing is left."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from google.cloud.bigquery import Dataset
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.cloud.storage import Client
from pydantic import SecretStr

from nba_assets.commands import doctor_live
from nba_assets.commands.live_checks.checklist import Checklist, Line
from nba_assets.commands.live_checks.objects import read_by_anybody
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import bigquery_client, firestore_client
from nba_assets_tests.gcp.conftest import CloudCommand, new_bucket
from nba_assets_tests.gcp.scripted import Answer, scripted_server

CHECKS = ["python", "packages", "project", "stores", "ledger", "warehouse", "landing", "manifest", "private",
          "documents", "dagster"]  # fmt: skip
LIVE = {
    "Postgres": ["connect", "round trip", "advisory lock"],
    "Cloud Storage": [
        *("landing bucket", "landing location", "landing write, read", "put if absent", "overwrite, get by hash"),
        *("precondition", "large object", "large put if absent", "list", "delete"),
        *("published bucket", "published location", "published write, read", "published to anybody"),
        *("private bucket", "private location", "private write, read"),
    ],
    "BigQuery": [
        *("datasets, tables, views", "staged load, transaction", "upsert", "read by the Storage API"),
        *("log of versions", "dry run", "bounded query", "unbounded query", "two writers at once"),
    ],
    "Firestore": ["batched write", "guard of the sequence", "list", "delete"],
    "Pub/Sub": ["subscription", "told of a drop"],
    "cleaning up": [
        *("subscription", "documents", "datasets", "objects of the private bucket", "objects of the published bucket"),
        "objects of the landing bucket",
    ],
}
EMULATED = "US-CENTRAL1"
"""Where every bucket of the emulator is."""
TOPIC, SUBSCRIPTION = "projects/{}/topics/drops", "projects/{}/subscriptions/drops"


@pytest.fixture
def bare(
    bigquery: str, firestore: str, pubsub: str, gcs_client: Client, cloud: Settings, database_url: str, tmp_path: Path
) -> Settings:
    """A project with buckets and a database, without tables; its settings say another place than the buckets'."""
    buckets = {f"{name}_bucket": new_bucket(gcs_client).name for name in ("landing", "published", "private")}
    return cloud.model_copy(update=buckets | {"home": tmp_path / "home", "database_url": SecretStr(database_url)})


@pytest.fixture
def live(bare: Settings) -> Settings:
    """The same with a subscription, and all in one place."""
    topic, subscription = (text.format(bare.gcp_project) for text in (TOPIC, SUBSCRIPTION))
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=topic)
        subscriber.create_subscription(name=subscription, topic=topic)
    return bare.model_copy(update={"landing_subscription": "drops", "gcp_location": EMULATED})


@contextmanager
def telling(settings: Settings, client: Client) -> Iterator[None]:
    """What Cloud Storage does and its emulator does not: it tells the topic of every new object of the bucket."""
    ended, told = threading.Event(), set()

    def tell() -> None:
        with PublisherClient() as publisher:
            while not ended.wait(0.02):
                for blob in client.list_blobs(settings.landing_bucket):
                    if blob.name not in told:
                        told.add(blob.name)
                        facts = {"eventType": "OBJECT_FINALIZE", "bucketId": blob.bucket.name, "objectId": blob.name}
                        publisher.publish(TOPIC.format(settings.gcp_project), b"", **facts).result(5.0)

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def left(settings: Settings, client: Client) -> list[str]:
    """Everything named by a doctor that is still there."""
    buckets = (settings.landing_bucket, settings.published_bucket, settings.private_bucket)
    found = [blob.name for bucket in buckets if bucket != "gone" for blob in client.list_blobs(bucket)]
    found += [one.dataset_id for one in bigquery_client(settings).list_datasets() if "doctor" in one.dataset_id]
    found += [one.id for one in firestore_client(settings).collections() if "doctor" in one.id]
    with SubscriberClient() as subscriber:
        names = [one.name for one in subscriber.list_subscriptions(project=f"projects/{settings.gcp_project}")]
    return found + [name for name in names if "doctor" in name]


def by_service(lines: list[Line]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.service, []).append(line.check)
    return found


def command(settings: Settings) -> CloudCommand:
    assert settings.database_url is not None
    return CloudCommand(settings.home, settings.database_url.get_secret_value(), settings)


def test_everything_is_tried_measured_and_removed(live: Settings, gcs_client: Client) -> None:
    with telling(live, gcs_client):
        said = command(live)("doctor", "--live", "--json")
    lines = [Line(**line) for line in said.json]
    assert [line for line in lines if not line.ok] == [] and (said.code, said.err) == (0, "")
    assert by_service(lines) == LIVE
    of = {f"{line.service}: {line.check}": line for line in lines}
    assert all(line.milliseconds > 0 for line in lines if line.service in ("Postgres", "BigQuery", "Firestore"))
    assert 1 < of["Pub/Sub: told of a drop"].milliseconds < 10_000
    assert (of["Cloud Storage: large object"].bytes or 0) > 8 * 1024**2
    assert (of["BigQuery: staged load, transaction"].bytes or 0) > 1000
    assert of["BigQuery: unbounded query"].found == "not enforced by the emulator"
    assert of["cleaning up: datasets"].found == "4 removed"
    assert of["cleaning up: objects of the landing bucket"].found == "6 removed"
    assert left(live, gcs_client) == []


def test_what_is_wrong_is_told_in_its_line_and_the_others_go_on(bare: Settings, gcs_client: Client) -> None:
    others = Dataset(f"{bare.gcp_project}.others")
    bigquery_client(bare).create_dataset(others)
    away = SecretStr("postgresql://nba:secret-word@127.0.0.1:9/nba")
    names = {"private_bucket": "gone", "landing_subscription": "nobody", "database_url": away}
    wrong = bare.model_copy(update=names)
    said = command(wrong)("doctor", "--live", "--json")
    assert (said.code, said.err) == (1, "") and "secret-word" not in said.out
    lines = {f"{line['service']}: {line['check']}": line for line in said.json}
    bad = {name: line["found"] for name, line in lines.items() if not line["ok"]}
    assert set(bad) == {"Postgres: connect", "Cloud Storage: landing location", "Cloud Storage: published location",
                        "Cloud Storage: private bucket", "Pub/Sub: subscription"}  # fmt: skip
    assert bad["Cloud Storage: landing location"].endswith(f"is in {EMULATED}, not in US")
    assert bad["Cloud Storage: private bucket"].startswith("cannot look at the bucket gone: ")
    assert bad["Pub/Sub: subscription"].startswith("cannot look at projects/")
    assert all("\n" not in line["found"] and line["advice"] for line in lines.values() if not line["ok"])
    assert {"Cloud Storage: private write, read", "Postgres: round trip"}.isdisjoint(lines), "what cannot be is left"
    assert {"Firestore: delete", "BigQuery: two writers at once", "Cloud Storage: delete"} <= set(lines)
    assert left(wrong, gcs_client) == []
    assert [one.dataset_id for one in bigquery_client(bare).list_datasets()] == ["others"], "only its own are removed"


def test_the_table_says_what_is_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [Line("Postgres", "connect", True, 1.5, None, "18.4"), Line("Firestore", "list", False, 2.0, 7, "no", "do")]
    doctor_live.show("Project ours, US", lines)
    title, header, _, *rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert title == ["Project", "ours,", "US"] and header == ["check", "ms", "bytes", "found", "to", "do"]
    assert rows == [["Postgres:", "connect", "ok", "1.5", "18.4"],
                    ["Firestore:", "list", "NOT", "OK", "2.0", "7", "no", "do"]]  # fmt: skip


def test_an_interruption_removes_what_was_made(
    live: Settings, gcs_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes when objects, datasets and rows are there."""

    def interrupted(name: str) -> None:
        if name == "BigQuery: upsert":
            assert len(left(live, gcs_client)) >= 4
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1.0)

    with pytest.raises(KeyboardInterrupt):
        doctor_live.examine(live, interrupted)
    assert left(live, gcs_client) == []


def test_what_cannot_be_removed_is_named_and_keeps_nothing_else() -> None:
    removed: list[str] = []
    checks = Checklist()

    def refuse() -> None:
        raise PlatformError("cannot remove b: no permission", "grant it")

    for name in "abc":
        checks.remove_at_last(name, refuse if name == "b" else lambda name=name: removed.append(name))
    checks.part("Cloud Storage", refuse)
    assert [(line.check, line.ok, line.advice) for line in checks.lines] == [("connect", False, "grant it")]
    lines = checks.clean_up()
    assert removed == ["c", "a"] and [line.ok for line in lines] == [True, False, True]
    assert lines[1].found == "cannot remove b: no permission" and lines[1].advice == "grant it"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, b"{}", {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}), ""),
        (Answer(403, b"AccessDenied"), "it cannot be read without credentials: status 403"),
        (Answer(200, b"{}", {"Cache-Control": "no-cache"}), "pages of https://nba.example cannot read it"),
        (
            Answer(200, b"{}", {"Access-Control-Allow-Origin": "https://nba.example", "Cache-Control": "private"}),
            "its Cache-Control is private, not no-cache",
        ),
    ],
    ids=["all is well", "not public", "no CORS", "caching"],
)
def test_what_is_published_must_be_readable_by_any_page(answer: Answer, said: str) -> None:
    with scripted_server() as server:
        server.answers = [answer]
        try:
            found = read_by_anybody(f"{server.url}/bucket/one.json", "https://nba.example").bytes
        except PlatformError as error:
            assert str(error) == said and error.hint
        else:
            assert (said, found) == ("", 2)
        (asked,) = server.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert headers["origin"] == "https://nba.example" and "authorization" not in headers


def test_live_is_of_the_gcp_profile_alone_and_wants_its_settings(cloud_command: CloudCommand) -> None:
    local = dataclasses.replace(cloud_command, profile="local")("doctor", "--live")
    assert local.code == 2 and "set NBA_ASSETS_PROFILE=gcp" in local.error
    unset = dataclasses.replace(cloud_command, cloud=cloud_command.cloud.model_copy(update={"landing_bucket": ""}))
    assert "needs NBA_ASSETS_LANDING_BUCKET" in unset("doctor", "--live").error


def test_a_new_installation_in_the_cloud_is_in_order(cloud_settings: Settings) -> None:
    said = command(cloud_settings)("doctor", "--json")
    assert [line for line in said.json if not line["ok"]] == [] and (said.code, said.err) == (0, "")
    found = {line["check"]: line["found"] for line in said.json}
    assert list(found) == CHECKS
    assert "google-cloud-bigquery 3." in found["packages"]
    assert found["project"] == f"{cloud_settings.gcp_project} in US, drops told by landing"
    assert found["landing"] == f"{cloud_settings.landing_bucket}: nothing yet"


def test_an_installation_without_tables_or_settings_says_what_to_do(
    cloud_command: CloudCommand, database_url: str
) -> None:
    said = dataclasses.replace(cloud_command, url=database_url)("doctor", "--json")
    lines = {line["check"]: line for line in said.json}
    assert said.code == 1 and lines["stores"]["advice"] == "run `nba-assets schema --apply`"
    assert lines["project"]["ok"] and lines["dagster"]["ok"] and "ledger" not in lines
    unset = dataclasses.replace(cloud_command, cloud=cloud_command.cloud.model_copy(update={"gcp_project": ""}))
    lines = {line["check"]: line for line in unset("doctor", "--json").json}
    assert lines["project"]["found"] == "the gcp profile needs NBA_ASSETS_GCP_PROJECT" and not lines["stores"]["ok"]
