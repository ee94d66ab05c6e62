"""`nba-assets serve`."""

from __future__ import annotations

import contextlib
import socket

import uvicorn

from nba_assets import console
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.web.server import make_app


def run(host: str, port: int) -> None:
    """Serve until interrupted."""
    published = Settings().published.absolute()
    if not (published / "v1" / "manifest.json").exists():
        raise PlatformError(f"nothing is published in {published}", "nba-assets demo or nba-assets ingest first")
    listener = _listener(host, port)
    shown = f"[{host}]" if ":" in host else host
    console.say(f"http://{shown}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
    config = uvicorn.Config(make_app(published), log_level="warning", access_log=False)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "a port is 0 to 65535"
        raise PlatformError(f"cannot listen on {host}:{port}: {why}", "choose another --host or --port") from error
    return listener
