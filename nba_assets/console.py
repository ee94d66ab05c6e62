"""What the commands print: tables, JSON, progress, and errors of one line."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

PIPED_WIDTH = 160
"""Columns of a line where the output is no terminal and `COLUMNS` does not say."""
SHORT = 12
"""Cells up to this length are not wrapped."""

_width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
out = Console(width=_width)
err = Console(stderr=True, highlight=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table; numbers are right-aligned."""
    rows = [list(row) for row in rows]
    shown = Table(title=title or None, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD)
    shown.pad_edge, shown.collapse_padding = False, True
    for index, name in enumerate(columns):
        cells = [row[index] for row in rows]
        numeric = bool(cells) and all(isinstance(cell, Number) or cell == "" for cell in cells)
        widest = max((len(str(cell)) for cell in (name, *cells)), default=0)
        shown.add_column(name, justify="right" if numeric else "left", overflow="fold", min_width=min(widest, SHORT))
    for row in rows:
        shown.add_row(
            *(f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell) for cell in row)
        )
    out.print(shown)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of plain values, None for null."""
    values = {str(name): [_plain_value(cell) for cell in frame[name]] for name in frame.columns}
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def frame(title: str, rows: pd.DataFrame) -> None:
    """Print a frame as a table, nulls as nothing."""
    lines = [["" if cell is None else cell for cell in row.values()] for row in records(rows)]
    table(title, [str(name) for name in rows.columns], lines)


def _plain_value(cell: Any) -> Any:
    text = str(cell)
    if cell is None or text in ("<NA>", "NaT", "nan"):
        return None
    return text.removesuffix(" 00:00:00") if isinstance(cell, dt.date) else cell


def as_json(value: Any) -> None:
    """Print a value as JSON, UTF-8, two spaces."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def fail(message: str, hint: str = "") -> None:
    """One line on stderr: what is wrong, and what to do next."""
    err.print(f"[bold red]error:[/] {_plain(message)}" + (f" [dim]({_plain(hint)})[/]" if hint else ""), soft_wrap=True)


def _plain(text: str) -> str:
    return text.replace("[", "\\[").replace("\n", " ")


def progress() -> Progress:
    """A progress bar on stderr."""
    return Progress(
        TextColumn("{task.description}", justify="left"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
