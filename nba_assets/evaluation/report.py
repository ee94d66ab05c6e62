"""The backtest as one HTML file that needs nothing else: no script, no request, pictures within it."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nba_assets.evaluation.backtest import Backtest
from nba_assets.evaluation.diagrams import pictures
from nba_assets.evaluation.tables import VERDICTS, headline, tables
from nba_assets.storage.files import storage_error

TEMPLATE = "report.html"
MARKED = frozenset({"missed", "raised", "failed", "leak", "goal", "floor", "insufficient"})
"""Verdicts with a colour of their own; the word is always there too."""


def render(found: Backtest) -> str:
    """The report's HTML: the same text for the same backtest."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode()
    return environment.get_template(TEMPLATE).render(
        found=found,
        headline=headline(found),
        meaning=VERDICTS[found.verdict],
        scope=f"{found.start} to {found.end}, {found.origin} data",
        tables=list(tables(found)),
        pictures=list(pictures(found)),
        marked=MARKED,
    )


def write(found: Backtest, folder: Path) -> Path:
    """Write the report into the folder, which is made if it is not there; returns the file.

    Raises `PlatformError` if that cannot be done.
    """
    file = folder / f"backtest_{found.start}_{found.end}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(render(found), encoding="utf-8")
    except OSError as error:
        raise storage_error(error, f"write {file}") from error
    return file
