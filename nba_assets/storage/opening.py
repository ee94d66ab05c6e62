"""Opening the stores of a profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import pandas as pd

from nba_assets.settings import Settings
from nba_assets.storage.backup import refuse_half_restored
from nba_assets.storage.document_store import PostgresDocumentStore
from nba_assets.storage.embedded_postgres import database_url
from nba_assets.storage.files import make_folder, storage_error
from nba_assets.storage.half_migrated import refuse_half_migrated
from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets.storage.warehouse import LocalWarehouse


class DataStores(TypedDict):
    """The stores of files and rows of one platform."""

    warehouse: Warehouse
    landing: ObjectStore
    published: ObjectStore
    private: ObjectStore
    quarantine: ObjectStore


class Stores(DataStores):
    """The stores of one platform."""

    documents: DocumentStore
    ledger: Ledger


def open_stores(settings: Settings, *, half_migrated: bool = False) -> Stores:
    """Open every store of the profile, making what is not there yet; a half migrated one only if asked for.

    Raises `PlatformError` of one line if the home cannot be written, a back end cannot be had, or a newer version of
    the platform wrote them.
    """
    if settings.profile == "gcp":
        from nba_assets.storage.gcp.opening import open_cloud_stores

        return open_cloud_stores(settings, half_migrated=half_migrated)
    try:
        make_folder(settings.home.absolute())
    except OSError as error:
        raise storage_error(error, f"keep the platform in {settings.home}") from error
    refuse_half_restored(settings)
    url = database_url(settings)
    if not half_migrated:
        refuse_half_migrated(url)
    ledger = PostgresLedger(url)
    data = open_local_data(settings, ledger.frames)
    return Stores(**data, documents=PostgresDocumentStore(url), ledger=ledger)


def open_local_data(settings: Settings, ledger_frames: Callable[[str], pd.DataFrame]) -> DataStores:
    """Open the folders of a home; `ledger_frames` as the warehouse wants it."""
    return DataStores(
        warehouse=LocalWarehouse(settings.warehouse, ledger_frames, settings.cache_bytes),
        landing=LocalObjectStore(settings.landing),
        published=LocalObjectStore(settings.published, keep_versions=False),
        private=LocalObjectStore(settings.private, keep_versions=False),
        quarantine=LocalObjectStore(settings.quarantine, keep_versions=False),
    )
