"""The torture in some two minutes; `make soak` goes on for as long as one likes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nba_assets_tests.soak import episode
from nba_assets_tests.soak.reader import first_mixture

SECONDS = float(os.environ.get("NBA_ASSETS_SOAK_SECONDS", "12"))
"""Of the storm of each of the two episodes."""
KILLS_PER_SECOND = 0.2
"""At least: on two cores that other tests keep busy it is twice as many."""


@pytest.mark.long
@pytest.mark.parametrize(("seed", "live"), [(7, False), (8, True)], ids=["after all games", "live"])
def test_whatever_is_killed_the_outcome_is_that_of_an_undisturbed_run(seed: int, live: bool, tmp_path: Path) -> None:
    report = episode.run(seed, SECONDS, tmp_path / "soak", live=live)
    assert report.problems == [], f"seed {seed}, its home is {report.home}"
    kills = report.counts.kills
    assert kills.total() >= KILLS_PER_SECOND * SECONDS
    assert report.counts.is_of_each_kind(), kills
    assert report.fates["applied"] > 0 and report.fates["quarantined"] > 0 and report.reads > 0


def test_the_reader_sees_an_object_that_is_not_there_and_one_that_is_another(tmp_path: Path) -> None:
    sha = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    manifest = {"files": {"status.json": {"sha256": sha}}}
    assert "is not there" in first_mixture(tmp_path, manifest, set())
    path = tmp_path / f"v1/objects/sha256/2c/{sha}.json"
    path.parent.mkdir(parents=True)
    path.write_text("hullo")
    assert "is something else" in first_mixture(tmp_path, manifest, set())
    path.write_text("hello")
    assert first_mixture(tmp_path, manifest, set()) == ""
