"""`make bench`: a season, a date and a player's refresh on real files, and Dagster's bookkeeping on its own."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nba_assets_tests.benchmarks import dagster_bookkeeping, night

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FIRST, LAST = dt.date(2024, 10, 22), dt.date(2025, 3, 30)
PHASES = ("1 landing", "2 raw", "3 analytics", "4 precompute", "5 predictions", "6 published")
LAST_PLAYED = (
    "SELECT game_date, MIN(player_id) AS player_id FROM nba_analytics.player_game_summary "
    "WHERE player_id IS NOT NULL GROUP BY game_date ORDER BY game_date DESC LIMIT 1"
)
out = Console()


@dataclass(frozen=True)
class Measured:
    """One command: wall seconds of the whole process, its peak memory in MB, what it printed as JSON."""

    seconds: float
    peak_mb: float
    said: Any

    def phase(self, name: str) -> str:
        found = [line["seconds"] for line in self.said.get("phases", []) if line["phase"] == name]
        return f"{found[0]:.2f}" if found else ""


def measure(home: Path, *arguments: str) -> Measured:
    """Run one `nba-assets` command in a process of its own. Raises `RuntimeError` with its last words if it fails."""
    environment = os.environ | {"NBA_ASSETS_HOME": str(home)}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as words:
        command = [sys.executable, "-m", "nba_assets.cli", *arguments, "--json"]
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=words)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        words.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {words.read().decode()[-2000:]}")
        return Measured(seconds, usage.ru_maxrss / 1024, json.loads(said.read()))


def drops(folder: Path, first: dt.date, last: dt.date) -> Path:
    """Real drops of a range of dates below `folder`."""
    tool = SHARED / "tools" / "make_real_drops.py"
    command = [sys.executable, str(tool), str(folder), "--start", str(first), "--end", str(last)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def season(work: Path, first: dt.date, last: dt.date) -> list[tuple[str, Measured]]:
    """A whole season at once; then its last date alone after all the others; then one player of that date."""
    everything = drops(work / "season", first, last)
    whole = measure(work / "home", "ingest", str(everything))
    again = measure(work / "home", "ingest", str(everything))
    someone = measure(work / "home", "query", LAST_PLAYED).said[0]
    player = measure(work / "home", "refresh", "--date", someone["game_date"], "--player", someone["player_id"])
    measure(work / "other", "ingest", str(drops(work / "before", first, last - dt.timedelta(days=1))))
    date = measure(work / "other", "ingest", str(drops(work / "date", last, last)))
    return [("season", whole), ("the same again", again), ("one date", date), ("one player", player)]


def show(rows: list[tuple[str, Measured]]) -> None:
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
    out.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=dt.date.fromisoformat, default=FIRST)
    parser.add_argument("--end", type=dt.date.fromisoformat, default=LAST)
    parser.add_argument("--only", choices=["season", "night", "dagster"])
    chosen = parser.parse_args()
    if chosen.only in (None, "dagster"):
        dagster_bookkeeping.main()
    if chosen.only in (None, "night"):
        night.main()
    if chosen.only in (None, "season"):
        if not SHARED.is_dir():
            sys.exit(f"the real data is not at {SHARED}")
        with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
            show(season(Path(work), chosen.start, chosen.end))


if __name__ == "__main__":
    main()
