"""Eight seasons of real files as one warehouse: Phases 3 and 4 of 1, 2, 4 and 8 of them, and every check that fails.

The drops of 2017-10-17 to 2025-11-09 are about 28,000 files, 0.7 GB. They are taken in and made raw tables a season at
a time; then the tables of Phases 3 and 4 are made from nothing, in a process of their own, for the first season, the
first two, the first four, and all. Known holes: February 2019 is missing, 2019-20 stopped from 12 March to 30 July.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nba_assets.engine.captures import season_of
from nba_assets_tests.benchmarks.process import Measured, measure
from nba_assets_tests.benchmarks.real_drops import drops, need_real_data

FIRST, LAST = dt.date(2017, 10, 17), dt.date(2025, 11, 9)
PARTS = "nba_assets_tests.benchmarks.history_parts"
out = Console()


def main(first: dt.date | None = None, last: dt.date | None = None) -> None:
    """Measure a range of dates, by default all that there are."""
    need_real_data()
    first, last = first or FIRST, last or LAST
    with tempfile.TemporaryDirectory(prefix="nba_assets_bench_") as work:
        home, folder = Path(work) / "home", Path(work) / "drops"
        ends = _drops(folder, first, last)
        _show_raw(measure(home, PARTS, "raw", "--folder", str(folder)))
        rows = []
        for end in ends:
            span = ["--start", str(first), "--end", str(end)]
            rows.append((end, measure(home, PARTS, "features", *span)))
        _show_features(first, rows)
        _show_checks(measure(home, PARTS, "checks", "--start", str(first), "--end", str(last)))


def _drops(folder: Path, first: dt.date, last: dt.date) -> list[dt.date]:
    """Drops of the range, a folder a season; the last dates of the first 1, 2, 4, ... seasons, and of all."""
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    seasons: dict[int, list[dt.date]] = {}
    for day in days:
        seasons.setdefault(season_of(day), []).append(day)
    for season, dates in seasons.items():
        began = time.perf_counter()
        drops(folder / str(season), dates[0], dates[-1])
        out.print(f"drops of season {season}: {time.perf_counter() - began:.1f} s")
    ends = [dates[-1] for dates in seasons.values()]
    whole = [ends[count - 1] for count in (1, 2, 4) if count < len(ends)]
    return [*whole, last]


def _show_raw(measured: Measured) -> None:
    table = _table("Files to raw tables", "season", "files", "landing, s", "raw, s")
    for each in measured.said["seasons"]:
        spent = (f"{each[name]:.1f}" for name in ("landing", "raw"))
        table.add_row(each["season"], f"{each['files']:,}", *spent)
    out.print(table)
    for each in measured.said["seasons"]:
        for why, times in each["quarantined"].items():
            out.print(f"season {each['season']}, quarantined: {times} of {why}")
    out.print(f"peak memory {measured.peak_mb:,.0f} MB")


def _show_features(first: dt.date, rows: list[tuple[dt.date, Measured]]) -> None:
    """One line a range of seasons: what the phases took in all, and for 100 dates with games."""
    heads = ("3, s", "4, s", "both, s", "3 per 100", "4 per 100", "peak MB")
    table = _table(f"Phases 3 and 4 of {first} and on, from nothing; per 100 dates of games", "until", "dates", *heads)
    for end, measured in rows:
        said = measured.said
        analytics, precompute, hundreds = said["3"], said["4"], said["dates"] / 100
        numbers = (analytics, precompute, analytics + precompute, analytics / hundreds, precompute / hundreds)
        spent = (f"{number:.2f}" for number in numbers)
        table.add_row(str(end), f"{said['dates']:,}", *spent, f"{measured.peak_mb:,.0f}")
    out.print(table)
    last: dict[str, Any] = rows[-1][1].said["tables"]
    out.print("Of the last: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in last.items()))


def _show_checks(measured: Measured) -> None:
    said = measured.said
    failed, spent = said["failed"], f"{measured.seconds:.0f} s, peak memory {measured.peak_mb:,.0f} MB"
    out.print(f"{said['ran']} checks ({spent}): {len(failed)} not passed")
    for each in failed:
        out.print(f"{each['check']}: {each['description']}", style="bold")
        for row in each["rows"]:
            out.print(f"    {row}", soft_wrap=True)
    lost = [each for each in said["identities"] if each["games"]]
    out.print(f"{len(said['identities'])} identities of seasons: {len(lost)} broken")
    for each in lost:
        some = ", ".join(each["games"][:5])
        out.print(f"    {each['season']}: {each['identity']}: {len(each['games'])} do not, as {some}")


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left")
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table
