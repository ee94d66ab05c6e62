"""A small day, by `watch`, a process of its own; `make day` lives a whole one, by the daemon too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_assets_tests.live_day.day import live_through


@pytest.mark.long
def test_a_day_is_lived_its_decisions_are_live_and_each_release_is_consistent(tmp_path: Path) -> None:
    together = dt.timedelta(hours=5)
    report = live_through(tmp_path, "watch", seed=7, games=2, history=1, together=together, durable=False)
    assert report.problems == []
    assert report.releases >= 8
    assert report.live["official"] == sum(n for what, n in report.graded.items() if what.startswith("live")) - 2 > 20
