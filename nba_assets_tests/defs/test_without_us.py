"""What people and Dagster do without asking us: each is survivable, as docs/what_happens_without_us.md says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.errors import DagsterInvalidInvocationError
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceLoadTarget
from pydantic import SecretStr

from nba_assets.clock import FixedClock
from nba_assets.contracts import tables
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.partitions import entity_keys
from nba_assets.defs.run import run_range
from nba_assets.engine.attention import LEASE, settle
from nba_assets.engine.due import due
from nba_assets.engine.graph import STEP_DATASETS
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.errors import TransientError
from nba_assets.storage.embedded_postgres import engine_of
from nba_assets.storage.locks import partition_lock
from nba_assets_tests.defs.test_sensors import instance, named, put, tick
from nba_assets_tests.engine.live import BORIS, DAY
from nba_assets_tests.engine.three_games import LINES, THIRD
from nba_assets_tests.handmade import Drops

__all__ = ["instance"]

PREDICTIONS = "player_points_predictions"
LANDED = dg.AssetKey(["landing", "odds_api_player_points_props"])
OURS, THEIRS = "nba_assets.definitions", "nba_assets_tests.defs.their_location"


def contents(platform: Platform) -> dict[str, dict[str, str]]:
    names = [table.name for table in tables().values() if table.dataset in STEP_DATASETS]
    return {name: platform.warehouse.versions(name, (DAY, DAY)) for name in names}


def moved(platform: Platform, folder: Path, points: float, hour: int) -> None:
    """A drop with a line that moved is taken in; nobody has seen to it."""
    Drops(folder).props(THIRD, LINES | {BORIS: points}, hour=hour)
    take(platform, scan(folder))


def test_two_daemons_ask_for_a_drop_once(lined: Platform, instance: dg.DagsterInstance, tmp_path: Path) -> None:
    put(lined, tmp_path / "put", lambda drops: drops.props(THIRD, LINES | {BORIS: 15.5}, hour=22))
    with ThreadPoolExecutor(2) as pool:
        asked = list(pool.map(lambda _: tick(named("odds_api"), instance), range(2)))
    (request,) = [*asked[0], *asked[1]]
    assert defs_job("entity_refresh").execute_in_process(instance=instance, tags=request.tags).success
    assert lined.ledger.counts()["pending"] == 0


def defs_job(name: str) -> dg.JobDefinition:
    from nba_assets.definitions import defs

    return defs.resolve_job_def(name)


def test_wiped_materializations_come_back_with_the_next_run_and_no_row_is_touched(
    lined: Platform, instance: dg.DagsterInstance
) -> None:
    before = contents(lined)
    keys = [asset_key(tables()[name]) for name in ("nbac_schedule", PREDICTIONS)]
    instance.wipe_assets(keys)
    assert not instance.get_materialized_partitions(keys[1])
    assert run_range(lined, DAY, DAY).success
    assert all(str(DAY) in instance.get_materialized_partitions(key) for key in keys)
    assert contents(lined) == before


def test_deleted_keys_are_made_again_by_the_next_drop(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    name = str(entity_keys.name)
    put(lined, tmp_path / "put", lambda drops: drops.props(THIRD, LINES | {BORIS: 16.5}, hour=23))
    (request,) = tick(named("odds_api"), instance)
    for key in instance.get_dynamic_partitions(name):
        instance.delete_dynamic_partition(name, key)
    with pytest.raises(DagsterInvalidInvocationError):
        defs_job("entity_refresh").execute_in_process(instance=instance, tags=request.tags)
    assert lined.ledger.counts()["pending"] == 1 and tick(named("odds_api"), instance) == []
    assert isinstance(lined.clock, FixedClock)
    lined.clock.moment += LEASE
    before = instance.get_latest_materialization_event(LANDED)
    assert tick(named("odds_api"), instance) == [], "its date is run instead"
    after = instance.get_latest_materialization_event(LANDED)
    assert before is not None and after is not None and after.timestamp > before.timestamp
    assert run_range(lined, DAY, DAY).success
    assert [drop["source"] for drop in settle(lined)] == ["odds_api_player_points_props"]


def test_a_run_that_failed_goes_on_where_it_failed(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    url = lined.settings.database_url
    assert isinstance(url, SecretStr)
    moved(lined, tmp_path / "drops", 17.5, 22)
    lined.settings.lock_seconds = 0.2
    with partition_lock(engine_of(url.get_secret_value()), "player_daily_cache", [DAY], 1):
        report = run_range(lined, DAY, DAY)
    assert set(report.failures) == {"nba_precompute__player_daily_cache"}
    job = ReconstructableRepository.for_module(OURS, "defs").get_reconstructable_job("all_phases")
    run = instance.get_run_by_id(report.run_id)
    assert run is not None
    options = dg.ReexecutionOptions.from_failure(report.run_id, instance)
    with dg.execute_job(
        job,
        instance=instance,
        tags=run.tags,
        reexecution_options=options,
        asset_selection=list(run.asset_selection or ()),
    ) as again:
        assert again.success
        steps = {event.step_key for event in again.all_events if event.is_step_success}
    assert "nba_precompute__player_daily_cache" in steps and "nba_raw__nbac_schedule" not in steps
    assert due(lined, [DAY]) == {} and lined.ledger.work(status=["retrying", "dead"]) == []


def test_a_partition_that_somebody_deleted_is_built_as_it_was(lined: Platform) -> None:
    before = contents(lined)
    (file,) = (lined.settings.warehouse / "nba_precompute" / "player_daily_cache").glob(f"{DAY}.*.parquet")
    file.unlink()
    assert due(lined, [DAY])[DAY][0] == "player_daily_cache"
    assert run_range(lined, DAY, DAY).success
    assert contents(lined) == before


INTERRUPTED = """
from nba_assets.defs.run import run_range
from nba_assets.engine.platform import shared
import datetime as dt
platform = shared()
platform.finished = lambda *_: print("a table is made", flush=True)
run_range(platform, dt.date({day}), dt.date({day}))
"""


def test_a_run_that_is_terminated_leaves_its_work_to_be_done(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    url = lined.settings.database_url
    assert isinstance(url, SecretStr)
    moved(lined, tmp_path / "drops", 18.5, 23)
    code = INTERRUPTED.format(day=f"{DAY.year}, {DAY.month}, {DAY.day}")
    environment = os.environ | {
        "NBA_ASSETS_HOME": str(lined.settings.home),
        "NBA_ASSETS_DATABASE_URL": url.get_secret_value(),
    }
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "a table is made\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    run = instance.get_runs(limit=1)[0]
    assert run.status is not dg.DagsterRunStatus.SUCCESS
    assert due(lined, [DAY]) and lined.ledger.counts()["pending"] >= 1
    assert run_range(lined, DAY, DAY).success
    assert due(lined, [DAY]) == {}


def test_a_run_that_dagster_loses_meanwhile_is_told_and_its_work_stands(
    lined: Platform, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    moved(lined, tmp_path / "drops", 19.5, 22)

    def lose(table: str, rows: int, seconds: float) -> None:
        if table == "release":
            instance.delete_run(instance.get_runs(limit=1)[0].run_id)

    lined.listeners.append(lose)
    with pytest.raises(TransientError, match="Dagster has lost run"):
        run_range(lined, DAY, DAY)
    lined.listeners.remove(lose)
    assert due(lined, [DAY]) == {}
    assert run_range(lined, DAY, DAY).success


def test_an_instance_is_upgraded_and_has_all_it_had(lined: Platform, instance: dg.DagsterInstance) -> None:
    key = asset_key(tables()["nbac_schedule"])
    before = instance.get_materialized_partitions(key)
    instance.upgrade()
    assert before and instance.get_materialized_partitions(key) == before


class Beside(WorkspaceLoadTarget):
    """Our location and somebody's."""

    def create_origins(self) -> list[InProcessCodeLocationOrigin]:
        return [
            InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name=name), location_name=name)
            for name in (OURS, THEIRS)
        ]


@pytest.fixture
def beside(instance: dg.DagsterInstance) -> Iterator[WorkspaceProcessContext]:
    with WorkspaceProcessContext(instance, Beside()) as workspace:
        yield workspace


@pytest.mark.filterwarnings("ignore::DeprecationWarning:dagster")
def test_somebodys_code_location_stands_beside_ours(beside: WorkspaceProcessContext) -> None:
    request = beside.create_request_context()
    assert request.code_location_names == [OURS, THEIRS]
    assert not request.get_code_location_entries()[OURS].load_error
    graph = request.asset_graph
    theirs = dg.AssetKey("my_bets")
    assert graph.get(theirs).parent_keys == {asset_key(tables()[PREDICTIONS])}
    ours = request.get_code_location(OURS).get_repository("__repository__")
    (conditions,) = [one for one in ours.get_sensors() if one.name == "conditions"]
    assert conditions.asset_selection is not None
    assert theirs not in conditions.asset_selection.resolve(ours.asset_graph)
    his = request.get_code_location(THEIRS).get_repository("__repository__")
    (everything,) = his.get_sensors()
    assert everything.asset_selection is not None
    assert everything.asset_selection.resolve(his.asset_graph) & ours.asset_graph.materializable_asset_keys == set()
