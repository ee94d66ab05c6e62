"""Content codings: which one a request prefers (RFC 9110, 12.5.3), and bytes in it."""

from __future__ import annotations

import functools
import gzip
import re

import brotli

IDENTITY = "identity"
CODINGS = ("br", "gzip", IDENTITY)
"""What there is, the best first."""
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
WORTH = 256
"""Bytes below which nothing is gained."""

_ITEM = re.compile(r"\s*([!#$%&'*+.^_`|~0-9a-z-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


@functools.lru_cache(maxsize=256)
def accepted(header: bytes | None) -> tuple[str, ...]:
    """The codings that an `Accept-Encoding` allows, the preferred one first; identity alone where it is not sent.

    `identity` is allowed unless it or `*` has q=0. An item that is not of the grammar is passed over.
    """
    if header is None:
        return (IDENTITY,)
    weights: dict[str, float] = {}
    for item in header.decode("latin-1").lower().split(","):
        found = _ITEM.fullmatch(item)
        if found:
            name = {"x-gzip": "gzip"}.get(found[1], found[1])
            weights[name] = float(found[2] or 1)
    default = weights.get("*", 0.0)
    wanted = {coding: weights.get(coding, default) for coding in CODINGS}
    if IDENTITY not in weights and "*" not in weights:
        wanted[IDENTITY] = 0.001
    return tuple(sorted((c for c in CODINGS if wanted[c] > 0), key=lambda c: (-wanted[c], CODINGS.index(c))))


def encode(body: bytes, coding: str) -> bytes:
    """The bytes in a coding; the same ones each time."""
    if coding == "br":
        compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return compressed
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if coding == "gzip" else body
