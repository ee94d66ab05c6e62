"""The cache between: it asks only for what is not fresh, and never answers what the server no longer has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from nba_assets.engine.manifest import object_name
from nba_assets.web.server import make_app
from nba_assets_tests.torn_reads import caching_proxy


def put(tree: Path, data: bytes) -> str:
    """An object's path on the server."""
    name = object_name(hashlib.sha256(data).hexdigest())
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_bytes(data)
    return f"/{name}"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/manifest.json").write_text('{"sequence": 1, "files": {}, "parts": {}}')
    return tmp_path


@pytest.fixture
def client(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The cache before the real server, in this process."""
    server = httpx2.ASGITransport(make_app(tree))
    real: Callable[..., httpx2.AsyncClient] = httpx2.AsyncClient
    monkeypatch.setattr(caching_proxy.httpx2, "AsyncClient", lambda **options: real(transport=server, **options))
    with TestClient(caching_proxy.make_proxy("http://origin")) as found:
        yield found


def test_an_immutable_object_is_asked_for_once(client: TestClient, tree: Path) -> None:
    path = put(tree, b'{"object": 1}')
    first, again = client.get(path), client.get(path)
    assert (first.headers["x-cache"], again.headers["x-cache"]) == ("miss", "hit")
    (tree / path[1:]).unlink()
    assert client.get(path).json() == {"object": 1}


def test_what_says_no_cache_is_asked_for_every_time(client: TestClient, tree: Path) -> None:
    first, again = client.get("/v1/manifest.json"), client.get("/v1/manifest.json")
    assert (first.headers["x-cache"], again.headers["x-cache"]) == ("miss", "revalidated")
    (tree / "v1/manifest.json").write_text('{"sequence": 2, "files": {}, "parts": {}, "more": 1}')
    new = client.get("/v1/manifest.json", headers={"If-None-Match": first.headers["etag"]})
    assert (new.status_code, new.json()["sequence"]) == (200, 2)
    same = client.get("/v1/manifest.json", headers={"If-None-Match": new.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_what_is_not_there_is_not_kept(client: TestClient, tree: Path) -> None:
    data = b'{"object": 2}'
    path = f"/{object_name(hashlib.sha256(data).hexdigest())}"
    assert client.get(path).status_code == 404
    assert put(tree, data) == path and client.get(path).status_code == 200


def test_codings_are_kept_apart(client: TestClient, tree: Path) -> None:
    path = put(tree, b'{"long": "' + b"x" * 5000 + b'"}')
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.json() == plain.json()
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
