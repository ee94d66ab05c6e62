"""The contract of an object store on Cloud Storage, and what only a bucket has: other writers, strangers, headers."""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from google.cloud import storage

from nba_assets.errors import TransientError
from nba_assets.storage.gcp import object_store as gcs_objects
from nba_assets.storage.gcp import object_stream
from nba_assets.storage.gcp.object_headers import published_headers
from nba_assets.storage.gcp.object_store import GcsObjectStore
from nba_assets.storage.interfaces import ObjectInfo, ObjectNotFound
from nba_assets_tests.storage.test_object_store import *  # noqa: F403
from nba_assets_tests.storage.test_object_store import NAME, sha

WRITERS = 8


@pytest.fixture
def store(gcs_client: storage.Client, bucket: storage.Bucket) -> GcsObjectStore:
    return GcsObjectStore(gcs_client, bucket.name)


def together(*work: Callable[[], object]) -> list[object]:
    """What each returns; all of them begin at once."""
    ready = threading.Barrier(len(work))

    def begin(one: Callable[[], object]) -> object:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin, work))


def test_of_writers_at_once_every_content_is_kept(store: GcsObjectStore) -> None:
    contents = [f"content {n}".encode() for n in range(WRITERS)]
    together(*(lambda data=data: store.put(NAME, data) for data in contents))
    assert store.get(NAME) in contents
    assert [store.get(NAME, sha(data)) for data in contents] == contents


def test_of_writers_of_a_new_name_at_once_one_wins_and_all_are_told_so(store: GcsObjectStore) -> None:
    contents = [f"content {n}".encode() for n in range(WRITERS)]
    told = together(*(lambda data=data: store.put(NAME, data, if_absent=True) for data in contents))
    won = store.get(NAME)
    assert won in contents and told == [ObjectInfo(NAME, len(won), sha(won))] * WRITERS


def test_an_object_is_deleted_once_by_many_and_its_content_is_kept(store: GcsObjectStore) -> None:
    store.put(NAME, b"one")
    together(*(lambda: store.delete_many([NAME, "never/there", NAME]) for _ in range(WRITERS)))
    assert not store.exists(NAME) and store.get(NAME, sha(b"one")) == b"one"
    assert store.clean() == 0


def test_equal_content_is_not_written_again(store: GcsObjectStore, bucket: storage.Bucket, tmp_path: Path) -> None:
    bucket.blob("strange").upload_from_string(b"one")
    store.put(NAME, b"one")
    (tmp_path / "file").write_bytes(b"one")
    before = list(store.entries())
    store.put_many([(NAME, b"one"), ("strange", b"one")])
    store.put_file(NAME, tmp_path / "file")
    assert list(store.entries()) == before and [entry.size for entry in before] == [3, 3]
    store.put(NAME, b"two")
    assert store.entry(NAME) == next(store.entries(NAME)) != before[0]


def test_without_versions_an_overwritten_content_is_gone(gcs_client: storage.Client, bucket: storage.Bucket) -> None:
    store = GcsObjectStore(gcs_client, bucket.name, keep_versions=False)
    store.put(NAME, b"one")
    store.put(NAME, b"two")
    store.delete(NAME)
    assert list(bucket.list_blobs()) == []
    store.keep(NAME, b"three")
    store.keep(NAME, b"three")
    assert store.get(NAME, sha(b"three")) == b"three" and not store.exists(NAME)


def test_a_strangers_object_is_hashed_by_reading_it(store: GcsObjectStore, bucket: storage.Bucket) -> None:
    bucket.blob(NAME).upload_from_string(b"one")
    assert store.put(NAME, b"two", if_absent=True) == ObjectInfo(NAME, 3, sha(b"one"))
    store.put(NAME, b"two")
    assert store.get(NAME, sha(b"one")) == b"one" and store.get(NAME) == b"two"


def test_metadata_that_are_no_hash_are_not_believed(store: GcsObjectStore, bucket: storage.Bucket) -> None:
    blob = bucket.blob(NAME)
    blob.metadata = {"sha256": "../../elsewhere"}
    blob.upload_from_string(b"one")
    store.delete(NAME)
    assert [kept.name for kept in bucket.list_blobs()] == [f".versions/{NAME}/{sha(b'one')}"]


def test_what_a_stranger_stored_gzipped_is_read_and_kept_unpacked(
    store: GcsObjectStore, bucket: storage.Bucket
) -> None:
    blob = bucket.blob(NAME)
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"one" * 100))
    with store.open(NAME) as stream:
        assert store.get(NAME) == stream.read() == b"one" * 100
    assert store.put(NAME, b"two", if_absent=True) == ObjectInfo(NAME, 300, sha(b"one" * 100))
    store.put(NAME, b"two")
    assert store.get(NAME, sha(b"one" * 100)) == b"one" * 100


def test_names_that_are_none_of_ours_are_not_listed(store: GcsObjectStore, bucket: storage.Bucket) -> None:
    for name in ("-a", "a//b", "a/", "a/.hidden", ".hidden/a", "a\\b", "a/b", "é/ü", "~"):
        bucket.blob(name).upload_from_string(b"")
    assert list(store.list()) == ["-a", "a/b", "~", "é/ü"]
    assert list(store.list("a")) == ["a/b"] and list(store.list(".hid")) == list(store.list("a/.h")) == []
    assert [store.entry(name) for name in ("a//b", "a/", ".hidden/a", "../a", "none")] == [None] * 5


def test_prefixes_of_one_bucket_are_stores_of_their_own(gcs_client: storage.Client, bucket: storage.Bucket) -> None:
    one, other = (GcsObjectStore(gcs_client, bucket.name, prefix) for prefix in ("one/", "other/"))
    for data in (b"1", b"2"):
        one.put("a", data)
    other.put("b", b"3")
    assert list(one.list()) == ["a"] and list(other.list()) == ["b"]
    assert {blob.name for blob in bucket.list_blobs()} == {"one/a", f"one/.versions/a/{sha(b'1')}", "other/b"}


def test_a_listing_is_paged_as_it_is_asked_for(store: GcsObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"nba-com/2024-11-{day:02}/{n}.json" for day in (1, 2) for n in range(5)]
    store.put_many((name, b"") for name in names)
    store.put_many((name, b"1") for name in names)
    monkeypatch.setattr(gcs_objects, "PAGE", 2)
    asked = []
    connection = store._client._connection
    monkeypatch.setattr(
        connection, "api_request", lambda **kw: (asked.append(kw), type(connection).api_request(connection, **kw))[1]
    )
    listing = store.list("nba-com/2024-11-02/")
    assert [next(listing), next(listing)] == names[5:7] and len(asked) == 1
    assert list(listing) == names[7:] and len(asked) == 3
    asked.clear()
    assert list(store.list()) == names and len(asked) == 6


def test_an_object_is_streamed_in_pieces_of_one_generation(
    store: GcsObjectStore, bucket: storage.Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_stream, "PIECE", 1000)
    data = bytes(range(256)) * 10
    store.put(NAME, data)
    with store.open(NAME) as stream:
        assert stream.read(10) == data[:10] and stream.read() == data[10:] and stream.read() == b""
    with store.open(NAME) as stream:
        assert b"".join(iter(lambda: stream.read(300), b"")) == data
    with store.open(NAME) as stream:
        assert stream.read(10) == data[:10]
        bucket.blob(NAME).upload_from_string(data[::-1])
        with pytest.raises(TransientError, match=f"cannot read object {NAME}"):
            stream.read()
    with pytest.raises(ObjectNotFound, match="no object other"):
        store.open("other")


def test_a_large_file_is_sent_in_pieces(store: GcsObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(9_000_000)
    (tmp_path / "file").write_bytes(data)
    pieces = []

    class Watched(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            pieces.append(size)
            return super().read(size)

    monkeypatch.setattr(Path, "open", lambda path, *args: Watched(path))
    store.put_file(NAME, tmp_path / "file")
    monkeypatch.undo()
    assert max(pieces) <= object_stream.PIECE and min(pieces) > 0
    with store.open(NAME) as stream:
        assert stream.read() == data


def test_published_objects_have_their_type_and_caching(gcs_client: storage.Client, bucket: storage.Bucket) -> None:
    store = GcsObjectStore(gcs_client, bucket.name, keep_versions=False, headers=published_headers)
    immutable = f"v1/objects/sha256/ab/{'ab' * 32}.json"
    store.put_many((name, b"{}") for name in (immutable, "v1/manifest.json", "v1/releases/7.json", "v1/status.json"))
    store.put("v1/status.json", b"{ }")
    found = {blob.name: (blob.cache_control, blob.content_type) for blob in bucket.list_blobs()}
    assert found.pop(immutable) == ("public, max-age=31536000, immutable", "application/json")
    assert set(found.values()) == {("no-cache", "application/json")} and len(found) == 3


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.json", "application/json"),
        ("a.csv", "text/csv"),
        ("a.pdf", "application/pdf"),
        ("a.json.gz", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_an_objects_type_is_its_suffix(store: GcsObjectStore, bucket: storage.Bucket, name: str, kind: str) -> None:
    store.put(name, b"")
    blob = bucket.get_blob(name)
    assert (blob.content_type, blob.cache_control, blob.metadata) == (kind, None, {"sha256": sha(b"")})


def test_a_damaged_kept_content_is_not_handed_out(store: GcsObjectStore, bucket: storage.Bucket) -> None:
    bucket.blob(f".versions/{NAME}/{sha(b'one')}").upload_from_string(b"eno")
    with pytest.raises(Exception, match="damaged") as refused:
        store.get(NAME, sha(b"one"))
    assert "backup" in refused.value.hint  # type: ignore[attr-defined]
