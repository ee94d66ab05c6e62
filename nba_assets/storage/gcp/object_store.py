"""The object store on Cloud Storage."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import google_crc32c
import tenacity
from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud.storage import Blob, Client
from google.cloud.storage.exceptions import DataCorruption
from google.cloud.storage.retry import DEFAULT_RETRY

from nba_assets.batches import batched
from nba_assets.errors import PlatformError
from nba_assets.storage.files import storage_error
from nba_assets.storage.gcp.clients import CONNECTIONS
from nba_assets.storage.gcp.errors import google_errors
from nba_assets.storage.gcp.object_headers import plain_headers
from nba_assets.storage.gcp.object_stream import PIECE, crc32c_text, damaged, open_blob
from nba_assets.storage.interfaces import InvalidName, ObjectEntry, ObjectInfo, ObjectNotFound
from nba_assets.storage.object_names import VERSIONS, broken_rule, check_name

PAGE = 1000
"""Objects of one answer to a listing, the most that there are."""
ATTEMPTS = 10
SHA256 = "sha256"
"""The metadata in which our objects carry their hash."""
_HASH = re.compile(r"[0-9a-f]{64}")
_LISTED = "items(name,size,generation),nextPageToken"
_HASHED = "items(name,size,generation,metadata,contentEncoding,crc32c),nextPageToken"

_anew = tenacity.retry(
    retry=tenacity.retry_if_exception_type(PreconditionFailed),
    stop=tenacity.stop_after_attempt(ATTEMPTS),
    wait=tenacity.wait_random_exponential(multiplier=0.05, max=2),
    reraise=True,
)
"""For what reads what is there and then replaces it: another writer came between."""


@dataclass(frozen=True)
class Content:
    """What is to be stored, with what Cloud Storage knows it by."""

    open: Callable[[], BinaryIO]
    size: int
    sha256: str
    crc32c: str

    @classmethod
    def of(cls, open_content: Callable[[], BinaryIO]) -> Content:
        """Reads it once, in pieces."""
        sha256, crc32c, size = hashlib.sha256(), google_crc32c.Checksum(), 0
        with open_content() as stream:
            while piece := stream.read(PIECE):
                sha256.update(piece)
                crc32c.update(piece)
                size += len(piece)
        return cls(open_content, size, sha256.hexdigest(), crc32c_text(crc32c))

    @classmethod
    def of_bytes(cls, data: bytes) -> Content:
        return cls.of(lambda: io.BytesIO(data))


class GcsObjectStore:
    """Objects of a bucket at `<prefix><name>`; overwritten contents at `<prefix>.versions/<name>/<sha256>`.

    A write names the generation that it replaces: of two writers at once one begins anew and finds the other's content,
    so none is lost that is to be kept, and a request repeated after a lost answer changes nothing. Google's client
    repeats what fails for a moment, also the writes of one object beyond about one a second.

    Our objects carry their sha256 as metadata; a stranger's is read when its hash must be known. Contents are stored
    as they are, not gzipped: so a listing has their size and checksum, and a range can be read. A CDN before the
    bucket compresses by itself.
    """

    def __init__(
        self,
        client: Client,
        bucket: str,
        prefix: str = "",
        *,
        keep_versions: bool = True,
        headers: Callable[[str], Mapping[str, str]] = plain_headers,
    ) -> None:
        self.prefix = prefix
        self.keep_versions = keep_versions
        self._client = client
        self._bucket = client.bucket(bucket)
        self._headers = headers

    def put(self, name: str, data: bytes, *, if_absent: bool = False) -> ObjectInfo:
        check_name(name)
        with _errors(f"write object {name}"):
            put = self._put_absent if if_absent else self._put
            return put(name, Content.of_bytes(data))

    def put_many(self, objects: Iterable[tuple[str, bytes]]) -> list[ObjectInfo | InvalidName]:
        told: list[Future[ObjectInfo] | InvalidName] = []
        last: dict[str, Future[ObjectInfo]] = {}
        with ThreadPoolExecutor(CONNECTIONS, "objects") as pool:
            for name, data in objects:
                try:
                    check_name(name)
                except InvalidName as error:
                    told.append(error)
                    continue
                last[name] = pool.submit(self._put_after, last.get(name), name, data)
                told.append(last[name])
            _finish(pool, [future for future in told if isinstance(future, Future)])
        return [item if isinstance(item, InvalidName) else item.result() for item in told]

    def put_file(self, name: str, file: Path) -> ObjectInfo:
        check_name(name)
        try:
            content = Content.of(lambda: file.open("rb"))
        except OSError as error:
            raise storage_error(error, f"read {file}") from error
        with _errors(f"write object {name}"):
            return self._put(name, content, keep=False)

    def get(self, name: str, sha256: str | None = None) -> bytes:
        check_name(name)
        with _errors(f"read object {name}"):
            data = self._download(name)
            if sha256 is None:
                return data if data is not None else self._absent(name)
            if data is not None and hashlib.sha256(data).hexdigest() == sha256:
                return data
            return self._get_version(name, sha256)

    def get_many(self, names: Iterable[str]) -> Iterator[bytes]:
        with ThreadPoolExecutor(CONNECTIONS, "objects") as pool:
            for some in batched(names, 2 * CONNECTIONS):
                yield from pool.map(self.get, some)

    def open(self, name: str) -> BinaryIO:
        check_name(name)
        what = f"read object {name}"
        with _errors(what):
            current = self._current(name)
            return open_blob(current, what) if current is not None else self._absent(name)

    def exists(self, name: str) -> bool:
        check_name(name)
        with _errors(f"look at object {name}"):
            return self._current(name) is not None

    def absent(self, names: Iterable[str]) -> Iterator[str]:
        with ThreadPoolExecutor(CONNECTIONS, "objects") as pool:
            for some in batched(names, 2 * CONNECTIONS):
                yield from (name for name, there in zip(some, pool.map(self.exists, some), strict=True) if not there)

    def list(self, prefix: str = "") -> Iterator[str]:
        return (entry.name for entry in self.entries(prefix))

    def entries(self, prefix: str = "", first: str = "", before: str = "") -> Iterator[ObjectEntry]:
        return (_entry(name, blob) for name, blob in self._blobs(_LISTED, prefix, first, before))

    def entry(self, name: str) -> ObjectEntry | None:
        if broken_rule(name):
            return None
        with _errors(f"look at object {name}"):
            found = self._current(name)
        return _entry(name, found) if found is not None else None

    def contents(self) -> Iterator[ObjectInfo]:
        with _errors(f"look at the objects below {self._bucket.name}/{self.prefix}"):
            for name, blob in self._blobs(_HASHED):
                yield self._info(name, blob)

    def kept(self) -> Iterator[ObjectInfo]:
        folder = f"{self.prefix}{VERSIONS}/"
        with _errors(f"list objects below {self._bucket.name}/{folder}"):
            for blob in self._client.list_blobs(self._bucket, prefix=folder, fields=_LISTED, page_size=PAGE):
                name, _, sha256 = blob.name.removeprefix(folder).rpartition("/")
                yield ObjectInfo(name, blob.size, sha256)

    def keep(self, name: str, data: bytes) -> None:
        check_name(name)
        content = Content.of_bytes(data)
        with _errors(f"keep a content of object {name}"):
            try:
                self._upload(_version(name, content.sha256), content, 0, plain_headers(name))
            except PreconditionFailed:
                return

    def delete(self, name: str) -> None:
        check_name(name)
        with _errors(f"delete object {name}"):
            self._delete(name)

    def delete_many(self, names: Sequence[str]) -> None:
        for name in names:
            check_name(name)
        with ThreadPoolExecutor(CONNECTIONS, "objects") as pool:
            _finish(pool, [pool.submit(self.delete, name) for name in dict.fromkeys(names)])

    def clean(self, *, dry_run: bool = False) -> int:
        """Nothing: an upload that ended halfway is no object."""
        return 0

    def _blobs(self, fields: str, prefix: str = "", first: str = "", before: str = "") -> Iterator[tuple[str, Blob]]:
        """What starts with a dot, the overwritten contents above all, is between two listings: never paged through."""
        if prefix and broken_rule(prefix) and broken_rule(f"{prefix}x"):
            return
        pieces = [(first, before)] if prefix else [(first, min(before or ".", ".")), (max(first, "/"), before)]
        with _errors(f"list objects below {self._bucket.name}/{self.prefix}{prefix}"):
            for begin, end in pieces:
                for blob in self._client.list_blobs(
                    self._bucket,
                    prefix=f"{self.prefix}{prefix}",
                    start_offset=f"{self.prefix}{begin}" if begin else None,
                    end_offset=f"{self.prefix}{end}" if end else None,
                    fields=fields,
                    page_size=PAGE,
                ):
                    name = blob.name.removeprefix(self.prefix)
                    if broken_rule(name) is None:
                        yield name, blob

    @_anew
    def _put(self, name: str, content: Content, keep: bool = True) -> ObjectInfo:
        current = self._current(name)
        if current is None or not self._has(current, content):
            if current is not None and keep and self.keep_versions:
                self._keep_current(name, current)
            generation = current.generation if current is not None else 0
            self._upload(name, content, generation, self._headers(name))
        return ObjectInfo(name, content.size, content.sha256)

    @_anew
    def _put_absent(self, name: str, content: Content) -> ObjectInfo:
        try:
            self._upload(name, content, 0, self._headers(name))
        except PreconditionFailed:
            current = self._current(name)
            if current is None:
                raise
            return self._info(name, current)
        return ObjectInfo(name, content.size, content.sha256)

    def _put_after(self, earlier: Future[ObjectInfo] | None, name: str, data: bytes) -> ObjectInfo:
        if earlier is not None:
            earlier.result()
        return self.put(name, data)

    @_anew
    def _delete(self, name: str) -> None:
        current = self._current(name) if self.keep_versions else None
        if self.keep_versions:
            if current is None:
                return
            self._keep_current(name, current)
        try:
            self._blob(name).delete(
                if_generation_match=current.generation if current is not None else None, retry=DEFAULT_RETRY
            )
        except NotFound as error:
            _refuse_missing_bucket(error)

    def _keep_current(self, name: str, current: Blob) -> None:
        """Copy it within Cloud Storage; one that was copied before stays."""
        sha256 = self._info(name, current).sha256
        kept = self._blob(_version(name, sha256))
        kept.metadata = {SHA256: sha256}
        kept.content_type = current.content_type
        if current.content_encoding:
            kept.content_encoding = current.content_encoding
        token = ""
        try:
            while token is not None:
                token, _, _ = kept.rewrite(
                    current, token=token, if_generation_match=0, if_source_generation_match=current.generation
                )
        except PreconditionFailed:
            if not kept.exists():
                raise
        except NotFound as error:
            _replaced_meanwhile(error)

    def _has(self, current: Blob, content: Content) -> bool:
        same = (current.size, current.crc32c) == (content.size, content.crc32c)
        return same and self._info("", current).sha256 == content.sha256

    def _info(self, name: str, current: Blob) -> ObjectInfo:
        """By our metadata, or by reading it."""
        sha256 = (current.metadata or {}).get(SHA256, "")
        if _HASH.fullmatch(sha256) and not current.content_encoding:
            return ObjectInfo(name, current.size, sha256)
        digest, size = hashlib.sha256(), 0
        try:
            with open_blob(current, f"read object {name}") as stream:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
        except PlatformError as error:
            if isinstance(error.__cause__, NotFound):
                _replaced_meanwhile(error.__cause__)
            raise
        return ObjectInfo(name, size, digest.hexdigest())

    def _upload(self, path: str, content: Content, generation: int, headers: Mapping[str, str]) -> None:
        blob = self._bucket.blob(f"{self.prefix}{path}", chunk_size=PIECE)
        blob.metadata = {SHA256: content.sha256}
        if "Cache-Control" in headers:
            blob.cache_control = headers["Cache-Control"]
        with content.open() as stream:
            blob.upload_from_file(
                stream,
                size=content.size,
                content_type=headers["Content-Type"],
                if_generation_match=generation,
                checksum="crc32c",
                crc32c_checksum_value=content.crc32c,
            )

    def _blob(self, path: str) -> Blob:
        return self._bucket.blob(f"{self.prefix}{path}")

    def _current(self, name: str) -> Blob | None:
        """The object with its metadata: what is read of it then is of that generation."""
        blob = self._blob(name)
        try:
            blob.reload()
        except NotFound as error:
            _refuse_missing_bucket(error)
            return None
        return blob

    def _download(self, path: str) -> bytes | None:
        """Checked here too: the client does not check what it fetched in two parts."""
        blob = self._blob(path)
        try:
            data: bytes = blob.download_as_bytes(checksum="crc32c")
        except NotFound as error:
            _refuse_missing_bucket(error)
            return None
        if not blob.content_encoding and blob.crc32c not in (None, crc32c_text(google_crc32c.Checksum(data))):
            raise damaged(f"read object {path}")
        return data

    def _get_version(self, name: str, sha256: str) -> bytes:
        data = self._download(_version(name, sha256)) if _HASH.fullmatch(sha256) else None
        if data is None:
            raise ObjectNotFound(f"no content {sha256[:64]!r} of object {name}", "its bytes were never stored here")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise PlatformError(f"object {name}: kept content {sha256} is damaged", "restore it from a backup")
        return data

    def _absent(self, name: str) -> NoReturn:
        where = f"gs://{self._bucket.name}/{self.prefix}"
        raise ObjectNotFound(f"no object {name}", f"list what there is below {where}") from None


@contextmanager
def _errors(what: str) -> Iterator[None]:
    with google_errors(what):
        try:
            yield
        except DataCorruption as error:
            raise damaged(what) from error


def _finish(pool: ThreadPoolExecutor, futures: Sequence[Future[Any]]) -> None:
    """Raise what the first of them raises; then those that have not begun are left."""
    done, _ = wait(futures, return_when=FIRST_EXCEPTION)
    pool.shutdown(cancel_futures=True)
    for future in done:
        future.result()


def _entry(name: str, blob: Blob) -> ObjectEntry:
    return ObjectEntry(name, blob.size, str(blob.generation))


def _version(name: str, sha256: str) -> str:
    return f"{VERSIONS}/{name}/{sha256}"


def _refuse_missing_bucket(error: NotFound) -> None:
    """An object that is not there is no error; a bucket that is not there is one."""
    if "bucket does not exist" in str(error):
        raise error


def _replaced_meanwhile(error: Exception) -> NoReturn:
    raise PreconditionFailed("another writer replaced it meanwhile") from error
