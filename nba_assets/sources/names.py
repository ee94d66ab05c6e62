"""Normalised player names: one key for all sources' spellings of a name."""

from __future__ import annotations

import functools
import unicodedata

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "junior", "senior"})
SPELLED_OUT = {"junior": "jr", "senior": "sr"}
UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
"""Letters that Unicode does not decompose into a base letter and a mark."""


@functools.lru_cache(maxsize=65536)
def player_lookup(name: str) -> str:
    """The key of a name: `C.J. McCollum` and `CJ McCollum` are `cjmccollum`; accents go, suffixes stay.

    `Last, First` is turned round; `Last, Jr.` is not. Empty if the name has no letter of the Latin alphabet or digit.
    """
    words, suffix = _parts(name)
    text = "".join([*words, *(SPELLED_OUT.get(s, s) for s in map(_folded, suffix))])
    return "".join(c for c in _folded(text) if c.isascii() and c.isalnum())


@functools.lru_cache(maxsize=65536)
def without_suffix(name: str) -> str:
    """The name, first name first, without jr, sr, ii, iii, iv or v at its end."""
    return " ".join(_parts(name)[0])


def suffix_of(name: str) -> str | None:
    """The suffix at the end of a name as it is spelled, None if there is none."""
    return " ".join(_parts(name)[1]) or None


def _parts(name: str) -> tuple[list[str], list[str]]:
    """(words with the first name first, suffixes) as spelled; a name is never all suffix."""
    pieces = [piece.split() for piece in name.split(",")]
    pieces = [piece for piece in pieces if piece]
    suffix: list[str] = []
    rest: list[list[str]] = []
    for piece in pieces:
        cut = len(piece)
        while cut and _folded(piece[cut - 1]) in SUFFIXES:
            cut -= 1
        if cut == 0 and rest:
            suffix += piece
        else:
            cut = max(cut, 1)
            suffix += piece[cut:]
            rest.append(piece[:cut])
    return [word for piece in [*rest[1:], *rest[:1]] for word in piece], suffix


def _folded(text: str) -> str:
    marked = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(c for c in marked if not unicodedata.combining(c)).translate(UNDECOMPOSED)
    return plain.replace(".", "")
