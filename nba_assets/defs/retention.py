"""What Dagster need not keep: old runs with their events and logs, keys of entity refreshes; and all retention as one.

Deleting a run deletes its materializations, and a partition without one counts as missing: its status in the UI is
gone, and conditions wait for it. So a run stays as long as it has the newest materialization of any partition, however
old it is; there are never more of these than partitions. Ticks are Dagster's own to purge: see `dagster.yaml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.execution.backfill import BULK_ACTION_TERMINAL_STATUSES, BulkActionsFilter, BulkActionStatus
from dagster._core.storage.dagster_run import FINISHED_STATUSES, NOT_FINISHED_STATUSES
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.tags import BACKFILL_ID_TAG

from nba_assets.batches import batched
from nba_assets.defs.partitions import KEYS, PARTITION, RANGE_END, RANGE_START, entity_keys
from nba_assets.defs.run import KEYS_AT_ONCE
from nba_assets.engine.refresh import REFRESH_PHASES, keys_of
from nba_assets.engine.retention import Retained, before, days, prune_stores
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.dagster_storage import TunedPostgresEventLogStorage

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

ONE_AT_ONCE = [dt.date.min]
"""A date that stands for no partition: one process prunes, and not while a backup is made."""
LOCK = "retention"
KEYS_TOGETHER = 200
"""Keys that are deleted while a refresh has to wait."""
RUNS_TOGETHER = 100
ASSETS = [dg.AssetKey(["entity_refresh", phase]) for phase in REFRESH_PHASES]


def prune(platform: Platform, *, dry_run: bool = False) -> list[Retained]:
    """Remove everywhere what is older than the settings say and nothing needs; with `dry_run` only count it.

    Raises `TransientError` if another process does so already, or makes a backup.
    """
    with (
        platform.ledger.lock(LOCK, ONE_AT_ONCE, platform.settings.lock_seconds),
        dagster_instance(platform.settings) as instance,
    ):
        return [*prune_stores(platform, dry_run=dry_run), *prune_dagster(platform, instance, dry_run=dry_run)]


def prune_dagster(platform: Platform, instance: dg.DagsterInstance, *, dry_run: bool = False) -> Iterator[Retained]:
    """The same of keys, runs and reported events, in this order: a key's runs are not needed without it."""
    name, number = str(entity_keys.name), platform.settings.keep_keys_days
    there, old = len(instance.get_dynamic_partitions(name)), _old_keys(platform, instance)
    if not dry_run:
        _remove_keys(platform, instance, old)
    yield Retained("entity keys", days(number), len(old), there - len(old))
    number = platform.settings.keep_runs_days
    runs = _old_runs(platform, instance, old)
    there = instance.get_runs_count()
    if not dry_run:
        _remove_runs(platform, instance, runs)
    yield Retained("Dagster runs", days(number), len(runs), there - len(runs))
    gone, kept = _event_log(instance).superseded_runless_events(before(platform, number), dry_run=dry_run)
    yield Retained("reported events", days(number), gone, kept)


def _event_log(instance: dg.DagsterInstance) -> TunedPostgresEventLogStorage:
    log = instance.event_log_storage
    assert isinstance(log, TunedPostgresEventLogStorage)
    return log


def _old_keys(platform: Platform, instance: dg.DagsterInstance) -> list[str]:
    """Keys that were not asked for of late; not those of unfinished runs or of failed work that is open."""
    unfinished = instance.get_runs(dg.RunsFilter(job_name="entity_refresh", statuses=NOT_FINISHED_STATUSES))
    needed = {key for run in unfinished for key in _keys_of_run(run)}
    needed |= {key for item in platform.ledger.work(status=["retrying", "dead"]) for key in keys_of(item["scope"])}
    since = before(platform, platform.settings.keep_keys_days)
    asked = _event_log(instance).keys_asked_before(str(entity_keys.name), since)
    return [key for key in asked if key not in needed]


def _remove_keys(platform: Platform, instance: dg.DagsterInstance, keys: Sequence[str]) -> None:
    """Delete the keys, a few at once, that nobody has asked for meanwhile."""
    name = str(entity_keys.name)
    for part in batched(keys, KEYS_TOGETHER):
        with platform.ledger.lock(name, KEYS_AT_ONCE, platform.settings.lock_seconds):
            for key in set(_old_keys(platform, instance)).intersection(part):
                instance.delete_dynamic_partition(name, key)


def _keys_of_run(run: dg.DagsterRun) -> list[str]:
    named = run.tags.get(KEYS, "").split(",")
    return [*named, *(run.tags.get(tag, "") for tag in (PARTITION, RANGE_START, RANGE_END))]


def _old_runs(platform: Platform, instance: dg.DagsterInstance, gone: Sequence[str]) -> list[str]:
    """Runs that ended long ago and that nothing needs, without the keys that are `gone`."""
    since = before(platform, platform.settings.keep_runs_days)
    needed = _needed_runs(platform, instance, gone)
    finished = instance.get_run_ids(dg.RunsFilter(statuses=FINISHED_STATUSES, updated_before=since))
    return [run_id for run_id in finished if run_id not in needed]


def _remove_runs(platform: Platform, instance: dg.DagsterInstance, runs: Sequence[str]) -> None:
    """As `instance.delete_run` of each, but its own row last of all: a run that was half deleted is found again."""
    logs = LocalComputeLogManager(str(platform.settings.dagster.absolute() / "storage"))
    for part in batched(runs, RUNS_TOGETHER):
        _event_log(instance).delete_events_of_runs(part)
        for run_id in part:
            logs.delete_logs(prefix=[run_id])
            instance.run_storage.delete_run(run_id)


def _needed_runs(platform: Platform, instance: dg.DagsterInstance, gone: Sequence[str]) -> set[str]:
    """Runs that stay however old they are.

    Those with the newest materialization of a partition; an asset's last; those of failed work that is open; those that
    an unfinished run is a re-execution of; those of an unfinished backfill.
    """
    needed = _event_log(instance).runs_of_newest_materializations(ASSETS, str(entity_keys.name), gone)
    needed |= {item["run_id"] for item in platform.ledger.work(status=["retrying", "dead"])}
    for run in instance.get_runs(dg.RunsFilter(statuses=NOT_FINISHED_STATUSES)):
        needed |= {run.parent_run_id or "", run.root_run_id or ""}
    open_ones = [status for status in BulkActionStatus if status not in BULK_ACTION_TERMINAL_STATUSES]
    backfills = [one.backfill_id for one in instance.get_backfills(BulkActionsFilter(statuses=open_ones))]
    if backfills:
        needed |= set(instance.get_run_ids(dg.RunsFilter(tags={BACKFILL_ID_TAG: backfills})))
    return needed
