"""All emulators at once, and new installations of the gcp profile on them."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import pubsub_v1, storage
from pydantic import SecretStr

from nba_assets.settings import Settings
from nba_assets.storage.gcp import clients
from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names, stored_tables
from nba_assets.storage.gcp.environment import BIGQUERY_READ_EMULATOR
from nba_assets_tests.emulators.bigquery import bigquery_emulator
from nba_assets_tests.emulators.firestore import firestore_emulator
from nba_assets_tests.emulators.gcs import gcs_emulator
from nba_assets_tests.emulators.pubsub import pubsub_emulator


@contextlib.contextmanager
def emulated_cloud() -> Iterator[None]:
    """Google's clients turn to emulators for as long as it is open."""
    with (
        bigquery_emulator() as (rest, grpc),
        gcs_emulator() as gcs,
        firestore_emulator() as documents,
        pubsub_emulator() as messages,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        patch.setenv(BIGQUERY_READ_EMULATOR, grpc)
        patch.setenv("STORAGE_EMULATOR_HOST", gcs)
        patch.setenv("FIRESTORE_EMULATOR_HOST", documents)
        patch.setenv("PUBSUB_EMULATOR_HOST", messages)
        yield


def new_installation(database_url: str, home: Path) -> Settings:
    """What Terraform and `schema` make in a new project; of a database and a folder for scratch files."""
    project = f"p{uuid.uuid4().hex[:12]}"
    client = clients.storage_client(Settings(database_url=None, gcp_project=project, emulators=True))
    settings = Settings(
        profile="gcp",
        gcp_project=project,
        emulators=True,
        database_url=SecretStr(database_url),
        home=home,
        landing_subscription="landing",
        landing_bucket=new_bucket(client).name,
        published_bucket=new_bucket(client).name,
        private_bucket=new_bucket(client).name,
    )
    bigquery, names = clients.bigquery_client(settings), Names(project)
    BigQuerySchema(bigquery, names, settings.gcp_location, stored_tables()).apply()
    topic = f"projects/{project}/topics/landing"
    pubsub_v1.PublisherClient().create_topic(name=topic)
    with clients.subscriber_client(settings) as subscriber:
        subscriber.create_subscription(name=f"projects/{project}/subscriptions/landing", topic=topic)
    return settings


def new_bucket(client: storage.Client) -> storage.Bucket:
    return client.create_bucket(f"nba-assets-{uuid.uuid4().hex}")
