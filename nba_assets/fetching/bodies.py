"""What the body of a 200 must look like before it may land: a block page, a cut or an empty answer is no success.

Each check takes the bytes and gives the reason why they are not the file, None if they may be.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

Check = Callable[[bytes], str | None]
SHOWN = 80
PDF_END = 2048
"""The end marker of a PDF stands within its last bytes."""


def json_object(*keys: str) -> Check:
    """A whole JSON object that has these top keys."""

    def check(body: bytes) -> str | None:
        found, reason = _json(body)
        if reason is not None:
            return reason
        if not isinstance(found, dict):
            return f"JSON without an object at the top: {_shown(body)}"
        missing = [key for key in keys if key not in found]
        return f"JSON without {missing[0]!r} at the top: {_shown(body)}" if missing else None

    return check


def json_list(body: bytes) -> str | None:
    """A whole JSON list."""
    found, reason = _json(body)
    return reason or (None if isinstance(found, list) else f"JSON without a list at the top: {_shown(body)}")


def pdf(body: bytes) -> str | None:
    """A PDF with its end."""
    reason = _page(body)
    if reason is not None:
        return reason
    if not body.lstrip().startswith(b"%PDF-"):
        return f"no PDF: {_shown(body)}"
    return None if b"%%EOF" in body[-PDF_END:] else "a PDF that is cut off: it has no end marker"


def csv_with(column: str) -> Check:
    """A CSV whose header names the column."""

    def check(body: bytes) -> str | None:
        header = body.split(b"\n", 1)[0].decode("utf-8", "replace")
        return _page(body) or (None if column in header else f"no CSV with a column {column}: {_shown(body)}")

    return check


def _json(body: bytes) -> tuple[object, str | None]:
    reason = _page(body)
    if reason is not None:
        return None, reason
    try:
        return orjson.loads(body), None
    except orjson.JSONDecodeError as error:
        return None, f"JSON that is cut off or broken ({error.msg}): {_shown(body)}"


def _page(body: bytes) -> str | None:
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        return "an empty body"
    return f"a web page: {_shown(body)}" if text.startswith(b"<") else None


def _shown(body: bytes) -> str:
    text = body[:SHOWN].decode("utf-8", "replace")
    return "".join(character if character.isprintable() else " " for character in text).strip()
