"""The read-only server over a published folder: what it answers."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import brotli
import pytest
from starlette.testclient import TestClient

from nba_assets.clock import FixedClock
from nba_assets.publishing import sign_off
from nba_assets.web.server import make_app
from nba_assets_tests.engine.conftest import NOW
from nba_assets_tests.web import tree

DAILY = {"status": "complete", "data": "Dončić " * 1000}
STATUS = {"status": "complete", "data": {}}
TEXT = sign_off.encode(DAILY)
HASH = hashlib.sha256(TEXT).hexdigest()
OBJECT = f"/v1/objects/sha256/{HASH[:2]}/{HASH}.json"
MANIFEST = "/v1/manifest.json"
IDENTITY = {"Accept-Encoding": "identity"}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A release of two documents, and a secret beside the published folder."""
    folder = tmp_path / "published"
    tree.write(folder, {"latest/daily.json": DAILY, "status.json": STATUS}, sequence=3)
    (tmp_path / "secret.json").write_text("secret")
    return folder


@pytest.fixture
def client(published: Path) -> TestClient:
    return TestClient(make_app(published), headers=IDENTITY)


def path_of(published: Path) -> Path:
    """The object's file."""
    return published / OBJECT.removeprefix("/")


def ages(path: Path) -> None:
    """The file has been there for an hour, so that what is in memory of it is used."""
    os.utime(path, (path.stat().st_mtime - 3600,) * 2)


def test_objects_never_change_and_all_else_is_revalidated(client: TestClient) -> None:
    found = client.get(OBJECT)
    assert (found.status_code, found.content) == (200, TEXT)
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["content-type"] == "application/json"
    for path in (MANIFEST, "/", "/app.js", "/healthz", "/readyz", "/v1/none.json", OBJECT.replace(HASH, "0" * 64)):
        assert client.get(path).headers["cache-control"] == "no-cache", path


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("x-gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("identity, br;q=0.9", "identity"),
        ("*", "br"),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0, br", "br"),
        ("nonsense;;q=2, ,", "identity"),
        ("br;q=1.1", "identity"),
    ],
)
def test_the_coding_is_the_one_preferred(client: TestClient, header: str, coding: str) -> None:
    with client.stream("GET", OBJECT, headers={"Accept-Encoding": header}) as found:
        body = b"".join(found.iter_raw())
    assert found.headers.get("content-encoding", "identity") == coding
    decoded = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}[coding](body)
    assert decoded == TEXT
    assert found.headers["vary"] == "Accept-Encoding"
    assert found.headers["etag"] == (f'"{HASH}"' if coding == "identity" else f'"{HASH}-{coding}"')
    assert int(found.headers["content-length"]) == len(body)


def test_without_any_coding_that_is_accepted_there_is_no_answer(client: TestClient) -> None:
    assert client.get(OBJECT, headers={"Accept-Encoding": "identity;q=0, zstd"}).status_code == 406
    assert client.get(OBJECT, headers={"Accept-Encoding": "*;q=0"}).status_code == 406


def test_what_is_small_is_not_coded_unless_it_has_to_be(published: Path, client: TestClient) -> None:
    (published / "v1" / "small.json").write_text("{}")
    assert "content-encoding" not in client.get("/v1/small.json", headers={"Accept-Encoding": "br"}).headers
    forced = client.get("/v1/small.json", headers={"Accept-Encoding": "gzip, identity;q=0"})
    assert (forced.headers["content-encoding"], forced.content) == ("gzip", b"{}")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If-None-Match": f'"{HASH}"'}, 304),
        ({"If-None-Match": f'W/"{HASH}"'}, 304),
        ({"If-None-Match": f'"a", W/"b" ,"{HASH}"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": f'"{HASH}-br"'}, 200),
        ({"If-None-Match": f'"a, {HASH}"'}, 200),
        ({"If-None-Match": HASH}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-Match": f'"a", "{HASH}"'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": f'W/"{HASH}"'}, 412),
        ({"If-Match": '"a"'}, 412),
        ({"If-Match": '"a"', "If-None-Match": "*"}, 412),
        ({"If-Modified-Since": "Sat, 29 Oct 2033 19:43:31 GMT"}, 200),
        ({"If-None-Match": f'"{HASH}"', "Range": "bytes=0-1"}, 304),
    ],
)
def test_conditions(client: TestClient, condition: dict[str, str], status: int) -> None:
    found = client.get(OBJECT, headers=condition)
    assert found.status_code == status
    if status == 304:
        assert found.content == b"" and "content-length" not in found.headers
        assert found.headers["etag"] == f'"{HASH}"' and "immutable" in found.headers["cache-control"]
        assert found.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=10-", 10, len(TEXT) - 1),
        ("bytes=-5", len(TEXT) - 5, len(TEXT) - 1),
        ("bytes=-999999", 0, len(TEXT) - 1),
        ("bytes=5-999999", 5, len(TEXT) - 1),
        ("Bytes=1-2", 1, 2),
    ],
)
def test_a_range(client: TestClient, wanted: str, first: int, last: int) -> None:
    found = client.get(OBJECT, headers={"Range": wanted, "Accept-Encoding": "br"})
    assert (found.status_code, found.content) == (206, TEXT[first : last + 1])
    assert found.headers["content-range"] == f"bytes {first}-{last}/{len(TEXT)}"
    assert found.headers["etag"] == f'"{HASH}"' and "content-encoding" not in found.headers


@pytest.mark.parametrize(
    "wanted", ["bytes=5-2", "bytes=a-b", "lines=0-1", "bytes=-", "bytes=0-1,4-5", "0-1", "", "bytes=٣-٤"]
)
def test_what_is_no_range_that_we_know_is_ignored(client: TestClient, wanted: str) -> None:
    found = client.get(OBJECT, headers={"Range": wanted.encode()})
    assert (found.status_code, len(found.content)) == (200, len(TEXT))


@pytest.mark.parametrize("wanted", [f"bytes={len(TEXT)}-", "bytes=-0", "bytes=" + "9" * 1500 + "-"])
def test_a_range_behind_the_end_is_refused_with_the_size(client: TestClient, wanted: str) -> None:
    found = client.get(OBJECT, headers={"Range": wanted})
    assert found.status_code == 416
    assert found.headers["content-range"] == f"bytes */{len(TEXT)}"
    assert str(len(TEXT)) in found.json()["detail"]


@pytest.mark.parametrize(
    ("held", "status"), [(f'"{HASH}"', 206), ('"other"', 200), (f'W/"{HASH}"', 200), (f'"{HASH}-br"', 200)]
)
def test_a_range_of_another_state_is_the_whole_file(client: TestClient, held: str, status: int) -> None:
    found = client.get(OBJECT, headers={"Range": "bytes=0-1", "If-Range": held})
    assert (found.status_code, found.content) == (status, TEXT[:2] if status == 206 else TEXT)


@pytest.mark.parametrize("path", [OBJECT, MANIFEST, "/", "/app.js", "/healthz", "/readyz", "/v1/none.json", "/none"])
@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_head_has_the_headers_of_get(client: TestClient, path: str, coding: str) -> None:
    known = {"Accept-Encoding": coding, "X-Request-ID": "one"}
    get, head = (client.request(method, path, headers=known) for method in ("GET", "HEAD"))
    assert head.status_code == get.status_code
    assert head.headers == get.headers and head.content == b""
    assert client.head(path, headers=known | {"Range": "bytes=0-1"}).headers == get.headers


def test_a_file_that_was_replaced_is_read_anew(published: Path, client: TestClient) -> None:
    target = published / "v1" / "status.json"
    for text in ("{}", "[]", '{"a": 1}'):
        (published / "new").write_text(text)
        (published / "new").replace(target)
        ages(target)
        for _ in range(2):
            found = client.get("/v1/status.json")
            assert found.text == text
            assert found.headers["etag"] == f'"{hashlib.sha256(text.encode()).hexdigest()}"'
    target.unlink()
    assert client.get("/v1/status.json").status_code == 404


def test_a_file_is_new_even_if_its_stamp_is_that_of_the_old_one(published: Path) -> None:
    """A file system's clock ticks: bytes of the same length written within a tick have the same times."""
    target = published / "v1" / "status.json"
    client = TestClient(make_app(published, clock=FixedClock(NOW)), headers=IDENTITY)
    target.write_text("1")
    now = target.stat()
    app_says = [client.get("/v1/status.json").text]
    target.write_text("2")
    os.utime(target, ns=(now.st_atime_ns, now.st_mtime_ns))
    app_says.append(client.get("/v1/status.json").text)
    assert app_says == ["1", "2"]


def test_bytes_that_are_not_their_name_are_never_sent(
    published: Path, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    path_of(published).write_bytes(TEXT[:-1] + b" ")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            found = client.get(OBJECT)
            assert found.status_code == 503 and "Don" not in found.text
            assert found.headers["cache-control"] == "no-store" and found.headers["retry-after"] == "5"
    assert [OBJECT.removeprefix("/v1/") in said.message for said in caplog.records] == [True]
    path_of(published).write_bytes(TEXT)
    assert client.get(OBJECT).content == TEXT


def test_an_object_in_memory_outlives_its_file(published: Path, client: TestClient) -> None:
    assert client.get(OBJECT).status_code == 200
    path_of(published).unlink()
    assert client.get(OBJECT).content == TEXT
    assert TestClient(make_app(published)).get(OBJECT).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    for path in (MANIFEST, OBJECT, "/", "/events", "/readyz", "/none"):
        found = client.request(method, path)
        assert (found.status_code, found.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert found.json()["title"] == "Method Not Allowed"


def every_answer(client: TestClient, published: Path) -> dict[int, Any]:
    """One answer of each status by status."""
    path_of(published).with_name(f"{HASH[:2]}{'0' * 62}.json").write_text("not its name")
    asked = [
        ("GET", MANIFEST, {}),
        ("OPTIONS", MANIFEST, {}),
        ("GET", OBJECT, {"Range": "bytes=0-0"}),
        ("GET", OBJECT, {"If-None-Match": "*"}),
        ("GET", "/private/a.json", {}),
        ("GET", "/v1/none.json", {}),
        ("POST", "/", {}),
        ("GET", OBJECT, {"Accept-Encoding": "*;q=0"}),
        ("GET", OBJECT, {"If-Match": '"a"'}),
        ("GET", "/" + "a" * 3000, {}),
        ("GET", OBJECT, {"Range": "bytes=-0"}),
        ("GET", OBJECT.replace(HASH, HASH[:2] + "0" * 62), {}),
    ]
    found = [client.request(method, path, headers=headers) for method, path, headers in asked]
    return {answer.status_code: answer for answer in found}


def test_every_answer_has_security_headers_and_errors_are_problems(published: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret-token")
    token.chmod(0o600)
    answers = every_answer(TestClient(make_app(published, token_file=token)), published)
    assert sorted(answers) == [200, 204, 206, 304, 401, 404, 405, 406, 412, 414, 416, 503]
    for status, answer in answers.items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "geolocation=()" in answer.headers["permissions-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "cross-origin-resource-policy" in answer.headers and "x-request-id" in answer.headers
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            body = answer.json()
            assert body["status"] == status and body["detail"] and body["type"] == "about:blank"


def test_other_origins_may_read_the_tree_and_nothing_else(client: TestClient) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    for path in (MANIFEST, OBJECT, "/v1/none.json"):
        found = client.get(path, headers=origin)
        assert found.headers["access-control-allow-origin"] == "*"
        assert {"ETag", "Content-Range"} <= set(found.headers["access-control-expose-headers"].split(", "))
    asked = origin | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    allowed = client.options(MANIFEST, headers=asked)
    assert allowed.status_code == 204 and allowed.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in allowed.headers["access-control-allow-headers"]
    for path in ("/", "/readyz", "/private/a.json"):
        for found in (client.get(path, headers=origin), client.options(path, headers=asked)):
            assert not [name for name in found.headers if name.startswith("access-control-")]


def test_the_page_and_its_parts_are_served(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert client.get("/index.html").content == page.content
    kinds = {"style.css": "text/css", "app.js": "text/javascript", "sw.js": "text/javascript"}
    for part in ("style.css", "app.js", "store.js", "dom.js", "charts.js", "sw.js", "views/slate.js"):
        found = client.get(f"/{part}")
        assert found.status_code == 200, part
        assert found.headers["content-type"].startswith(kinds.get(part, "text/javascript"))
    assert client.get("/views").status_code == client.get("/views/").status_code == 404


def test_health_needs_nothing(tmp_path: Path) -> None:
    assert TestClient(make_app(tmp_path / "nothing")).get("/healthz").json() == {"status": "ok"}


def test_readiness_says_which_release_and_how_old(published: Path) -> None:
    """The tree says that it is of 2024-11-02T21:02Z; it is the 1 July 2026."""
    found = TestClient(make_app(published, clock=FixedClock(NOW))).get("/readyz")
    assert found.status_code == 200
    assert found.json() == {
        "status": "ok",
        "sequence": 3,
        "as_of": "2024-11-02T21:02:00Z",
        "age_seconds": (605 * 24 + 3) * 3600 - 120,
    }


def replaced_manifest(published: Path, **changes: Any) -> None:
    target = published / "v1" / "manifest.json"
    target.write_text(json.dumps(json.loads(target.read_text()) | changes))


def test_readiness_says_what_is_missing(published: Path) -> None:
    client = TestClient(make_app(published))

    def said() -> str:
        found = client.get("/readyz")
        assert (found.status_code, found.headers["retry-after"]) == (503, "5")
        detail: str = found.json()["detail"]
        return detail

    path_of(published).unlink()
    assert said() == "release 3: the object of latest/daily.json is not there"
    path_of(published).write_text("not its name")
    assert "cannot be served: its bytes have the hash" in said()
    replaced_manifest(published, files={})
    assert said() == "release 3 has neither latest/daily.json nor status.json"
    replaced_manifest(published, files={"latest/daily.json": {}})
    assert said() == "manifest.json is no manifest: KeyError('sha256')"
    replaced_manifest(published, sequence="3", files={})
    assert "its sequence is '3'" in said()
    (published / "v1" / "manifest.json").write_text("{")
    assert "manifest.json is no manifest" in said()
    (published / "v1" / "manifest.json").unlink()
    assert said() == "nothing is published: there is no manifest.json"


def test_readiness_without_a_slate_goes_by_the_status(published: Path) -> None:
    manifest = json.loads((published / "v1" / "manifest.json").read_text())
    replaced_manifest(published, files={"status.json": manifest["files"]["status.json"]}, as_of=None)
    found = TestClient(make_app(published)).get("/readyz").json()
    assert found == {"status": "ok", "sequence": 3, "as_of": None, "age_seconds": None}


def test_a_request_has_the_id_that_it_came_with_or_one_of_its_own(client: TestClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    traced = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    assert client.get(MANIFEST, headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert client.get(MANIFEST, headers=traced).headers["x-request-id"] == trace
    assert client.get(MANIFEST, headers=traced | {"X-Request-ID": "mine"}).headers["x-request-id"] == "mine"
    made = set()
    for bad in (
        {},
        {"X-Request-ID": "a b"},
        {"X-Request-ID": "x" * 65},
        {"traceparent": f"00-{'0' * 32}-{'1' * 16}-01"},
    ):
        made.add(client.get(MANIFEST, headers=bad).headers["x-request-id"])
    assert len(made) == 4 and all(len(one) == 32 for one in made)


def test_the_access_log_has_a_line_a_request_and_no_secrets(published: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = TestClient(make_app(published, access_log=str(log), clock=FixedClock(NOW)), headers=IDENTITY)
    client.get(f"{OBJECT}?token=secret", headers={"X-Request-ID": "one", "Authorization": "Bearer secret"})
    client.head(OBJECT)
    client.post("/none\u2028")
    first, second, third = [json.loads(line) for line in log.read_text().splitlines()]
    assert first.pop("ms") < 5000
    assert first == {
        "time": "2026-07-01T00:00:00Z",
        "method": "GET",
        "path": OBJECT,
        "status": 200,
        "bytes": len(TEXT),
        "correlation_id": "one",
    }
    assert (second["method"], second["bytes"]) == ("HEAD", 0)
    assert (third["path"], third["status"]) == ("/none%E2%80%A8", 405)
    assert "secret" not in log.read_text()
    assert log.stat().st_mode & 0o007 == 0


def test_lines_that_a_full_disk_does_not_take_are_counted(published: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.symlink_to("/dev/full")
    app = make_app(published, access_log=str(log))
    with TestClient(app) as client:
        assert [client.get(MANIFEST).status_code for _ in range(3)] == [200, 200, 200]
        os.dup2(os.open(tmp_path / "space", os.O_WRONLY | os.O_CREAT), app.log._handle)
        client.get(MANIFEST)
    assert json.loads((tmp_path / "space").read_text())["lost"] == 3


def test_what_does_not_fit_into_memory_is_read_again_and_again(published: Path) -> None:
    bodies = {f"latest/players/{n}.json": {"status": "complete", "data": f"{n}" * 5000} for n in range(10, 40)}
    tree.write(published, bodies)
    client = TestClient(make_app(published, cache_bytes=60_000))
    files = client.get(MANIFEST).json()["files"]
    for _ in range(2):
        for name, file in files.items():
            body = client.get(f"/v1/objects/sha256/{file['sha256'][:2]}/{file['sha256']}.json").json()
            assert body == bodies[name]
