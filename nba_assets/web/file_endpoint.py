"""`GET` and `HEAD` of the files of one folder: entity tags, codings, conditions, ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nba_assets.publishing.caching import IMMUTABLE, REVALIDATE
from nba_assets.web.answers import HeaderLines, problem
from nba_assets.web.compression import IDENTITY, accepted
from nba_assets.web.conditions import RangeError, byte_range, match, none_match
from nba_assets.web.files import File, Files, UnreadableError
from nba_assets.web.names import object_hash

MEDIA_TYPES = {
    b"json": b"application/json",
    b"html": b"text/html; charset=utf-8",
    b"css": b"text/css; charset=utf-8",
    b"js": b"text/javascript; charset=utf-8",
    b"svg": b"image/svg+xml",
    b"png": b"image/png",
    b"webmanifest": b"application/manifest+json",
}
_ASKED = frozenset({b"accept-encoding", b"if-match", b"if-none-match", b"if-range", b"range"})


def tree_caching(name: bytes) -> str:
    """Objects never change, everything else is revalidated."""
    return REVALIDATE if object_hash(name) is None else IMMUTABLE


@dataclass
class _Answer:
    status: int
    lines: HeaderLines
    body: bytes


class FileEndpoint:
    """The ASGI application of the files below the path `mounted`, which ends in `/`; `index` is the file of that path.

    `caching` tells the `Cache-Control` of a name, and with an empty name that of an error. A range is one of the bytes
    without a coding; a request of several ranges gets the whole file.
    """

    def __init__(self, files: Files, mounted: bytes, caching: Callable[[bytes], str], index: bytes = b"") -> None:
        self._files = files
        self._mounted = mounted
        self._caching = caching
        self._index = index

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: bytes = scope["raw_path"]
        name = (path[len(self._mounted) :] or self._index) if path.startswith(self._mounted) else b""
        found = await self._answer(name, scope["method"], _asked(scope["headers"]))
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": found.status, "headers": found.lines})
        await send({"type": "http.response.body", "body": found.body if scope["method"] == "GET" else b""})

    async def _answer(self, name: bytes, method: str, asked: dict[bytes, bytes]) -> _Answer | Response:
        try:
            file = self._files.kept(name) or await self._files.get(name)
        except UnreadableError as error:
            return problem(503, str(error), {"Retry-After": "5"})
        if file is None:
            return self._refusal(404, "there is no file of this name")
        ranged = method == "GET" and b"range" in asked and _is_the_same(asked.get(b"if-range"), file)
        allowed = (IDENTITY,) if ranged else accepted(asked.get(b"accept-encoding"))
        chosen = await self._files.coded(name, file, allowed)
        if chosen is None:
            return self._refusal(406, "none of the codings br, gzip and identity is accepted")
        coding, body = chosen
        etag = file.etag(coding)
        if b"if-match" in asked and not match(asked[b"if-match"], etag):
            return self._refusal(412, f"the file is {etag.decode()} by now")
        lines = [(b"etag", etag), (b"cache-control", self._caching(name).encode()), (b"vary", b"Accept-Encoding")]
        if b"if-none-match" in asked and not none_match(asked[b"if-none-match"], etag):
            return _Answer(304, lines, b"")
        if coding != IDENTITY:
            lines.append((b"content-encoding", coding.encode()))
        lines += [(b"content-type", MEDIA_TYPES[name.rpartition(b".")[2]]), (b"accept-ranges", b"bytes")]
        return self._part(asked[b"range"], lines, body) if ranged else _whole(200, lines, body)

    def _part(self, wanted: bytes, lines: HeaderLines, body: bytes) -> _Answer | Response:
        """The range of the body; the whole body where what is wanted is no range that we know."""
        try:
            found = byte_range(wanted, len(body))
        except RangeError:
            return self._refusal(416, f"the file has {len(body)} bytes", {"Content-Range": f"bytes */{len(body)}"})
        if found is None:
            return _whole(200, lines, body)
        first, last = found
        lines.append((b"content-range", b"bytes %d-%d/%d" % (first, last, len(body))))
        return _whole(206, lines, body[first : last + 1])

    def _refusal(self, status: int, why: str, headers: dict[str, str] | None = None) -> Response:
        return problem(status, why, {"Cache-Control": self._caching(b"")} | (headers or {}))


def _whole(status: int, lines: HeaderLines, body: bytes) -> _Answer:
    return _Answer(status, [*lines, (b"content-length", b"%d" % len(body))], body)


def _asked(headers: HeaderLines) -> dict[bytes, bytes]:
    """What a request says of the answer that it wants."""
    asked: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _ASKED:
            asked[name] = asked[name] + b", " + value if name in asked else value
    return asked


def _is_the_same(condition: bytes | None, file: File) -> bool:
    """Whether a range is one of the file that the client has the rest of, by its `If-Range`."""
    return condition is None or condition.strip() == file.etag(IDENTITY)
