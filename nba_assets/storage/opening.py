"""Opening the stores of a profile."""

from __future__ import annotations

from typing import TypedDict

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.backup import refuse_half_restored
from nba_assets.storage.document_store import PostgresDocumentStore
from nba_assets.storage.embedded_postgres import database_url
from nba_assets.storage.files import make_folder, storage_error
from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets.storage.warehouse import LocalWarehouse


class Stores(TypedDict):
    """The stores of one platform."""

    warehouse: Warehouse
    landing: ObjectStore
    published: ObjectStore
    private: ObjectStore
    quarantine: ObjectStore
    documents: DocumentStore
    ledger: Ledger


def open_stores(settings: Settings) -> Stores:
    """Open every store of the profile, making what is not there yet.

    Raises `PlatformError` of one line if the home cannot be written, the database cannot be had, or a newer version
    of the platform wrote them.
    """
    if settings.profile != "local":
        raise PlatformError(
            f"the {settings.profile} profile is not available in this version", "set NBA_ASSETS_PROFILE=local"
        )
    try:
        make_folder(settings.home.absolute())
    except OSError as error:
        raise storage_error(error, f"keep the platform in {settings.home}") from error
    refuse_half_restored(settings)
    landing = LocalObjectStore(settings.landing)
    published = LocalObjectStore(settings.published, keep_versions=False)
    private = LocalObjectStore(settings.private, keep_versions=False)
    quarantine = LocalObjectStore(settings.quarantine, keep_versions=False)
    url = database_url(settings)
    ledger = PostgresLedger(url)
    return Stores(
        warehouse=LocalWarehouse(settings.warehouse, ledger.frames, settings.cache_bytes),
        landing=landing,
        published=published,
        private=private,
        quarantine=quarantine,
        documents=PostgresDocumentStore(url),
        ledger=ledger,
    )
