"""`nba-assets ingest`."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nba_assets import console
from nba_assets.commands.current import landed, make_current
from nba_assets.commands.session import PHASE_COLUMNS, PhaseTimes, account, opened
from nba_assets.engine.ingest import Window, ingest
from nba_assets.engine.intake import IntakeResult, scan
from nba_assets.errors import UsageError

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform


def run(folder: Path, *, as_json: bool) -> None:
    """Ingest a folder and print the ledger's account; exit 1 if anything went to quarantine or could not be read."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", "give the folder that holds the drops")
    began = time.perf_counter()
    with opened(new=True) as platform:
        result, times = ingest_folder(platform, folder)
        counts = platform.ledger.counts()
    seconds = time.perf_counter() - began
    quarantined = [asdict(entry) | {"correlation_id": entry.correlation_id} for entry in result.quarantined]
    facts = {
        "received": result.received + result.duplicates,
        "new": result.received,
        "duplicate": result.duplicates,
        "quarantined": len({entry["correlation_id"] for entry in quarantined}),
        "unread": len(result.unread),
    }
    if as_json:
        unread = [{"path": str(one.path), "reason": one.reason} for one in result.unread]
        lists = {"quarantine": quarantined, "unread_files": unread}
        console.as_json(facts | {"ledger": counts, "phases": times.records()} | lists)
    else:
        console.table("", PHASE_COLUMNS, times.lines())
        console.say(
            f"{facts['received']:,} files: {facts['new']:,} new, {facts['duplicate']:,} duplicate,"
            f" {facts['quarantined']:,} quarantined, in {seconds:.1f} s. {account(counts)}"
        )
    for entry in result.quarantined:
        console.fail(
            f"{entry.source}: {entry.object_name}: {entry.place}: rule {entry.rule}: {entry.message}",
            f"nba-assets quarantine show {entry.correlation_id}",
        )
    for one in result.unread:
        console.fail(
            f"{one.path} cannot be read: {one.reason}; it is not recorded as received",
            "put that right and run the same command again",
        )
    if quarantined or result.unread:
        raise typer.Exit(1)


def ingest_folder(platform: Platform, folder: Path) -> tuple[IntakeResult, PhaseTimes]:
    """Take a folder in and run what it changes, with progress on stderr.

    Raises `UsageError` for a folder that holds the platform's own home.
    """
    home = platform.settings.home.resolve()
    if home.is_relative_to(folder.resolve()):
        raise UsageError(f"{folder} holds the platform's own home {home}", "give a folder that holds nothing but drops")
    times = PhaseTimes()
    began = time.perf_counter()
    files = list(scan(folder))
    with console.progress() as bar:
        task = bar.add_task("taking files in", total=len(files))

        def process(window: Window, result: IntakeResult) -> bool:
            bar.stop()
            landed(platform, result)
            times.add(1, result.received, time.perf_counter() - began)
            make_current(platform, window, times, result.drops)
            return True

        result = ingest(platform, files, process, lambda count: bar.advance(task, count))
    if not times.tables:
        times.add(1, result.received, time.perf_counter() - began)
    return result, times
