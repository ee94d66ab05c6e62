"""The server and the cache before it, each in a process of its own on a port of this machine."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from nba_assets.web.server import make_app
from nba_assets_tests.torn_reads.caching_proxy import make_proxy


@contextmanager
def served(published: Path, context: ForkServerContext) -> Iterator[tuple[str, str]]:
    """The URLs of the server over the published folder and of the cache before it."""
    with _bound() as origin, _bound() as cache:
        url = _url(origin)
        processes = [
            context.Process(target=serve_tree, args=(published, origin), daemon=True),
            context.Process(target=serve_cache, args=(url, cache), daemon=True),
        ]
        for process in processes:
            process.start()
        try:
            yield url, _url(cache)
        finally:
            for process in processes:
                process.kill()
                process.join()


def serve_tree(published: Path, bound: socket.socket) -> None:
    """The real server over the folder."""
    _run(make_app(published), bound)


def serve_cache(origin: str, bound: socket.socket) -> None:
    """The cache before the server."""
    _run(make_proxy(origin), bound)


def _run(app: ASGIApp, bound: socket.socket) -> None:
    multiprocessing.current_process().daemon = False
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error")).run(sockets=[bound])


def _bound() -> socket.socket:
    """A socket on which clients may already knock."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    bound.listen(128)
    return bound


def _url(bound: socket.socket) -> str:
    return f"http://127.0.0.1:{bound.getsockname()[1]}"
