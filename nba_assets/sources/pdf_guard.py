"""What a PDF must be before a reader opens it: whole, its streams intact and small once inflated.

A reader inflates whatever a document asks for. So every stream is inflated here first, a piece at a time and no further
than the limit, and what could make a small file large in another way (chained filters, drawings within drawings, one
stream drawn a thousand times) is refused.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nba_assets.sources.payload import PayloadError, excerpt, tail

MAX_BYTES = 4 * 1024 * 1024
"""The largest real document has 93 kB."""
MAX_OBJECTS = 5_000
"""The most in a real one are 36."""
MAX_STREAM = 2 * 1024 * 1024
"""Bytes of one stream, inflated; the largest real one, a font, has 70 kB."""
MAX_INFLATED = 16 * 1024 * 1024
"""Bytes of all streams, each as often as it is referred to."""
HEAD, END = b"%PDF-", b"%%EOF"
LAST = 1024
"""How far from the end the end mark may stand."""
PIECE = 16 * 1024
MAX_DICTIONARY = 4096

STREAM = re.compile(rb">>\s*stream\r?\n")
OBJECT = re.compile(rb"(?<!\d)(\d{1,7})\s+\d{1,5}\s+obj\b")
PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)")
REFERENCE = re.compile(rb"(?<!\d)(\d{1,7})\s+\d{1,5}\s+R\b")
FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+|)")
NAME = re.compile(rb"/[A-Za-z0-9]+")
INDIRECT = re.compile(rb"/(?:Subtype|Type)\s*\d")
DRAWING = re.compile(rb"/Subtype\s*/Form\b")
DRAWN = re.compile(rb"/\S+\s+Do\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
INLINE = re.compile(rb"\bBI\s*/[ -~\s]{1,300}?\sID\s")
FLATE = b"/FlateDecode"
UNREAD = (b"/DCTDecode",)
"""Filters of pictures, which no reader of text decodes."""
REFUSED = (b"/Encrypt", b"/Type3", b"/PatternType", b"/EmbeddedFile", b"/FFilter")


@dataclass(frozen=True)
class Stream:
    """One stream: the object's number, its dictionary, its inflated size, how often it draws another, and its text if
    it is a pack of objects."""

    number: int
    dictionary: bytes
    size: int
    drawings: int
    packed: bytes


def check(data: bytes) -> None:
    """Raise `PayloadError` by rule `empty_file`, `format`, `size`, `objects`, `stream`, `stream_size` or `feature`."""
    if not data.strip():
        raise PayloadError("byte 0", "empty_file", f"no content in {len(data)} bytes")
    if len(data) > MAX_BYTES:
        raise PayloadError(f"byte {MAX_BYTES}", "size", f"{len(data)} bytes, more than {MAX_BYTES}")
    if not data.startswith(HEAD):
        raise PayloadError("byte 0", "format", "not a PDF: it does not begin with %PDF-", excerpt(data))
    if END not in data[-LAST:]:
        message = f"truncated: no end mark in the last {LAST} of {len(data)} bytes"
        raise PayloadError(f"byte {len(data)}", "format", message, tail(data))
    objects = [(found.start(), int(found[1])) for found in OBJECT.finditer(data)]
    if len(objects) > MAX_OBJECTS:
        raise PayloadError("objects", "objects", f"{len(objects)} objects, more than {MAX_OBJECTS}")
    streams = list(_streams(data, objects))
    texts = [data, *(stream.packed for stream in streams if stream.packed)]
    for feature in REFUSED:
        if any(feature in text for text in texts):
            message = f"it uses {feature.decode()}, which no real document does and a reader is not safe from"
            raise PayloadError("document", "feature", message)
    _not_multiplied(streams, texts)


def _pages(data: bytes, objects: list[tuple[int, int]]) -> dict[int, int]:
    """Object number of a page's content to the number of the page, in the order of the file."""
    found: dict[int, int] = {}
    page = 0
    for (start, _), (end, _) in pairwise([*objects, (len(data), 0)]):
        if not PAGE.search(data, start, end):
            continue
        page += 1
        contents = CONTENTS.search(data, start, end)
        if contents:
            found.update((int(number), page) for number in REFERENCE.findall(contents[1]))
    return found


def _streams(data: bytes, objects: list[tuple[int, int]]) -> Iterator[Stream]:
    pages = _pages(data, objects)
    total, position, begin, number = 0, 0, 0, 0
    for count, mark in enumerate(STREAM.finditer(data), 1):
        while position < len(objects) and objects[position][0] < mark.start():
            begin, number = objects[position]
            position += 1
        of_page = f"page {pages[number]}, " if number in pages else ""
        place = f"{of_page}stream of object {number}"
        if count > MAX_OBJECTS:
            raise PayloadError(place, "objects", f"more than {MAX_OBJECTS} streams")
        if mark.start() - begin > MAX_DICTIONARY:
            raise PayloadError(place, "feature", f"a dictionary of {mark.start() - begin} bytes")
        dictionary = data[begin : mark.start()]
        text = _inflated(data, mark.end(), place) if _is_flate(dictionary, place) else _plain(data, mark.end(), place)
        total += len(text)
        if total > MAX_INFLATED:
            raise PayloadError(place, "stream_size", f"the streams inflate to more than {MAX_INFLATED} bytes")
        if INLINE.search(text):
            raise PayloadError(place, "feature", "it has a picture within the text")
        packed = text if PACKED.search(dictionary) else b""
        yield Stream(number, dictionary, len(text), len(DRAWN.findall(text)), packed)


def _is_flate(dictionary: bytes, place: str) -> bool:
    """Whether a stream is compressed; all but one plain Flate filter is refused."""
    if b"#" in dictionary or INDIRECT.search(dictionary):
        raise PayloadError(place, "feature", "its kind is spelled in a disguise", excerpt(dictionary))
    filters = FILTER.findall(dictionary)
    if not filters:
        return False
    names: list[bytes] = NAME.findall(filters[0])
    if len(filters) > 1 or len(names) != 1 or names[0] not in (FLATE, *UNREAD):
        listed = ", ".join(name.decode() for name in names) or "none"
        message = f"filters {listed}: only a single {FLATE.decode()} is read"
        raise PayloadError(place, "feature", message, excerpt(dictionary))
    return names[0] == FLATE


def _plain(data: bytes, start: int, place: str) -> bytes:
    """The bytes of a stream that is not compressed."""
    end = data.find(b"endstream", start)
    if end < 0:
        raise PayloadError(place, "stream", f"truncated: it has no end in {len(data)} bytes")
    if end - start > MAX_STREAM:
        raise PayloadError(place, "stream_size", f"{end - start} bytes, more than {MAX_STREAM}")
    return data[start:end]


def _inflated(data: bytes, start: int, place: str) -> bytes:
    """The bytes of a compressed stream, given up a piece beyond the limit."""
    inflater = zlib.decompressobj()
    pieces: list[bytes] = []
    size, position, rest = 0, start, b""
    while not inflater.eof:
        if not rest:
            rest, position = data[position : position + PIECE], position + PIECE
        if not rest:
            raise PayloadError(place, "stream", f"truncated: it ends before it is complete, after {size} bytes")
        try:
            pieces.append(inflater.decompress(rest, PIECE))
        except zlib.error as error:
            message = f"damaged: it does not inflate ({error})"
            raise PayloadError(place, "stream", message, excerpt(data[start : start + PIECE])) from None
        rest = inflater.unconsumed_tail
        size += len(pieces[-1])
        if size > MAX_STREAM:
            raise PayloadError(place, "stream_size", f"it inflates to more than {MAX_STREAM} bytes")
    after = position - len(inflater.unused_data) if position <= len(data) else len(data) - len(inflater.unused_data)
    if data[after : after + 16].lstrip()[:9] != b"endstream":
        raise PayloadError(place, "stream", "damaged: other bytes follow its end", excerpt(data[after : after + PIECE]))
    return b"".join(pieces)


def _not_multiplied(streams: list[Stream], texts: list[bytes]) -> None:
    """Neither by references to one stream nor by drawings within drawings."""
    drawings = [stream for stream in streams if DRAWING.search(stream.dictionary)]
    nested = next((stream for stream in drawings if stream.drawings), None)
    if nested is not None:
        raise PayloadError(f"stream of object {nested.number}", "feature", "a drawing that draws another")
    calls = sum(stream.drawings for stream in streams)
    if calls * sum(stream.size for stream in drawings) > MAX_INFLATED:
        raise PayloadError("drawings", "stream_size", f"drawn {calls} times they are more than {MAX_INFLATED} bytes")
    referred = Counter(int(number) for text in texts for number in REFERENCE.findall(text))
    if sum(stream.size * referred[stream.number] for stream in streams) > MAX_INFLATED:
        message = f"the streams, as often as they are referred to, are more than {MAX_INFLATED} bytes"
        raise PayloadError("streams", "stream_size", message)
