"""The server as a process: what goes over the wire, who is cut off, how it stops."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from nba_assets.web import protocol
from nba_assets_tests.benchmarks.http_load import OWN, load
from nba_assets_tests.signals import as_at_a_terminal
from nba_assets_tests.web import tree
from nba_assets_tests.web.live_server import connect, get, live_server, parted, rest_of, said_to

BODIES = {"status.json": {"status": "complete", "data": "x" * 3_000_000}}
Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A release of one document of 3 MB."""
    folder = tmp_path / "home" / "published"
    tree.write(folder, BODIES)
    return folder


@pytest.fixture
def start(published: Path) -> Iterator[Start]:
    """`start(*options)` runs `nba-assets serve` on a free port: the process and its address."""
    with contextlib.ExitStack() as stack:

        def started(*options: object) -> tuple[subprocess.Popen[str], str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "nba_assets.cli", "serve", "--port", "0", *map(str, options)],
                env=os.environ | {"NBA_ASSETS_HOME": str(published.parent)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=as_at_a_terminal,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            assert process.stdout is not None
            return process, process.stdout.readline().split()[0]

        yield started


@pytest.fixture
def address(published: Path) -> Iterator[str]:
    with live_server(published) as found:
        yield found


class Listener:
    """A client of `/events`."""

    def __init__(self, address: str, *headers: str) -> None:
        self.connection = connect(address)
        self.connection.sendall(get("/events", *headers).replace(b"Connection: close\r\n", b""))
        self.lines = self.connection.makefile("rb")
        while self.lines.readline().strip():
            pass

    def next(self) -> dict[str, str]:
        """The fields of the next event of a release."""
        event: dict[str, str] = {}
        while "event" not in event:
            event = {}
            while line := self._line():
                name, _, value = line.partition(":")
                event[name] = value.strip()
        return event

    def _line(self) -> str:
        """A line of the stream, without the chunks' sizes."""
        while True:
            line = self.lines.readline()
            assert line, "the stream has ended"
            if not line.endswith(b"\r\n"):
                return line.decode().strip()


def object_of(published: Path) -> str:
    (path,) = (published / "v1" / "objects").rglob("*.json")
    return f"/{path.relative_to(published)}"


def test_a_client_is_told_of_the_present_release_and_of_every_newer_one(published: Path, address: str) -> None:
    listener = Listener(address)
    first = listener.next()
    assert (first["id"], first["event"]) == ("1", "release")
    assert json.loads(first["data"]) == {
        "sequence": 1,
        "as_of": "2024-11-02T19:02:00Z",
        "generated_at": "2024-11-02T19:02:00Z",
    }
    for sequence in (2, 3):
        tree.write(published, BODIES, sequence)
        began = time.monotonic()
        assert listener.next()["id"] == str(sequence)
        assert time.monotonic() - began < 2


def test_a_client_that_comes_back_is_told_only_of_what_is_new(published: Path, address: str) -> None:
    back, behind = Listener(address, "Last-Event-ID: 1"), Listener(address, "Last-Event-ID: 0")
    assert behind.next()["id"] == "1"
    tree.write(published, BODIES, 2)
    assert back.next()["id"] == "2"
    assert Listener(address, "Last-Event-ID: no number").next()["id"] == "2"


def test_a_manifest_that_is_broken_for_a_while_is_waited_for(published: Path, address: str) -> None:
    listener = Listener(address)
    assert listener.next()["id"] == "1"
    manifest = published / "v1" / "manifest.json"
    manifest.write_text("{")
    time.sleep(0.6)
    manifest.unlink()
    time.sleep(0.6)
    tree.write(published, BODIES, 2)
    assert listener.next()["id"] == "2"


def test_a_client_that_does_not_read_holds_up_nobody(published: Path, address: str) -> None:
    deaf = connect(address)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    deaf.sendall(get("/events").replace(b"Connection: close\r\n", b""))
    listener = Listener(address)
    assert listener.next()["id"] == "1"
    for sequence in range(2, 5):
        tree.write(published, BODIES, sequence)
        assert listener.next()["id"] == str(sequence)


def test_the_headers_of_the_stream_are_there_without_it(address: str) -> None:
    status, headers, body = parted(said_to(address, get("/events", method="HEAD")))
    assert (status, headers["content-type"], body) == (200, "text/event-stream", b"")
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_whoever_listens_or_does_not_read(
    start: Start, published: Path, number: signal.Signals, workers: int
) -> None:
    process, address = start("--workers", workers)
    listeners = [Listener(address) for _ in range(4)]
    assert {listener.next()["id"] for listener in listeners} == {"1"}
    deaf = connect(address)
    deaf.sendall(get(object_of(published)).replace(b"Connection: close\r\n", b""))
    idle = connect(address)
    there = serving_workers(process)
    assert len(there) == (workers if workers > 1 else 0)
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert time.monotonic() - began < (2 if workers == 1 else 3)
    assert (process.returncode, out, err) == (0, "", "")
    assert not [worker for worker in there if worker.is_running()]
    assert rest_of(idle) == b""
    assert b"0\r\n\r\n" in listeners[0].lines.read()


def test_every_worker_answers_and_tells_of_releases(start: Start, published: Path) -> None:
    process, address = start("--workers", 2, "--access-log", published.parent / "access.log")
    listeners = [Listener(address) for _ in range(12)]
    assert {listener.next()["id"] for listener in listeners} == {"1"}
    tree.write(published, BODIES, 2)
    assert {listener.next()["id"] for listener in listeners} == {"2"}
    workers = serving_workers(process)
    held = [sum(c.status == "ESTABLISHED" for c in worker.net_connections()) for worker in workers]
    assert sum(held) == 12
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    lines = [json.loads(line) for line in (published.parent / "access.log").read_text().splitlines()]
    assert [line["path"] for line in lines] == ["/events"] * 12


def serving_workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The children that have the port: multiprocessing has one of its own."""
    return [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]


def test_a_worker_that_dies_is_replaced(start: Start) -> None:
    process, address = start("--workers", 2)
    assert parted(said_to(address, get("/healthz")))[0] == 200
    before = serving_workers(process)
    assert len(before) == 2
    for worker in before:
        worker.kill()
    assert parted(said_to(address, get("/healthz")))[0] == 200
    assert not set(before) & set(serving_workers(process))


def test_workers_end_with_a_parent_that_was_killed(start: Start) -> None:
    process, address = start("--workers", 2)
    Listener(address).next()
    workers = serving_workers(process)
    process.kill()
    gone, alive = psutil.wait_procs(workers, timeout=5)
    assert len(gone) == 2 and alive == []


def test_requests_on_one_connection_are_answered_in_order(address: str) -> None:
    paths = ["/v1/manifest.json", "/healthz", "/none", "/readyz"]
    together = b"".join(get(path).replace(b"Connection: close\r\n", b"") for path in paths)
    said = said_to(address, together * 200 + get("/healthz"))
    statuses = [int(part[1:4]) for part in said.split(b"HTTP/1.1")[1:]]
    assert statuses == [200, 200, 404, 200] * 200 + [200]


def test_under_load_every_request_is_answered(address: str) -> None:
    found = load(address, ["/v1/manifest.json", "/healthz"], {"Accept-Encoding": "br"}, 8, 0.5, OWN)
    assert found.errors == 0 and found.requests > 100 and 0 < found.p50 <= found.p99
    assert load(address, ["/none"], {}, 2, 0.2, OWN).errors > 0


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n", 400),
        (get("/" + "a" * 5000), 414),
        (get("/", "X-Long: " + "a" * 40_000), 431),
        (get("/", *(f"X-{n}: {'a' * 90}" for n in range(400))), 431),
        (b"GET /" + b"a" * 70_000, 431),
    ],
)
def test_what_is_no_request_or_too_long_is_refused(address: str, request_: bytes, status: int) -> None:
    with connect(address) as connection:
        for begin in range(0, len(request_), 9000):
            with contextlib.suppress(OSError):
                connection.sendall(request_[begin : begin + 9000])
            time.sleep(0.005)
        found, headers, body = parted(rest_of(connection))
    assert found == status
    assert headers["content-type"] == "application/problem+json" and json.loads(body)["status"] == status
    assert headers["x-content-type-options"] == "nosniff" and "content-security-policy" in headers
    assert parted(said_to(address, get("/healthz")))[0] == 200


def test_who_sends_byte_by_byte_is_cut_off(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.4)
    silent, slow, kept = (connect(address) for _ in range(3))
    kept.sendall(get("/healthz").replace(b"Connection: close\r\n", b""))
    kept.recv(65536)
    began = time.monotonic()
    for byte in b"GET / HTTP/1.1\r\nHost: a\r\n":
        for connection in (slow, kept):
            with contextlib.suppress(OSError):
                connection.send(bytes([byte]))
        time.sleep(0.03)
    assert parted(rest_of(slow))[0] == parted(rest_of(kept))[0] == 408
    assert rest_of(silent) == b""
    assert time.monotonic() - began < 3


def test_a_body_that_comes_slowly_holds_no_connection(address: str) -> None:
    with connect(address) as connection:
        connection.sendall(get("/healthz", "Content-Length: 1000").replace(b"Connection: close\r\n", b""))
        assert parted(connection.recv(65536))[0] == 200
        connection.sendall(b"a")
        assert rest_of(connection) == b""


def test_above_the_bound_a_connection_is_refused_and_later_let_in(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MAX_CONNECTIONS", 2)
    held = [Listener(address) for _ in range(2)]
    status, headers, _ = parted(said_to(address, get("/healthz")))
    assert (status, headers["retry-after"]) == (503, "5")
    held[0].lines.close()
    held[0].connection.close()
    time.sleep(0.2)
    assert parted(said_to(address, get("/healthz")))[0] == 200


def test_a_token_or_log_file_that_cannot_be_used_is_said(published: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret-token")
    token.chmod(0o644)
    for options, why in (
        (("--token-file", token), f"the token file {token} is not used: others may read or write it (chmod o-rwx"),
        (("--access-log", tmp_path), f"cannot write the access log {tmp_path}: Is a directory (name another file)"),
    ):
        process = subprocess.run(
            [sys.executable, "-m", "nba_assets.cli", "serve", "--port", "0", *map(str, options)],
            env=os.environ | {"NBA_ASSETS_HOME": str(tmp_path / "home"), "COLUMNS": "400"},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert process.returncode == 2 and why in process.stderr and "secret-token" not in process.stderr
