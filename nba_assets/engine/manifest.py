"""A release's manifest: small for its readers, with many files named by parts; whole for those who work with it.

A part is an object of its own that names the files whose names begin as it does, so a reader fetches a player's name
only when he looks at a player, and a release of one date writes no other month again.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from nba_assets.errors import PlatformError
from nba_assets.publishing import sign_off
from nba_assets.publishing.caching import OBJECTS
from nba_assets.storage.interfaces import ObjectNotFound

if TYPE_CHECKING:
    from nba_assets.publishing.rows import Record
    from nba_assets.storage.interfaces import ObjectStore

Manifest = dict[str, Any]
"""As `publishing.schemas.MANIFEST` says, but `files` are all files of the release, those of its parts too."""

MANIFEST = "v1/manifest.json"
RELEASES = "v1/releases/"

PART = re.compile(r"historical/\d{4}-\d\d-|track-record/days/\d{4}-\d\d-|latest/(players|teams)/")
"""How the names begin that stand in a part: a month of dates, all players, all teams."""


def object_name(sha256: str) -> str:
    """Where the bytes of that hash are."""
    return f"{OBJECTS}sha256/{sha256[:2]}/{sha256}.json"


def release_name(sequence: int) -> str:
    """Where a release's manifest is kept."""
    return f"{RELEASES}{sequence}.json"


def load(store: ObjectStore, name: str) -> Any | None:
    """A JSON object, None if there is none."""
    try:
        return orjson.loads(store.get(name))
    except ObjectNotFound:
        return None


def read_manifest(store: ObjectStore, name: str = MANIFEST) -> Manifest | None:
    """The manifest of that name with all files of its release; None if there is none.

    Raises `PlatformError` naming a part that is gone or is not what the manifest says.
    """
    found: Manifest | None = load(store, name)
    if found is None:
        return None
    files = dict(found["files"])
    for prefix, part in found.get("parts", {}).items():
        files |= _part(store, name, prefix, part["sha256"])
    return found | {"files": dict(sorted(files.items()))}


def split(manifest: Manifest) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest as its readers get it, and the bytes of its parts by their hash."""
    grouped: dict[str, dict[str, Record]] = defaultdict(dict)
    for name, file in manifest["files"].items():
        begins = PART.match(name)
        grouped[begins.group() if begins else ""][name] = file
    own = grouped.pop("", {})
    parts, payloads = {}, {}
    for prefix, files in sorted(grouped.items()):
        payload = sign_off.encode({"files": files})
        sha256 = hashlib.sha256(payload).hexdigest()
        parts[prefix] = {"sha256": sha256, "bytes": len(payload), "files": len(files)}
        payloads[sha256] = payload
    return manifest | {"files": own, "parts": parts}, payloads


def hashes(manifest: Manifest) -> Iterator[str]:
    """The hash of every object that the release needs: its files and its parts."""
    for named in (manifest["files"], manifest.get("parts", {})):
        yield from (entry["sha256"] for entry in named.values())


def _part(store: ObjectStore, manifest: str, prefix: str, sha256: str) -> Mapping[str, Record]:
    try:
        payload = store.get(object_name(sha256))
    except ObjectNotFound:
        payload = b""
    if hashlib.sha256(payload).hexdigest() != sha256:
        raise PlatformError(
            f"{manifest}: its part {prefix} ({object_name(sha256)}) is gone or damaged",
            "bring the published folder back from a backup",
        )
    files: Mapping[str, Record] = orjson.loads(payload)["files"]
    return files
