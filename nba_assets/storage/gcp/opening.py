"""Opening the stores of the gcp profile; nothing is made here: Terraform makes buckets, `schema --apply` tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.settings import Settings
from nba_assets.storage.embedded_postgres import database_url
from nba_assets.storage.files import make_folder, storage_error
from nba_assets.storage.gcp import clients
from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names, stored_tables
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.document_store import FirestoreDocumentStore
from nba_assets.storage.gcp.environment import check_environment
from nba_assets.storage.gcp.object_headers import published_headers
from nba_assets.storage.gcp.object_store import GcsObjectStore
from nba_assets.storage.half_migrated import refuse_half_migrated
from nba_assets.storage.ledger import PostgresLedger

if TYPE_CHECKING:
    from nba_assets.storage.opening import DataStores, Stores

PRIVATE = "private/"
QUARANTINE = "quarantine/"
"""Where in the private bucket things lie."""


def open_cloud_stores(settings: Settings, *, half_migrated: bool = False) -> Stores:
    """Open every store of the profile; a half migrated one only if asked for.

    Raises `PlatformError` of one line for what is missing in the settings, an emulator that would take real data, no
    credentials, and tables that are not there, elsewhere, or of another schema.
    """
    check_environment(settings)
    url = database_url(settings)
    if not half_migrated:
        refuse_half_migrated(url)
    ledger = PostgresLedger(url)
    return {
        **open_cloud_data(settings, ledger.frames),
        "documents": FirestoreDocumentStore(clients.firestore_client(settings), settings.firestore_root),
        "ledger": ledger,
    }


def open_cloud_data(settings: Settings, ledger_frames: Callable[[str], pd.DataFrame]) -> DataStores:
    """Open buckets and tables; `ledger_frames` as the warehouse wants it. Raises as `open_cloud_stores`."""
    check_environment(settings)
    try:
        make_folder(settings.home.absolute())
    except OSError as error:
        raise storage_error(error, f"keep scratch files in {settings.home}") from error
    client = clients.bigquery_client(settings)
    names = Names(settings.gcp_project, settings.dataset_prefix)
    BigQuerySchema(client, names, settings.gcp_location, stored_tables()).check()
    objects = clients.storage_client(settings)
    reader = clients.bigquery_read_client(settings)
    return {
        "warehouse": BigQueryWarehouse(
            client, reader, names, ledger_frames, query_bytes=settings.query_bytes, cache_bytes=settings.cache_bytes
        ),
        "landing": GcsObjectStore(objects, settings.landing_bucket),
        "published": GcsObjectStore(objects, settings.published_bucket, keep_versions=False, headers=published_headers),
        "private": GcsObjectStore(objects, settings.private_bucket, PRIVATE, keep_versions=False),
        "quarantine": GcsObjectStore(objects, settings.private_bucket, QUARANTINE, keep_versions=False),
    }
