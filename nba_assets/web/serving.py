"""How the application is run: uvicorn on uvloop and httptools, in one process or several on one socket."""

from __future__ import annotations

import functools
import socket
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from nba_assets.web.access_log import OFF
from nba_assets.web.protocol import BoundedProtocol
from nba_assets.web.server import make_app

KEEP_ALIVE = 15
"""Seconds that a connection is kept without a request."""
UNREAD_MS = 60_000
"""After which a connection ends whose client takes nothing of what waits for it. Accepted sockets inherit it."""
PATIENCE = 5
"""Seconds in which a stopping server's answers have to be out; the protocol's own grace is shorter."""
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "nba_assets.web": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
"""What goes wrong, on stderr; what clients do wrong is the access log's."""


def make_config(
    published: Path, *, access_log: str = OFF, token_file: Path | None = None, workers: int = 1, port: int = 0
) -> uvicorn.Config:
    """uvicorn's configuration of the application over a published folder; see `make_app`."""
    return uvicorn.Config(
        functools.partial(make_app, published, access_log=access_log, token_file=token_file),
        factory=True,
        port=port,
        workers=workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=LOGGING,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=PATIENCE,
    )


def serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Serve on the socket until SIGINT or SIGTERM; a worker that dies is replaced."""
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
    if config.workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
    else:
        Multiprocess(config, [listener]).run()
