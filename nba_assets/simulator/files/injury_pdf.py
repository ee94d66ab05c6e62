"""An injury report drawn as the league prints it since November 2023: one header, on the first page; reasons wrap."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nba_assets.simulator.files.pdf import Pdf

WIDTH, HEIGHT = 841.95, 595.35
LEFT = {"date": 24.1, "time": 120.6, "matchup": 201.0, "team": 265.2, "player": 426.0, "status": 586.7, "reason": 667.1}
HEADER = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
TITLE_AT, TITLE_SIZE = (289.1, 58.0), 16.0
HEADER_AT, FIRST_ROW, NEXT_ROW = 116.0, 126.0, 80.0
"""Base line of the header; where the rows of the first page and of the others begin."""
FOOT, FOOT_LEFT = 546.0, 398.5
LAST_LINE = 512.0
"""No line of a row stands lower."""
PADDING, LEADING = 8.0, 14.0
"""A row of k lines is `PADDING + LEADING * k` high."""
CHARACTERS = 34
"""That fit in a line of a reason."""
MARKER = "NOT YET SUBMITTED"


@dataclass(frozen=True)
class Printed:
    """A row of a report: a player, or (with an empty `player` and `status`) a team that had not submitted."""

    date: str
    time: str
    matchup: str
    team: str
    player: str
    status: str
    reason: str


def draw(reported_at: dt.datetime, rows: Iterable[Printed], header: Sequence[str] = HEADER) -> bytes:
    """The report of a time (New York's); a row whose lines do not all fit on a page goes on on the next."""
    drawing = _Drawing(f"Injury Report: {reported_at:%m/%d/%y} {reported_at:%I:%M} {reported_at:%p}", header)
    above: Printed | None = None
    for row in rows:
        drawing.row(row, above)
        above = row
    return drawing.finished()


class _Drawing:
    def __init__(self, title: str, header: Sequence[str]) -> None:
        self.pdf = Pdf(WIDTH, HEIGHT)
        self.title = title
        self._page(FIRST_ROW)
        for left, words in zip(LEFT.values(), header, strict=True):
            self.pdf.text(left - 1.0, HEADER_AT, words)

    def _page(self, top: float) -> None:
        self.pdf.page()
        self.pdf.text(*TITLE_AT, self.title, TITLE_SIZE)
        self.top = top

    def row(self, row: Printed, above: Printed | None) -> None:
        """One row, its cells in the middle of its height; what the row above says is not printed again."""
        lines = textwrap.wrap(row.reason, CHARACTERS)
        if self.top + PADDING + LEADING > LAST_LINE:
            self._page(NEXT_ROW)
        fitting = max(1, min(len(lines), int((LAST_LINE - self.top - PADDING) // LEADING)))
        middle = self.top + (PADDING + LEADING * fitting) / 2
        for column in _changed(row, above):
            self.pdf.text(LEFT[column], middle, getattr(row, column))
        for column in ("player", "status"):
            if words := getattr(row, column):
                self.pdf.text(LEFT[column], middle, words)
        self._reason(lines[:fitting])
        if lines[fitting:]:
            self._page(NEXT_ROW)
            self._reason(lines[fitting:])

    def _reason(self, lines: list[str]) -> None:
        for n, words in enumerate(lines):
            self.pdf.text(LEFT["reason"], self.top + (PADDING + LEADING) / 2 + LEADING * n, words)
        self.top += PADDING + LEADING * len(lines)

    def finished(self) -> bytes:
        """The document, its pages numbered."""
        for page in range(self.pdf.pages):
            self.pdf.text(FOOT_LEFT, FOOT, f"Page {page + 1} of {self.pdf.pages}", page=page)
        return self.pdf.data()


def _changed(row: Printed, above: Printed | None) -> list[str]:
    """The columns to print: from the first that differs from the row above on."""
    columns = ["date", "time", "matchup", "team"]
    for place, column in enumerate(columns):
        if above is None or getattr(row, column) != getattr(above, column):
            return columns[place:]
    return []
