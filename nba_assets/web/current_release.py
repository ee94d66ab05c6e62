"""The release that readers see: what the manifest says of it, and whether it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from nba_assets.web.files import Files, UnreadableError

MANIFEST = b"manifest.json"
LANDMARKS = ("latest/daily.json", "status.json")
"""The first of these that a release has is what a reader opens first."""


class NotReadyError(Exception):
    """There is no release that can be read; the message says why."""


@dataclass(frozen=True)
class Release:
    """Sequence, times as in the manifest, and the object that a reader opens first."""

    sequence: int
    as_of: str | None
    generated_at: str
    landmark: str | None
    sha256: str | None


class CurrentRelease:
    """Looks at the manifest of the published tree; parses one only once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: tuple[str, Release] | None = None

    async def read(self) -> Release:
        """The present one. Raises `NotReadyError`."""
        try:
            file = await self._files.get(MANIFEST)
        except UnreadableError as error:
            raise NotReadyError(str(error)) from error
        if file is None:
            raise NotReadyError("nothing is published: there is no manifest.json")
        if self._seen is None or self._seen[0] != file.digest:
            self._seen = (file.digest, _parsed(file.body))
        return self._seen[1]

    async def check(self) -> Release:
        """The present one, once the object that a reader opens first is there whole. Raises `NotReadyError`."""
        release = await self.read()
        if release.sha256 is None:
            raise NotReadyError(f"release {release.sequence} has neither {' nor '.join(LANDMARKS)}")
        name = f"objects/sha256/{release.sha256[:2]}/{release.sha256}.json"
        try:
            found = await self._files.get(name.encode())
        except UnreadableError as error:
            raise NotReadyError(str(error)) from error
        if found is None:
            raise NotReadyError(f"release {release.sequence}: the object of {release.landmark} is not there")
        return release


def _parsed(text: bytes) -> Release:
    try:
        manifest: Any = orjson.loads(text)
        files = manifest["files"]
        landmark = next((name for name in LANDMARKS if name in files), None)
        release = Release(
            sequence=manifest["sequence"],
            as_of=manifest["as_of"],
            generated_at=manifest["generated_at"],
            landmark=landmark,
            sha256=files[landmark]["sha256"] if landmark else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadyError(f"manifest.json is no manifest: {error!r}") from error
    if type(release.sequence) is not int:
        raise NotReadyError(f"manifest.json is no manifest: its sequence is {release.sequence!r}")
    return release
