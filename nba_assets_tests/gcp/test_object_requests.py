"""What the emulator of Cloud Storage does not do: which requests we send, and errors as the JSON API documents them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import google_crc32c
import pytest
import requests
from google.api_core import exceptions as google
from google.auth.exceptions import RefreshError

from nba_assets.errors import PlatformError, TransientError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.clients import storage_client
from nba_assets.storage.gcp.errors import google_errors, plain
from nba_assets.storage.gcp.object_headers import published_headers
from nba_assets.storage.gcp.object_store import ATTEMPTS, GcsObjectStore
from nba_assets.storage.interfaces import ObjectInfo, ObjectNotFound
from nba_assets_tests.gcp.scripted import Answer, Asked, Scripted, scripted_server
from nba_assets_tests.storage.test_object_store import sha

NAME = "nba-com/2024-11-01/1.json"
KEPT = f".versions/{NAME}/{sha(b'one')}"
OBJECT = f"/storage/v1/b/landing/o/{NAME}"
UPLOAD = "/upload/storage/v1/b/landing/o"
DOWNLOAD = f"/download{OBJECT}"


def refused(status: int, reason: str, message: str, domain: str = "global") -> Answer:
    """An error's body as the reference shows it."""
    error = {"domain": domain, "reason": reason, "message": message}
    return Answer(status, {"error": {"errors": [error], "code": status, "message": message}})


NO_OBJECT = refused(404, "notFound", f"No such object: landing/{NAME}")
NO_BUCKET = refused(404, "notFound", "The specified bucket does not exist.")
CHANGED = refused(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.")
AWAY = refused(503, "backendError", "Backend Error")
TOO_FAST = refused(
    429,
    "rateLimitExceeded",
    f"The object landing/{NAME} exceeded the rate limit for object mutation operations (create, update, and delete). "
    "Please reduce your request rate. See https://cloud.google.com/storage/docs/gcs429.",
    "usageLimits",
)
NOT_ALLOWED = refused(
    403,
    "forbidden",
    "runner@project.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage "
    "object. Permission 'storage.objects.create' denied on resource (or it may not exist).",
)
LOGIN = refused(401, "required", "Anonymous caller does not have storage.objects.get access.")
DELETED = Answer(204)
COPIED = Answer(200, {"kind": "storage#rewriteResponse", "done": True, "objectSize": "3", "totalBytesRewritten": "3",
                      "resource": {"name": KEPT, "bucket": "landing"}})  # fmt: skip


def crc32c(data: bytes) -> str:
    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()


def resource(data: bytes, generation: int, **more: Any) -> Answer:
    """An object's metadata."""
    own = {"metadata": {"sha256": sha(data)}, "contentType": "application/json"}
    found = {"name": NAME, "bucket": "landing", "generation": str(generation), "size": str(len(data))}
    return Answer(200, {"kind": "storage#object", "crc32c": crc32c(data)} | own | found | more)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """Between two attempts nobody waits: the random waits are their least, which is none."""
    monkeypatch.setattr(random, "uniform", lambda least, most: least)
    with scripted_server() as server:
        yield server


@pytest.fixture
def store(server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GcsObjectStore:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    settings = Settings(home=tmp_path, database_url=None, gcp_project="project", emulators=True)
    return GcsObjectStore(storage_client(settings), "landing")


def seen(asked: Asked) -> tuple[str, str, str | None]:
    """A request as its method, its path and the generation it names."""
    return asked.method, asked.path, asked.query.get("ifGenerationMatch")


def sent(asked: Asked) -> dict[str, Any]:
    """The metadata of an upload in one request."""
    return json.loads(asked.body.split(b"\r\n\r\n")[1].split(b"\r\n--")[0])  # type: ignore[no-any-return]


def test_a_new_object_is_written_on_condition_that_there_is_none(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [NO_OBJECT, resource(b"one", 1)]
    assert store.put(NAME, b"one") == ObjectInfo(NAME, 3, sha(b"one"))
    assert [seen(asked) for asked in server.asked] == [("GET", OBJECT, None), ("POST", UPLOAD, "0")]
    wanted = {"name": NAME, "crc32c": crc32c(b"one"), "metadata": {"sha256": sha(b"one")}}
    assert sent(server.asked[1]) == wanted
    assert b"content-type: application/json\r\n\r\none\r\n" in server.asked[1].body


def test_a_published_object_is_sent_with_its_caching(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [NO_OBJECT, resource(b"one", 1)]
    GcsObjectStore(store._client, "landing", headers=published_headers).put("v1/manifest.json", b"one")
    assert sent(server.asked[1])["cacheControl"] == "no-cache"


def test_the_old_content_is_copied_before_it_is_replaced(server: Scripted, store: GcsObjectStore) -> None:
    partly = {"done": False, "rewriteToken": "more", "objectSize": "3", "totalBytesRewritten": "1"}
    server.answers = [resource(b"one", 7), Answer(200, partly), COPIED, resource(b"two", 8)]
    store.put(NAME, b"two")
    copy = ("POST", f"{OBJECT}/rewriteTo/b/landing/o/{KEPT}", "0")
    assert [seen(asked) for asked in server.asked] == [("GET", OBJECT, None), copy, copy, ("POST", UPLOAD, "7")]
    assert [asked.query.get("rewriteToken") for asked in server.asked[1:3]] == [None, "more"]
    assert server.asked[1].query["ifSourceGenerationMatch"] == server.asked[1].query["sourceGeneration"] == "7"
    assert json.loads(server.asked[1].body)["metadata"] == {"sha256": sha(b"one")}


def test_a_content_that_was_kept_before_is_not_copied_again(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [resource(b"one", 7), CHANGED, resource(b"one", 2, name=KEPT), resource(b"two", 8)]
    store.put(NAME, b"two")
    assert server.asked[2].path.endswith(KEPT) and seen(server.asked[3]) == ("POST", UPLOAD, "7")


@pytest.mark.parametrize(
    "between",
    [
        pytest.param([CHANGED, NO_OBJECT], id="before its content is copied"),
        pytest.param([NO_OBJECT], id="so that the copied generation is gone"),
        pytest.param([COPIED, CHANGED], id="before it is replaced"),
    ],
)
def test_a_write_begins_anew_when_another_writer_came_between(
    server: Scripted, store: GcsObjectStore, between: list[Answer]
) -> None:
    server.answers = [resource(b"one", 7), *between, resource(b"other", 8), COPIED, resource(b"two", 9)]
    store.put(NAME, b"two")
    copy = f"{OBJECT}/rewriteTo/b/landing/o/.versions/{NAME}/{sha(b'other')}"
    assert [seen(asked) for asked in server.asked[-3:]] == [("GET", OBJECT, None), ("POST", copy, "0"),
                                                            ("POST", UPLOAD, "8")]  # fmt: skip


def test_a_write_whose_answer_was_lost_finds_itself(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [NO_OBJECT, AWAY, CHANGED, resource(b"one", 7)]
    assert store.put(NAME, b"one") == ObjectInfo(NAME, 3, sha(b"one"))
    assert [seen(asked)[2] for asked in server.asked] == [None, "0", "0", None]


def test_a_write_that_others_always_come_before_ends(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [NO_OBJECT, CHANGED] * ATTEMPTS
    with pytest.raises(TransientError, match=f"^cannot write object {NAME}: At least one of the pre-cond") as error:
        store.put(NAME, b"one")
    assert len(server.asked) == 2 * ATTEMPTS and error.value.hint.startswith("try again")


def test_if_absent_says_what_is_there(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [CHANGED, NO_OBJECT, CHANGED, resource(b"two", 8)]
    assert store.put(NAME, b"one", if_absent=True) == ObjectInfo(NAME, 3, sha(b"two"))
    assert [seen(asked)[2] for asked in server.asked] == ["0", None, "0", None]


def test_a_delete_names_the_generation_whose_content_was_kept(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [resource(b"one", 7), COPIED, CHANGED, resource(b"two", 8), COPIED, DELETED]
    store.delete(NAME)
    assert [seen(asked)[2] for asked in server.asked if asked.method == "DELETE"] == ["7", "8"]
    server.answers = [resource(b"one", 7), COPIED, AWAY, NO_OBJECT]
    store.delete(NAME)
    assert len(server.asked) == 10


def test_a_large_file_is_checked_by_the_server_before_it_is_there(
    server: Scripted, store: GcsObjectStore, tmp_path: Path
) -> None:
    data = bytes(9_000_000)
    (tmp_path / "file").write_bytes(data)
    session = {"Location": f"{server.url}/session"}
    server.answers = [NO_OBJECT, Answer(200, headers=session), Answer(308, headers={"Range": "bytes=0-8388607"}),
                      resource(data, 1)]  # fmt: skip
    store.put_file(NAME, tmp_path / "file")
    begin, *pieces = server.asked[1:]
    assert seen(begin) == ("POST", UPLOAD, "0") and json.loads(begin.body)["crc32c"] == crc32c(data)
    assert [asked.headers["content-range"] for asked in pieces] == [
        "bytes 0-8388607/9000000",
        "bytes 8388608-8999999/9000000",
    ]


def test_a_listing_asks_for_no_more_than_it_shows_and_passes_by_what_is_hidden(
    server: Scripted, store: GcsObjectStore
) -> None:
    page = {"items": [{"name": NAME, "size": "3", "generation": "7"}], "nextPageToken": "next"}
    server.answers = [Answer(200, {}), Answer(200, page), AWAY, Answer(200, {})]
    entries = GcsObjectStore(store._client, "landing", "raw/").entries()
    server.answers[1].body["items"][0]["name"] = f"raw/{NAME}"
    assert [(entry.name, entry.size, entry.stamp) for entry in entries] == [(NAME, 3, "7")]
    before, after, *_ = (asked.query for asked in server.asked)
    assert before["endOffset"] == "raw/." and after["startOffset"] == "raw//"
    assert before["prefix"] == after["prefix"] == "raw/" and before["maxResults"] == "1000"
    assert before["fields"] == "items(name,size,generation),nextPageToken"
    assert [asked.query.get("pageToken") for asked in server.asked] == [None, None, "next", "next"]


@pytest.mark.parametrize("trouble", [TOO_FAST, AWAY], ids=["429", "503"])
def test_what_fails_for_a_moment_is_tried_again(server: Scripted, store: GcsObjectStore, trouble: Answer) -> None:
    server.answers = [trouble, NO_OBJECT, trouble, trouble, resource(b"one", 1)]
    store.put(NAME, b"one")
    server.answers = [trouble, resource(b"one", 1), trouble, COPIED, trouble, DELETED]
    store.delete(NAME)
    server.answers = [trouble, Answer(200, b"one", {"x-goog-hash": f"crc32c={crc32c(b'one')}"})]
    assert store.get(NAME) == b"one" and server.answers == []


def test_a_download_that_ends_early_goes_on_where_it_ended(server: Scripted, store: GcsObjectStore) -> None:
    data = bytes(range(250)) * 80
    headers = {"x-goog-hash": f"crc32c={crc32c(data)}", "x-goog-generation": "7"}
    cut = Answer(200, data[:10_000], headers, length=len(data))
    server.answers = [cut, Answer(206, data[8192:], headers)]
    assert store.get(NAME) == data
    assert server.asked[1].headers["range"] == "bytes=8192-" and server.asked[1].query["generation"] == "7"
    server.answers = [cut, Answer(206, data[8192:][::-1], headers)]
    with pytest.raises(TransientError, match=f"^cannot read object {NAME}: what arrived does not have its checksum$"):
        store.get(NAME)


@pytest.mark.parametrize("read", [lambda store: store.get(NAME), lambda store: store.open(NAME).read()])
def test_a_content_that_does_not_have_its_checksum_is_not_handed_out(
    server: Scripted, store: GcsObjectStore, read: Callable[[GcsObjectStore], bytes]
) -> None:
    damaged = Answer(200, b"eno", {"x-goog-hash": f"crc32c={crc32c(b'one')}"})
    server.answers = [resource(b"one", 7), damaged] if "open" in read.__code__.co_names else [damaged]
    with pytest.raises(TransientError, match=f"^cannot read object {NAME}: what arrived does not have its checksum$"):
        read(store)


def test_a_stream_reads_one_generation(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [resource(b"one", 7), Answer(206, b"one")]
    assert store.open(NAME).read(3) == b"one"
    assert server.asked[1].path == DOWNLOAD and server.asked[1].query["generation"] == "7"
    assert server.asked[1].headers["range"] == "bytes=0-2"
    server.answers = [resource(b"one", 7), Answer(206, b"on")]
    with pytest.raises(TransientError, match="checksum"):
        store.open(NAME).read(3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.get(NAME),
        lambda store: store.get(NAME, sha(b"one")),
        lambda store: store.open(NAME),
        lambda store: store.exists(NAME),
        lambda store: store.put(NAME, b"one"),
        lambda store: store.put(NAME, b"one", if_absent=True),
        lambda store: store.delete_many([NAME]),
        lambda store: list(store.list()),
    ],
)
def test_a_bucket_that_is_not_there_is_not_taken_for_an_empty_one(
    server: Scripted, store: GcsObjectStore, ask: Callable[[GcsObjectStore], object]
) -> None:
    server.answers = [NO_BUCKET]
    with pytest.raises(PlatformError, match=r"^cannot \w+ (at )?objects? .*: The specified bucket does not exist") as e:
        ask(store)
    assert not isinstance(e.value, ObjectNotFound | TransientError)
    assert e.value.hint == "check NBA_ASSETS_GCP_PROJECT and the names of buckets, datasets, subscription"


@pytest.mark.parametrize(
    ("answer", "kind", "line", "hint"),
    [
        (
            NOT_ALLOWED,
            PlatformError,
            f"cannot write object {NAME}: runner@project.iam.gserviceaccount.com does not have storage.objects.create "
            "access to the Google Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it "
            "may not exist).",
            "grant the permission storage.objects.create to the account",
        ),
        (
            LOGIN,
            PlatformError,
            f"cannot write object {NAME}: no usable Application Default Credentials",
            "run `gcloud auth application-default login`",
        ),
        (
            refused(400, "invalid", 'Provided CRC32C "a" doesn\'t match calculated CRC32C "b".'),
            PlatformError,
            f'cannot write object {NAME}: Provided CRC32C "a" doesn\'t match calculated CRC32C "b".',
            "run `nba-assets doctor`",
        ),
        (
            refused(403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
            TransientError,
            f"cannot write object {NAME}: Rate Limit Exceeded",
            "a quota is used up",
        ),
    ],
    ids=["403", "401", "400", "403 of a quota"],
)
def test_an_error_is_one_line_with_its_fix(
    server: Scripted, store: GcsObjectStore, answer: Answer, kind: type[PlatformError], line: str, hint: str
) -> None:
    server.answers = [answer]
    with pytest.raises(PlatformError) as error:
        store.put(NAME, b"one", if_absent=True)
    assert (type(error.value), str(error.value)) == (kind, line) and error.value.hint.startswith(hint)
    server.answers = [answer]
    with pytest.raises(PlatformError) as error:
        store.put(NAME, b"one")
    assert (type(error.value), str(error.value)) == (kind, line)


def test_of_many_the_first_error_is_told_and_the_rest_is_left(server: Scripted, store: GcsObjectStore) -> None:
    server.answers = [NOT_ALLOWED] * 200
    with pytest.raises(PlatformError, match=r"^cannot write object \d+: .*storage.objects.create"):
        store.put_many((str(n), b"") for n in range(200))
    assert len(server.asked) < 200


def test_patience_that_ended_tells_the_error_that_it_was_for() -> None:
    cause = google.TooManyRequests("POST https://storage.googleapis.com/upload/x?uploadType=multipart: too fast")
    told = plain(google.RetryError("Timeout of 120.0s exceeded", cause), "write object a")
    assert (type(told), str(told)) == (TransientError, "cannot write object a: too fast")


def test_an_address_where_nobody_answers_is_said_plainly() -> None:
    with (
        pytest.raises(TransientError, match=r"^cannot read object a: 127\.0\.0\.1:9 does not answer$"),
        google_errors("read object a"),
    ):
        requests.get("http://127.0.0.1:9/", timeout=1)
    assert "application-default login" in plain(RefreshError("no"), "read object a").hint  # type: ignore[no-untyped-call]
