"""`nba-assets backtest` on real files: seconds, memory, and the anchors that must come out.

The drops of the range and of what its models learn from become tables of Phases 2 to 4, then the command judges the
dates with pick'em lines, 2024-10-22 to 2024-12-30, and the season 2023-24, which has no lines. Later dates are kept for
judging. Raises `RuntimeError` where the command fails, as it does for a leak alarm.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks.process import Measured, measure
from nba_assets_tests.benchmarks.real_drops import drops, need_real_data

FIRST = dt.date(2017, 10, 17)
LINED = (dt.date(2024, 10, 22), dt.date(2024, 12, 30))
UNLINED = (dt.date(2023, 10, 24), dt.date(2024, 6, 17))
PARTS = "nba_assets_tests.benchmarks.history_parts"
ANCHORS = {"n_lined": 4926, "n_dates": 66, "line_mae": 5.217}
"""Lined player-games who played, aliases resolved (4,818 of them by their exact names), and the line's error."""
SHOWN = (
    "n_lined",
    "n_unlined",
    "mae_diff",
    "mae_no_line_diff",
    "crps_ratio",
    "coverage_diff",
    "unlined_mae",
    "verdict",
)
out = Console()


def main(first: dt.date | None = None) -> None:
    """Measure both ranges with the history from `first`, by default all eight seasons."""
    need_real_data()
    first = first or FIRST
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
        home, folder = Path(work) / "home", Path(work) / "drops"
        drops(folder / "all", first, LINED[1])
        measure(home, PARTS, "raw", "--folder", str(folder))
        measure(home, PARTS, "features", "--start", str(first), "--end", str(LINED[1]))
        ranges = [LINED] if first > UNLINED[0] else [UNLINED, LINED]
        measured = [(span, _backtest(home, *span)) for span in ranges]
    _show(first, measured)
    said = measured[-1][1].said
    found = {name: round(said[name], 3) for name in ANCHORS}
    if found != ANCHORS:
        raise RuntimeError(f"the anchors {ANCHORS} came out as {found}")


def _backtest(home: Path, start: dt.date, end: dt.date) -> Measured:
    return measure(home, "nba_assets.cli", "backtest", "--start", str(start), "--end", str(end), "--json")


def _show(first: dt.date, measured: list[tuple[tuple[dt.date, dt.date], Measured]]) -> None:
    table = Table(title=f"backtest with weekly refits, history from {first}, real data", title_justify="left")
    table.add_column("")
    for (start, end), _ in measured:
        table.add_column(f"{start} to {end}", justify="right")
    table.add_row("s", *(f"{each.seconds:.1f}" for _, each in measured))
    table.add_row("peak MB", *(f"{each.peak_mb:,.0f}" for _, each in measured))
    for name in SHOWN:
        table.add_row(name, *(_text(each.said, name) for _, each in measured))
    out.print(table)


def _text(said: dict[str, Any], name: str) -> str:
    low, high = said.get(f"{name}_lo"), said.get(f"{name}_hi")
    return f"{said[name]}" if low is None else f"{said[name]} ({low} to {high})"
