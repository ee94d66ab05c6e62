"""uvicorn's HTTP protocol with the bounds that it lacks: on a request's head, on connections, on a stop's patience."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from nba_assets.web.answers import SAME_ORIGIN, SECURITY, problem_text
from nba_assets.web.server import CLOSE_STREAMS

HEAD_BYTES = 32 * 1024
"""Of a request line and its headers."""
HEAD_SECONDS = 10.0
"""From a connection, or the first byte of a request, to the end of its head: who sends byte by byte is cut off."""
MAX_CONNECTIONS = 900
"""Of one process: a process may usually have 1024 files open."""
GRACE = 1.0
"""Seconds after which a stopping server leaves a client that has not yet read its answer."""


class BoundedProtocol(HttpToolsProtocol):
    """Answers 408, 431 or 503 and closes, instead of waiting for ever or keeping what never ends.

    A connection on which a body comes is not kept either: nothing that is asked for here has one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            self._refuse(503, "too many connections", "retry-after: 5\r\n")
            return
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._head_bytes += len(data)
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        if self._head_bytes > HEAD_BYTES:
            self._refuse(431, f"a request's head has at most {HEAD_BYTES} bytes")
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_bytes = 0
        self._forget_timer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self.cycle.response_complete:
            self.transport.close()
        else:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "this is no HTTP request")

    def shutdown(self) -> None:
        close_streams = self.app_state.get(CLOSE_STREAMS)
        if close_streams is not None:
            close_streams()
        super().shutdown()
        if not self.transport.is_closing():
            self.loop.call_later(GRACE, self.transport.abort)

    def _too_slow(self) -> None:
        self._head_timer = None
        if self.cycle is None and self._head_bytes == 0:
            self.transport.close()
        else:
            self._refuse(408, f"a request's head takes at most {HEAD_SECONDS:.0f} seconds")

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: int, why: str, more: str = "") -> None:
        """Answer without the application, and close."""
        if self.transport.is_closing():
            return
        body = problem_text(status, why)
        lines = [*self.server_state.default_headers, *SECURITY, *SAME_ORIGIN]
        head = b"".join(b"%b: %b\r\n" % line for line in lines)
        self.transport.write(
            STATUS_LINE[status] + head + more.encode() + b"cache-control: no-store\r\n"
            b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (len(body), body)
        )
        self.transport.close()
