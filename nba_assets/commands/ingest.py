"""`nba-assets ingest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nba_assets import console
from nba_assets.commands.session import PhaseTimes, opened, with_progress
from nba_assets.engine.ingest import Window
from nba_assets.engine.ingest import ingest as engine_ingest
from nba_assets.engine.intake import IntakeResult, scan

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def run(folder: Path, *, as_json: bool) -> None:
    """Ingest a folder and print the ledger's account; exit 1 if anything went to quarantine."""
    with opened() as platform:
        result, times, seconds = ingest_folder(platform, folder)
        counts = platform.ledger.counts()
        facts = {
            "received": result.received + result.duplicates,
            "new": result.received,
            "duplicate": result.duplicates,
            "quarantined": len({(q.object_name, q.content_hash) for q in result.quarantined}),
            "ledger": counts,
        }
        if as_json:
            console.as_json(facts | {"phases": times.lines(), "quarantine": [vars(q) for q in result.quarantined]})
        else:
            _print(facts, times, seconds, result)
    if result.quarantined:
        raise typer.Exit(1)


def ingest_folder(platform: Platform, folder: Path) -> tuple[IntakeResult, PhaseTimes, dict[str, float]]:
    """Take a folder in and run what it changes, with progress on stderr."""
    import time

    times = PhaseTimes()
    started = time.perf_counter()
    files = list(scan(folder))
    seconds: dict[str, float] = {}

    def process(window: Window, result: IntakeResult) -> bool:
        from nba_assets.defs.run import report_landing, run_range

        seconds["intake"] = time.perf_counter() - started
        report_landing(platform, result.dirty)
        with_progress(
            platform,
            f"{window.first} to {window.last}",
            lambda: run_range(platform, window.first, window.last),
            times,
        )
        return True

    with console.progress() as bar:
        task = bar.add_task("taking files in", total=len(files))

        def taken(count: int) -> None:
            bar.update(task, advance=count)

        def processed(window: Window, result: IntakeResult) -> bool:
            bar.stop()
            return process(window, result)

        result = engine_ingest(platform, files, processed, taken)
    times.add(1, result.received, seconds.get("intake", time.perf_counter() - started))
    seconds["total"] = time.perf_counter() - started
    return result, times, seconds


def _print(facts: dict[str, Any], times: PhaseTimes, seconds: dict[str, float], result: IntakeResult) -> None:
    ledger = facts["ledger"]
    console.table("", ["phase", "tables", "rows", "seconds"], times.lines())
    console.out.print(
        f"{facts['received']} files: {facts['new']} new, {facts['duplicate']} duplicate, "
        f"{facts['quarantined']} quarantined, in {seconds['total']:.1f} s. "
        f"Ledger: {ledger['received_total']} received = {ledger['applied']} applied + {ledger['duplicate']} duplicate"
        f" + {ledger['quarantined']} quarantined + {ledger['pending']} pending."
    )
    for item in result.quarantined:
        console.fail(
            f"{item.source}: {item.object_name}: {item.place}: rule {item.rule}: {item.message}",
            f"nba-assets query \"SELECT * FROM nba_orchestration.quarantine WHERE object_name = '{item.object_name}'\"",
        )
