"""PDFs by hand: pages of words at places, and documents of any objects, whole or hostile."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

Placed = tuple[float, float, str]
"""Left, base line below the top, words."""

WIDTH, HEIGHT = 842.0, 595.0
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def document(objects: Sequence[bytes], end: bytes = b"%%EOF\n") -> bytes:
    """A document of numbered objects, of which the first is the catalog."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n" % (len(objects) + 1, start) + end


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A compressed stream; `more` goes into its dictionary."""
    packed = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), more, packed)


def words(placed: Sequence[Placed], size: float = 8.0) -> bytes:
    """A page's content: words at their places."""
    lines = [b"BT", b"/F1 %g Tf" % size]
    for left, y, text in placed:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii")
        lines.append(b"1 0 0 1 %.2f %.2f Tm (%s) Tj" % (left, HEIGHT - y, escaped))
    return b"\n".join([*lines, b"ET"])


def pages(contents: Sequence[bytes], *others: bytes, size: bytes = b"[0 0 842 595]") -> bytes:
    """A document with a page for each content (an object: a stream), and other objects after them."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
        FONT,
    ]
    for n, content in enumerate(contents):
        resources = b"/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s %s /Contents %d 0 R >>" % (size, resources, 5 + 2 * n)
        )
        objects.append(content)
    return document([*objects, *others])


def pdf(*placed: Sequence[Placed]) -> bytes:
    """A document with a page for each list of words."""
    return pages([stream(words(page)) for page in placed])
