"""The id by which a request is found again: the client's if it is well-formed, else one of our own."""

from __future__ import annotations

import os
import re

from nba_assets.web.answers import HeaderLines

_REQUEST_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TRACE = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")


def correlation_id(headers: HeaderLines) -> bytes:
    """`X-Request-ID`, else the trace id of `traceparent` (W3C trace context), else 32 new hexadecimal digits."""
    trace = None
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value
        if name == b"traceparent":
            trace = _TRACE.fullmatch(value)
    return trace[1] if trace else os.urandom(16).hex().encode()
