"""Canonical names of sportsbooks, from the table `data/books.csv`."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Book:
    """A sportsbook, or a fantasy operator (`is_dfs`), whose one price for both sides is no market price."""

    name: str
    is_dfs: bool = False


@functools.cache
def _table() -> dict[tuple[str, str], Book]:
    with resources.files("nba_assets.sources").joinpath("data/books.csv").open(encoding="utf-8") as lines:
        return {
            (row["source"], row["key"]): Book(row["book"], row["is_dfs"] == "true") for row in csv.DictReader(lines)
        }


def book_of(source: str, key: str | int) -> Book:
    """The canonical book of a source's key; one that is not in the table is a book of that name, `book_<n>` if n is all
    it has.
    """
    name = str(key).casefold()
    return _table().get((source, name)) or Book(f"book_{name}" if isinstance(key, int) else name)
