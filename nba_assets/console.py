"""What the commands print: results on stdout; progress and errors of one line on stderr."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd

PIPED_WIDTH = 160
"""Columns of a line where the output is no terminal and `COLUMNS` does not say."""
SHORT = 12
"""Cells up to this length are not wrapped."""

_width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
out = Console(width=_width, markup=False, emoji=False, highlight=False)
err = Console(stderr=True, markup=False, emoji=False, highlight=False)


def say(text: str) -> None:
    """Print text as it is, lines unbroken."""
    out.print(text, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table, None as nothing; numbers are right-aligned."""
    rows = [list(row) for row in rows]
    shown = Table(header_style="bold", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for index, name in enumerate(columns):
        cells = [row[index] for row in rows if row[index] is not None]
        numeric = bool(cells) and all(isinstance(cell, Number) for cell in cells)
        widest = max(len(_cell(cell)) for cell in (name, *cells))
        shown.add_column(
            Text(name), justify="right" if numeric else "left", overflow="fold", min_width=min(widest, SHORT)
        )
    for row in rows:
        shown.add_row(*map(_cell, row))
    if title:
        out.print(title, style="bold")
    out.print(shown)
    out.print()


def values(frame: pd.DataFrame) -> list[list[Any]]:
    """The rows as plain values: null as None, times as `2024-11-02T00:00:00Z`, a date as `2024-11-02`."""
    columns = [[plain(cell) for cell in frame.iloc[:, index]] for index in range(frame.shape[1])]
    return [list(row) for row in zip(*columns, strict=True)]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts of plain values."""
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in values(frame)]


def plain(cell: Any) -> Any:
    """A value as JSON has it."""
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, str | int):
        return cell
    if isinstance(cell, dict):
        return {name: plain(value) for name, value in cell.items()}
    if isinstance(cell, list | tuple):
        return [plain(value) for value in cell]
    if cell is None or str(cell) in ("<NA>", "NaT"):
        return None
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if isinstance(cell, dt.datetime):
        moment = cell.isoformat().replace("+00:00", "Z")
        return moment.removesuffix("T00:00:00") if cell.tzinfo is None else moment
    return cell


def as_json(value: Any) -> None:
    """Print a value as JSON, UTF-8, two spaces."""
    sys.stdout.write(json.dumps(plain(value), indent=2, ensure_ascii=False, default=str) + "\n")


def fail(message: str, hint: str = "") -> None:
    """One line on stderr: what is wrong, and what to do next."""
    line = Text.assemble(("error:", "bold red"), " ", _one_line(message))
    if hint:
        line.append(f" ({_one_line(hint)})", style="dim")
    err.print(line, soft_wrap=True)


def progress() -> Progress:
    """A progress bar on stderr where that is a terminal; nothing elsewhere."""
    return Progress(
        TextColumn("{task.description}", justify="left", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
