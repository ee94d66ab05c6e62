"""Reading a CSV payload strictly: each way of not being one has its own rule and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nba_assets.sources.payload import BOM, PayloadError, excerpt, not_packed, shown

MAX_BYTES = 8 * 1024 * 1024
"""A game's play-by-play has 0.2 MB."""
MAX_LINE = 64 * 1024
MAX_ROWS = 5_000


@dataclass(frozen=True)
class Sheet:
    """The columns of a CSV by name, as texts, and the line that each row ends on."""

    columns: dict[str, Sequence[str]]
    lines: Sequence[int]

    def cell(self, row: int, column: str) -> str:
        """Where a cell stands."""
        return f"line {self.lines[row]}, {column}"


def read_csv(data: bytes, columns: Collection[str]) -> Sheet:
    """The CSV's columns of those names.

    Raises `PayloadError` by rule `size`, `empty_file`, `html`, `format`, `encoding`, `csv`, `column` or `row`.
    """
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        header = next(reader)
        _header(header, columns)
        for row in reader:
            if len(row) != len(header) and row:
                message = f"{len(row)} cells under {len(header)} headers"
                raise PayloadError(f"line {reader.line_num}", "row", message, shown(row))
            if row:
                rows.append(row)
                lines.append(reader.line_num)
            if len(rows) > MAX_ROWS:
                raise PayloadError(f"line {reader.line_num}", "size", f"more than {MAX_ROWS} rows")
    except csv.Error as error:
        raise PayloadError(f"line {reader.line_num}", "csv", f"not CSV: {error}") from None
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    return Sheet({name: cells[header.index(name)] for name in columns}, lines)


def _text(data: bytes) -> str:
    """The payload as text, no line of it longer than a row can be."""
    if len(data) > MAX_BYTES:
        raise PayloadError(f"byte {MAX_BYTES}", "size", f"{len(data)} bytes, more than {MAX_BYTES}")
    body = data.removeprefix(BOM)
    if not body.strip():
        raise PayloadError("byte 0", "empty_file", f"no content in {len(data)} bytes")
    if body.lstrip().startswith(b"<"):
        raise PayloadError("byte 0", "html", "an HTML or XML page instead of CSV", excerpt(body))
    if body.lstrip()[:1] in b"{[":
        raise PayloadError("byte 0", "format", "JSON instead of CSV", excerpt(body))
    not_packed(body, "CSV")
    nul = body.find(b"\0")
    if nul >= 0:
        raise PayloadError(f"byte {nul}", "format", "a NUL byte in a text", excerpt(body[nul : nul + 16]))
    for number, line in enumerate(body.splitlines(), start=1):
        if len(line) > MAX_LINE:
            message = f"{len(line)} bytes in one line, more than {MAX_LINE}"
            raise PayloadError(f"line {number}", "size", message, excerpt(line))
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        line_number = body[: error.start].count(b"\n") + 1
        found = excerpt(body[error.start : error.start + 16])
        raise PayloadError(f"line {line_number}", "encoding", f"not UTF-8 at byte {error.start}", found) from None


def _header(header: Sequence[str], columns: Collection[str]) -> None:
    missing = [name for name in columns if header.count(name) != 1]
    if missing:
        raise PayloadError("line 1", "column", f"not there exactly once: {', '.join(missing)}", shown(header))
