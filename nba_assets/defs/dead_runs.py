"""Runs whose process is gone: a kill -9 leaves them started, and what they had planned in progress, for ever.

An automation condition waits for what is in progress, so such a run would hold up its dates, today's among them.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from nba_assets.engine.processes import is_gone, this_process

PROCESS = "nba_assets/process"
"""Run tag: machine, process id and start of the process that executes a run itself. A re-execution inherits it."""

_claimed: set[str] = set()


def claim(context: dg.AssetExecutionContext) -> None:
    """Tag the run with this process, unless it is: a worker of the daemon's only knows it when it runs."""
    run = context.run
    if PROCESS not in run.tags and run.run_id not in _claimed:
        _claimed.add(run.run_id)
        context.instance.add_run_tags(run.run_id, {PROCESS: this_process()})


def close_dead_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Report unfinished runs as failed whose process was on this machine and is gone; those runs."""
    unfinished = instance.get_runs(dg.RunsFilter(statuses=list(IN_PROGRESS_RUN_STATUSES)))
    dead = [run for run in unfinished if run.parent_run_id is None and is_gone(run.tags.get(PROCESS, ""))]
    for run in dead:
        instance.report_run_failed(run, f"process {run.tags[PROCESS]} is gone: what it had finished is kept")
    return dead
