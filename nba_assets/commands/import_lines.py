"""`nba-assets import-lines`."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import typer

from nba_assets import console
from nba_assets.commands.ingest import ingest_folder
from nba_assets.commands.session import opened
from nba_assets.errors import PlatformError
from nba_assets.league import by_tricode
from nba_assets.sources.candidates import AFTER, BEFORE
from nba_assets.sources.imported_lines import ImportedLine, Problem, drops, place, read_lines
from nba_assets.sources.imported_players import Registry
from nba_assets.sources.pairs import Pair
from nba_assets.sources.payload import MAX_BYTES

if TYPE_CHECKING:
    from nba_assets.engine.intake import IntakeResult
    from nba_assets.engine.platform import Platform

AGAIN = "put it right and run the same command again: lines that are in already are duplicates"


def run(file: Path, *, as_json: bool) -> None:
    """Import a CSV file of lines and say what went in; exit 1 if a row was refused."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PlatformError(f"{file} cannot be read: {error.strerror}", "check the path and its permissions") from error
    if len(data) > MAX_BYTES:
        raise PlatformError(f"{file} has {len(data):,} bytes, more than {MAX_BYTES:,}", "split it by date")
    with opened() as platform:
        result, good, problems = import_lines(platform, data)
    new, duplicate = (result.received, result.duplicates) if result else (0, 0)
    if as_json:
        facts = {"lines": good, "refused": len(problems), "drops": {"new": new, "duplicate": duplicate}}
        console.as_json(facts | {"problems": [asdict(problem) for problem in problems]})
    else:
        console.say(
            f"{good:,} lines in {new + duplicate:,} drops: {new:,} new, {duplicate:,} duplicate;"
            f" {len(problems):,} rows refused"
        )
    for problem in problems:
        console.fail(f"{file}: line {problem.number}: rule {problem.rule}: {problem.message}", AGAIN)
    if problems or (result and (result.quarantined or result.unread)):
        raise typer.Exit(1)


def import_lines(platform: Platform, data: bytes) -> tuple[IntakeResult | None, int, list[Problem]]:
    """Land and process the file's lines; the intake (None if there was nothing to take in), lines, and problems."""
    lines, problems = read_lines(data, platform.clock.now())
    placed: dict[Pair, list[ImportedLine]] = {}
    good = len(lines)
    if lines:
        placed, homeless = place(lines, *_known(platform, lines))
        good -= len(homeless)
        problems = sorted([*problems, *homeless], key=lambda problem: problem.number)
    if not placed:
        return None, good, problems
    with tempfile.TemporaryDirectory() as folder:
        for name, content in drops(placed):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        result, _ = ingest_folder(platform, Path(folder))
    return result, good, problems


def _known(platform: Platform, lines: Sequence[ImportedLine]) -> tuple[dict[tuple[dt.date, str], Pair], Registry]:
    """Games by date and team, and the registry, around the lines' dates."""
    first, last = min(line.game_date for line in lines), max(line.game_date for line in lines)
    columns = ["game_date", "away_tricode", "home_tricode"]
    schedule = platform.warehouse.read("nbac_schedule", dates=(first, last), columns=columns)
    games: dict[tuple[dt.date, str], Pair] = {}
    for day, away, home in zip(*(schedule[name].tolist() for name in columns), strict=True):
        if away in by_tricode() and home in by_tricode():
            pair = Pair(pd.Timestamp(day), away, home)
            games |= {(day.date(), away): pair, (day.date(), home): pair}
    span = (first - dt.timedelta(days=BEFORE), last + dt.timedelta(days=AFTER))
    return games, Registry(platform.warehouse.read("player_identity", dates=span))
