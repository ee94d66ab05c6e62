"""What a release takes: a slate of fifteen games, one game of it, nothing new, going back; then a season at once.

The slate is the newest one of a simulated league with three weeks of history, in a warm process. The season is one of
real files (2024-10-22 to 2025-03-30). Where it says so every document is another one than in the release before, so
each is built, checked, written as an object and copied; and so are the documents of the store.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks.live_league import league
from nba_assets_tests.benchmarks.process import Measured, measure
from nba_assets_tests.benchmarks.real_drops import drops, need_real_data
from nba_assets_tests.benchmarks.season import FIRST, LAST

PARTS = "nba_assets_tests.benchmarks.publish_parts"


def main(first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Measure the slate and, where there are real files, a season of them."""
    with league() as found:
        slate = measure(found.home, PARTS, "slate")
    _show("A slate of fifteen games in a warm process", slate)
    need_real_data()
    first, last = first or FIRST, last or LAST
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
        home = Path(work) / "home"
        measure(home, "nba_assets.cli", "ingest", str(drops(Path(work) / "season", first, last)), "--json")
        season = measure(home, PARTS, "season", "--start", str(first), "--end", str(last))
    _show(f"A season at once, {first} to {last}", season)


def _show(title: str, measured: Measured) -> None:
    heads = ("files of the release", "objects written", "s until readers see it", "s in all", "of them the processor's")
    table = Table("", *heads, title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in measured.said:
        numbers = [f"{row[name]:,}" for name in ("files", "objects")]
        table.add_row(row["what"], *numbers, *(f"{row[name]:.2f}" for name in ("seen", "seconds", "own")))
    Console().print(table)
    Console().print(f"peak memory of the process: {measured.said[-1]['peak_mb']:,.0f} MB", highlight=False)
