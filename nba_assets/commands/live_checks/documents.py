"""Firestore: batched writes with the guard of the release's sequence, in a collection of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nba_assets.commands.live_checks.checklist import Checklist, Found, must
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import firestore_client
from nba_assets.storage.gcp.document_store import FirestoreDocumentStore
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.native_values import size_of

if TYPE_CHECKING:
    from google.cloud import firestore

SERVICE = "Firestore"
MANY = 210
"""More than one commit takes."""
REPORT = "report it: the platform's own calls are not answered as documented"


def check_documents(checks: Checklist, settings: Settings, scratch: str) -> None:
    client = firestore_client(settings)
    store = FirestoreDocumentStore(client, scratch)
    bodies = {f"probe/{number:03}": {"number": number, "rows": [[1, 2.5], ["a", None]]} for number in range(MANY)}

    def write() -> Found:
        must(store.put_many(bodies, 2) == MANY, "not all documents were written", REPORT)
        must(store.get("probe/007") == bodies["probe/007"], "what was read is not what was written", REPORT)
        return Found(f"{MANY} documents, and one read", bytes=size_of(bodies))

    def guard() -> str:
        store.put_many({"probe/007": {"number": -1}}, 1)
        must(store.get("probe/007") == bodies["probe/007"], "an older release overwrote a newer one", REPORT)
        return "a write of an older release changes nothing"

    def listing() -> str:
        must(list(store.list("probe/")) == sorted(bodies), "a listing does not show what was written", REPORT)
        return f"{MANY} documents"

    def delete() -> str:
        must(store.delete_many(["probe/007"], 3) == 1, "a document was not removed", REPORT)
        must(store.get("probe/007") is None and store.put_many({"probe/007": 1}, 2) == 0, "it came back", REPORT)
        return "removed, and not brought back by an older release"

    checks.remove_at_last("documents", lambda: _remove(client, store, scratch))
    if checks.check(SERVICE, "batched write", write):
        checks.check(SERVICE, "guard of the sequence", guard)
        checks.check(SERVICE, "list", listing)
        checks.check(SERVICE, "delete", delete)


def _remove(client: firestore.Client, store: FirestoreDocumentStore, root: str) -> str:
    with google_errors(f"remove the documents below {root}"):
        found = [one.reference for one in client.collection(root).recursive().select([]).stream()]
        for start in range(0, len(found), MANY):
            batch = client.batch()
            for reference in found[start : start + MANY]:
                batch.delete(reference)
            batch.commit()
    store.close()
    return f"{len(found)} removed"
