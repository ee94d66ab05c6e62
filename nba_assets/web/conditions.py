"""Conditional and range requests (RFC 9110, 13 and 14) against strong entity tags.

`If-Modified-Since` and `If-Unmodified-Since` are ignored, and no `Last-Modified` is sent: releases follow one another
within a second, which is all that such a date can tell apart.
"""

from __future__ import annotations

import re

_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_LIST = re.compile(rb'[ \t,]*(?:(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))+')
_RANGE = re.compile(rb"bytes[ \t]*=[ \t,]*(\d{0,4000})-(\d{0,4000})[ \t,]*", re.IGNORECASE)


class RangeError(Exception):
    """The range begins behind the last byte."""


def none_match(value: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` lets the request through: no tag of the list equals ours, weakly compared."""
    if value == etag:
        return False
    return value.strip() != b"*" and etag not in (tag for _, tag in _tags(value))


def match(value: bytes, etag: bytes) -> bool:
    """Whether `If-Match` lets the request through: a tag of the list equals ours, strongly compared."""
    return value.strip() == b"*" or etag in (tag for weak, tag in _tags(value) if not weak)


def byte_range(value: bytes, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` of `size` bytes; None for what is ignored: no single range of bytes.

    Raises `RangeError`.
    """
    found = _RANGE.fullmatch(value)
    if found is None or found[1] == found[2] == b"":
        return None
    if found[1] == b"":
        if int(found[2]) == 0 or size == 0:
            raise RangeError
        return max(0, size - int(found[2])), size - 1
    first = int(found[1])
    last = int(found[2]) if found[2] else max(first, size - 1)
    if last < first:
        return None
    if first >= size:
        raise RangeError
    return first, min(last, size - 1)


def _tags(value: bytes) -> list[tuple[bytes, bytes]]:
    return _TAG.findall(value) if _LIST.fullmatch(value) else []
