"""With what headers Cloud Storage serves an object."""

from __future__ import annotations

import mimetypes

from nba_assets.publishing.caching import IMMUTABLE, OBJECTS, REVALIDATE

_TYPES = mimetypes.MimeTypes()
"""Python's own table: the machine's may say something else."""
_TYPES.add_type("text/javascript", ".js")  # Python 3.11 still has the name of before RFC 9239


def plain_headers(name: str) -> dict[str, str]:
    """The type that the name's suffix tells."""
    kind, coding = _TYPES.guess_type(name)
    return {"Content-Type": kind if kind and not coding else "application/octet-stream"}


def published_headers(name: str) -> dict[str, str]:
    """With the caching of the published tree: without it Cloud Storage lets anyone keep public objects for an hour."""
    return plain_headers(name) | {"Cache-Control": IMMUTABLE if name.startswith(OBJECTS) else REVALIDATE}
