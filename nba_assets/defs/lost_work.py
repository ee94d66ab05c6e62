"""Steps of failed runs that could not record their own failure: their process was killed, or Dagster failed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import dagster as dg

from nba_assets.defs.partitions import KEYS, PARTITION, RANGE_END, RANGE_START
from nba_assets.engine.failure import classify_name, fed_by, record
from nba_assets.engine.platform import Platform
from nba_assets.engine.refresh import parse_key, scope_of
from nba_assets.engine.release_log import PROCESSOR
from nba_assets.errors import TransientError
from nba_assets.storage.records import WorkItem

INTERRUPTED = "DagsterExecutionInterruptedError"
"""A Ctrl-C: whoever gave it knows what is not done."""
KILLED = "its process was killed, or lost the database: what it had finished is kept"


def record_lost(platform: Platform, instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """Record as failed work the run's steps that began and did not succeed, if they have not done so; their processors.

    A step that has left no error is retried; one whose error Dagster has is classified by the error's name.
    """
    kinds = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE}
    events = [entry.get_dagster_event() for entry in instance.all_logs(run.run_id, of_type=kinds)]
    begun = dict.fromkeys(str(event.step_key) for event in events if event.event_type is dg.DagsterEventType.STEP_START)
    done = {str(event.step_key) for event in events if event.is_step_success}
    errors = {str(event.step_key): event.step_failure_data.error for event in events if event.is_step_failure}
    days, scope = _about(run.tags)
    known = {item["processor_name"] for item in platform.ledger.work(run_id=run.run_id)}
    lost = []
    for step in begun:
        name = processor(step)
        accounted = bool(known) if step.startswith("entity_refresh") else name in known
        error = errors.get(step)
        cause = error.cause if error is not None and error.cause is not None else error
        kind = (cause.cls_name if cause is not None else None) or TransientError.__name__
        if step in done or accounted or not days or kind == INTERRUPTED:
            continue
        message = cause.message.strip() if cause is not None else KILLED
        ids = fed_by(platform, days)
        record(platform, WorkItem(name, days, scope, ids, kind, message, run.run_id), classify_name(kind))
        lost.append(name)
    return lost


def processor(step: str) -> str:
    """What failed work calls the step of that key: `nba_raw.nbac_schedule`, `published.release`."""
    return PROCESSOR if step == "published" else step.replace("__", ".", 1)


def _about(tags: Mapping[str, str]) -> tuple[tuple[dt.date, ...], str]:
    """The dates of a run, and the entity keys that it is about."""
    key = tags.get(PARTITION, "")
    keys = tags.get(KEYS, key).split(",")
    if "|" in keys[0]:
        return tuple(sorted({parse_key(one)[0] for one in keys})), scope_of(keys)
    first, last = tags.get(RANGE_START, key), tags.get(RANGE_END, key)
    if not first or not last:
        return (), ""
    start, days = dt.date.fromisoformat(first), (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
    return tuple(start + dt.timedelta(days=number) for number in range(days + 1)), ""
