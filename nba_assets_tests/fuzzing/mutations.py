"""What may become of a good drop: other values, keys and sizes in its JSON, other cells in its CSV, other bytes."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import orjson

LITERALS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3, 99, 999, 1000, 2025, -110, 2**31, 2**53, 2**63, -(2**63), 2**64, 10**30),
    *(0.5, -0.0, 1e-320, 1e308, -1e308, 1e15, 0.1, float("nan"), float("inf")),
    *("", " ", "0", "-1", "1e5", "nan", "null", "\x00", "\x7f", "\ud800", "\N{ZERO WIDTH SPACE}", "é", "İ", "٣", "²"),
    *("2025-02-30", "2025-01-15", "0001-01-01", "9999-12-31T23:59:59Z", "2025-01-16T00:30:00+23:59", "20250115"),
    *("NYK", "BOS", "OKC", "BOS @ OKC", "OKC vs. BOS", "0022400001", "0032400001", "W", "Final", "Final/OT", "DNP"),
    *("PT12M00.00S", "99:99", "36.000000:04", "12:00 AM", "Over", "=1+1", "%s%n", "a" * 300, "9" * 5000, "-", "/"),
    *([], {}, [None], [[]], {"a": 1}, [[[[[[]]]]]], [0] * 50),
)
"""Values that have broken a parser somewhere."""
SCALARS = tuple(value for value in LITERALS if not isinstance(value, list | dict))
PIECES = (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\\u0000", b"\\", b"1e999")
TOKEN = re.compile(rb"-?\d+(?:\.\d+)?|\([^()]*\)")
DEEPER = 0.8
"""How often a place is looked for further below."""


def mutated(data: bytes, rng: Random) -> bytes:
    """The drop after one to four changes that its format knows, or after some to its bytes."""
    if rng.random() < 0.25:
        return _bytes(data, rng)
    if data[:1] in b"{[" and data:
        return _json(data, rng)
    return _pdf(data, rng) if data.startswith(b"%PDF") else _csv(data, rng)


def _json(data: bytes, rng: Random) -> bytes:
    try:
        root = [orjson.loads(data)]
    except orjson.JSONDecodeError:
        return _bytes(data, rng)
    for _ in range(rng.randint(1, 4)):
        container, key = _place(root, rng)
        rng.choice(_CHANGES)(container, key, rng)
    return json.dumps(root[0] if root else None).encode()


def _place(root: list[Any], rng: Random) -> tuple[Any, Any]:
    """A container and a key of it; `root` itself holds the payload at 0."""
    container: Any = root
    key: Any = 0
    while root:
        below = container[key]
        if not isinstance(below, list | dict) or not below or rng.random() > DEEPER + 0.2 * (container is root):
            return container, key
        container = below
        key = rng.choice(list(below)) if isinstance(below, dict) else rng.randrange(len(below))
    root.append(None)
    return root, 0


def _replace(container: Any, key: Any, rng: Random) -> None:
    container[key] = copy.deepcopy(rng.choice(LITERALS))


def _nudge(container: Any, key: Any, rng: Random) -> None:
    value = container[key]
    if isinstance(value, str):
        container[key] = _text(value, rng)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        container[key] = rng.choice([value + 1, value - 1, -value, value * 10, float(value), str(value), value + 0.5])
    else:
        container[key] = [value]


def _drop(container: Any, key: Any, rng: Random) -> None:
    del container[key]


def _double(container: Any, key: Any, rng: Random) -> None:
    if isinstance(container, list):
        container.insert(rng.randint(0, len(container)), copy.deepcopy(container[key]))
    else:
        container[rng.choice(list(container))] = copy.deepcopy(container[key])


def _rename(container: Any, key: Any, rng: Random) -> None:
    if isinstance(container, dict):
        container[str(rng.choice(["", _text(key, rng), key.upper(), "id", "name"]))] = container.pop(key)
    else:
        container.reverse()


def _cut(container: Any, key: Any, rng: Random) -> None:
    value = container[key]
    if isinstance(value, list | str):
        container[key] = value[: rng.randint(0, len(value))]
    elif isinstance(value, dict):
        value.clear()


def _swap(container: Any, key: Any, rng: Random) -> None:
    other = rng.choice(list(container)) if isinstance(container, dict) else rng.randrange(len(container))
    container[key], container[other] = container[other], container[key]


def _all_alike(container: Any, key: Any, rng: Random) -> None:
    """The same for the key, or the place, in every neighbour of the container: a column that has changed."""
    value = rng.choice(LITERALS)
    of_lists = [one for one in container if isinstance(one, list)] if isinstance(container, list) else []
    of_dicts = [one for one in container if isinstance(one, dict)] if isinstance(container, list) else []
    for rows, keys in (
        (of_lists, range(len(of_lists[0]) if of_lists else 0)),
        (of_dicts, list(of_dicts[:1] and of_dicts[0])),
    ):
        if keys:
            column = rng.choice(list(keys))
            for row in rows:
                if isinstance(row, dict) or len(row) > column:
                    row[column] = copy.deepcopy(value)


_CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    *(_replace, _replace, _replace, _nudge, _nudge, _drop, _drop, _double, _rename, _cut, _swap, _all_alike),
)


def _text(text: str, rng: Random) -> str:
    at = rng.randint(0, len(text))
    more = str(rng.choice(SCALARS))
    return rng.choice([text[:at] + more + text[at:], text[:at], text[at:], text.swapcase(), text * 2, f" {text}\t"])


def _csv(data: bytes, rng: Random) -> bytes:
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline="")))
    except csv.Error:
        rows = []
    if not any(rows):
        return _bytes(data, rng)
    for _ in range(rng.randint(1, 4)):
        row = rng.choice([0, rng.randrange(len(rows)), len(rows) - 1])
        cells = rows[row]
        column = rng.randrange(len(cells)) if cells else 0
        match rng.randrange(8):
            case 0 | 1 | 2 if cells:
                cells[column] = str(rng.choice([rng.choice(SCALARS), _text(cells[column], rng)]))
            case 3:
                rows.insert(rng.randint(0, len(rows)), list(cells))
            case 4 if len(rows) > 1:
                del rows[row]
            case 5 if cells:
                del cells[column]
            case 6:
                value = str(rng.choice(SCALARS))
                for other in rows[1:]:
                    other[column : column + 1] = [value]
            case _:
                del rows[rng.randint(1, len(rows)) :]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _pdf(data: bytes, rng: Random) -> bytes:
    """Other numbers and other texts, in the drawing or in the objects."""
    tokens = list(TOKEN.finditer(data))
    if not tokens:
        return _bytes(data, rng)
    for found in sorted({rng.randrange(len(tokens)) for _ in range(rng.randint(1, 6))}, reverse=True):
        start, end = tokens[found].span()
        if data[start:end].startswith(b"("):
            words = data[start + 1 : end - 1].decode("latin-1")
            other = b"(" + rng.choice([words, _text(words, rng)]).encode("ascii", "replace") + b")"
        else:
            other = rng.choice([b"0", b"-1", b"1", b"7", b"99999999999", b"1e9", b"0.0000001", data[start:end] * 2])
        data = data[:start] + rng.choice([b"", other, other, other, other + b" " + other]) + data[end:]
    return data


def _bytes(data: bytes, rng: Random) -> bytes:
    """Flips, cuts, insertions, repetitions."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice([1, 1, 2, 8, 100]))
        match rng.randrange(5):
            case 0:
                data = data[:at] + rng.randbytes(end - at) + data[end:]
            case 1:
                data = data[:at] + data[end:]
            case 2:
                data = data[:at] + rng.choice(PIECES) + data[at:]
            case 3:
                data = data[:at] + data[at:end] * rng.choice([2, 3, 50]) + data[end:]
            case _:
                data = data[:at] if rng.random() < 0.3 else data
    return data
