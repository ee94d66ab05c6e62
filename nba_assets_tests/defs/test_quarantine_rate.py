"""The alarm on a source of which too much goes to quarantine, as Dagster runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from nba_assets.defs.landing.assets import landing_assets
from nba_assets.defs.monitoring.quarantine_rate import NAME, SOURCES, quarantine_rate
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine import platform as platforms
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets_tests.engine.test_bad_input import GAMEBOOK, truncate
from nba_assets_tests.engine.three_games import season


@pytest.fixture
def shared_platform(platform: Platform) -> Iterator[Platform]:
    platforms.use(platform)
    yield platform
    platforms.use(None)


def test_a_source_with_too_many_warns_and_names_the_rule(shared_platform: Platform, tmp_path: Path) -> None:
    folder = season(tmp_path / "drops")
    truncate(folder / GAMEBOOK)
    take(shared_platform, scan(folder))
    checks = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(quarantine_rate))
    defs = dg.Definitions(
        assets=landing_assets,
        asset_checks=[quarantine_rate],
        jobs=[checks],
        resources={"platform": PlatformResource()},
    )
    result = defs.resolve_job_def("checks").execute_in_process()
    found = {check.asset_key: check for check in result.get_asset_check_evaluations()}
    assert set(found) == set(SOURCES) and {check.check_name for check in found.values()} == {NAME}
    (bad,) = [check for check in found.values() if not check.passed]
    assert bad.asset_key == dg.AssetKey(["landing", "nbac_gamebook_player_stats"])
    assert bad.severity is dg.AssetCheckSeverity.WARN
    assert bad.description == (
        "nbac_gamebook_player_stats: 1 of its newest 3 receipts are in quarantine, most by rule json"
    )
