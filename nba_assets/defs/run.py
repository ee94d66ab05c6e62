"""Runs in this process, on the platform's Dagster instance: a range of dates, or the refresh of entities."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core.events import (
    DagsterEvent,
    DagsterEventBatchMetadata,
    StepMaterializationData,
)
from dagster._core.instance.utils import RUNLESS_JOB_NAME, RUNLESS_RUN_ID

from nba_assets.contracts import tables
from nba_assets.defs.dead_runs import PROCESS, close_dead_runs
from nba_assets.defs.jobs import DATASETS
from nba_assets.defs.lost_work import record_lost
from nba_assets.defs.metadata import asset_key
from nba_assets.defs.partitions import KEYS, RANGE_END, RANGE_START, entity_keys, game_dates
from nba_assets.engine.platform import Platform
from nba_assets.engine.processes import this_process
from nba_assets.engine.refresh import REFRESH_PHASES, by_day, widened
from nba_assets.engine.replay import TAG as REPLAY
from nba_assets.engine.replay import Replay
from nba_assets.errors import TransientError, UsageError
from nba_assets.storage.dagster_instance import dagster_instance

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's own lines stay off the terminal; its event log and UI have them."""
CORRELATION_IDS = "nba_assets/correlation_ids"
"""Run tag: the drops that a refresh is for, which count as applied when it has succeeded."""
KEYS_AT_ONCE = [dt.date.min]
"""A date that stands for no partition: the order of entity keys is one process's at a time."""
RELEASE = "release"
"""What a release is called among tables."""


@dataclass(frozen=True)
class RunReport:
    """A finished run: its id, whether it succeeded, per failed step its error in one line, the steps that succeeded."""

    run_id: str
    success: bool
    failures: dict[str, str]
    done: frozenset[str] = frozenset()


def run_range(
    platform: Platform,
    first: dt.date,
    last: dt.date,
    *,
    from_phase: int = 2,
    only: Collection[str] = (),
    replay: Replay | None = None,
) -> RunReport:
    """Phases `from_phase` to 6 of every date from `first` to `last`, in one run.

    `only`: these tables (bare names, or `release`) and what reads them. What fails is in the ledger as work to be
    retried; tables that read it are skipped, all others go on. A run that a killed process left unfinished is closed
    first; what it had finished is skipped by its hash. Raises `UsageError` for dates outside the partitions.
    """
    from nba_assets.definitions import defs

    for day in (first, last):
        if not game_dates.has_partition_key(day.isoformat()):
            raise UsageError(
                f"{day} is not a partition: dates run from {game_dates.get_first_partition_key()}"
                f" to {game_dates.get_last_partition_key()}",
                "choose dates in that range, or set NBA_ASSETS_FIRST_DATE",
            )
    job = defs.resolve_job_def("all_phases")
    keys = _selection(from_phase, only).resolve(defs.resolve_asset_graph())
    tags = {RANGE_START: first.isoformat(), RANGE_END: last.isoformat(), **_tags(replay)}
    with dagster_instance(platform.settings) as instance:
        close_lost_runs(platform, instance)
        result = job.execute_in_process(
            instance=instance, tags=tags, asset_selection=sorted(keys), run_config=QUIET, raise_on_error=False
        )
        return _accounted(platform, instance, result)


def run_refresh(
    platform: Platform,
    keys: Sequence[str],
    ids: Sequence[str] = (),
    *,
    from_phase: int = 2,
    replay: Replay | None = None,
) -> RunReport:
    """The assets of entity refresh from a phase on, for all the keys in one run, for the drops of the correlation ids.

    The keys are made the newest ones, in their order, so that a run of a range is a run of just these; nobody else
    does so meanwhile. What fails is in the ledger as work to be retried. Raises `UsageError` for an entity that has no
    game on its date.
    """
    from nba_assets.definitions import defs

    for day, entities in by_day(keys).items():
        widened(platform, day, entities)
    job = defs.resolve_job_def("entity_refresh")
    assets = [dg.AssetKey(["entity_refresh", phase]) for phase in list(REFRESH_PHASES)[from_phase - 2 :]]
    with dagster_instance(platform.settings) as instance, platform.ledger.lock(str(entity_keys.name), KEYS_AT_ONCE):
        close_lost_runs(platform, instance)
        make_newest(instance, keys)
        result = job.execute_in_process(
            instance=instance,
            tags={**refresh_tags(keys, ids), **_tags(replay)},
            asset_selection=assets,
            run_config=QUIET,
            raise_on_error=False,
        )
        return _accounted(platform, instance, result)


def refresh_tags(keys: Sequence[str], ids: Sequence[str]) -> dict[str, str]:
    """Tags of a run that refreshes the keys, made the newest before, for the drops of the correlation ids."""
    return {RANGE_START: keys[0], RANGE_END: keys[-1], KEYS: ",".join(keys), CORRELATION_IDS: ",".join(ids)}


def make_newest(instance: dg.DagsterInstance, keys: Sequence[str]) -> None:
    """Make the keys partitions, in their order after all others; what is known of one that was there stays."""
    for key in keys:
        if instance.has_dynamic_partition(str(entity_keys.name), key):
            instance.delete_dynamic_partition(str(entity_keys.name), key)
    instance.add_dynamic_partitions(str(entity_keys.name), list(keys))


def report_landing(platform: Platform, dirty: Mapping[str, set[dt.date]]) -> None:
    """Materialize `landing/<source>` for the dates whose drops changed, versioned by the drops' hashes."""
    with dagster_instance(platform.settings) as instance:
        for source, days in dirty.items():
            index = platform.capture_index(source, sorted(days))
            events = [_landed(source, day, lines) for day, lines in index.items()]
            batch = uuid.uuid4().hex
            for place, event in enumerate(events, 1):
                metadata = DagsterEventBatchMetadata(batch, is_end=place == len(events))
                instance.report_dagster_event(event, run_id=RUNLESS_RUN_ID, batch_metadata=metadata)


def _landed(source: str, day: dt.date, lines: Sequence[str]) -> DagsterEvent:
    """The event of `report_runless_asset_event`, which takes one at a time: a season has a thousand of them."""
    landed = dg.AssetMaterialization(
        asset_key=["landing", source],
        partition=day.isoformat(),
        metadata={"drops": len(lines)},
        tags={"dagster/data_version": hashlib.sha256("\n".join(lines).encode()).hexdigest()},
    )
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION.value
    return DagsterEvent(kind, job_name=RUNLESS_JOB_NAME, event_specific_data=StepMaterializationData(landed))


def _selection(from_phase: int, only: Collection[str]) -> dg.AssetSelection:
    """The assets of the phases, or tables with what reads them; a release is built whole or not at all."""
    if not only:
        return dg.AssetSelection.groups(*DATASETS[from_phase - 2 :])
    named = [asset_key(tables()[name]) for name in only if name != RELEASE]
    readers = dg.AssetSelection.assets(*named).downstream() & dg.AssetSelection.groups(*DATASETS[:-1])
    return readers | dg.AssetSelection.groups(DATASETS[-1])


def _tags(replay: Replay | None) -> dict[str, str]:
    mark = {} if replay is None else {REPLAY: replay.as_tag()}
    return {PROCESS: this_process(), **mark}


def close_lost_runs(platform: Platform, instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Report runs of processes that are gone as failed, and what they had not finished as work; those runs."""
    runs = close_dead_runs(instance)
    for run in runs:
        record_lost(platform, instance, run)
    return runs


def _accounted(platform: Platform, instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> RunReport:
    """The run's report, once what failed is in the ledger and drops that waited for nothing else are applied.

    Raises `TransientError` if Dagster has lost the run with its database, whose last moments a crash may cost.
    """
    run: dg.DagsterRun | None = result.dagster_run
    if run is None:
        raise TransientError(
            "Dagster has lost run and events with its database",
            "what was made is in the tables and the ledger; the rest is due again",
        )
    if result.success:
        platform.ledger.settle_held(platform.clock.now())
    else:
        record_lost(platform, instance, result.dagster_run)
    return _report(result)


def _report(result: dg.ExecuteInProcessResult) -> RunReport:
    failures = {}
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error is not None and error.cause is not None else error
            failures[str(event.step_key)] = cause.message.strip().splitlines()[-1] if cause is not None else "failed"
    done = frozenset(str(event.step_key) for event in result.all_events if event.is_step_success)
    return RunReport(result.run_id, result.success, failures, done)
