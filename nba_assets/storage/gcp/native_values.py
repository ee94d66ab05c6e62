"""JSON as Firestore's own values and back, and how large Firestore counts it.

Objects are maps, arrays are arrays, and an int stays an int, a float a float. Firestore refuses an array directly
inside an array: the inner one is the map `{"[]": [...]}`. An object inside an array whose only key is `[]`, `[]'`,
`[]''` and so on gets one more `'` there, so that nothing is taken for what it is not. No document of ours has either.
"""

from __future__ import annotations

import math
import re
from typing import Any

from nba_assets.errors import PlatformError

INNER = "[]"
_LOOKS_INNER = re.compile(r"\[\]'*")
_RESERVED = re.compile(r"__.*__", re.DOTALL)
LONGEST_NAME = 1500
"""Bytes of an id, and of a field's name."""
DEEPEST = 20
"""Maps and arrays inside one another."""
MAP_BYTES = 32


def native(value: Any, place: str, depth: int = 1) -> Any:
    """The value as Firestore can keep it. Raises `PlatformError` naming the place of what it cannot keep."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise PlatformError(f"{place} is {value}: Firestore keeps integers of 64 bits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise PlatformError(f"{place} is {value}, which is no number of JSON")
        return value
    if depth > DEEPEST:
        raise PlatformError(f"{place} is nested deeper than the {DEEPEST} levels that Firestore keeps")
    if isinstance(value, dict):
        return {_name(key, place): native(one, f"{place}.{key}", depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_element(one, f"{place}[{index}]", depth + 1) for index, one in enumerate(value)]
    raise PlatformError(f"{place} is a {type(value).__name__}, which is not of JSON")


def from_native(value: Any) -> Any:
    """What `native` was given."""
    if isinstance(value, dict):
        return {key: from_native(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_from_element(one) for one in value]
    return value


def size_of(value: Any) -> int:
    """Bytes of a value as Firestore counts them: a text its UTF-8 and one, a number 8, a map 32 and its fields."""
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, int | float):
        return 8
    if isinstance(value, str):
        return len(value.encode()) + 1
    if isinstance(value, dict):
        return MAP_BYTES + sum(size_of(key) + size_of(one) for key, one in value.items())
    return sum(map(size_of, value))


def _element(value: Any, place: str, depth: int) -> Any:
    if isinstance(value, list):
        return {INNER: native(value, place, depth + 1)}
    found = native(value, place, depth)
    if isinstance(found, dict) and _looks_inner(found):
        return {f"{key}'": one for key, one in found.items()}
    return found


def _from_element(value: Any) -> Any:
    if not isinstance(value, dict) or not _looks_inner(value):
        return from_native(value)
    ((key, one),) = value.items()
    return from_native(one) if key == INNER else {key[:-1]: from_native(one)}


def _looks_inner(value: dict[str, Any]) -> bool:
    return len(value) == 1 and _LOOKS_INNER.fullmatch(next(iter(value))) is not None


def _name(key: Any, place: str) -> str:
    if not isinstance(key, str) or not key or _RESERVED.fullmatch(key) or len(key.encode()) > LONGEST_NAME:
        raise PlatformError(
            f"{place} has a field {str(key)[:40]!r}, which Firestore does not keep",
            f"names of fields are texts of 1 to {LONGEST_NAME} bytes and not like __x__",
        )
    return key
