"""`nba-assets fetch`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nba_assets import console
from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.session import PHASE_COLUMNS, PhaseTimes, opened
from nba_assets.engine.intake import IntakeResult, scan, take
from nba_assets.errors import UsageError
from nba_assets.fetching.fetchers import fetchers
from nba_assets.fetching.run import Fetched, SourceReport, fetched
from nba_assets.league import league_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

COLUMNS = ("source", "files", "outcome", "bytes", "requests", "seconds", "what else")


def run(source: str, *, every: bool, day: dt.date | None, process: bool, as_json: bool) -> None:
    """Fetch one source, or all that a day needs, and process what landed; exit 1 if anything failed."""
    if bool(source) == every:
        raise UsageError("name one source, or say --all", f"the sources are {', '.join(fetchers())}")
    sources = list(fetchers()) if every else [source]
    with opened(new=True) as platform, console.progress() as bar:
        day = day or league_date(platform.clock.now())
        task = bar.add_task(f"fetching {day}", total=len(sources))
        with fetched(platform, sources, day, skip_without_key=every, done=lambda _: bar.advance(task)) as found:
            bar.stop()
            intake, times = _take(platform, found, process=process)
    _print(found, intake, times, as_json=as_json)
    _fail(found, intake)


def _take(platform: Platform, found: Fetched, *, process: bool) -> tuple[IntakeResult, PhaseTimes]:
    """Land what was fetched; with `process` through all phases."""
    if process and any(report.files for report in found.reports):
        return ingest_folder(platform, found.folder)
    return take(platform, scan(Path(found.folder))), PhaseTimes()


def _print(found: Fetched, intake: IntakeResult, times: PhaseTimes, *, as_json: bool) -> None:
    if as_json:
        console.as_json(
            {
                "date": str(found.day),
                "sources": [_record(report) for report in found.reports],
                "new": intake.received,
                "duplicate": intake.duplicates,
                "phases": times.records(),
            }
        )
        return
    console.table(f"fetched for {found.day}", COLUMNS, [_line(report) for report in found.reports])
    if times.tables:
        console.table("", PHASE_COLUMNS, times.lines())


def _line(report: SourceReport) -> list[object]:
    seconds = round(report.seconds, 1)
    return [
        report.source,
        len(report.files),
        report.outcome,
        report.size,
        report.requests,
        seconds,
        "" if report.failed else report.reason,
    ]


def _record(report: SourceReport) -> dict[str, object]:
    files = [
        {
            "object_name": file.object_name,
            "content_hash": file.content_hash,
            "request_id": file.answer.request_id,
            "bytes": len(file.body),
        }
        for file in report.files
    ]
    return {
        "source": report.source,
        "outcome": report.outcome,
        "files": files,
        "bytes": report.size,
        "requests": report.requests,
        "seconds": round(report.seconds, 3),
        "failures": report.failures,
        "missing_games": report.missing,
        "notes": report.notes,
        "quota_left": report.quota_left or None,
    }


def _fail(found: Fetched, intake: IntakeResult) -> None:
    failed = [report for report in found.reports if report.failed]
    for report in failed:
        again = f"nba-assets fetch {report.source} --date {found.day}"
        console.fail(f"{report.source}: {report.reason}", f"{report.hint}; {again}" if report.hint else again)
    for entry in intake.quarantined:
        console.fail(
            f"{entry.source}: {entry.object_name}: {entry.place}: rule {entry.rule}: {entry.message}",
            f"nba-assets quarantine show {entry.correlation_id}",
        )
    if failed or intake.quarantined:
        raise typer.Exit(1)
