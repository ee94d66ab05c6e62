"""A full night of a simulated league, every source: from bytes to checked raw tables, in one warm process."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from nba_assets import sources
from nba_assets.contracts import tables
from nba_assets.defs.tables.checks import check_results
from nba_assets.engine.graph import build_order
from nba_assets.engine.intake import Incoming, take
from nba_assets.engine.platform import Platform
from nba_assets.engine.step import run_step
from nba_assets.settings import Settings
from nba_assets.simulator.files import write_day
from nba_assets.simulator.files.folder import Folder
from nba_assets.simulator.season import Season
from nba_assets.sources.paths import source_of

START, GAMES, SEED = dt.date(2025, 11, 4), 15, 7
out = Console()


def main() -> None:
    """Process one night to warm the process up, then measure the next."""
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
        nights = []
        for day in Season(SEED, START, games=GAMES).days(START + dt.timedelta(days=1)):
            folder = Folder(Path(work) / str(day.day))
            write_day(folder, day)
            nights.append((day.day, folder.out))
        platform = Platform.open(Settings(home=Path(work) / "home"))
        try:
            _process(platform, *nights[0])
            seconds = _process(platform, *nights[1])
        finally:
            platform.close()
        _show(nights[1][1], seconds)


def _files(folder: Path) -> list[Incoming]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Incoming(path.relative_to(folder).as_posix(), path) for path in paths]


def _process(platform: Platform, day: dt.date, folder: Path) -> dict[str, float]:
    """Seconds of a night: PDFs taken in apart from the rest, then the raw tables, then their checks."""
    files = _files(folder)
    clock = [time.perf_counter()]
    for pdf in (False, True):
        take(platform, [item for item in files if (item.path.suffix == ".pdf") is pdf])
        clock.append(time.perf_counter())
    raw = [name for name in build_order() if tables()[name].dataset == "nba_raw"]
    for name in raw:
        run_step(platform, name, [pd.Timestamp(day)])
    clock.append(time.perf_counter())
    for name in raw:
        assert all(result.passed for result in check_results(platform, tables()[name], [pd.Timestamp(day)])), name
    clock.append(time.perf_counter())
    names = ("take in, PDFs apart", "take in the PDFs", "raw tables", "their checks")
    return {name: end - start for name, start, end in zip(names, clock, clock[1:], strict=False)}


def _show(folder: Path, seconds: dict[str, float]) -> None:
    table = Table(title=f"A simulated night of {GAMES} games, bytes to checked raw tables", title_justify="left")
    for name in ("", "files", "MB", "s"):
        table.add_column(name, justify="left" if not name else "right")
    told: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for item in _files(folder):
        source, data = str(source_of(item.object_name)), item.path.read_bytes()
        began = time.perf_counter()
        sources.parse(source, data, item.object_name)
        parsed = time.perf_counter() - began
        label = f"parse {source} ({item.path.suffix[1:]})"
        told[label] = [told[label][0] + 1, told[label][1] + len(data) / 1e6, told[label][2] + parsed]
    for label, (files, size, parsed) in sorted(told.items()):
        table.add_row(label, f"{files:.0f}", f"{size:.2f}", f"{parsed:.3f}")
    table.add_section()
    for name, spent in seconds.items():
        table.add_row(name, "", "", f"{spent:.2f}")
    everything = sum(spent for name, spent in seconds.items() if name != "take in the PDFs")
    table.add_row("all, PDFs apart", "", "", f"{everything:.2f}")
    out.print(table)


if __name__ == "__main__":
    main()
