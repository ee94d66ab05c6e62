"""The alarms on the landing zone, as Dagster evaluates them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import orjson
import pytest

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.monitoring.jobs import monitoring, monitoring_checks, monitoring_schedule
from nba_assets.defs.monitoring.known_fields import known_fields
from nba_assets.defs.monitoring.on_time import on_time
from nba_assets.defs.resources import PlatformResource
from nba_assets.engine import platform as platforms
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets_tests.engine.conftest import take_raw
from nba_assets_tests.engine.three_games import FIRST
from nba_assets_tests.handmade import Drops


@pytest.fixture
def day_after(platform: Platform, tmp_path: Path) -> Iterator[Platform]:
    """A platform that has the first game's schedule and gamebook, on the next morning."""
    platform.clock = FixedClock(dt.datetime(2024, 11, 2, 12, tzinfo=dt.UTC))
    drops = Drops(tmp_path / "drops")
    drops.player_list(FIRST.day)
    drops.schedule(FIRST.day, [FIRST], final=True)
    drops.gamebook(FIRST)
    drops.bdl(FIRST.day, [FIRST])
    take_raw(platform, tmp_path / "drops")
    platforms.use(platform)
    yield platform
    platforms.use(None)


def evaluated(check: dg.AssetChecksDefinition) -> dict[str, dg.AssetCheckEvaluation]:
    """Every evaluation of the check by source."""
    with dg.DagsterInstance.ephemeral() as instance:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        job = dg.Definitions(
            asset_checks=[check],
            jobs=[dg.define_asset_job("alarms", selection=dg.AssetSelection.checks(check))],
            resources={"platform": PlatformResource()},
        ).resolve_job_def("alarms")
        run = job.execute_in_process(instance=instance, run_config=quiet)
    return {found.asset_key.path[-1]: found for found in run.get_asset_check_evaluations()}


def test_a_late_source_is_named_with_its_games(day_after: Platform) -> None:
    found = evaluated(on_time)
    assert found["nbac_gamebook_player_stats"].passed
    assert found["nbac_schedule"].passed
    box = found["nbac_team_boxscore"]
    assert (box.passed, box.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert box.description == "nbac_team_boxscore is late for BOS@NYK"
    table = box.metadata["late"]
    assert isinstance(table, dg.TableMetadataValue)
    (row,) = table.records
    assert row.data["game_id"] == FIRST.game_id


def test_a_new_field_warns_and_the_drop_is_used_all_the_same(day_after: Platform, tmp_path: Path) -> None:
    assert all(check.passed for check in evaluated(known_fields).values())
    path = Drops(tmp_path / "more").bdl(FIRST.day, [FIRST], stamp="20241102_110000")
    payload = orjson.loads(path.read_bytes())
    payload["data"][0]["weather"] = "snow"
    path.write_bytes(orjson.dumps(payload))
    taken = take(day_after, scan(tmp_path / "more"))
    assert (taken.received, taken.quarantined) == (1, [])
    found = evaluated(known_fields)
    assert [source for source, check in found.items() if not check.passed] == ["bdl_player_boxscores"]
    bdl = found["bdl_player_boxscores"]
    assert (bdl.description, bdl.severity) == ("1 new fields: data[].weather", dg.AssetCheckSeverity.WARN)
    table = bdl.metadata["new_fields"]
    assert isinstance(table, dg.TableMetadataValue)
    assert table.records[0].data["object_name"] == path.relative_to(tmp_path / "more").as_posix()


def test_every_alarm_is_in_the_graph_and_in_the_job() -> None:
    keys = defs.resolve_asset_graph().asset_check_keys
    for check in monitoring_checks:
        assert set(check.check_keys) <= set(keys)
        assert {key.asset_key.path[0] for key in check.check_keys} == {"landing"}
    job = defs.resolve_job_def(monitoring.name)
    assert set(job.asset_layer.asset_graph.asset_check_keys) >= {k for c in monitoring_checks for k in c.check_keys}
    assert monitoring_schedule.default_status is dg.DefaultScheduleStatus.STOPPED
