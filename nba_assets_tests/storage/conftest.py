"""Every back end of each interface, empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse
from nba_assets.storage.ledger_interface import Ledger
from nba_assets_tests.storage.backends import DOCUMENT_STORES, LEDGERS, OBJECT_STORES, WAREHOUSES


@pytest.fixture(params=OBJECT_STORES, scope="session")
def new_object_store(request: pytest.FixtureRequest) -> Callable[[Path], ObjectStore]:
    return OBJECT_STORES[request.param]


@pytest.fixture
def object_store(new_object_store: Callable[[Path], ObjectStore], tmp_path: Path) -> ObjectStore:
    return new_object_store(tmp_path)


@pytest.fixture(params=WAREHOUSES)
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    return WAREHOUSES[request.param](tmp_path)


@pytest.fixture(params=DOCUMENT_STORES)
def documents(request: pytest.FixtureRequest, database_url: str) -> Iterator[DocumentStore]:
    store = DOCUMENT_STORES[request.param](database_url)
    yield store
    store.close()


@pytest.fixture(params=LEDGERS)
def ledger(request: pytest.FixtureRequest, database_url: str) -> Iterator[Ledger]:
    opened = LEDGERS[request.param](database_url)
    yield opened
    opened.close()
