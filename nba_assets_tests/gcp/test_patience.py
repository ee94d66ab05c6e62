"""Services that do not answer: Google's clients would wait for ten minutes and longer, nobody here does."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from google.auth.exceptions import TransportError

from nba_assets.errors import TransientError
from nba_assets.settings import Settings
from nba_assets.storage.gcp import patience
from nba_assets.storage.gcp.bigquery_schema import BigQuerySchema, Names
from nba_assets.storage.gcp.bigquery_warehouse import BigQueryWarehouse
from nba_assets.storage.gcp.clients import bigquery_client, bigquery_read_client, firestore_client, storage_client
from nba_assets.storage.gcp.document_store import FirestoreDocumentStore
from nba_assets.storage.gcp.environment import EMULATORS
from nba_assets.storage.gcp.errors import plain
from nba_assets.storage.gcp.object_store import GcsObjectStore
from nba_assets_tests.gcp.impatience import shorten
from nba_assets_tests.storage.backends import no_ledger
from nba_assets_tests.storage.tables import BOX

OURS = Settings(database_url=None, gcp_project="ours", emulators=True)
QUESTION = "SELECT COUNT(*) AS n FROM nba_raw.nbac_schedule WHERE game_date = '2024-11-01'"
SOON = 5.0


def warehouse() -> BigQueryWarehouse:
    return BigQueryWarehouse(bigquery_client(OURS), bigquery_read_client(OURS), Names("ours"), no_ledger, 1)


CALLS: dict[str, tuple[Callable[[], object], str]] = {
    "opening": (
        lambda: BigQuerySchema(bigquery_client(OURS), Names("ours"), "US", [BOX]).check(),
        "look at the dataset nba_warehouse",
    ),
    "query": (lambda: warehouse().query(QUESTION), "answer the query"),
    "read": (lambda: warehouse().versions(BOX), "read nba_warehouse.partition_versions"),
    "object": (lambda: GcsObjectStore(storage_client(OURS), "landing").put("a", b"1"), "write object a"),
    "upload": (lambda: GcsObjectStore(storage_client(OURS), "b").put("a", b"1", if_absent=True), "write object a"),
    "listing": (lambda: list(GcsObjectStore(storage_client(OURS), "b").list()), "list objects below b/"),
    "document": (lambda: FirestoreDocumentStore(firestore_client(OURS), "root").get("a"), "read document a"),
}


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Of a service that takes connections and then says nothing; patience is short."""
    shorten(monkeypatch, 200)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        found = server.getsockname()[1]
        for variable in EMULATORS:
            scheme = "http://" if variable in ("STORAGE_EMULATOR_HOST", "BIGQUERY_EMULATOR_HOST") else ""
            monkeypatch.setenv(variable, f"{scheme}127.0.0.1:{found}")
        yield found


def test_patience_is_a_minute() -> None:
    assert (patience.PATIENCE, patience.CONNECTING) == (60.0, 10.0)


@pytest.mark.parametrize("call", CALLS)
def test_where_nobody_listens_it_is_told_soon_and_plainly(
    call: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, what = CALLS[call]
    for variable in EMULATORS:
        scheme = "http://" if variable in ("STORAGE_EMULATOR_HOST", "BIGQUERY_EMULATOR_HOST") else ""
        monkeypatch.setenv(variable, f"{scheme}127.0.0.1:9")
    begun = time.monotonic()
    with pytest.raises(
        TransientError, match=rf"^cannot {what}: .*(127\.0\.0\.1:9 does not answer$|failed to connect)"
    ) as e:
        act()
    assert time.monotonic() - begun < SOON and e.value.hint.startswith("look at this machine's network")


@pytest.mark.parametrize("call", ["opening", "query"])
def test_a_service_that_says_nothing_is_not_waited_for(call: str, port: int) -> None:
    act, what = CALLS[call]
    begun = time.monotonic()
    with pytest.raises(TransientError, match=rf"^cannot {what}: 127\.0\.0\.1:{port} does not answer$"):
        act()
    assert time.monotonic() - begun < SOON


def test_what_keeps_from_google_is_told_apart() -> None:
    where = "HTTPSConnectionPool(host='oauth2.googleapis.com', port=443): Max retries exceeded with url: /token "
    login = plain(TransportError(f"{where}(Caused by NewConnectionError)"), "read object a")  # type: ignore[no-untyped-call]
    assert str(login) == "cannot read object a: oauth2.googleapis.com:443 does not answer"
    broken = requests.exceptions.SSLError(f"{where}(Caused by SSLError(certificate verify failed: self-signed))")
    told = plain(broken, "read object a")
    assert str(told) == "cannot read object a: oauth2.googleapis.com:443 has a certificate that is not trusted"
    assert type(told) is TransientError and "proxy" in told.hint
