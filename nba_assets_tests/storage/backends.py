"""The back ends of each interface: every contract test runs on every one of these.

A store is opened on an empty folder or on the URL of an empty database.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.storage.document_store import PostgresDocumentStore
from nba_assets.storage.interfaces import DocumentStore, ObjectStore, Warehouse
from nba_assets.storage.ledger import PostgresLedger
from nba_assets.storage.ledger_interface import Ledger
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets.storage.warehouse import LocalWarehouse


def no_ledger(name: str) -> pd.DataFrame:
    """A ledger without rows."""
    return frames.empty(contracts.table(name))


OBJECT_STORES: dict[str, Callable[[Path], ObjectStore]] = {
    "folder": lambda folder: LocalObjectStore(folder / "objects")
}
WAREHOUSES: dict[str, Callable[[Path], Warehouse]] = {
    "parquet": lambda folder: LocalWarehouse(folder / "warehouse", no_ledger)
}
DOCUMENT_STORES: dict[str, Callable[[str], DocumentStore]] = {"postgres": PostgresDocumentStore}
LEDGERS: dict[str, Callable[[str], Ledger]] = {"postgres": PostgresLedger}
