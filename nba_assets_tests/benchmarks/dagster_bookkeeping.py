"""What a run over a range of dates costs Dagster itself: its default SQLite storage against the platform's."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from rich.console import Console
from rich.table import Table

from nba_assets.settings import Settings
from nba_assets.storage import embedded_postgres
from nba_assets.storage.dagster_instance import dagster_instance

DATES = dg.DailyPartitionsDefinition("2024-10-22", end_date="2025-10-22")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def measure(dates: int, assets: int) -> dict[str, float]:
    """Seconds of one run of a chain of empty assets over a range, by storage; and of one warm run of one date.

    Each storage has a home of its own. The assets do nothing: all of it is Dagster's bookkeeping.
    """
    seconds = {}
    days = DATES.get_partition_keys()[:dates]
    whole = {"dagster/asset_partition_range_start": days[0], "dagster/asset_partition_range_end": days[-1]}
    for name, storage in (("SQLite (Dagster's default)", _default), ("Postgres, tuned", _tuned)):
        with storage() as instance:
            run = _chain(assets, instance)
            run({"dagster/partition": days[0]})
            seconds[f"{name}: {dates} dates x {assets} assets"] = _timed(run, whole)
        with storage() as instance:
            run = _chain(5, instance)
            run({"dagster/partition": days[0]})
            seconds[f"{name}: 1 date x 5 assets"] = min(_timed(run, {"dagster/partition": day}) for day in days[1:4])
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dates", type=int, default=160)
    parser.add_argument("--assets", type=int, default=40)
    chosen, _ = parser.parse_known_args()
    table = Table(title="Dagster's bookkeeping, seconds", title_justify="left")
    table.add_column("")
    table.add_column("s", justify="right")
    for name, value in measure(chosen.dates, chosen.assets).items():
        table.add_row(name, f"{value:.2f}")
    Console().print(table)


@contextmanager
def _default() -> Iterator[dg.DagsterInstance]:
    batch = os.environ.pop("DAGSTER_EVENT_BATCH_SIZE", None)
    try:
        with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as home:
            (Path(home) / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
            with dg.DagsterInstance.from_config(home) as instance:
                yield instance
    finally:
        if batch is not None:
            os.environ["DAGSTER_EVENT_BATCH_SIZE"] = batch


@contextmanager
def _tuned() -> Iterator[dg.DagsterInstance]:
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as home:
        settings = Settings(home=Path(home), database_url=None)
        with dagster_instance(settings) as instance:
            yield instance
        embedded_postgres.release(settings)


def _chain(assets: int, instance: dg.DagsterInstance) -> Callable[[dict[str, str]], None]:
    """A function that runs a chain of assets that return one metadata entry."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chain = [_link(number) for number in range(assets)]
        job = dg.define_asset_job("chain", selection=chain)
        resolved = dg.Definitions(assets=chain, jobs=[job], executor=dg.in_process_executor).resolve_job_def("chain")

    def run(tags: dict[str, str]) -> None:
        resolved.execute_in_process(instance=instance, tags=tags, run_config=QUIET)

    return run


def _link(number: int) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"link_{number}",
        deps=[f"link_{number - 1}"] if number else [],
        partitions_def=DATES,
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def link() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": number})

    return link


def _timed(run: Callable[[dict[str, str]], None], tags: dict[str, str]) -> float:
    began = time.perf_counter()
    run(tags)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
