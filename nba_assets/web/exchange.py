"""What every exchange has, whoever answers it: methods that only read, an id, security headers, a line in the log."""

from __future__ import annotations

import time

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nba_assets.web.access_log import AccessLog
from nba_assets.web.answers import ANY_ORIGIN, PREFLIGHT, READ_METHODS, SAME_ORIGIN, SECURITY, problem
from nba_assets.web.correlation import correlation_id

MAX_TARGET = 2048
"""Bytes of a path with its query; the longest that the tree needs has some 100."""
_OPEN = [*SECURITY, *ANY_ORIGIN]
_CLOSED = [*SECURITY, *SAME_ORIGIN]


class Exchange:
    """ASGI around an application that answers `GET` and `HEAD`; what is below `/v1/` is for every origin."""

    def __init__(self, app: ASGIApp, log: AccessLog | None) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = correlation_id(scope["headers"])
        method, path = scope["method"], scope["raw_path"]
        lines = [*(_OPEN if path.startswith(b"/v1/") else _CLOSED), (b"x-request-id", request_id)]
        status = size = 0

        async def answer(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *lines]
            elif method != "HEAD":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app_of(method, path, scope["query_string"])(scope, receive, answer)
        finally:
            if self.log is not None:
                said = path.decode("latin-1")
                self.log.note(method, said, status, size, time.perf_counter() - began, request_id.decode())

    def _app_of(self, method: str, path: bytes, query: bytes) -> ASGIApp:
        if len(path) + len(query) > MAX_TARGET:
            return problem(414, f"a path has at most {MAX_TARGET} bytes")
        if method in ("GET", "HEAD"):
            return self.app
        if method == "OPTIONS":
            return Response(None, 204, PREFLIGHT if path.startswith(b"/v1/") else {"Allow": READ_METHODS})
        return problem(405, "this server is read only", {"Allow": READ_METHODS})
