"""Old runs and keys go from Dagster; partitions stay materialized, work recoverable, equal input skipped."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from nba_assets.clock import FixedClock
from nba_assets.commands.ingest import ingest_folder
from nba_assets.definitions import defs
from nba_assets.defs.monitoring.retention import retention, retention_schedule
from nba_assets.defs.partitions import entity_keys
from nba_assets.defs.retention import ASSETS, prune
from nba_assets.defs.run import run_range, run_refresh
from nba_assets.defs.take_up import replay_work
from nba_assets.engine import platform as platforms
from nba_assets.engine.dead_letters import dead_letters
from nba_assets.engine.failure import record
from nba_assets.engine.platform import Platform
from nba_assets.engine.release import verify_release
from nba_assets.engine.retention import Retained
from nba_assets.errors import TransientError
from nba_assets.monitoring.drop_way import ways
from nba_assets.settings import Settings
from nba_assets.storage.dagster_instance import dagster_instance
from nba_assets.storage.dagster_storage import dagster_url
from nba_assets.storage.embedded_postgres import database_url, engine_of
from nba_assets.storage.records import Work, WorkItem
from nba_assets_tests.conftest import new_database
from nba_assets_tests.engine.three_games import FIRST, LINES
from nba_assets_tests.handmade import Drops, player_id

DAY = FIRST.day
KEYS = [f"{DAY}|player|{player_id('BOS', number)}" for number in (1, 2)]
LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=120)
"""Dagster's times are the machine's: everything that a test writes is four months old by the platform's clock."""


@dataclass
class Lived:
    """A game's date: ingested, run twice more, two entities refreshed, one of them again; by what each run was."""

    platform: Platform
    runs: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return database_url(self.platform.settings)


@pytest.fixture(scope="module")
def model(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Its home, its database and its runs."""
    work = tmp_path_factory.mktemp("retention")
    with new_database(postgres) as url:
        platform = Platform.open(Settings(home=work / "home", database_url=SecretStr(url)))
        platforms.use(platform)
        Drops(work / "drops").before(FIRST, LINES)
        Drops(work / "drops").after(FIRST)
        ingest_folder(platform, work / "drops")
        with dagster_instance(platform.settings) as instance:
            runs = {"ingest": instance.get_run_ids()[0]}
        runs["superseded"] = run_range(platform, DAY, DAY).run_id
        runs["newest"] = run_range(platform, DAY, DAY).run_id
        runs["refresh"] = run_refresh(platform, KEYS).run_id
        runs["last refresh"] = run_refresh(platform, KEYS[:1]).run_id
        platforms.use(None)
        platform.close()
        engine_of(url).dispose()
        engine_of(dagster_url(url), autocommit=True).dispose()
        yield work / "home", url, runs


@pytest.fixture
def lived(postgres: str, model: tuple[Path, str, dict[str, str]], tmp_path: Path) -> Iterator[Lived]:
    """A copy of it, months later; only Dagster's home and the database are copied, the rest is read."""
    home, url, runs = model
    with new_database(postgres, url) as own:
        settings = Settings(home=tmp_path / "home", database_url=SecretStr(own))
        subprocess.run(["cp", "-a", str(home), str(settings.home)], check=True)
        platform = Platform.open(settings, FixedClock(LATER))
        platforms.use(platform)
        yield Lived(platform, runs)
        platforms.use(None)
        platform.close()


@pytest.fixture
def instance(lived: Lived) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(lived.platform.settings) as opened:
        yield opened


def materialized(instance: dg.DagsterInstance) -> dict[str, set[str]]:
    """What the status grid shows of the tables."""
    keys = [key for key in defs.resolve_asset_graph().get_all_asset_keys() if key not in ASSETS]
    return {key.to_user_string(): instance.get_materialized_partitions(key) for key in keys}


def counted(lived: Lived) -> dict[str, int]:
    """Rows of every table of the database."""
    with engine_of(lived.url).connect() as connection:
        schemas = "schemaname IN ('dagster', 'nba_orchestration')"
        tables = text(f"SELECT schemaname || '.' || tablename FROM pg_tables WHERE {schemas}")
        names = list(connection.execute(tables).scalars())
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}


def pruned(lived: Lived, *, dry_run: bool = False) -> dict[str, Retained]:
    return {kind.what: kind for kind in prune(lived.platform, dry_run=dry_run)}


def test_runs_with_a_newest_materialization_stay_however_old(lived: Lived, instance: dg.DagsterInstance) -> None:
    before = materialized(instance)
    assert any(str(DAY) in found for found in before.values())
    told = pruned(lived)
    assert materialized(instance) == before
    left = set(instance.get_run_ids())
    assert left == {lived.runs["newest"], lived.runs["last refresh"]}, "the newest, and each asset's last"
    assert told["Dagster runs"].kept == len(left)
    assert instance.all_logs(lived.runs["superseded"]) == []
    assert instance.get_dynamic_partitions(str(entity_keys.name)) == []
    for key in (dg.AssetKey(["nba_raw", "nbac_schedule"]), dg.AssetKey(["landing", "nbac_schedule"])):
        assert instance.get_latest_data_version_record(key, partition_key=str(DAY)) is not None


def test_after_it_equal_input_is_still_skipped_and_conditions_ask_for_nothing(
    lived: Lived, instance: dg.DagsterInstance
) -> None:
    cursor = dg.evaluate_automation_conditions(defs, instance).cursor
    assert pruned(lived)["execution log"].removed > 0
    assert dg.evaluate_automation_conditions(defs, instance, cursor=cursor).total_requested == 0
    report = run_range(lived.platform, DAY, DAY)
    assert report.success
    log = [row for row in lived.platform.ledger.executions(date=DAY) if row["run_id"] == report.run_id]
    assert {row["status"] for row in log} == {"skipped"}
    verify_release(lived.platform)


def test_a_drop_still_says_which_release_has_it(lived: Lived) -> None:
    def told() -> list[tuple[str, int | None]]:
        found, _ = ways(lived.platform, lived.platform.ledger.drops())
        return [(way.where, way.release) for way in found]

    before = told()
    assert any(release is not None for _, release in before)
    pruned(lived)
    assert told() == before


def test_a_dry_run_says_the_same_and_deletes_nothing(lived: Lived) -> None:
    before = counted(lived)
    told = pruned(lived, dry_run=True)
    assert counted(lived) == before
    assert told == pruned(lived)
    assert counted(lived) != before
    assert all(kind.removed == 0 for kind in pruned(lived).values()), "a second time there is nothing to do"


def dead(lived: Lived, days: int, *, run_id: str, scope: str = "") -> Work:
    """A dead letter of so many days ago."""
    clock = lived.platform.clock
    assert isinstance(clock, FixedClock)
    clock.moment = LATER - dt.timedelta(days=days)
    item = WorkItem("nba_analytics.player_game_summary", (DAY,), scope, (), "ValueError", "bad", run_id)
    found = record(lived.platform, item, "permanent")
    clock.moment = LATER
    return found


@pytest.mark.parametrize("days", [6, 100])
def test_a_dead_letter_stays_with_its_run_until_somebody_decides(
    days: int, lived: Lived, instance: dg.DagsterInstance
) -> None:
    item = dead(lived, days, run_id=lived.runs["superseded"])
    pruned(lived)
    assert instance.get_run_by_id(lived.runs["superseded"]) is not None
    assert instance.all_logs(lived.runs["superseded"])
    assert [one["work_id"] for one in dead_letters(lived.platform)] == [item["work_id"]]
    (done,) = replay_work(lived.platform, dead_letters(lived.platform), "a test")
    assert done.success and dead_letters(lived.platform) == []


def test_keys_of_failed_work_and_of_waiting_runs_stay(lived: Lived, instance: dg.DagsterInstance) -> None:
    dead(lived, 6, run_id="", scope=KEYS[0])
    name = str(entity_keys.name)
    tags = {"nba_assets/keys": KEYS[1]}
    job = defs.resolve_job_def("entity_refresh")
    waiting = instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.STARTED)
    assert pruned(lived)["entity keys"].removed == 0
    assert set(instance.get_dynamic_partitions(name)) == set(KEYS)
    assert instance.get_run_by_id(lived.runs["refresh"]) is not None, "it is the newest of keys that are there"
    instance.report_run_canceled(waiting)
    assert pruned(lived)["entity keys"].removed == 1


def test_what_is_young_stays(lived: Lived, instance: dg.DagsterInstance) -> None:
    lived.platform.clock = FixedClock(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    before = counted(lived)
    pruned(lived)
    assert counted(lived) == before


def test_two_do_not_prune_at_once(lived: Lived) -> None:
    lived.platform.settings.lock_seconds = 0.2
    with (
        lived.platform.ledger.lock("retention", [dt.date.min]),
        pytest.raises(TransientError, match="another process is writing retention"),
    ):
        prune(lived.platform)


CHILD = """
import datetime as dt, os, signal, sys
from nba_assets.clock import FixedClock
from nba_assets.defs.retention import prune
from nba_assets.engine.platform import Platform
from nba_assets.storage.dagster_storage import PooledPostgresRunStorage, TunedPostgresEventLogStorage
from nba_assets.storage import ledger_retention, object_store

name, _, count = sys.argv[1].partition(":")
owners = (PooledPostgresRunStorage, TunedPostgresEventLogStorage, ledger_retention.LedgerRetention)
cls = next(one for one in owners if name in dir(one))
inner, calls = getattr(cls, name), []

def deadly(*args, **kwargs):
    result = inner(*args, **kwargs)
    calls.append(1)
    if len(calls) == int(count):
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(cls, name, deadly)
prune(Platform.open(clock=FixedClock(dt.datetime.fromisoformat(sys.argv[2]))))
"""


@pytest.mark.parametrize("point", ["prune:1", "delete_dynamic_partition:1", "delete_events_of_runs:1", "delete_run:1"])
def test_a_kill_in_the_middle_loses_nothing_and_the_next_call_ends_it(
    point: str, lived: Lived, instance: dg.DagsterInstance
) -> None:
    before = materialized(instance)
    ours = {"NBA_ASSETS_HOME": str(lived.platform.settings.home), "NBA_ASSETS_DATABASE_URL": lived.url}
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, point, LATER.isoformat()],
        env=os.environ | ours,
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert materialized(instance) == before
    assert pruned(lived)["Dagster runs"].kept == len(instance.get_run_ids())
    assert materialized(instance) == before
    runs = set(instance.get_run_ids())
    assert lived.runs["superseded"] not in runs and lived.runs["newest"] in runs
    with engine_of(lived.url).connect() as connection:
        owners = set(connection.execute(text("SELECT DISTINCT run_id FROM dagster.event_logs")).scalars())
    assert owners - {""} <= runs, "no event is left of a run that is gone"


def test_the_job_says_what_it_removed_and_runs_each_morning_once_automation_is_on(lived: Lived) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def(retention.name).execute_in_process(instance=instance)
        log = "\n".join(entry.user_message for entry in instance.all_logs(result.run_id))
    assert "entity keys: 2 removed, 0 kept, each for 3 days" in log
    assert retention_schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    code = "from nba_assets.defs.monitoring.retention import retention_schedule as s; print(s.default_status.value)"
    on = os.environ | {"NBA_ASSETS_AUTOMATION": "true"}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=on, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "RUNNING"
