"""`backfill`: killed and run again it redoes nothing that was done; it holds the partitions of what it writes."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import scan, take
from nba_assets.engine.platform import Platform
from nba_assets.errors import PlatformError
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.ledger import PostgresLedger
from nba_assets_tests.commands.conftest import Command
from nba_assets_tests.engine.three_games import FIRST, SECOND, correction

LAST_DONE = "team_offense_game_summary"
"""The table after which the process is killed."""
HELD = "player_game_summary"
"""The table in the middle of whose writing the process stands still."""
KILLED = f"""
import os, signal, sys
from nba_assets import cli
from nba_assets.engine.platform import Platform

finished = Platform.finished

def deadly(self, table, rows, seconds):
    finished(self, table, rows, seconds)
    if table == {LAST_DONE!r}:
        os.kill(os.getpid(), signal.SIGKILL)

Platform.finished = deadly
cli.main()
"""
STANDING = f"""
import sys
from nba_assets import cli
from nba_assets.storage.warehouse import LocalWarehouse

replace = LocalWarehouse.replace

def slow(self, table, dates, frame):
    if table == {HELD!r}:
        print("writing", flush=True)
        sys.stdin.read()
    return replace(self, table, dates, frame)

LocalWarehouse.replace = slow
cli.main()
"""


def landed(command: Command, drops: Path) -> Command:
    """The drops are received, nothing is built."""
    platform = Platform.open(command.settings)
    take(platform, list(scan(drops)))
    platform.close()
    return command


def backfill(command: Command, code: str, first: dt.date, last: dt.date) -> subprocess.Popen[str]:
    arguments = ["backfill", "--start", str(first), "--end", str(last)]
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | command.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def opened(command: Command) -> Iterator[Platform]:
    platform = Platform.open(command.settings)
    yield platform
    platform.close()


def executions(command: Command) -> pd.DataFrame:
    """The execution log: run, table, date and how it ended, in order of writing."""
    with opened(command) as platform:
        log = platform.ledger.frames("pipeline_execution_log").sort_values("sequence")
    return log[["run_id", "processor_name", "game_date", "status"]].assign(
        table=log["processor_name"].str.rpartition(".")[2]
    )


def runs(command: Command) -> list[dg.DagsterRun]:
    """Dagster's runs, oldest first."""
    with dagster_instance(command.settings) as instance:
        return list(instance.get_runs(ascending=True))


@pytest.mark.long
def test_a_rerun_after_a_kill_skips_the_finished_tables_and_gives_the_same_bytes(
    command: Command, ingested: Command, drops: Path
) -> None:
    child = backfill(landed(command, drops), KILLED, FIRST.day, SECOND.day)
    said = child.communicate()
    assert child.returncode == -signal.SIGKILL, said
    before = executions(command)
    finished = set(before["table"])
    assert LAST_DONE in finished and "ml_feature_store" not in finished
    assert set(before["status"]) == {"completed"}
    written = command.contents()
    assert [run.status for run in runs(command)] == [dg.DagsterRunStatus.STARTED]

    again = command("backfill", "--start", FIRST.day, "--end", SECOND.day)

    assert (again.code, again.err) == (0, "")
    rerun = executions(command).iloc[len(before) :]
    done = rerun["table"].isin(finished)
    assert set(rerun.loc[done, "status"]) == {"skipped"}
    assert set(rerun.loc[done, "table"]) == finished
    assert set(rerun.loc[~done, "status"]) == {"completed"}
    after = command.contents()
    assert {name: after[name] for name in finished} == {name: written[name] for name in finished}
    assert after == ingested.contents()
    killed, second = runs(command)
    assert killed.status is dg.DagsterRunStatus.FAILURE, "nothing waits for the dead run any more"
    assert second.status is dg.DagsterRunStatus.SUCCESS


def test_a_backfill_holds_the_one_table_it_writes_and_no_other_date(
    mine: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = backfill(landed(mine, correction(tmp_path / "corrected")), STANDING, FIRST.day, FIRST.day)
    assert child.stdout is not None and child.stdout.readline() == "writing\n"

    with opened(mine) as platform:
        held = [
            (table, day) for table in build_order() for day in (FIRST.day, SECOND.day) if busy(platform, table, day)
        ]
    assert held == [(HELD, FIRST.day)]
    monkeypatch.setattr(PostgresLedger.lock, "__defaults__", (1.0,))
    other = mine("backfill", "--start", SECOND.day, "--end", SECOND.day, "--from-phase", "3")
    assert (other.code, other.err) == (0, ""), "a run of another date waits for nothing"
    assert child.poll() is None

    _, err = child.communicate()
    assert (child.returncode, err) == (0, "")
    assert {run.status for run in runs(mine)} == {dg.DagsterRunStatus.SUCCESS}, "a living run is left alone"


def busy(platform: Platform, table: str, day: dt.date) -> bool:
    """Whether another process has the partition."""
    try:
        with platform.ledger.lock(table, [day], timeout=0.2):
            return False
    except PlatformError:
        return True
