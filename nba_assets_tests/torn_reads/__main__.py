"""`make torn`: releases and rollbacks by a publisher that is killed again and again, and readers beside it.

They read by the manifest and the plain copies, from the folder, from the server and through a cache before it. What is
not as it must be is counted; then this ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nba_assets.settings import Settings
from nba_assets_tests.torn_reads import torture
from nba_assets_tests.torn_reads.broken import BROKEN
from nba_assets_tests.torn_reads.counts import WRONG
from nba_assets_tests.torn_reads.torture import Report

out = Console(soft_wrap=True)


def main() -> int:
    """One run; 1 if any reader saw anything wrong."""
    parser = argparse.ArgumentParser(prog="make torn", description=__doc__)
    parser.add_argument("--publishes", type=int, default=1000)
    parser.add_argument("--rollbacks", type=int, default=50)
    parser.add_argument("--reads", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=2, help="of documents, for each way of reading")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--broken", choices=list(BROKEN), help="break the publisher so: this must see it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nba_assets_torn_", ignore_cleanup_errors=True) as folder:
        report = torture.run(
            Settings(home=Path(folder) / "home", database_url=None),
            Path(folder) / "noted",
            publishes=asked.publishes,
            rollbacks=asked.rollbacks,
            reads=asked.reads,
            seed=asked.seed,
            each=asked.readers,
            prepare=BROKEN.get(asked.broken),
        )
    show(report)
    return 1 if report.wrong or report.problems else 0


def show(report: Report) -> None:
    """What was done, and a row for each kind of reader."""
    kills = ", ".join(f"{point} {count}" for point, count in report.kills.most_common())
    out.print(
        f"{report.publishes:,} publishes and {report.rollbacks:,} rollbacks made to their end, release"
        f" {report.sequence:,} is the last; {report.reads:,} reads; {report.seconds:.0f} s",
        highlight=False,
    )
    out.print(f"{report.kills.total():,} times kill -9: {kills}", highlight=False)
    table = Table("", *report.readers)
    for column in table.columns[1:]:
        column.justify = "right"
    found = list(report.readers.values())
    table.add_row("reads", *(f"{counts.reads:,}" for counts in found))
    table.add_row("looks at the manifest", *(f"{counts.looks:,}" for counts in found))
    table.add_row("releases seen", *(f"{counts.releases:,}" for counts in found), end_section=True)
    for kind in WRONG:
        table.add_row(kind, *(f"{counts.wrong[kind]:,}" for counts in found))
    out.print(table)
    for name, counts in report.readers.items():
        if set(counts.cache) - {""}:
            did = ", ".join(f"{what} {count:,}" for what, count in counts.cache.most_common())
            out.print(f"the cache, {name}: {did}", highlight=False)
        for example in counts.examples:
            out.print(f"{name}: {example}", markup=False, highlight=False)
    for problem in report.problems:
        out.print(problem, markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
