"""Backfills in Dagster: one run a range, one at a time, a run of today's date never behind them, none left for dead."""

from __future__ import annotations

import datetime as dt
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.asset_graph_view.asset_graph_view import AssetGraphView
from dagster._core.definitions.temporal_context import TemporalContext
from dagster._core.execution.asset_backfill import AssetBackfillData, execute_asset_backfill_iteration_inner
from dagster._core.instance.ref import InstanceRef
from dagster._core.remote_origin import (
    InProcessCodeLocationOrigin,
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.test_utils import create_run_for_test
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceLoadTarget
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon

from nba_assets.defs.dead_runs import PROCESS, close_dead_runs
from nba_assets.defs.jobs import DATASETS
from nba_assets.defs.run import RANGE_END, RANGE_START
from nba_assets.engine.processes import this_process
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance

LOCATION = RegisteredCodeLocationOrigin("nba_assets")
ORIGIN = RemoteJobOrigin(RemoteRepositoryOrigin(LOCATION, "__repository__"), "all_phases")
BACKFILL, PARTITION = "dagster/backfill", "dagster/partition"


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(settings) as opened:
        yield opened


def run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]) -> str:
    made = create_run_for_test(instance, job_name="all_phases", status=status, tags=tags, remote_job_origin=ORIGIN)
    return made.run_id


def next_runs(instance: dg.DagsterInstance) -> list[str]:
    """What the daemon would start now."""
    daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
    queue = daemon._get_runs_to_dequeue(instance, instance.get_concurrency_config(), fixed_iteration_time=None)
    return [one.run_id for one in queue]


class InThisProcess(WorkspaceLoadTarget):
    """The platform's definitions as a workspace, without a code server."""

    def create_origins(self) -> list[InProcessCodeLocationOrigin]:
        return [InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name="nba_assets.definitions"))]


@pytest.mark.filterwarnings("ignore::DeprecationWarning:dagster")
@pytest.mark.parametrize("groups", [DATASETS, DATASETS[1:], DATASETS[3:]], ids=lambda groups: groups[0])
def test_a_backfill_of_a_range_is_one_run_of_all_its_assets(
    instance: dg.DagsterInstance, groups: tuple[str, ...]
) -> None:
    now = dt.datetime.now(dt.UTC)
    with WorkspaceProcessContext(instance, InThisProcess()) as workspace:
        graph = workspace.create_request_context().asset_graph
        keys = [key for key in graph.materializable_asset_keys if graph.get(key).group_name in groups]
        days = [str(dt.date(2024, 11, day)) for day in range(1, 21)]
        data = AssetBackfillData.from_asset_partitions(graph, days, keys, instance, now.timestamp(), False)
        time = TemporalContext(effective_dt=now, last_event_id=None)
        view = AssetGraphView(temporal_context=time, instance=instance, asset_graph=graph)
        log = logging.getLogger("backfill")
        asked = execute_asset_backfill_iteration_inner("backfill", data, view, now.timestamp(), log, None).run_requests
    assert len(asked) == 1
    assert set(asked[0].asset_selection or ()) == set(keys) and len(keys) >= 10
    assert (asked[0].tags[RANGE_START], asked[0].tags[RANGE_END]) == (days[0], days[-1])


def test_one_backfill_runs_at_a_time_and_todays_date_does_not_wait_for_it(instance: dg.DagsterInstance) -> None:
    queued = dg.DagsterRunStatus.QUEUED
    backfills = [run(instance, queued, {BACKFILL: f"backfill{n}"}) for n in range(20)]
    today = run(instance, queued, {PARTITION: str(dt.date(2024, 11, 8))})
    assert next_runs(instance) == [backfills[0], today]
    run(instance, dg.DagsterRunStatus.STARTED, {BACKFILL: "backfill0"})
    assert next_runs(instance) == [today]


def test_a_run_whose_process_is_gone_is_closed_and_a_living_one_is_not(instance: dg.DagsterInstance) -> None:
    code = "from nba_assets.engine.processes import this_process; print(this_process())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    host, pid, _ = this_process().split("|")
    assert gone.startswith(f"{host}|") and int(pid) == os.getpid()
    started = dg.DagsterRunStatus.STARTED
    names = {
        "dead": gone,
        "another process has its number now": f"{host}|{pid}|1.00",
        "living": this_process(),
        "elsewhere": f"not-{host}|{pid}|1.00",
    }
    ids = {what: run(instance, started, {PROCESS: name}) for what, name in names.items()}
    ids["of the daemon"] = run(instance, started, {})
    again = create_run_for_test(
        instance,
        job_name="all_phases",
        status=started,
        tags={PROCESS: gone},
        parent_run_id=ids["dead"],
        root_run_id=ids["dead"],
    )
    ids["the dead one again, from the UI"] = again.run_id
    finished = run(instance, dg.DagsterRunStatus.SUCCESS, {PROCESS: gone})

    assert {run.run_id for run in close_dead_runs(instance)} == {ids["dead"], ids["another process has its number now"]}

    after = {what: one.status for what, run_id in ids.items() if (one := instance.get_run_by_id(run_id))}
    failed = {what for what, status in after.items() if status is dg.DagsterRunStatus.FAILURE}
    assert failed == {"dead", "another process has its number now"}
    kept = instance.get_run_by_id(finished)
    assert kept is not None and kept.status is dg.DagsterRunStatus.SUCCESS
    assert close_dead_runs(instance) == []


def test_any_process_that_loads_the_instance_has_the_limit(instance: dg.DagsterInstance, settings: Settings) -> None:
    loaded = InstanceRef.from_dir(str(settings.dagster.absolute()))
    assert loaded.run_coordinator_data.config_dict["tag_concurrency_limits"] == [{"key": BACKFILL, "limit": 1}]
