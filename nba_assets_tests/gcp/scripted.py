"""A server on loopback that answers as written down, one answer after the other, and keeps what it was asked."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Answer:
    """What is sent: a JSON document, or bytes; of those `length` bytes are announced, all if it is None."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Scripted:
    """`answers` are given in their order; a request beyond the last gets 501."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    """The server, which is there until the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, unquote(url.path), dict(parse_qsl(url.query)), dict(self.headers), body)
            script.asked.append(asked)
            answer = script.answers.pop(0) if script.answers else Answer(501, b"nothing is written down for this")
            payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            kind = "application/octet-stream" if isinstance(answer.body, bytes) else "application/json; charset=UTF-8"
            self.send_response(answer.status)
            length = str(len(payload) if answer.length is None else answer.length)
            for name, value in ({"Content-Type": kind, "Content-Length": length} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)
            self.close_connection = answer.length is not None

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is written to the terminal."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up in the middle of an answer is no error."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        script = Scripted(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield script
        server.shutdown()
        thread.join()
