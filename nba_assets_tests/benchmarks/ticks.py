"""Whether a season of automation slows it: one evaluation of each sensor at day 1, at day 170, and after `prune`.

A simulated league's season is ingested, and `automation_season` fills in what its automation leaves behind. Measured
is the quiet state, in which nothing is new and nothing due, as nearly every tick is; and a refresh, which is not.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorType, TickData, TickStatus
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from nba_assets.clock import FixedClock
from nba_assets.commands.ingest import ingest_folder
from nba_assets.definitions import defs
from nba_assets.defs.automation.drops import drop_sensors
from nba_assets.defs.automation.sweeps import conditions
from nba_assets.defs.automation.sweeps import sweep as sweep_sensor
from nba_assets.defs.resources import PlatformResource
from nba_assets.defs.retention import prune
from nba_assets.defs.run import run_range, run_refresh
from nba_assets.engine.platform import Platform, use
from nba_assets.engine.refresh import entity_key
from nba_assets.engine.sweep import sweep, swept_dates
from nba_assets.settings import Settings
from nba_assets.simulator import simulate
from nba_assets.storage import embedded_postgres
from nba_assets.storage.dagster_instance import SKIPPED_TICKS_DAYS, dagster_instance
from nba_assets_tests.benchmarks.automation_season import DATE_RUNS, REFRESHES, Model, fill, fill_ticks, rows

FIRST, DAYS = dt.date(2025, 10, 21), 170
ONE = dt.timedelta(days=1)
DAGSTERS_OWN_DAYS = 7
"""For which Dagster keeps skipped ticks unless told otherwise."""
TIMES = 7

Column = dict[str, float | int]


def main(days: int = DAYS) -> None:
    """Measure a season of so many days."""
    columns: dict[str, Column] = {}
    with _season(1) as (platform, instance):
        columns["day 1"] = _measured(platform, instance)
    with _season(days) as (platform, instance):
        columns[f"day {days}"] = _measured(platform, instance)
        began = time.perf_counter()
        kinds = prune(platform)
        _purge_ticks(platform, instance)
        took = time.perf_counter() - began
        _vacuum(platform)
        columns["pruned"] = _measured(platform, instance)
    _show(columns)
    gone = ", ".join(f"{kind.what} {kind.removed:,}" for kind in kinds if kind.removed)
    Console().print(f"pruned in {took:.0f} s: {gone}")


@contextmanager
def _season(days: int) -> Iterator[tuple[Platform, dg.DagsterInstance]]:
    """A platform at noon after so many days of automation."""
    dates = [FIRST + number * ONE for number in range(days)]
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_", ignore_cleanup_errors=True) as work:
        settings = Settings(home=Path(work) / "home", database_url=None)
        clock = FixedClock(dt.datetime.combine(dates[-1] + ONE, dt.time(16), dt.UTC))
        platform = Platform.open(settings, clock)
        use(platform)
        try:
            simulate(Path(work) / "drops", seed=7, start=dates[0], end=dates[-1])
            ingest_folder(platform, Path(work) / "drops")
            with dagster_instance(settings) as instance:
                _fill(platform, instance, dates)
                yield platform, instance
        finally:
            use(None)
            platform.close()
            embedded_postgres.release(settings)


def _fill(platform: Platform, instance: dg.DagsterInstance, dates: list[dt.date]) -> None:
    day = dates[-1]
    key = _line(platform, day)
    refreshed, whole = run_refresh(platform, [key]), run_range(platform, day, day)
    engine = embedded_postgres.engine_of(embedded_postgres.database_url(platform.settings))
    models = [Model(refreshed.run_id, day, key, REFRESHES), Model(whole.run_id, day, "", DATE_RUNS)]
    fill(engine, models, dates)
    fill_ticks(instance, engine, dates[-DAGSTERS_OWN_DAYS:])
    _vacuum(platform)


def _line(platform: Platform, day: dt.date) -> str:
    """The key of a refresh: of a player of the date only his line moves."""
    men = platform.warehouse.read("upcoming_player_game_context", dates=(day, day), columns=["player_id"])
    return entity_key(day, "line", str(men["player_id"].iloc[0]))


def _measured(platform: Platform, instance: dg.DagsterInstance) -> Column:
    """Seconds of each, the least of some, and how many rows there are."""
    lines = next(sensor for sensor in drop_sensors if sensor.name == "drops_odds_api")
    today = platform.clock.now().date()
    key = _line(platform, today - ONE)
    cursor = dg.evaluate_automation_conditions(defs, instance).cursor
    engine = embedded_postgres.engine_of(embedded_postgres.database_url(platform.settings))
    actions: dict[str, Callable[[], object]] = {
        "a drop sensor": lambda: _tick(lines, instance, str(today - 3 * ONE)),
        "the sweep sensor": lambda: _tick(sweep_sensor, instance, "1"),
        "the same over the season": lambda: _tick(sweep_sensor, instance, "0"),
        "the conditions": lambda: dg.evaluate_automation_conditions(defs, instance, cursor=cursor),
        "watch's sweep": lambda: sweep(platform, _no_run, swept_dates(platform)),
        "Dagster's record of a tick": lambda: _record(instance),
        "a refresh of one line": lambda: run_refresh(platform, [key]),
    }
    return {f"{name}, s": _timed(action) for name, action in actions.items()} | rows(engine)


def _tick(sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str) -> None:
    """One evaluation; raises `AssertionError` if it asks for anything: then something else is measured."""
    context = dg.build_sensor_context(
        instance=instance, cursor=cursor, resources={"platform": PlatformResource()}, definitions=defs
    )
    assert not sensor.evaluate_tick(context).run_requests


def _no_run(first: dt.date, last: dt.date, _: object) -> bool:
    raise AssertionError(f"{first} to {last} is due")


def _record(instance: dg.DagsterInstance) -> None:
    """What the daemon does about a tick besides evaluating it: looks for the last, writes one, purges old ones."""
    name = "drops_odds_api"
    instance.get_ticks(name, name, limit=1)
    moment = time.time()
    tick = instance.create_tick(
        TickData(name, name, InstigatorType.SENSOR, TickStatus.STARTED, moment, selector_id=name)
    )
    instance.update_tick(tick.with_status(TickStatus.SKIPPED))
    instance.purge_ticks(name, name, before=0.0, tick_statuses=[TickStatus.SKIPPED])


def _purge_ticks(platform: Platform, instance: dg.DagsterInstance) -> None:
    """What the daemon does at each tick as our `dagster.yaml` has it, at the clock's time."""
    before = (platform.clock.now() - SKIPPED_TICKS_DAYS * ONE).timestamp()
    for sensor in (*drop_sensors, conditions):
        instance.purge_ticks(sensor.name, sensor.name, before=before, tick_statuses=[TickStatus.SKIPPED])


def _vacuum(platform: Platform) -> None:
    """What Postgres does by itself a little later."""
    engine = embedded_postgres.engine_of(embedded_postgres.database_url(platform.settings))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _timed(action: Callable[[], object]) -> float:
    action()
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _show(columns: dict[str, Column]) -> None:
    table = Table(title="a quiet tick, and what the tables hold", title_justify="left")
    for head in ("", *columns):
        table.add_column(head, justify="right" if head else "left")
    for name in next(iter(columns.values())):
        values = [column[name] for column in columns.values()]
        table.add_row(name, *(f"{value:,}" if isinstance(value, int) else f"{value:.3f}" for value in values))
    Console().print(table)
