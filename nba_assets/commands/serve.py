"""`nba-assets serve`."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from nba_assets import console
from nba_assets.errors import PlatformError, UsageError
from nba_assets.settings import Settings
from nba_assets.web.access_log import OFF
from nba_assets.web.bearer import TokenFile
from nba_assets.web.serving import make_config, serve


def run(host: str, port: int, *, workers: int = 1, access_log: str = OFF, token_file: Path | None = None) -> None:
    """Serve until interrupted. Raises `UsageError` for a token file or access log that cannot be used."""
    settings = Settings()
    if settings.profile == "gcp":
        raise UsageError(
            "in the gcp profile the published bucket serves itself",
            f"https://storage.googleapis.com/{settings.published_bucket}/v1/manifest.json, or a CDN before it",
        )
    published = settings.published.absolute()
    if not (published / "v1" / "manifest.json").exists():
        raise PlatformError(f"nothing is published in {published}", "nba-assets demo or nba-assets ingest first")
    if token_file is not None:
        TokenFile(token_file).token()
    config = make_config(published, access_log=access_log, token_file=token_file, workers=workers)
    listener = _listener(host, port)
    shown = f"[{host}]" if ":" in host else host
    console.say(f"http://{shown}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
    with contextlib.suppress(KeyboardInterrupt):
        serve(config, listener)


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
