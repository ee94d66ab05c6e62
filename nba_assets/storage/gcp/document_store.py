"""The document store in Firestore, where web clients read and follow documents themselves.

`predictions/daily/2025-11-15` is the document `nba_assets/predictions/daily/2025-11-15`, with the fields `path`,
`sequence` and `body`. Firestore's paths have an even number of parts: `state/release` is `nba_assets/state/release/_`.
"""

from __future__ import annotations

import builtins
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition
from google.cloud.firestore import DELETE_FIELD

from nba_assets.batches import batched
from nba_assets.errors import PlatformError, TransientError
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.native_values import LONGEST_NAME, from_native, native, size_of

if TYPE_CHECKING:
    from google.cloud import firestore

    Found = firestore.DocumentSnapshot[firestore.DocumentReference]

Document = dict[str, Any]
"""The fields of a document: path, sequence, and body or removed."""
ALONE = "_"
"""The id that makes a path of ours even; no part of a path may be that."""
LARGEST = 1024**2
"""Bytes of a document that Firestore takes."""
TOGETHER = 200
"""Documents of one commit."""
TOGETHER_BYTES = 5 * 1024**2 // 2
"""Bytes of one, as Firestore counts them. Its request has up to a third more, and may have 10 MiB, in an emulator 4."""
ATTEMPTS = 5
"""At a commit that another writer gets in the way of."""
PAUSE = 0.05
"""Seconds before the second attempt, before the third twice as many, and so on."""
NAME_BYTES = 16
_FORBIDDEN = re.compile(r"\.|\.\.|__.*__|_|", re.DOTALL)


class FirestoreDocumentStore:
    """The `DocumentStore` interface below the collection `root`.

    A batch is written in atomic commits of up to `TOGETHER` documents. Each is written as the version of what was read
    before, so nothing is overwritten unseen; if another writer was faster, all of the commit is read and tried again.
    That takes no locks, for which two releases at once would wait.
    A removed document leaves its path and sequence, and `removed`, so that a late writer of an earlier release cannot
    bring it back.
    """

    def __init__(self, client: firestore.Client, root: str) -> None:
        self._client, self._root = client, root

    def close(self) -> None:
        self._client._firestore_api.transport.close()

    def put_many(self, documents: Mapping[str, Any], sequence: int) -> int:
        prepared = [self._prepared(path, body, sequence) for path, body in documents.items()]
        return sum(self._commit(self._put, chunk, sequence) for chunk in _chunks(prepared))

    def get(self, path: str) -> Any | None:
        with google_errors(f"read document {path}"):
            found = self._reference(path).get().to_dict() or {}
        return from_native(found.get("body"))

    def list(self, prefix: str = "") -> Iterator[str]:
        folders = prefix.split("/")[:-1]
        below = self._client.collection(self._root, *folders[: len(folders) // 2 * 2])
        with google_errors(f"list documents {prefix}"):
            found = [snapshot.to_dict() or {} for snapshot in below.recursive().select(["path", "removed"]).stream()]
        return iter(sorted(one["path"] for one in found if one["path"].startswith(prefix) and not one.get("removed")))

    def delete_many(self, paths: Sequence[str], sequence: int) -> int:
        documents = [{"path": path, "sequence": sequence, "removed": True} for path in dict.fromkeys(paths)]
        return sum(self._commit(self._remove, chunk, sequence) for chunk in batched(documents, TOGETHER))

    def _prepared(self, path: str, body: Any, sequence: int) -> Document:
        document = {"path": path, "sequence": sequence, "body": native(body, path)}
        ids = self._reference(path).path.split("/")
        size = size_of(document) + NAME_BYTES + sum(map(size_of, ids))
        if size > LARGEST:
            raise PlatformError(
                f"document {path} has {size:,} bytes and Firestore takes {LARGEST:,}; nothing of its batch is written",
                "read it from the published files, and report it: a document of one game or player is far smaller",
            )
        return document

    def _reference(self, path: str) -> firestore.DocumentReference:
        parts = path.split("/")
        if any(_FORBIDDEN.fullmatch(part) or len(part.encode()) > LONGEST_NAME for part in parts):
            raise PlatformError(
                f"{path!r} cannot be a document's path in Firestore",
                f"its parts are texts of 1 to {LONGEST_NAME} bytes and not ., .., _ or like __x__",
            )
        return self._client.document(self._root, *parts, *([] if len(parts) % 2 else [ALONE]))

    def _commit(
        self,
        add: Callable[[firestore.WriteBatch, Document, Found | None], None],
        chunk: builtins.list[Document],
        sequence: int,
    ) -> int:
        what = f"write documents of release {sequence}"
        for attempt in range(ATTEMPTS):
            time.sleep(PAUSE * attempt)
            with google_errors(what):
                found = self._found(chunk)
                batch = self._client.batch()
                for document in chunk:
                    add(batch, document, found.get(document["path"]))
                try:
                    return len(batch.commit()) if len(batch) else 0
                except (Aborted, AlreadyExists, FailedPrecondition):
                    continue
        raise TransientError(
            f"cannot {what}: others write them at the same time", "publish again when they have finished"
        )

    def _put(self, batch: firestore.WriteBatch, document: Document, found: Found | None) -> None:
        if found is None:
            batch.create(self._reference(document["path"]), document)
        elif found.get("sequence") <= document["sequence"]:
            self._replace(batch, found, {**document, "removed": DELETE_FIELD})

    def _remove(self, batch: firestore.WriteBatch, document: Document, found: Found | None) -> None:
        known = found.to_dict() if found is not None else None
        if found is not None and known and known["sequence"] < document["sequence"] and not known.get("removed"):
            self._replace(batch, found, {**document, "body": DELETE_FIELD})

    def _replace(self, batch: firestore.WriteBatch, found: Found, fields: Document) -> None:
        batch.update(found.reference, fields, option=self._client.write_option(last_update_time=found.update_time))

    def _found(self, documents: Sequence[Document]) -> dict[str, Found]:
        """What is there of them, without the bodies."""
        references = [self._reference(document["path"]) for document in documents]
        found = self._client.get_all(references, ["path", "sequence", "removed"])
        return {one.get("path"): one for one in found if one.exists}


def _chunks(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """The documents in the order of their paths, as many at once as one commit takes."""
    chunk: list[Document] = []
    size = 0
    for document in sorted(documents, key=lambda one: one["path"]):
        own = size_of(document)
        if chunk and (len(chunk) == TOGETHER or size + own > TOGETHER_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(document)
        size += own
    if chunk:
        yield chunk
