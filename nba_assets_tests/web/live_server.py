"""The server as it is run, in a thread of the test, and raw requests to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from nba_assets.web.serving import make_config

PATIENCE = 20.0


@contextmanager
def live_server(published: Path, **options: Any) -> Iterator[str]:
    """The address of a server over a published folder; options as of `make_config`."""
    server = uvicorn.Server(make_config(published, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(timeout=PATIENCE)


def connect(address: str) -> socket.socket:
    """A connection to the server."""
    host, port = address.split("/")[2].split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def said_to(address: str, request: bytes) -> bytes:
    """All that the server says to the bytes, until it closes the connection."""
    with connect(address) as connection:
        connection.sendall(request)
        return rest_of(connection)


def rest_of(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request after which the connection is closed; the path goes out as it stands."""
    lines = [f"{method} {path} HTTP/1.1", "Host: test", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def parted(said: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their lower-case names, body."""
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}, body
