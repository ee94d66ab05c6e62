"""Did a player's update reach the page, and when? Two games by hand, then a correction that readers see later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_assets.clock import FixedClock
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.monitoring.player_updates import player_updates
from nba_assets.settings import Settings
from nba_assets_tests.engine.conftest import NOW, take_in
from nba_assets_tests.engine.three_games import ADAM, CORRECTED_AT, FIRST, LINES, correction
from nba_assets_tests.handmade import Drops, player_id

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def platform(settings: Settings, tmp_path: Path) -> Iterator[Platform]:
    """The first game and its lines, published in release 1."""
    opened = Platform.open(settings, FixedClock(NOW))
    drops = Drops(tmp_path / "drops")
    drops.before(FIRST, LINES)
    drops.after(FIRST)
    take_in(opened, drops.folder)
    yield opened
    opened.close()


def test_an_update_is_followed_from_its_drop_to_the_page(platform: Platform, tmp_path: Path) -> None:
    before = player_updates(platform, ADAM)
    assert {way.drop["source"] for way in before} >= {"nbac_gamebook_player_stats", "odds_api_player_points_props"}
    assert {(way.release, way.visible_at) for way in before} == {(1, NOW)}
    assert all([one.phase for one in way.phases] == [1, 2, 3, 4, 5, 6] for way in before)

    platform.clock = FixedClock(LATER)
    take(platform, scan(correction(tmp_path / "more")))
    *_, update = player_updates(platform, ADAM)
    assert update.drop["known_at"] == CORRECTED_AT
    assert (update.release, [one.phase for one in update.phases]) == (None, [1])
    assert update.where == "in phase 1 since 2026-07-01 01:00:00 UTC, 0 min ago"

    take_in(platform, tmp_path / "more")
    *_, update = player_updates(platform, ADAM)
    assert (update.drop["known_at"], update.release, update.visible_at) == (CORRECTED_AT, 2, LATER)


def test_only_drops_that_changed_his_rows_are_his(platform: Platform, tmp_path: Path) -> None:
    names = {way.drop["object_name"] for way in player_updates(platform, player_id("NYK", 7))}
    assert not any("odds-api" in name for name in names), "he has no line"
    assert any("gamebooks-data" in name for name in names)
    assert player_updates(platform, ADAM, dt.date(2024, 12, 24)) == []
