"""Documents that need the token: who gets them, and when nobody does."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nba_assets.errors import UsageError
from nba_assets.web.bearer import TokenFile
from nba_assets.web.server import make_app

TOKEN = "c2VjcmV0LXRva2Vu=="
PATH = "/private/ledger/rows.json"


@pytest.fixture
def token(tmp_path: Path) -> Path:
    return written(tmp_path / "token", TOKEN + "\n")


@pytest.fixture
def client(tmp_path: Path, token: Path) -> TestClient:
    folder = tmp_path / "private" / "ledger"
    folder.mkdir(parents=True)
    (folder / "rows.json").write_text('{"rows": 1}')
    (folder / ".half.json").write_text("half")
    return TestClient(make_app(tmp_path / "published", token_file=token))


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def bearer(token: str, kind: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{kind} {token}"}


def test_who_has_the_token_reads_and_nothing_is_kept_on_the_way(client: TestClient) -> None:
    for kind in ("Bearer", "bearer"):
        found = client.get(PATH, headers=bearer(TOKEN, kind))
        assert (found.status_code, found.json()) == (200, {"rows": 1})
        assert found.headers["cache-control"] == "private, no-store"
        assert found.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in found.headers
    absent = client.get("/private/none.json", headers=bearer(TOKEN))
    assert (absent.status_code, absent.headers["cache-control"]) == (404, "private, no-store")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("other"),
        bearer(""),
        bearer(TOKEN[:-1]),
        bearer(TOKEN, "Basic"),
        {"Authorization": TOKEN},
        bearer("ü"),
    ],
)
def test_who_has_not_is_told_what_is_needed(client: TestClient, headers: dict[str, str]) -> None:
    encoded = {name: value.encode() for name, value in headers.items()}
    for path in (PATH, "/private/none.json", "/private/", "/private/../private/ledger/rows.json"):
        found = client.get(path, headers=encoded)
        assert found.status_code == 401 and "rows" not in found.text
        assert found.headers["www-authenticate"].startswith('Bearer realm="private"')
        assert ("invalid_token" in found.headers["www-authenticate"]) == bool(headers)
        assert found.headers["cache-control"] == "private, no-store"


def test_two_tokens_at_once_are_none(client: TestClient) -> None:
    both = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer other")]
    assert client.get(PATH, headers=both).status_code == 401


@pytest.mark.parametrize(
    "path", ["/private/ledger/.half.json", "/private/../v1/manifest.json", "/private/%2e%2e/token"]
)
def test_the_token_opens_nothing_else(client: TestClient, path: str) -> None:
    assert client.get(path, headers=bearer(TOKEN)).status_code == 404


def test_a_new_token_holds_at_once(client: TestClient, token: Path) -> None:
    assert client.get(PATH, headers=bearer(TOKEN)).status_code == 200
    written(token.with_name("new"), "another").replace(token)
    assert client.get(PATH, headers=bearer(TOKEN)).status_code == 401
    assert client.get(PATH, headers=bearer("another")).status_code == 200


def test_without_a_token_file_there_is_no_such_path(tmp_path: Path, client: TestClient) -> None:
    closed = TestClient(make_app(tmp_path / "published"))
    assert closed.get(PATH, headers=bearer(TOKEN)).status_code == 404


def test_while_the_file_breaks_a_rule_nobody_reads(
    client: TestClient, token: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token.chmod(0o644)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            assert client.get(PATH, headers=bearer(TOKEN)).status_code == 503
    (said,) = [record.message for record in caplog.records]
    assert str(token) in said and "others may read" in said and TOKEN not in said
    token.chmod(0o640)
    assert client.get(PATH, headers=bearer(TOKEN)).status_code == 200


@pytest.mark.parametrize(
    ("text", "mode", "rule"),
    [
        ("", 0o600, "it is empty"),
        (" \n", 0o600, "it is empty"),
        ("a token", 0o600, "it is not one line of letters"),
        ("a\nb", 0o600, "it is not one line of letters"),
        (TOKEN, 0o604, "others may read or write it"),
        (TOKEN, 0o602, "others may read or write it"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(tmp_path: Path, text: str, mode: int, rule: str) -> None:
    path = written(tmp_path / "token", text, mode)
    with pytest.raises(UsageError, match=rule) as refused:
        TokenFile(path).token()
    assert str(path) in str(refused.value) and TOKEN not in str(refused.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        TokenFile(tmp_path / "none").token()
    with pytest.raises(UsageError, match="it is no file"):
        TokenFile(tmp_path).token()
