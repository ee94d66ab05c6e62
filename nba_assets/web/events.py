"""`/events`: server-sent events that tell of a new release, so that the page need not ask."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from nba_assets.web.answers import problem
from nba_assets.web.current_release import CurrentRelease, NotReadyError, Release

LOOK_EVERY = 0.25
"""Seconds between two looks at the manifest: a `stat`, which also works where a file system tells of no changes."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment keeps proxies from closing the connection."""
RECONNECT_MS = 2000
MAX_CLIENTS = 200
"""Of one process; each is an open connection."""
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_STREAM = "text/event-stream"


class Events:
    """One look at the manifest for all clients, and only while there are any.

    A client is told the newest sequence that it has not heard of: one that reads slowly misses those between, and
    holds up nobody.
    """

    def __init__(self, current: CurrentRelease, max_clients: int = MAX_CLIENTS, heartbeat: float = HEARTBEAT) -> None:
        self._current = current
        self._max_clients = max_clients
        self._heartbeat = heartbeat
        self._clients: set[asyncio.Event] = set()
        self._release: Release | None = None
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    async def endpoint(self, request: Request) -> Response:
        """`text/event-stream`: the present sequence unless it is `Last-Event-ID`, then every newer one."""
        if len(self._clients) >= self._max_clients:
            return problem(503, "too many clients listen: ask for v1/manifest.json instead", {"Retry-After": "30"})
        if request.method == "HEAD":
            return Response(None, headers=_HEADERS | {"Content-Type": _STREAM})
        told = request.headers.get("last-event-id", "")
        news = asyncio.Event()
        self._clients.add(news)
        stream = self._stream(news, int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0)
        return _Stream(stream, lambda: self._leave(news))

    def close(self) -> None:
        """End all streams; who comes later gets one that ends at once."""
        self._closed = True
        for news in self._clients:
            news.set()

    async def _stream(self, news: asyncio.Event, told: int) -> AsyncIterator[bytes]:
        self._watch = self._watch or asyncio.create_task(self._watching())
        yield b"retry: %d\n\n" % RECONNECT_MS
        await self._look()
        while not self._closed:
            news.clear()
            release = self._release
            if release is not None and release.sequence != told:
                told = release.sequence
                yield _event(release)
                continue
            try:
                await asyncio.wait_for(news.wait(), self._heartbeat)
            except TimeoutError:
                yield b": still here\n\n"

    def _leave(self, news: asyncio.Event) -> None:
        self._clients.discard(news)
        if not self._clients and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._look()

    async def _look(self) -> None:
        """Tell all clients if there is a newer release; a manifest that cannot be read now may be whole later."""
        with contextlib.suppress(NotReadyError):
            release = await self._current.read()
            if self._release is None or release.sequence > self._release.sequence:
                self._release = release
                for news in self._clients:
                    news.set()


class _Stream(StreamingResponse):
    """A stream that says when it is over, however it ends."""

    def __init__(self, content: AsyncIterator[bytes], over: Callable[[], None]) -> None:
        super().__init__(content, headers=_HEADERS | {"Content-Type": _STREAM})
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


def _event(release: Release) -> bytes:
    data = {"sequence": release.sequence, "as_of": release.as_of, "generated_at": release.generated_at}
    return b"id: %d\nevent: release\ndata: %b\n\n" % (release.sequence, orjson.dumps(data))
