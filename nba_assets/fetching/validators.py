"""What a conditional request needs: the validators of what was landed from a URL."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from nba_assets.storage.files import Staging, storage_error, write_file
from nba_assets.storage.interfaces import ObjectStore


@dataclass(frozen=True)
class Landed:
    """The newest drop of a URL, and how its server names that content."""

    object_name: str
    content_hash: str
    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The conditions: nothing new, nothing sent."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


class Validators:
    """One file a URL below `folder`; a drop that is no longer in the landing zone does not count."""

    def __init__(self, folder: Path, landing: ObjectStore) -> None:
        self.folder = folder
        self._landing = landing
        self._staging = Staging(folder)

    def of(self, url: str) -> Landed | None:
        """What was landed from the URL."""
        try:
            landed = Landed(**orjson.loads(self._path(url).read_bytes()))
            return landed if self._landing.exists(landed.object_name) else None
        except (OSError, ValueError, TypeError):
            return None

    def is_stored(self, object_name: str) -> bool:
        """Whether the landing zone has an object of that name."""
        return self._landing.exists(object_name)

    def has_any_beside(self, object_name: str) -> bool:
        """Whether the landing zone has an object in the same folder."""
        folder = object_name.rpartition("/")[0] + "/"
        return any("/" not in name.removeprefix(folder) for name in self._landing.list(folder))

    def keep(self, url: str, landed: Landed) -> None:
        """Remember a drop that is in the landing zone and the ledger."""
        try:
            write_file(self._staging, self._path(url), orjson.dumps(asdict(landed)))
        except OSError as error:
            raise storage_error(error, f"remember what was fetched in {self.folder}") from error

    def _path(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"
