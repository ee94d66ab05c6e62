"""A cache between readers and a server, as a CDN is one: what is fresh it answers itself, what is not it asks for anew.

It keeps whole answers (200, GET, no range) of which the server says neither `no-store` nor `private`, each by its path
and the codings that the client accepts. Within `max-age` it does not ask; otherwise, and for `no-cache`, it asks with
the kept tag and answers what it keeps if that is still the same.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server", "content-length"}
PATIENCE = 60.0


@dataclass
class Kept:
    """An answer with its headers, until when it is fresh on the monotonic clock, in seconds."""

    body: bytes
    headers: dict[str, str]
    fresh_until: float


def make_proxy(origin: str) -> Starlette:
    """The ASGI application before the server at the URL `origin`; `X-Cache` says what it did."""
    kept: dict[tuple[str, str], Kept] = {}
    client = httpx2.AsyncClient(base_url=origin, timeout=PATIENCE, trust_env=False)

    async def answer(request: Request) -> Response:
        key = (request.url.path, request.headers.get("accept-encoding", ""))
        found = kept.get(key) if request.method == "GET" and "range" not in request.headers else None
        if found is not None and time.monotonic() < found.fresh_until:
            return _answered(request, found, "hit")
        tag = found.headers.get("etag") if found is not None else None
        asked = {name: request.headers[name] for name in ("accept-encoding", "range") if name in request.headers}
        try:
            async with client.stream(
                request.method, request.url.path, headers=asked | ({"if-none-match": tag} if tag else {})
            ) as told:
                body = b"".join([piece async for piece in told.aiter_raw()])
        except httpx2.HTTPError as error:
            return Response(f"{type(error).__name__}: {error}", 502)
        control = told.headers.get("cache-control", "")
        if told.status_code == 304 and found is not None:
            found.fresh_until = _fresh_until(control)
            return _answered(request, found, "revalidated")
        headers = {name: value for name, value in told.headers.items() if name not in HOP_BY_HOP}
        fresh = Kept(body, headers, _fresh_until(control))
        whole = told.status_code == 200 and request.method == "GET" and "range" not in request.headers
        if whole and not re.search("no-store|private", control):
            kept[key] = fresh
            return _answered(request, fresh, "miss")
        return Response(body, told.status_code, headers | {"x-cache": "pass"})

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])], lifespan=lifespan)


def _fresh_until(control: str) -> float:
    age = re.search(r"max-age=(\d+)", control)
    return time.monotonic() + int(age[1]) if age and "no-cache" not in control else 0.0


def _answered(request: Request, kept: Kept, how: str) -> Response:
    headers = kept.headers | {"x-cache": how}
    tags = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    tag = kept.headers.get("etag", "").removeprefix("W/")
    if tag and tag in tags:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, headers=headers)
