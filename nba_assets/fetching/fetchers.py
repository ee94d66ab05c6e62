"""What a fetcher is, and which module has the one of a source: the one of its name."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from nba_assets.contracts import tables
from nba_assets.errors import UsageError
from nba_assets.fetching.cadence import Cadence
from nba_assets.fetching.session import Ask, Session


class Holds(StrEnum):
    """Which games of the date the files of a whole fetch must hold; else it is `partial`."""

    FINAL = "final"
    """All that the schedule has as final, unless the source has none of them yet."""
    LISTED = "listed"
    """All of the date, unless the source has none of them yet."""


@dataclass(frozen=True)
class Fetcher:
    """One source: `fetch` makes its requests and lands its files through the session.

    `key` names its environment variable. `by_games`: it is asked only for dates with games.
    """

    fetch: Callable[[Session, Ask], None]
    cadence: Cadence
    key: str | None = None
    by_games: bool = True
    holds: Holds | None = None


@functools.cache
def fetchers() -> dict[str, Fetcher]:
    """The fetcher of every source by its name: `FETCHER` of `fetching.<source>`."""
    found = {}
    for table in tables().values():
        name = f"{__package__}.{table.name}"
        if table.paths and importlib.util.find_spec(name) is not None:
            found[table.name] = importlib.import_module(name).FETCHER
    return found


def fetcher(source: str) -> Fetcher:
    """The fetcher of a source. Raises `UsageError` naming those there are."""
    known = fetchers()
    if source not in known:
        raise UsageError(f"no source {source!r} can be fetched", f"one of {', '.join(known)}")
    return known[source]
