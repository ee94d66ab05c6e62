"""The documents of the release that readers see, into the other document store; its sequence stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nba_assets.engine.manifest import Manifest, read_manifest
from nba_assets.engine.release_copies import DOCUMENTS_MARK, by_path, settle_documents
from nba_assets.errors import PlatformError
from nba_assets.migration.parts import Part

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.interfaces import DocumentStore, ObjectStore

PART = "documents"
BELOW = "predictions/"


def shown(store: DocumentStore | None) -> int | None:
    """The release that the store shows whole; None if it shows none."""
    mark = store.get(DOCUMENTS_MARK) if store is not None else None
    return mark["sequence"] if mark is not None else None


def refuse_others(published: ObjectStore, target: DocumentStore | None) -> None:
    """Raises `PlatformError` if the target's documents are of another release than the source's newest."""
    manifest, other = read_manifest(published), shown(target)
    if other is not None and (manifest is None or manifest["sequence"] != other):
        raise PlatformError(
            f"the target's documents are of a release {other} that is not the source's newest",
            "migrate into an empty installation; what is in this one stays as it is",
        )


def planned(published: ObjectStore, target: DocumentStore | None) -> Part:
    """What would be written."""
    manifest = read_manifest(published)
    paths = _paths(manifest)
    there = manifest is not None and shown(target) == manifest["sequence"]
    return Part(PART, 0 if there else len(paths), len(paths) if there else 0)


def move(target: Platform) -> Part:
    """Write the documents of the release whose files are in the target, and look whether all are there."""
    manifest = read_manifest(target.published)
    part = planned(target.published, target.documents)
    if manifest is not None:
        settle_documents(target, manifest)
    there, wanted = set(target.documents.list(BELOW)), _paths(manifest)
    if there != wanted:
        example = min(there ^ wanted)
        raise PlatformError(
            f"the target has {len(there)} documents and should have {len(wanted)}: see {example}",
            "empty the target's document store and run the same command again",
        )
    return part


def _paths(manifest: Manifest | None) -> set[str]:
    return set(by_path(manifest["files"])) if manifest is not None else set()
