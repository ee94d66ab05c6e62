"""The two installations of a migration, as settings say where they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from nba_assets.clock import SystemClock
from nba_assets.engine.platform import Platform
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage import document_store, postgres_dump
from nba_assets.storage.document_store import PostgresDocumentStore
from nba_assets.storage.embedded_postgres import database_url
from nba_assets.storage.opening import DataStores, open_local_data, open_stores

if TYPE_CHECKING:
    from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse

Profile = Literal["local", "gcp"]
LANDING = "landing"
NO_CACHE = 0
"""What is verified is read from where it lies."""


@dataclass(frozen=True)
class Side:
    """What is compared of an installation; None is what is not there yet."""

    objects: dict[str, ObjectStore]
    warehouse: Warehouse
    documents: DocumentStore | None
    url: str | None

    @classmethod
    def of(cls, platform: Platform) -> Side:
        """That of an open one."""
        data = DataStores(
            warehouse=platform.warehouse,
            landing=platform.landing,
            quarantine=platform.quarantine,
            private=platform.private,
            published=platform.published,
        )
        return _side(data, platform.documents, database_url(platform.settings))


def both(to: Profile, given: Settings, scratch: Path) -> tuple[Settings, Settings]:
    """Settings of source and target. The local database is `local_database_url`, or the home's own.

    The cloud's has its home, which holds scratch files alone, in `scratch`.

    Raises `PlatformError` if there is no local home to be the source.
    """
    local = given.model_copy(
        update={"profile": "local", "database_url": given.local_database_url, "cache_bytes": NO_CACHE}
    )
    cloud = given.model_copy(update={"profile": "gcp", "home": scratch / "home", "cache_bytes": NO_CACHE})
    if to == "local":
        return cloud, local
    if not local.warehouse.is_dir():
        raise PlatformError(f"there is no installation in {local.home.absolute()}", "set NBA_ASSETS_HOME to yours")
    return local, cloud


def place(settings: Settings) -> str:
    """Where an installation is, in words."""
    if settings.profile == "local":
        return f"home {settings.home.absolute()}"
    return f"project {settings.gcp_project}, gs://{settings.landing_bucket}"


@contextmanager
def opened(settings: Settings, *, half_migrated: bool = False) -> Iterator[Platform]:
    """The platform of an installation, beside any other."""
    platform = Platform(settings=settings, clock=SystemClock(), **open_stores(settings, half_migrated=half_migrated))
    try:
        yield platform
    finally:
        platform.close()


@contextmanager
def looked_at(settings: Settings) -> Iterator[Side]:
    """A target of which nothing is made that is not there."""
    if settings.profile == "gcp":
        from nba_assets.storage.gcp import clients
        from nba_assets.storage.gcp.document_store import FirestoreDocumentStore
        from nba_assets.storage.gcp.opening import open_cloud_data

        data = open_cloud_data(settings, _no_ledger)
        documents = FirestoreDocumentStore(clients.firestore_client(settings), settings.firestore_root)
        with closing(documents):
            yield _side(data, documents, database_url(settings))
        return
    url = database_url(settings) if settings.database_url is not None or settings.postgres.is_dir() else None
    has_documents = url is not None and postgres_dump.present(url, [document_store.SCHEMA])
    with tempfile.TemporaryDirectory() as empty:
        home = settings if settings.warehouse.is_dir() else settings.model_copy(update={"home": Path(empty)})
        data = open_local_data(home, _no_ledger)
        yield _side(data, PostgresDocumentStore(url) if url is not None and has_documents else None, url)


def _side(data: DataStores, documents: DocumentStore | None, url: str | None) -> Side:
    found = {
        LANDING: data["landing"],
        "quarantine": data["quarantine"],
        "private": data["private"],
        "published": data["published"],
    }
    return Side(found, data["warehouse"], documents, url)


def _no_ledger(name: str) -> NoReturn:
    raise AssertionError(f"nothing asks a migration's target for {name}")
