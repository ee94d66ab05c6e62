"""Invented names: no last name is one that the real league has had lately."""

from __future__ import annotations

import functools
import json
import unicodedata
from importlib import resources

from nba_assets.simulator.draws import Ints

SUFFIXES = ("Jr.", "III", "II", "Jr.")
UNDECOMPOSED = str.maketrans("đøłıĐØŁ", "doliDOL")
"""Letters that Unicode does not decompose into a base letter and a mark."""
REFEREES = 36


@functools.cache
def first_names() -> tuple[str, ...]:
    """The pool of first names, all different without their marks."""
    return tuple(_pools()["first"])


@functools.cache
def last_names() -> tuple[str, ...]:
    """The pool of last names, all different without their marks."""
    return tuple(_pools()["last"])


@functools.cache
def referees() -> tuple[str, ...]:
    """The league's officials."""
    return tuple(
        f"{first} {last}" for first, last in zip(first_names()[5:], last_names()[::7][:REFEREES], strict=False)
    )


def dealt(order: Ints, pool: tuple[str, ...], number: int) -> str:
    """The name at a place of a shuffled pool, round and round."""
    return pool[int(order[number % len(pool)])]


def ascii_spelling(name: str) -> str:
    """The name as books spell it, without marks: `Kovačević` is `Kovacevic`."""
    marked = unicodedata.normalize("NFKD", name.translate(UNDECOMPOSED))
    return "".join(c for c in marked if not unicodedata.combining(c))


@functools.cache
def _pools() -> dict[str, list[str]]:
    pools: dict[str, list[str]] = json.loads(
        resources.files("nba_assets.simulator").joinpath("data/names.json").read_text(encoding="utf-8")
    )
    return pools
