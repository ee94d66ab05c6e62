"""Documents of the weekend written by hand in `release_rows`."""

from __future__ import annotations

from itertools import chain

import pytest

from nba_assets.publishing import daily, games, indexes, models, players, status, teams, track_record
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.facts import Facts
from nba_assets.publishing.rows import Record
from nba_assets.publishing.slate import slate
from nba_assets_tests.release_rows import facts, weekend


def documents(given: Facts) -> dict[str, Published]:
    """Every document of the facts by name, as a first release has them."""
    rows = slate(given)
    found = list(
        chain.from_iterable(m.documents(given, rows) for m in (daily, games, players, teams, models, track_record))
    )
    found.append(status.document(given, "2024-11-02"))
    summaries = [entry for entry in map(indexes.summary, found) if entry is not None]
    found += indexes.documents({}, summaries, [document.name for document in found], "real")
    return {document.name: document for document in found}


def body_of(given: Facts, name: str) -> Record:
    """One document's body."""
    return documents(given)[name].body


@pytest.fixture
def published() -> dict[str, Published]:
    """The weekend's documents by name."""
    return documents(facts(weekend()))
