"""Whether a reader written for a JSON Schema understands documents of a later one: within v1 fields are only added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

GROWING = frozenset({"code"})
"""Fields whose list of values may grow: codes come with their text in words."""


def breaks(old: Schema, new: Schema) -> list[str]:
    """What a reader of `old` may stumble over in a document of `new`, each as `place: what`; none: they are compatible.

    A field that is gone or no longer required, a kind of value that was not there (null, another type), a word that was
    not in the list of values. A wider range of numbers is none.
    """
    return list(_breaks((old, old), (new, new), "$"))


def _breaks(old: tuple[Schema, Schema], new: tuple[Schema, Schema], place: str) -> Iterator[str]:
    """Nodes are pairs of the node and its root, where its references are."""
    before, after = ({_kind(each): each for each in _alternatives(*node)} for node in (old, new))
    for kind in sorted(set(after) - set(before)):
        if not (kind == "integer" and "number" in before):
            yield f"{place}: may be {kind}"
    for kind in sorted(set(after) & set(before)):
        yield from _of_kind(before[kind], after[kind], (old[1], new[1]), place)


def _of_kind(old: Schema, new: Schema, roots: tuple[Schema, Schema], place: str) -> Iterator[str]:
    words, more = _words(old), _words(new)
    if words and place.rpartition(".")[2] not in GROWING:
        if not more:
            yield f"{place}: may be any word"
        for word in sorted(more - words):
            yield f"{place}: may be {word}"
    ours, theirs = old.get("properties", {}), new.get("properties", {})
    for name in sorted(ours):
        inner = f"{place}.{name}"
        if name not in theirs:
            yield f"{inner}: is gone"
            continue
        if name in old.get("required", []) and name not in new.get("required", []):
            yield f"{inner}: may be left out"
        yield from _breaks((ours[name], roots[0]), (theirs[name], roots[1]), inner)
    for key in ("items", "additionalProperties"):
        sides = old.get(key), new.get(key)
        if isinstance(sides[0], dict) and isinstance(sides[1], dict):
            yield from _breaks((sides[0], roots[0]), (sides[1], roots[1]), f"{place}[]")


def _alternatives(node: Schema, root: Schema) -> Iterator[Schema]:
    """The node without references, one schema per kind of value."""
    while "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        for each in node["anyOf"]:
            yield from _alternatives(each, root)
    else:
        yield node


def _kind(node: Schema) -> str:
    if "type" in node:
        return str(node["type"])
    return "string" if _words(node) else "anything"


def _words(node: Schema) -> set[str]:
    return {str(node["const"])} if "const" in node else {str(word) for word in node.get("enum", ())}
