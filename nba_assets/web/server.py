"""The read-only server: the published tree below `/v1`, the page at `/`. For development and small installations."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, StatefulLifespan

from nba_assets.clock import Clock, SystemClock
from nba_assets.publishing.caching import REVALIDATE
from nba_assets.publishing.page_files import STATIC
from nba_assets.web.access_log import OFF, AccessLog
from nba_assets.web.answers import NEVER_KEPT, problem
from nba_assets.web.bearer import Bearer, TokenFile
from nba_assets.web.cache import ByteCache
from nba_assets.web.current_release import CurrentRelease
from nba_assets.web.events import Events
from nba_assets.web.exchange import Exchange
from nba_assets.web.file_endpoint import FileEndpoint, tree_caching
from nba_assets.web.files import File, Files
from nba_assets.web.names import in_tree, is_document, is_part_of_page
from nba_assets.web.probes import Probes

CACHE_BYTES = 128 * 1024**2
CLOSE_STREAMS = "close_streams"
"""Name in the lifespan's state of what ends all event streams when the server stops."""


def make_app(
    published: Path,
    *,
    access_log: str = OFF,
    token_file: Path | None = None,
    clock: Clock | None = None,
    cache_bytes: int = CACHE_BYTES,
) -> ASGIApp:
    """The ASGI application over one published folder (the one that holds `v1`).

    `access_log` is `off`, `-` for stderr, or a file; with a `token_file` there is `/private/`: the folder beside it.
    Raises `UsageError` for an access log that cannot be written.
    """
    clock = clock or SystemClock()
    cache: ByteCache[File] = ByteCache(cache_bytes)
    tree = Files(published / "v1", in_tree, cache, clock)
    current = CurrentRelease(tree)
    probes, events = Probes(current, clock), Events(current)
    routes: list[BaseRoute] = [
        Mount("/v1", FileEndpoint(tree, b"/v1/", tree_caching)),
        Route("/events", events.endpoint),
        Route("/healthz", probes.health),
        Route("/readyz", probes.ready),
    ]
    if token_file is not None:
        private = Files(published.with_name("private"), is_document, cache, clock)
        endpoint = FileEndpoint(private, b"/private/", lambda name: NEVER_KEPT)
        routes.append(Mount("/private", Bearer(endpoint, TokenFile(token_file))))
    page = Files(STATIC, is_part_of_page, cache, clock)
    routes.append(Mount("/", FileEndpoint(page, b"/", lambda name: REVALIDATE, index=b"index.html")))
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=_lifespan(events.close),
    )
    return Exchange(app, AccessLog(access_log, clock) if access_log != OFF else None)


def _lifespan(close_streams: Callable[[], None]) -> StatefulLifespan[Starlette]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, object]]:
        _end_with_parent()
        yield {CLOSE_STREAMS: close_streams}

    return lifespan


def _end_with_parent() -> None:
    """A worker whose parent was killed ends as if it were told to."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        loop = asyncio.get_running_loop()
        loop.add_reader(parent.sentinel, lambda: os.kill(os.getpid(), signal.SIGTERM))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, error.detail, error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    return problem(500, "the server failed: its log says how")
