"""Schema drift: keys of a payload that its source did not have before, and what a missing one may be called now.

What a source is known to have stands in `data/keys/<source>.txt`, one key a line: `data[].home_team.players[].min` in
JSON, `<set>.<header>` in the league's tabular answers, the column's name in CSV.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from nba_assets.sources.parsed import Parsed

KEYS = Path(__file__).parent / "data" / "keys"
MOST_ROWS = 50
"""Elements of a list that are looked at."""
MOST_KEYS = 200_000
"""Keys of a payload that are looked at, and so of whatever a hostile one is full of."""
DEEPEST = 12
"""Levels of a payload that are looked at."""
LONGEST = 200
"""Characters of a key that are looked at."""
SHOWN = 5
LAST_WORDS = 3
"""Words of a message that names no known key which may be that key by another name."""
MOST_NEW = 40
"""New keys among which one that is missing is looked for."""
LOST = re.compile(r" is missing|\bhas no |\bno (?:column|set) |not there exactly once")
"""How a reject says that a key is missing."""


@functools.cache
def known_keys(source: str) -> frozenset[str] | None:
    """The keys that files of the source are known to have; None if nobody has written them down."""
    path = KEYS / f"{source}.txt"
    if not path.is_file():
        return None
    return frozenset(line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")


def new_keys(source: str, data: bytes) -> tuple[str, ...]:
    """Keys of a payload that its source is not known to have, sorted; none where neither is a text with keys."""
    known = known_keys(source)
    return () if known is None else tuple(sorted(keys_of(data) - known))


def keys_of(data: bytes) -> frozenset[str]:
    """Every key of a JSON or CSV payload; nothing of a PDF or of what cannot be read."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        try:
            return frozenset(_keys(orjson.loads(text)))
        except (orjson.JSONDecodeError, RecursionError):
            return frozenset()
    head = text[: MOST_KEYS * 10].split(b"\n", 1)[0]
    if b"," not in head or b"\x00" in head or text[:1] in (b"%", b"<"):
        return frozenset()
    return frozenset(name.strip().strip('"') for name in head.decode("utf-8", "replace").split(",") if name.strip())


def explained(source: str, data: bytes, parsed: Parsed) -> Parsed:
    """The parsed drop whose rejects for a missing key also name the payload's new ones, the most alike first.

    A guess in words: nothing is read from another key than the known one.
    """
    lost = any(LOST.search(reject.message) for reject in parsed.rejects)
    new = _names(new_keys(source, data)) if lost else set()
    if not new:
        return parsed
    known = {name.casefold() for name in _names(known_keys(source) or ())}
    guesses: dict[frozenset[str], str] = {}
    told = []
    for reject in parsed.rejects:
        if LOST.search(reject.message):
            words = re.findall(r"\w+", reject.message.casefold())
            about = frozenset(known.intersection(words) or words[-LAST_WORDS:])
            if about not in guesses:
                guesses[about] = _guess(about, sorted(new)[:MOST_NEW])
            reject = replace(reject, message=f"{reject.message}; new: {guesses[about]}")
        told.append(reject)
    return replace(parsed, rejects=tuple(told))


def _names(keys: Iterable[str]) -> set[str]:
    return {key.rpartition(".")[2] for key in keys}


def _guess(about: Collection[str], new: Iterable[str]) -> str:
    """The new keys, the one most like a word of `about` first."""

    def likeness(key: str) -> float:
        return max(difflib.SequenceMatcher(None, word, key.casefold()).ratio() for word in about)

    return ", ".join(sorted(new, key=likeness, reverse=True)[:SHOWN])


def _keys(payload: Any) -> set[str]:
    found: set[str] = set()
    looked_at = 0
    left: list[tuple[Any, str, int]] = [(payload, "", 0)]
    while left and looked_at < MOST_KEYS:
        value, place, depth = left.pop()
        if isinstance(value, list) and depth < DEEPEST:
            left += [(element, f"{place}[]", depth + 1) for element in value[:MOST_ROWS]]
        elif isinstance(value, dict) and depth < DEEPEST:
            looked_at += len(value)
            headers = value.get("headers")
            if isinstance(headers, list) and "rowSet" in value:
                found |= {f"{value.get('name')}.{header}"[:LONGEST] for header in headers[:MOST_KEYS]}
                continue
            for key, below in islice(value.items(), MOST_KEYS):
                path = f"{place}.{key}"[:LONGEST] if place else key[:LONGEST]
                found.add(path)
                left.append((below, path, depth + 1))
    return found
