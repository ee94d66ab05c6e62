"""`make day`: a simulated day of fifteen games lived for real, by `watch` or by Dagster's daemon alone."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nba_assets_tests.live_day.day import Report, live_through

out = Console(soft_wrap=True)


def main() -> int:
    """Live it; 1 if anything was not as it should be, and then its folder is kept."""
    parser = argparse.ArgumentParser(prog="make day", description=__doc__)
    parser.add_argument("--lane", choices=["watch", "daemon"], default="watch")
    parser.add_argument("--games", type=int, default=15)
    parser.add_argument("--history", type=int, default=10, help="dates before")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nba_assets_day_"))
    report = live_through(folder, asked.lane, seed=asked.seed, games=asked.games, history=asked.history, tell=out.print)
    show(report)
    if report.problems:
        out.print(f"kept: {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def show(report: Report) -> None:
    """A table of the day, and its problems."""
    table = Table(title=f"A day by {report.lane}: simulated data, real processes", title_justify="left")
    for name in ("", "number"):
        table.add_column(name)
    table.add_row("waves, files", f"{report.waves}, {report.files}")
    table.add_row("releases, each consistent" if not report.problems else "releases", str(report.releases))
    table.add_row("live rows", ", ".join(f"{what} {n}" for what, n in sorted(report.live.items())))
    table.add_row("official grades", ", ".join(f"{what} {n}" for what, n in sorted(report.graded.items())))
    table.add_row("drops", ", ".join(f"{what} {n}" for what, n in report.receipts.items()))
    table.add_row("problems", str(len(report.problems)))
    table.add_row("seconds", f"{report.seconds:.0f}")
    out.print(table)
    for problem in report.problems:
        out.print(problem, markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
