"""The daemon's way: drop sensors, the refresh run that they ask for, the conditions' run, the sweep."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from nba_assets.clock import FixedClock
from nba_assets.definitions import defs
from nba_assets.defs.automation.drops import drop_sensors, families
from nba_assets.defs.automation.sweeps import sweep
from nba_assets.defs.partitions import RANGE_END, RANGE_START
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.run import CORRELATION_IDS
from nba_assets.engine.attention import QUIET
from nba_assets.engine.intake import applied
from nba_assets.engine.platform import Platform
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets_tests.engine.live import BORIS, DAY
from nba_assets_tests.engine.three_games import LINES, THIRD
from nba_assets_tests.handmade import Drops, player_id

LINE = f"{DAY}|line|{player_id('BOS', 1)}"


@pytest.fixture
def instance(lined: Platform) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(lined.settings) as opened:
        yield opened


def put(platform: Platform, folder: Path, write: Callable[[Drops], Path | None]) -> None:
    write(Drops(folder))
    shutil.copytree(folder, platform.settings.landing, dirs_exist_ok=True)


def tick(sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str = "") -> list[dg.RunRequest]:
    """The runs that one evaluation asks for."""
    context = dg.build_sensor_context(
        instance=instance, cursor=cursor or None, resources={"platform": PlatformResource()}, definitions=defs
    )
    return list(sensor.evaluate_tick(context).run_requests or [])


def named(name: str) -> dg.SensorDefinition:
    return next(sensor for sensor in drop_sensors if sensor.name == f"drops_{name}")


def test_every_source_has_a_sensor() -> None:
    assert set(families()) == {"nba_com", "ball_dont_lie", "big_data_ball", "odds_api", "bettingpros"}


def test_a_line_that_moves_asks_for_one_run_that_counts_its_drop_as_applied(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    put(lined, tmp_path / "put", lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    (request,) = tick(named("odds_api"), instance)
    assert (request.tags[RANGE_START], request.tags[RANGE_END]) == (LINE, LINE)
    assert tick(named("odds_api"), instance) == [], "its drop is taken"
    (drop,) = lined.ledger.drops(status=["pending"])
    assert request.tags[CORRELATION_IDS] == drop["correlation_id"]
    result = defs.resolve_job_def("entity_refresh").execute_in_process(instance=instance, tags=request.tags)
    assert result.success
    assert instance.get_materialized_partitions(dg.AssetKey(["entity_refresh", "published"])) >= {LINE}
    assert lined.ledger.counts()["pending"] == 0
    said = lined.warehouse.read("player_points_predictions", dates=(DAY, DAY)).query("run_kind == 'backfill'")
    assert said.set_index("player_id")["line_value"][player_id("BOS", 1)] == 15.5


def test_a_date_asks_by_its_landing_event_and_the_conditions_go_on(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    before = dg.evaluate_automation_conditions(defs, instance)
    put(lined, tmp_path / "put", lambda drops: drops.schedule(DAY, [THIRD], final=False, stamp="20241108_215900"))
    assert tick(named("nba_com"), instance) == []
    after = dg.evaluate_automation_conditions(defs, instance, cursor=before.cursor)
    schedule = dg.AssetKey(["nba_raw", "nbac_schedule"])
    assert set(after.get_requested_partitions(schedule)) == {str(DAY)}
    applied(lined, lined.ledger.drops(status=["pending"]))


def test_the_sweep_asks_for_what_nobody_did_and_once(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    clock = lined.clock
    assert isinstance(clock, FixedClock)
    put(lined, tmp_path / "put", lambda drops: drops.props(THIRD, LINES | {BORIS: 17.5}, hour=22))
    tick(named("odds_api"), instance)
    assert tick(sweep, instance) == [], "it is not quiet yet"
    clock.moment += QUIET
    requests = tick(sweep, instance)
    assert str(DAY) in {request.tags[RANGE_START] for request in requests}
    result = defs.resolve_job_def("all_phases").execute_in_process(instance=instance, tags=requests[0].tags)
    assert result.success
    assert lined.ledger.counts()["pending"] == 1
    assert tick(sweep, instance) == []
    assert lined.ledger.counts()["pending"] == 0, "nothing is due on its date"
