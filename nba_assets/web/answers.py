"""What answers have in common: the headers that keep a browser safe, and errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.responses import Response

from nba_assets.publishing.caching import REVALIDATE

HeaderLines = list[tuple[bytes, bytes]]

READ_METHODS = "GET, HEAD, OPTIONS"
NEVER_KEPT = "private, no-store"

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
SECURITY: HeaderLines = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in _FEATURES).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
]
SAME_ORIGIN: HeaderLines = [(b"cross-origin-resource-policy", b"same-origin")]
ANY_ORIGIN: HeaderLines = [
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Accept-Ranges, Content-Range, Retry-After, X-Request-ID"),
]
PREFLIGHT = {
    "Allow": READ_METHODS,
    "Access-Control-Allow-Methods": READ_METHODS,
    "Access-Control-Allow-Headers": "If-Match, If-None-Match, If-Range, Range, X-Request-ID, traceparent",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": REVALIDATE,
}


def problem_text(status: int, detail: str) -> bytes:
    """The body of an error's answer."""
    return orjson.dumps({"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail})


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error's answer. One of the server itself is not to be kept."""
    caching = {"Cache-Control": REVALIDATE if status < HTTPStatus.INTERNAL_SERVER_ERROR else "no-store"}
    return Response(
        problem_text(status, detail), status, caching | dict(headers or {}), media_type="application/problem+json"
    )
