"""A season of real files at once, the same again, its last date alone, a refresh of nothing new: each a command."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks.process import Measured, measure
from nba_assets_tests.benchmarks.real_drops import drops, need_real_data

FIRST, LAST = dt.date(2024, 10, 22), dt.date(2025, 3, 30)
PHASES = ("1 landing", "2 raw", "3 analytics", "4 precompute", "5 predictions", "6 published")
LAST_PLAYED = (
    "SELECT game_date, MIN(player_id) AS player_id FROM nba_analytics.player_game_summary "
    "WHERE player_id IS NOT NULL GROUP BY game_date ORDER BY game_date DESC LIMIT 1"
)


def main(first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Measure a range of dates, by default the season 2024-25 as far as there are box scores."""
    need_real_data()
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
        _show(_season(Path(work), first or FIRST, last or LAST))


def _season(work: Path, first: dt.date, last: dt.date) -> list[tuple[str, Measured]]:
    """A whole season at once; then its last date alone after all the others; then one player of that date."""
    everything = drops(work / "season", first, last)
    whole = _command(work / "home", "ingest", str(everything))
    again = _command(work / "home", "ingest", str(everything))
    someone = _command(work / "home", "query", LAST_PLAYED).said[0]
    player = _command(work / "home", "refresh", "--date", someone["game_date"], "--player", someone["player_id"])
    _command(work / "other", "ingest", str(drops(work / "before", first, last - dt.timedelta(days=1))))
    date = _command(work / "other", "ingest", str(drops(work / "date", last, last)))
    return [("season", whole), ("the same again", again), ("one date", date), ("a player, unchanged", player)]


def _command(home: Path, *arguments: str) -> Measured:
    return measure(home, "nba_assets.cli", *arguments, "--json")


def _show(rows: list[tuple[str, Measured]]) -> None:
    """One column a measurement, one line a phase."""
    table = Table(title="nba-assets on real files", title_justify="left")
    table.add_column("")
    for name, _ in rows:
        table.add_column(name, justify="right")
    table.add_row("files", *(f"{m.said['received']:,}" if "received" in m.said else "" for _, m in rows))
    for phase in PHASES:
        table.add_row(f"{phase}, s", *(m.phase(phase) for _, m in rows))
    table.add_row("whole process, s", *(f"{m.seconds:.1f}" for _, m in rows))
    table.add_row("peak memory, MB", *(f"{m.peak_mb:,.0f}" for _, m in rows))
    Console().print(table)
