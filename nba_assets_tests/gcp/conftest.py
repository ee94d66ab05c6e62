"""The emulators, and every back end of Google Cloud on them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.cloud import storage

from nba_assets.contracts import tables
from nba_assets.engine.platform import Platform
from nba_assets.settings import Settings
from nba_assets.storage.gcp import clients
from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.document_store import FirestoreDocumentStore
from nba_assets.storage.gcp.environment import BIGQUERY_READ_EMULATOR, EMULATORS
from nba_assets.storage.gcp.object_store import GcsObjectStore
from nba_assets.storage.interfaces import ObjectStore
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.emulators.bigquery import bigquery_emulator
from nba_assets_tests.emulators.firestore import firestore_emulator
from nba_assets_tests.emulators.gcs import gcs_emulator
from nba_assets_tests.emulators.installation import new_bucket, new_installation
from nba_assets_tests.emulators.pubsub import pubsub_emulator
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX, EVERY_TYPE


@pytest.fixture(scope="session")
def environment() -> Iterator[pytest.MonkeyPatch]:
    """Variables for as long as this process tests."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="session")
def bigquery(environment: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of BigQuery's emulator, which Google's clients turn to from now on."""
    with bigquery_emulator() as (rest, grpc):
        environment.setenv("BIGQUERY_EMULATOR_HOST", rest)
        environment.setenv(BIGQUERY_READ_EMULATOR, grpc)
        yield rest


@pytest.fixture(scope="session")
def gcs(environment: pytest.MonkeyPatch) -> Iterator[str]:
    """The same of Cloud Storage's."""
    with gcs_emulator() as url:
        environment.setenv("STORAGE_EMULATOR_HOST", url)
        yield url


@pytest.fixture(scope="session")
def firestore(environment: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of Firestore's."""
    with firestore_emulator() as address:
        environment.setenv("FIRESTORE_EMULATOR_HOST", address)
        yield address


@pytest.fixture(scope="session")
def pubsub(environment: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of Pub/Sub's."""
    with pubsub_emulator() as address:
        environment.setenv("PUBSUB_EMULATOR_HOST", address)
        yield address


@pytest.fixture
def project() -> str:
    """A project of its own, which the emulators take for a new one."""
    return f"p{uuid.uuid4().hex[:12]}"


@pytest.fixture
def cloud(project: str) -> Settings:
    """Settings of that project on the emulators."""
    return Settings(profile="gcp", database_url=None, gcp_project=project, emulators=True)


@pytest.fixture
def documents(firestore: str, cloud: Settings) -> Iterator[FirestoreDocumentStore]:
    store = FirestoreDocumentStore(clients.firestore_client(cloud), cloud.firestore_root)
    yield store
    store.close()


@pytest.fixture(scope="session")
def emulators(bigquery: str, gcs: str, firestore: str, pubsub: str) -> None:
    """All of them."""


@pytest.fixture
def cloud_settings(emulators: None, database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation without data."""
    return new_installation(database_url, tmp_path / "scratch")


@dataclass(frozen=True)
class CloudCommand(Command):
    """The commands, in the gcp profile."""

    cloud: Settings
    profile: str = "gcp"

    @property
    def environment(self) -> dict[str, str]:
        named = {name: str(value) for name, value in self.cloud if name.startswith("gcp_") or name.endswith("_bucket")}
        named |= {name: str(getattr(self.cloud, name)) for name in ("landing_subscription", "emulators")}
        ours = {f"NBA_ASSETS_{name.upper()}": value for name, value in named.items()}
        emulators = {name: os.environ.get(name, "127.0.0.1:9") for name in EMULATORS}
        return super().environment | ours | emulators | {"NBA_ASSETS_PROFILE": self.profile}


@pytest.fixture
def cloud_command(bigquery: str, cloud: Settings, tmp_path: Path) -> CloudCommand:
    """Commands on BigQuery alone, in a project in which nothing has been made."""
    names = dict.fromkeys(("landing_bucket", "published_bucket", "private_bucket"), "not-there")
    return CloudCommand(tmp_path / "home", "postgresql://nobody@127.0.0.1:9/none", cloud.model_copy(update=names))


@pytest.fixture
def cloud_platform(cloud_settings: Settings) -> Iterator[Platform]:
    """An empty platform of the gcp profile."""
    opened = Platform.open(cloud_settings)
    yield opened
    opened.close()


@pytest.fixture
def statements() -> list[str]:
    """What the warehouse has sent."""
    return []


@pytest.fixture
def warehouse(bigquery: str, cloud: Settings, statements: list[str]) -> BigQueryWarehouse:
    """An empty warehouse with two tables written by hand, and one of the contracts'."""
    client, names = clients.bigquery_client(cloud), Names(cloud.gcp_project)
    BigQuerySchema(client, names, cloud.gcp_location, [BOX, EVERY_TYPE, tables()["nbac_schedule"]]).apply()
    reader = clients.bigquery_read_client(cloud)
    return BigQueryWarehouse(client, reader, names, no_ledger, cloud.query_bytes, cloud.cache_bytes, statements.append)


@pytest.fixture(scope="session")
def gcs_client(gcs: str) -> storage.Client:
    return clients.storage_client(Settings(database_url=None, gcp_project="nba-assets-tests", emulators=True))


@pytest.fixture
def bucket(gcs_client: storage.Client) -> storage.Bucket:
    """A new one."""
    return new_bucket(gcs_client)


@pytest.fixture(scope="session")
def new_object_store(gcs_client: storage.Client) -> Callable[[Path], ObjectStore]:
    """For the contract tests: a store of its own bucket, with a prefix."""
    return lambda folder: GcsObjectStore(gcs_client, new_bucket(gcs_client).name, "landing/")


@pytest.fixture
def object_store(new_object_store: Callable[[Path], ObjectStore], tmp_path: Path) -> ObjectStore:
    return new_object_store(tmp_path)


def another(warehouse: BigQueryWarehouse) -> BigQueryWarehouse:
    """The same tables as a process that has just begun sees them."""
    made = BigQueryWarehouse(
        warehouse._client,
        warehouse._reader,
        warehouse._names,
        warehouse._ledger_frames,
        query_bytes=warehouse._query_bytes,
        cache_bytes=1024**2,
    )
    made.listener = warehouse.listener
    return made
