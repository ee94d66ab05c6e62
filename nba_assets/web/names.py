"""Which paths are names of files: a published document's, an object's, a part of the page. Everything else is none.

A name is matched as it stands in the request, before anything is decoded: none of its characters ever needs `%`, so an
encoded slash, dot or NUL is no name, and neither is a hidden file's, which is where writers stage theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Grammar = Callable[[bytes], bool]
"""Whether the bytes are a name."""

_PART = rb"[A-Za-z0-9_][A-Za-z0-9_.~+:@=,-]{0,199}"
_DOCUMENT = re.compile(rb"(?:%b/){0,7}%b\.json" % (_PART, _PART))
_OBJECT = re.compile(rb"objects/sha256/([0-9a-f]{2})/(\1[0-9a-f]{62})\.json")
_OBJECTS = b"objects/"
_PAGE = re.compile(rb"(?:[a-z0-9_-]{1,50}/){0,3}[a-z0-9_-]{1,50}\.(?:html|css|js|json|svg|png|webmanifest)")


def is_document(name: bytes) -> bool:
    """`manifest.json`, `latest/players/2544.json`, …, but no object."""
    return not name.startswith(_OBJECTS) and _DOCUMENT.fullmatch(name) is not None


def object_hash(name: bytes) -> str | None:
    """The hash of `objects/sha256/ab/<hash>.json`; None if that is no object's name."""
    found = _OBJECT.fullmatch(name) if name.startswith(_OBJECTS) else None
    return found[2].decode() if found else None


def in_tree(name: bytes) -> bool:
    """A document or an object."""
    return object_hash(name) is not None if name.startswith(_OBJECTS) else is_document(name)


def is_part_of_page(name: bytes) -> bool:
    """`index.html`, `views/slate.js`, …"""
    return _PAGE.fullmatch(name) is not None
