"""The read-only server over a published folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nba_assets.web.server import make_app

HASH = "ab" * 32


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    tree = tmp_path / "published" / "v1"
    (tree / "objects" / "sha256" / "ab").mkdir(parents=True)
    (tree / "manifest.json").write_text(json.dumps({"sequence": 1, "files": {}}))
    (tree / "objects" / "sha256" / "ab" / f"{HASH}.json").write_text(json.dumps({"data": "x" * 5000}))
    (tmp_path / "secret.txt").write_text("secret")
    return TestClient(make_app(tmp_path / "published"))


def test_objects_are_immutable_and_the_manifest_is_revalidated(client: TestClient) -> None:
    found = client.get(f"/v1/objects/sha256/ab/{HASH}.json")
    assert found.status_code == 200 and found.json()["data"].startswith("x")
    assert "immutable" in found.headers["cache-control"]
    manifest = client.get("/v1/manifest.json")
    assert manifest.headers["cache-control"] == "no-cache"
    again = client.get("/v1/manifest.json", headers={"If-None-Match": manifest.headers["etag"]})
    assert again.status_code == 304 and again.content == b""


def test_large_answers_are_compressed(client: TestClient) -> None:
    found = client.get(f"/v1/objects/sha256/ab/{HASH}.json", headers={"Accept-Encoding": "gzip"})
    assert found.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    assert client.request(method, "/v1/manifest.json").status_code == 405
    assert client.request(method, "/").status_code == 405


@pytest.mark.parametrize(
    "path", ["/v1/../../secret.txt", "/v1/%2e%2e/%2e%2e/secret.txt", "/%2e%2e/server.py", "/v1/none"]
)
def test_nothing_outside_the_tree_is_served(client: TestClient, path: str) -> None:
    found = client.get(path)
    assert found.status_code == 404
    assert "secret" not in found.text


def test_every_answer_has_security_headers(client: TestClient) -> None:
    for path in ("/", "/v1/manifest.json", "/v1/none", "/healthz"):
        headers = client.get(path).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_other_origins_may_read(client: TestClient) -> None:
    found = client.get("/v1/manifest.json", headers={"Origin": "https://elsewhere.example"})
    assert found.headers["access-control-allow-origin"] == "*"


def test_the_page_and_its_parts_are_served(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for part in ("style.css", "app.js", "store.js", "dom.js", "charts.js", "views/slate.js"):
        assert client.get(f"/{part}").status_code == 200, part


def test_health_and_readiness(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert TestClient(make_app(tmp_path / "nothing")).get("/readyz").status_code == 503
