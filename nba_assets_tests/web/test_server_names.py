"""What is no name of the tree's grammar is not served, whatever it may point to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nba_assets.web import names
from nba_assets.web.server import make_app
from nba_assets_tests.web import tree
from nba_assets_tests.web.live_server import get, live_server, parted, said_to

SECRET = b"planted-secret"
HASH = "ab" * 32


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with the secret around it, in hidden files, in files of other kinds, and behind links."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "published"
    tree.write(folder, {"status.json": {"status": "complete", "data": {}}})
    secret = SECRET.decode()
    (home / "secret.json").write_text(secret)
    (folder / "v1" / "latest").mkdir()
    for name in ("status.json", "latest/daily.json"):
        (folder / "v1" / name).write_text("{}")
    (folder / "state").mkdir()
    (folder / "private").mkdir()
    (folder / ".staging").mkdir()
    (folder / "v1" / ".hidden").mkdir()
    (folder / "v1" / "folder.json").mkdir()
    os.mkfifo(folder / "v1" / "pipe.json")
    for name in ("state/copies.json", "private/a.json", ".staging/a.json", "v1/.a.json", "v1/.hidden/a.json"):
        (folder / name).write_text(secret)
    for name in ("v1/a.tmp", "v1/a.json.tmp", "v1/a", f"v1/objects/sha256/{HASH}.json", "v1/objects/a.json"):
        (folder / name).write_text(secret)
    (folder / "v1" / "link.json").symlink_to(home / "secret.json")
    (folder / "v1" / "inside.json").symlink_to("manifest.json")
    (folder / "v1" / "out").symlink_to(home)
    return folder


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    with live_server(published) as found:
        yield found


PATHS = [
    "/v1/../../secret.json",
    "/v1/%2e%2e/%2e%2e/secret.json",
    "/v1/..%2f..%2fsecret.json",
    "/v1/%252e%252e/secret.json",
    "/v1/..\\..\\secret.json",
    "/v1/..%5c..%5csecret.json",
    "/v1/latest/../../../secret.json",
    "/v1/./status.json",
    "/v1//status.json",
    "//v1/status.json",
    "/v1/status.json/",
    "/v1/status.json%00",
    "/v1/status.json%00.json",
    "/v1/%73tatus.json",
    "/v1/status%2ejson",
    "/v1/latest%2fdaily.json",
    "/%76%31/status.json",
    "/v1/%c0%ae%c0%ae/secret.json",
    "/v1/..;/secret.json",
    "/v1/status.json;a=b",
    "/v1/~root/secret.json",
    "/v1/.a.json",
    "/v1/.hidden/a.json",
    "/v1/../.staging/a.json",
    "/v1/a.tmp",
    "/v1/a.json.tmp",
    "/v1/a",
    "/v1/link.json",
    "/v1/inside.json",
    "/v1/out/secret.json",
    "/v1/out/published/state/copies.json",
    "/v1/folder.json",
    "/v1/pipe.json",
    "/v1/folder.json/a.json",
    "/v1/status.json/a.json",
    "/v1/objects/a.json",
    f"/v1/objects/sha256/{HASH}.json",
    f"/v1/objects/sha256/cd/{HASH}.json",
    f"/v1/objects/sha256/ab/{HASH.upper()}.json",
    f"/v1/objects/sha256/ab/../ab/{HASH}.json",
    "/v1/" + "a/" * 9 + "a.json",
    "/v1/" + "a" * 300 + ".json",
    "/v1/",
    "/v1",
    "/state/copies.json",
    "/private/a.json",
    "/.staging/a.json",
    "/../secret.json",
    "/%2e%2e/server.py",
    "/../server.py",
    "/static/index.html",
    "/__init__.py",
    "/views/../../server.py",
    "/APP.JS",
]


@pytest.mark.parametrize("path", PATHS)
def test_it_is_not_found(address: str, path: str) -> None:
    """The path goes to the server as it stands."""
    said = said_to(address, get(path))
    status, headers, _ = parted(said)
    assert status == 404 and SECRET not in said
    assert headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/v1/a b.json", "/v1/\x00.json", "/v1/\r\nX: y.json", "/v1/ü.json", "v1/status.json", "*"]
)
def test_what_is_no_path_at_all_is_refused(address: str, path: str) -> None:
    said = said_to(address, get(path))
    assert parted(said)[0] in (400, 404) and SECRET not in said


def test_what_can_be_read_can_be_read(address: str) -> None:
    for path in ("/v1/status.json", "/v1/manifest.json", "/v1/status.json?a=../../secret.json"):
        assert parted(said_to(address, get(path)))[0] == 200


PIECES = (
    *("..", ".", "/", "//", "\\", "%2e", "%2f", "%00", "%5c", "%", "~", ";", " ", "a", ".json", "ü", "\x00"),
    *("v1", "private", "state", ".staging", "secret.json", "status.json", "out", "link.json"),
    *("objects", "sha256", "ab", HASH),
)
pieces = st.sampled_from(PIECES)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=40), st.sampled_from(["/", "/v1/", "/private/"]))
@example("out/secret.json", "/v1/")
def test_no_path_leads_to_the_secret(published: Path, path: str, mount: str) -> None:
    raw = (mount + path).encode("utf-8", "surrogatepass")
    status, body = asyncio.run(asked(published, raw))
    assert SECRET not in body
    decoded = unquote_to_bytes(raw)
    if status == 200 and raw.startswith(b"/v1/"):
        assert (published / decoded.decode().lstrip("/")).resolve().is_relative_to(published / "v1")
        assert raw == decoded and b"/." not in raw


async def asked(published: Path, raw: bytes) -> tuple[int, bytes]:
    """Status and body of the application's answer to a path, past any server that would refuse it."""
    said: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http"}
    scope |= {"raw_path": raw, "path": unquote_to_bytes(raw).decode("utf-8", "replace"), "query_string": b""}
    scope |= {"headers": [], "root_path": "", "client": None, "server": None}
    await make_app(published)(scope, receive, send)  # type: ignore[arg-type]
    return int(str(said[0]["status"])), b"".join(bytes(message["body"]) for message in said[1:])  # type: ignore[call-overload]


@given(st.binary(max_size=60) | st.from_regex(rb"(?:[.a-z0-9/]{1,8}/){0,3}[.a-z0-9]{1,9}\.json", fullmatch=True))
def test_a_name_has_no_hidden_part_and_needs_no_encoding(name: bytes) -> None:
    if names.in_tree(name) or names.is_part_of_page(name):
        assert all(part and not part.startswith(b".") for part in name.split(b"/"))
        assert not set(name) & set(b"%\\\x00 ;?#&<>\"'")
        assert name.isascii() and name.decode().isprintable()


NAMES = (
    *("manifest.json", "latest/players/1628369.json", "historical/2024-11-02/games/0022400140.json"),
    *("track-record/2024-25.json", "models/market_baseline-a45c0d9c93d975ae.json", "releases/12.json"),
    *(f"objects/sha256/ab/{HASH}.json", "schemas/track_record_day.json"),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_tree_are_names(name: str) -> None:
    assert names.in_tree(name.encode())
    assert names.is_document(name.encode()) == (not name.startswith("objects/"))
