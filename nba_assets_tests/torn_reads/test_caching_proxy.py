"""The cache between: it asks only for what is not fresh, and never answers what the server no longer has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from nba_assets.web.server import make_app
from nba_assets_tests.torn_reads import caching_proxy

OBJECT = f"/v1/objects/sha256/ab/{'ab' * 32}.json"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in ((OBJECT, '{"object": 1}'), ("/v1/manifest.json", '{"sequence": 1, "files": {}, "parts": {}}')):
        (tmp_path / name[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name[1:]).write_text(text)
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
    first, again = client.get(OBJECT), client.get(OBJECT)
    assert (first.headers["x-cache"], again.headers["x-cache"]) == ("miss", "hit")
    (tree / OBJECT[1:]).unlink()
    assert client.get(OBJECT).json() == {"object": 1}


def test_what_says_no_cache_is_asked_for_every_time(client: TestClient, tree: Path) -> None:
    first, again = client.get("/v1/manifest.json"), client.get("/v1/manifest.json")
    assert (first.headers["x-cache"], again.headers["x-cache"]) == ("miss", "revalidated")
    (tree / "v1/manifest.json").write_text('{"sequence": 2, "files": {}, "parts": {}, "more": 1}')
    new = client.get("/v1/manifest.json", headers={"If-None-Match": first.headers["etag"]})
    assert (new.status_code, new.json()["sequence"]) == (200, 2)
    same = client.get("/v1/manifest.json", headers={"If-None-Match": new.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_what_is_not_there_is_not_kept(client: TestClient, tree: Path) -> None:
    name = OBJECT.replace("ab.json", "cd.json")
    assert client.get(name).status_code == 404
    (tree / name[1:]).write_text("{}")
    assert client.get(name).status_code == 200


def test_codings_are_kept_apart(client: TestClient, tree: Path) -> None:
    (tree / OBJECT[1:]).write_text(f'{{"long": "{"x" * 5000}"}}')
    packed = client.get(OBJECT, headers={"Accept-Encoding": "gzip"})
    plain = client.get(OBJECT, headers={"Accept-Encoding": "identity"})
    assert packed.json() == plain.json()
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
