"""The read-only server: the published tree below `/v1`, the page at `/`. For development and small installations."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class Headers:
    """Adds caching and security headers: objects never change, everything else is revalidated."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers(scope, message)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _headers(scope: Scope, message: MutableMapping[str, Any]) -> list[tuple[bytes, bytes]]:
    immutable = scope["path"].startswith("/v1/objects/") and message["status"] in (200, 206, 304)
    headers = SECURITY | {"Cache-Control": IMMUTABLE if immutable else REVALIDATE}
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def make_app(published: Path) -> Starlette:
    """The ASGI application over one published folder (the one that holds `v1`); GET and HEAD only."""
    manifest = published / "v1" / "manifest.json"

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        there = manifest.is_file()
        return JSONResponse({"status": "ok" if there else "nothing published"}, 200 if there else 503)

    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/readyz", ready),
            Mount("/v1", StaticFiles(directory=published / "v1", check_dir=False)),
            Mount("/", StaticFiles(directory=STATIC, html=True)),
        ],
        middleware=[
            Middleware(Headers),
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD"]),
            Middleware(GZipMiddleware, minimum_size=1024),
        ],
    )
