"""Reading a JSON payload strictly: each way of not being one has its own rule and place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from nba_assets.sources.parsed import Outcome, Parsed, Reject

MAX_BYTES = 64 * 1024 * 1024
"""A season's schedule has 5 MB; nothing real comes near this."""
MAX_VALUES = 1_000_000
"""Members and elements; a season's schedule has some 250,000. As objects they take a hundred times their bytes."""
MAX_DEPTH = 254
"""Levels of objects and lists; a real payload has a dozen."""
MAX_REJECTS = 10_000
"""Of one drop; beyond it nothing in the payload is what it should be."""
EXCERPT = 120
BOM = b"\xef\xbb\xbf"
FORMATS = {b"PK": "a zip archive", b"\x1f\x8b": "gzip", b"%PDF-": "a PDF", b"\xd0\xcf\x11\xe0": "an Excel workbook"}
"""First bytes of what is no text and never unpacked."""
NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


class PayloadError(Exception):
    """The whole payload is unusable, for this reason."""

    def __init__(self, place: str, rule: str, message: str, excerpt: str = "") -> None:
        super().__init__(message)
        self.reject = Reject(place, rule, message, excerpt)


def bad(rejects: Iterable[Reject]) -> Parsed:
    """Nothing of the drop is used."""
    return Parsed(Outcome.BAD, rejects=tuple(rejects))


def read_json(data: bytes) -> dict[str, Any]:
    """The payload's top object.

    Raises `PayloadError` by rule `empty_file`, `size`, `html`, `format`, `json`, `duplicate_key` or `top_key`.
    """
    found = read_value(data)
    if not isinstance(found, dict):
        text = data.removeprefix(BOM).strip()
        raise PayloadError("$", "top_key", f"{kind(found)} instead of an object", excerpt(text))
    return found


def read_value(data: bytes) -> Any:
    """The payload, whatever kind of value it is. Raises as `read_json` does, but never by rule `top_key`."""
    if len(data) > MAX_BYTES:
        raise PayloadError(f"byte {MAX_BYTES}", "size", f"{len(data)} bytes, more than {MAX_BYTES}")
    text = data.removeprefix(BOM).strip()
    if not text:
        raise PayloadError("byte 0", "empty_file", f"no content in {len(data)} bytes")
    if text.startswith(b"<"):
        raise PayloadError("byte 0", "html", "an HTML or XML page instead of JSON", excerpt(text))
    not_packed(text, "JSON")
    values = sum(map(text.count, (b",", b"[", b"{")))
    if values > MAX_VALUES:
        raise PayloadError("$", "size", f"{values} values, more than {MAX_VALUES}", excerpt(text))
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _undecodable(text, error) from None
    nul = text.find(b"\\u0000")
    if nul >= 0:
        raise PayloadError(f"byte {nul}", "json", "a NUL character in a text", excerpt(text[nul:]))
    _no_duplicate_keys(text, found)
    return found


def not_packed(data: bytes, wanted: str) -> None:
    """Raise `PayloadError` by rule `format` for an archive or another format by its first bytes."""
    for mark, name in FORMATS.items():
        if data.startswith(mark):
            raise PayloadError("byte 0", "format", f"{name} instead of {wanted}", excerpt(data[:16]))


def _undecodable(text: bytes, error: orjson.JSONDecodeError) -> PayloadError:
    position = len(str(error.doc)[: error.pos].encode(errors="surrogatepass")) if error.doc else 0
    if "depth" in error.msg:
        return PayloadError(f"byte {position}", "json", f"nested deeper than {MAX_DEPTH} levels", excerpt(text))
    if position >= len(text) or _cut_off(text):
        return PayloadError(f"byte {len(text)}", "json", "truncated: the JSON ends before it is complete", tail(text))
    return PayloadError(f"byte {position}", "json", f"not JSON: {error.msg}", excerpt(text[position:]))


def _cut_off(text: bytes) -> bool:
    """Whether the text begins like a JSON object or list and does not end like one."""
    return text[:1] in b"{[" and text[-1:] != {b"{": b"}", b"[": b"]"}[text[:1]]


def _no_duplicate_keys(text: bytes, found: object) -> None:
    """A key that stands twice in an object would silently lose a value; the quick test counts keys of both sides."""
    try:
        written = orjson.dumps(found)
    except orjson.JSONEncodeError:
        raise PayloadError("$", "json", f"nested deeper than {MAX_DEPTH} levels", excerpt(text)) from None
    if text.count(b'":') == written.count(b'":'):
        return

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise PayloadError("$", "duplicate_key", f"key {twice!r} stands more than once in one object")
        return seen

    json.loads(text, object_pairs_hook=checked)


def not_too_many(rejects: Sequence[Reject]) -> None:
    """Raise `PayloadError` by rule `rejects` if so much is wrong that the rest need not be looked at."""
    if len(rejects) > MAX_REJECTS:
        first = rejects[0]
        message = f"more than {MAX_REJECTS} rejects, the first: {first.message}"
        raise PayloadError(first.place, "rejects", message, first.excerpt)


def member(parent: object, key: str, wanted: type, place: str) -> Any:
    """`parent[key]`, of the type wanted. Raises `PayloadError` by rule `top_key` or `type`."""
    if not isinstance(parent, dict):
        raise PayloadError(place, "type", f"{place} is {kind(parent)}, not an object", shown(parent))
    if key not in parent:
        raise PayloadError(
            place, "top_key", f"{place} has no {key!r}; it has {', '.join(sorted(parent)[:12]) or 'nothing'}"
        )
    value = parent[key]
    if not isinstance(value, wanted):
        raise PayloadError(f"{place}.{key}", "type", f"{key} is {kind(value)}, not {NAMES[wanted]}", shown(value))
    return value


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    return NAMES.get(type(value), type(value).__name__)


def shown(value: object) -> str:
    """A value as an excerpt."""
    text = repr(value)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def excerpt(data: bytes) -> str:
    """The first bytes, as text."""
    return data[:EXCERPT].decode("utf-8", errors="backslashreplace")


def tail(data: bytes) -> str:
    """The last bytes, as text."""
    return data[-EXCERPT:].decode("utf-8", errors="backslashreplace")
