"""What is derived from a release's manifest: the plain copies below `v1/`, and the document store.

Both carry a mark of the release that they show whole. A crash leaves the mark behind the manifest; the next publish
first brings them up to it, so they are never more than one release behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson

from nba_assets.batches import batched
from nba_assets.engine.manifest import Manifest, load, object_name, read_manifest, release_name
from nba_assets.engine.store_documents import store_body
from nba_assets.publishing import schemas, sign_off
from nba_assets.publishing.page_files import page_files

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.interfaces import ObjectStore

COPIES_MARK = "state/copies.json"
DOCUMENTS_MARK = "state/release"
_DOCUMENT = re.compile(
    r"historical/(?P<daily>[^/]+)/daily\.json|historical/[^/]+/games/(?P<games>[^/]+)\.json"
    r"|latest/players/(?P<players>[^/]+)\.json|latest/teams/(?P<teams>[^/]+)\.json|models/(?P<models>[^/]+)\.json"
    r"|track-record/days/(?P<decisions>[^/]+)\.json|track-record/(?P<track_record>[^/]+)\.json|(?P<status>status)\.json"
)
TOGETHER = 200
"""Files or documents that are written at once."""


def settle(platform: Platform, manifest: Manifest) -> None:
    """Bring copies and document store to the release of the manifest; what already is there is left alone."""
    with ThreadPoolExecutor(1) as pool:
        documents = pool.submit(settle_documents, platform, manifest)
        settle_copies(platform, manifest)
        documents.result()


def settle_copies(platform: Platform, manifest: Manifest) -> None:
    """Rewrite the copies that differ from the release last copied whole, remove those it no longer has.

    The schemas and the OpenAPI document lie beside them: they are of the code, not of a release.
    """
    store, sequence = platform.published, manifest["sequence"]
    mark = load(store, COPIES_MARK)
    if mark is not None and mark["sequence"] == sequence:
        return
    changed, removed = difference(_files(store, mark), manifest["files"])
    stamp = orjson.dumps({"sequence": sequence, "generated_at": manifest["generated_at"]})

    for names in batched(changed, TOGETHER):
        bodies = store.get_many(object_name(manifest["files"][name]["sha256"]) for name in names)
        store.put_many((f"v1/{name}", stamp[:-1] + b"," + body[1:]) for name, body in zip(names, bodies, strict=True))
    for name in removed:
        store.delete(f"v1/{name}")
    store.put_many((f"v1/{name}", sign_off.encode(body)) for name, body in schemas.files().items())
    if platform.settings.profile == "gcp":  # a bucket has no server beside it that knows the page
        store.put_many(page_files())
    store.put(COPIES_MARK, orjson.dumps({"sequence": sequence}))


def settle_documents(platform: Platform, manifest: Manifest) -> None:
    """The same for the document store, in batches; the mark comes last."""
    store, sequence = platform.documents, manifest["sequence"]
    mark = store.get(DOCUMENTS_MARK)
    if mark is not None and mark["sequence"] == sequence:
        return
    files, old = by_path(manifest["files"]), by_path(_files(platform.published, mark))
    changed, removed = difference(old, files)
    for paths in batched(changed, TOGETHER):
        bodies = platform.published.get_many(object_name(files[path]["sha256"]) for path in paths)
        store.put_many({path: store_body(path, body) for path, body in zip(paths, bodies, strict=True)}, sequence)
    for paths in batched(removed, TOGETHER):
        store.delete_many(paths, sequence)
    store.put_many({DOCUMENTS_MARK: {"sequence": sequence}}, sequence)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Names whose content is new or another one, and names that are gone."""
    changed = [name for name, file in new.items() if name not in old or old[name]["sha256"] != file["sha256"]]
    return sorted(changed), sorted(set(old) - set(new))


def _files(store: ObjectStore, mark: Any | None) -> dict[str, Any]:
    manifest = read_manifest(store, release_name(mark["sequence"])) if mark is not None else None
    return manifest["files"] if manifest is not None else {}


def by_path(files: Mapping[str, Any]) -> dict[str, Any]:
    """The files that the document store has, by their path there; a game on two dates is the later date's."""
    found = {}
    for name in sorted(files):
        path = document_path(name)
        if path is not None:
            found[path] = files[name]
    return found


def document_path(name: str) -> str | None:
    """Where a file's document is in the store, as `predictions/games/<id>`; None for the indexes and second names."""
    found = _DOCUMENT.fullmatch(name)
    if found is None:
        return None
    kind = str(found.lastgroup)
    return f"predictions/{kind.replace('_', '-')}/{found[kind]}"
