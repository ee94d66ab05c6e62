"""Readers of the published tree: by the manifest as the contract for clients says, and of plain copies."""

from __future__ import annotations

import functools
import hashlib
import random
from pathlib import Path
from typing import Any

import orjson

from nba_assets.engine.manifest import MANIFEST, object_name, release_name
from nba_assets_tests.torn_reads.content import marks
from nba_assets_tests.torn_reads.counts import Counts
from nba_assets_tests.torn_reads.transports import CutShortError, Transport

VIEW = 8
"""Documents that a reader fetches of a release before he looks again, at most."""
COPIES = (
    "latest/daily.json",
    "latest/games/0022400140.json",
    "latest/players/1628369.json",
    "historical/2024-11-01/daily.json",
    "track-record/days/2024-11-02.json",
    "status.json",
)


class GoneError(Exception):
    """The manifest in hand names an object that is not there."""


class ManifestReader:
    """Goes by the manifest: all that it shows at a time is of one release."""

    def __init__(self, transport: Transport, rng: random.Random) -> None:
        self._transport, self._rng = transport, rng
        self._tag: str | None = None
        self._manifest: dict[str, Any] = {}
        self._files: dict[str, dict[str, Any]] = {}
        self._mark: float | None = None
        self._wanted: list[str] = []
        self.sequence = 0
        self.counts = Counts()

    def read(self) -> None:
        """Fetch one document; when those of a view are done, look at the manifest for the next view."""
        try:
            if not self._wanted:
                self._look()
                self._wanted = self._rng.sample(sorted(self._files), min(VIEW, len(self._files)))
            if self._wanted:
                self._document(self._wanted.pop())
        except GoneError as gone:
            self._once_more(str(gone))
        except CutShortError as error:
            self.counts.count("broken", str(error))
            self._wanted = []

    def _look(self) -> None:
        """Ask for the manifest; one of a higher sequence is that of the next views."""
        answer = self._transport.get(MANIFEST, self._tag)
        self.counts.looks += 1
        if answer.same:
            return
        try:
            manifest = orjson.loads(answer.data or b"")
        except orjson.JSONDecodeError as error:
            raise CutShortError(f"{MANIFEST}: {error}") from error
        if manifest["sequence"] < self.sequence:
            self.counts.count("falling", f"{manifest['sequence']} after {self.sequence}")
        if manifest["sequence"] <= self.sequence:
            return
        files = dict(manifest["files"])
        for part in manifest.get("parts", {}).values():
            files |= orjson.loads(self._object(part["sha256"]))["files"]
        self._tag, self._manifest, self._files, self._mark = answer.tag, manifest, files, None
        self.sequence = manifest["sequence"]
        self.counts.releases += 1

    def _document(self, name: str) -> None:
        """Fetch a document of the release; its mark is that of all others."""
        try:
            found = set(marks(orjson.loads(self._object(self._files[name]["sha256"]))))
        except orjson.JSONDecodeError as error:
            raise CutShortError(f"{name}: {error}") from error
        self.counts.reads += 1
        if self._mark is None and found:
            self._mark = next(iter(found))
        if found - {self._mark}:
            self.counts.count("mixtures", f"{name} of release {self.sequence}: {found}, others {self._mark}")

    def _object(self, sha256: str) -> bytes:
        data = self._transport.get(object_name(sha256)).data
        if data is None:
            raise GoneError(sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            self.counts.count("bad hashes", sha256)
        return data

    def _once_more(self, sha256: str) -> None:
        """What was not there is looked for once more, by the newest manifest."""
        self._wanted = []
        try:
            self._look()
            for file in [*self._files.values(), *self._manifest.get("parts", {}).values()]:
                if file["sha256"] == sha256:
                    self._object(sha256)
            self.counts.count("not at first", sha256)
        except GoneError as gone:
            self.counts.count("missing", str(gone))


class CopyReader:
    """Reads the plain copies: each is whole, of the release in its stamp, and never of an earlier one than before."""

    def __init__(self, transport: Transport, rng: random.Random, published: Path) -> None:
        self._transport, self._rng, self._published = transport, rng, published
        self._tags: dict[str, str | None] = {}
        self._stamps = dict.fromkeys(COPIES, 0)
        self.counts = Counts()

    @property
    def sequence(self) -> int:
        return max(self._stamps.values())

    def read(self) -> None:
        """Fetch one copy."""
        name = self._rng.choice(COPIES)
        try:
            answer = self._transport.get(f"v1/{name}", self._tags.get(name))
            self.counts.reads += 1
            if not answer.same:
                self._check(name, answer.data or b"")
                self._tags[name] = answer.tag
        except CutShortError as error:
            self.counts.count("broken", str(error))

    def _check(self, name: str, data: bytes) -> None:
        try:
            document = orjson.loads(data)
            sequence, moment, _ = document["sequence"], document["generated_at"], document["data"]
        except (orjson.JSONDecodeError, KeyError) as error:
            self.counts.count("broken", f"copy {name}: {type(error).__name__} {error}: {data[:60]!r}")
            return
        if len(set(marks(document))) > 1:
            self.counts.count("mixtures", f"copy {name}: {set(marks(document))}")
        if sequence < self._stamps[name]:
            self.counts.count("falling", f"copy {name}: {sequence} after {self._stamps[name]}")
        self.counts.releases += sequence > self.sequence
        self._stamps[name] = max(sequence, self._stamps[name])
        stamp = orjson.dumps({"sequence": sequence, "generated_at": moment})[:-1] + b","
        body = b"{" + data.removeprefix(stamp)
        if hashlib.sha256(body).hexdigest() != _hashes(self._published, sequence).get(name):
            self.counts.count("false copies", f"{name} is not that of release {sequence}")


@functools.lru_cache(maxsize=50)
def _hashes(published: Path, sequence: int) -> dict[str, str]:
    """The hashes of a release's files, from its kept manifest."""
    manifest = orjson.loads((published / release_name(sequence)).read_bytes())
    files = dict(manifest["files"])
    for part in manifest.get("parts", {}).values():
        files |= orjson.loads((published / object_name(part["sha256"])).read_bytes())["files"]
    return {name: file["sha256"] for name, file in files.items()}
