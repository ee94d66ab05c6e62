"""`nba-assets serve`."""

from __future__ import annotations

import socket

import uvicorn

from nba_assets import console
from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.web.server import make_app


def run(host: str, port: int) -> None:
    """Serve until interrupted."""
    settings = Settings()
    if not (settings.published / "v1" / "manifest.json").exists():
        raise PlatformError(
            f"nothing is published in {settings.published}", "nba-assets demo or nba-assets ingest first"
        )
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise PlatformError(f"cannot listen on {host}:{port}: {error.strerror}", "choose another --port") from error
    console.out.print(f"http://{host}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
    config = uvicorn.Config(make_app(settings.published), log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])
