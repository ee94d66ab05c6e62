"""Every simulated file is one that the platform's parsers take whole."""

from __future__ import annotations

from collections import Counter

from nba_assets.sources import parse
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.paths import source_of

from .conftest import Drops


def test_every_file_parses_with_outcome_ok(first_dates: Drops) -> None:
    parsed: Counter[str] = Counter()
    for name in first_dates.names():
        source = source_of(name)
        assert source is not None, name
        result = parse(source, (first_dates.folder / name).read_bytes(), name)
        assert (result.outcome, result.rejects) == (Outcome.OK, ()), name
        parsed[source] += 1
    assert parsed == first_dates.counts
