"""`nba-assets parse`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from nba_assets import console, sources
from nba_assets.contracts import tables
from nba_assets.errors import PlatformError, UsageError
from nba_assets.sources.parsed import Outcome
from nba_assets.sources.paths import source_of

SHOWN = 20
COLUMNS = 10


def run(source: str, file: Path, *, name: str, as_json: bool) -> None:
    """Parse the file and print rows and rejects; exit 1 if any of it would be quarantined."""
    known = sorted(t.name for t in tables().values() if t.paths)
    if source not in known:
        raise UsageError(f"no source {source!r}", f"one of {', '.join(known)}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PlatformError(f"{file} cannot be read: {error.strerror}", "check the path and its permissions") from error
    parsed = sources.parse(source, data, name or object_name(source, file))
    rows = parsed.rows
    if as_json:
        rejects = [asdict(reject) for reject in parsed.rejects]
        facts = {"source": source, "outcome": parsed.outcome.value}
        console.as_json(facts | {"rows": console.records(rows), "rejects": rejects})
    else:
        shown = rows.iloc[:SHOWN, :COLUMNS]
        title = f"{source}: {parsed.outcome.value}, {len(rows):,} rows of {rows.shape[1]} columns"
        if rows.empty:
            console.say(title)
        else:
            console.table(title, list(shown.columns), console.values(shown))
        if shown.size < rows.size:
            console.say("All of it: the same command with --json")
    for reject in parsed.rejects:
        console.fail(
            f"{source}: {file}: {reject.place}: rule {reject.rule}: {reject.message}",
            "ingest would keep it in quarantine; --json shows what was found there",
        )
    if parsed.outcome is Outcome.BAD or parsed.rejects:
        raise typer.Exit(1)


def object_name(source: str, file: Path) -> str:
    """The object name that the file's path ends with: the longest tail that the source claims, else the path."""
    parts = file.absolute().parts
    for start in range(1, len(parts)):
        tail = "/".join(parts[start:])
        if source_of(tail) == source:
            return tail
    return file.name
