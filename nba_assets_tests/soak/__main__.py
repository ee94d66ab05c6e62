"""`make soak`: episodes of some minutes each until the time is over, every second one live.

Each has an empty home, a league and a storm of its own, and ends with a comparison with a run without any trouble. The
home of one that fails is kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nba_assets_tests.soak import episode
from nba_assets_tests.soak.episode import Report

LONGEST = 1000
"""Characters of a problem that are shown."""
out = Console(soft_wrap=True)


def main() -> int:
    """Episodes with the seeds from the given one on; 1 if anything diverged."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=7, help="of the first episode; the next has the next")
    parser.add_argument("--storm", type=float, default=150, help="seconds of each episode's storm")
    parser.add_argument("--only", choices=["after", "live"], help="files come after all games, or as they would live")
    parser.add_argument("--keep", type=Path, help="a folder for homes, instead of a temporary one")
    asked = parser.parse_args()
    base = asked.keep or Path(tempfile.mkdtemp(prefix="nba_assets_soak_"))
    ends = time.monotonic() + 60 * asked.minutes
    reports: list[Report] = []
    while not reports or time.monotonic() < ends:
        seed = asked.seed + len(reports)
        live = asked.only == "live" if asked.only else len(reports) % 2 == 1
        report = episode.run(seed, asked.storm, base / f"seed_{seed}", live=live)
        reports.append(report)
        say(report)
    _sum(reports)
    return 1 if any(report.problems for report in reports) else 0


def say(report: Report) -> None:
    """One line of an episode, and one for each of its problems."""
    kills = sum(report.counts.kills.values())
    out.print(
        f"seed {report.seed} ({'live' if report.live else 'after'}): {kills} kills, {report.counts.started} processes,"
        f" {report.fates.get('received_total', 0)} receipts, {report.releases} releases, {report.reads} reads of them,"
        f" {len(report.divergences)} divergences, {report.seconds:.0f} s",
        highlight=False,
    )
    for problem in report.problems:
        out.print(f"  {problem[:LONGEST]}", markup=False, highlight=False)
    if report.problems:
        out.print(f"  its home is kept: {report.home}", markup=False, highlight=False)


def _sum(reports: list[Report]) -> None:
    kills = sum((report.counts.kills for report in reports), Counter[str]())
    ended = sum((report.counts.ended for report in reports), Counter[str]())
    brought = sum((report.counts.brought for report in reports), Counter[str]())
    fates = sum((Counter(report.fates) for report in reports), Counter[str]())
    failures = sum((Counter(report.failures) for report in reports), Counter[str]())
    table = Table("", "")
    table.add_row("seeds", f"{reports[0].seed} to {reports[-1].seed}")
    table.add_row("processes started", f"{sum(report.counts.started for report in reports):,}")
    table.add_row("kills", f"{kills.total():,}: {_list(kills)}")
    table.add_row("ended otherwise", _list(ended))
    table.add_row("files brought", f"{brought.total():,}: {_list(brought)}")
    table.add_row("drops", _list(fates))
    table.add_row("failed work", _list(failures))
    table.add_row("live predictions", f"{sum(report.live_rows for report in reports):,}")
    table.add_row("dead letters", str(sum(report.dead_letters for report in reports)))
    table.add_row("full disks", str(sum(report.counts.full for report in reports)))
    table.add_row("clock steps", str(sum(report.counts.steps for report in reports)))
    table.add_row("seconds", f"{sum(report.seconds for report in reports):,.0f}")
    table.add_row("divergences", str(sum(len(report.divergences) for report in reports)))
    table.add_row("problems", str(sum(len(report.problems) for report in reports)))
    out.print(table)


def _list(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counted.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
