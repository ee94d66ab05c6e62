"""Google's clients, with Application Default Credentials: no key is ever read by the platform itself.

With `settings.emulators` they talk to the emulators that the environment names, without credentials.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any

from nba_assets.settings import Settings
from nba_assets.storage.gcp.environment import BIGQUERY_READ_EMULATOR
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.patience import limit_grpc, limit_http, limit_retries

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.cloud import bigquery, firestore, storage
    from google.cloud.bigquery_storage import BigQueryReadClient
    from google.cloud.pubsub_v1 import SubscriberClient

CONNECTIONS = 32
"""Objects that are sent or fetched at once."""
QUERIES = 10
"""Requests to BigQuery at once."""
NO_BUCKET_METADATA = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"
"""Without it Google's client asks for every bucket itself, for traces that nobody has, with a permission more."""


def storage_client(settings: Settings) -> storage.Client:
    """Of Cloud Storage, with as many connections as objects are sent at once."""
    from google.cloud import storage
    from google.cloud.storage.retry import DEFAULT_RETRY

    os.environ.setdefault(NO_BUCKET_METADATA, "true")
    with google_errors("connect to Cloud Storage"):
        client = storage.Client(project=settings.gcp_project, credentials=_credentials(settings))
    limit_http(client._http, CONNECTIONS)
    limit_retries(DEFAULT_RETRY)
    return client


def bigquery_client(settings: Settings) -> bigquery.Client:
    """Of BigQuery; its jobs run in the location of the settings."""
    from google.cloud import bigquery
    from google.cloud.bigquery import retry

    with google_errors("connect to BigQuery"):
        client = bigquery.Client(
            project=settings.gcp_project, location=settings.gcp_location, credentials=_credentials(settings)
        )
    limit_http(client._http, QUERIES)
    limit_retries(retry.DEFAULT_RETRY, retry.DEFAULT_JOB_RETRY, retry._DEFAULT_QUERY_JOB_INSERT_RETRY)
    return client


def bigquery_read_client(settings: Settings) -> BigQueryReadClient:
    """Of the Storage Read API."""
    from google.cloud.bigquery_storage import BigQueryReadClient

    if not settings.emulators:
        with google_errors("connect to BigQuery's Storage API"):
            client = BigQueryReadClient()  # type: ignore[no-untyped-call]
        limit_grpc(client)
        return client
    host = os.environ[BIGQUERY_READ_EMULATOR]
    from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport

    transport: Any = BigQueryReadGrpcTransport(channel=_plain_channel(host), host=host)
    client = BigQueryReadClient(transport=transport)  # type: ignore[no-untyped-call]
    limit_grpc(client)
    return client


def firestore_client(settings: Settings) -> firestore.Client:
    """Of Firestore, of the database of the settings."""
    from google.cloud import firestore

    with google_errors("connect to Firestore"):
        client = firestore.Client(
            project=settings.gcp_project, database=settings.firestore_database, credentials=_credentials(settings)
        )
        limit_grpc(client._firestore_api)
    return client


def subscriber_client(settings: Settings) -> SubscriberClient:
    """Of Pub/Sub, to be told of drops."""
    from google.cloud.pubsub_v1 import SubscriberClient

    with google_errors("connect to Pub/Sub"):
        return SubscriberClient()


def _plain_channel(host: str) -> Any:
    import grpc

    return grpc.insecure_channel(host, options=[("grpc.max_receive_message_length", -1)])


@functools.cache
def _anonymous() -> Credentials:
    from google.auth.credentials import AnonymousCredentials

    return AnonymousCredentials()  # type: ignore[no-untyped-call]


def _credentials(settings: Settings) -> Credentials | None:
    """None: Application Default Credentials."""
    return _anonymous() if settings.emulators else None
