"""The pages of an injury report as the entries printed on them: by position, never by text patterns.

Both layouts are a table of seven columns, whose left edges its header gives (the old one has it on every page, the new
one on the first). An entry is a player with his status, or the marker of a team that had not submitted. A cell may take
several lines, around the entry's own height; the rest of one that a page's end cuts off stands at the top of the next
page. Date, time, matchup and team are printed once and hold, also over pages, until they change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nba_assets.sources.payload import PayloadError
from nba_assets.sources.pdf import Page, Word, continued, text_of

HEADER = "Game Date Game Time Matchup Team Player Name Current Status Reason"
FIRST_WORDS = {"date": 0, "time": 2, "matchup": 4, "team": 5, "player": 6, "status": 8, "reason": 10}
"""By column the place of its first word in the header."""
TITLE = re.compile(r"Injury Report: (.+)")
FOOTER = re.compile(r"Page (\d+) of (\d+)")
STATUSES = frozenset({"Out", "Doubtful", "Questionable", "Probable", "Available"})
MARKER = "not yet submitted"
MARGIN = 3.0
"""Points by which a cell may begin left of its header."""
LEADING = 16.0
"""Points within which two lines are of the same cell: they are 14 apart, those of two entries 18 or more."""
SLACK = 3.0
"""Points by which a status may stand off its entry's cells."""


@dataclass(frozen=True)
class Entry:
    """One line of a report, as printed: `player` and `status` are empty in a marker."""

    place: str
    date: str
    matchup: str
    team: str
    player: str
    status: str
    reason: str


@dataclass
class _Anchor:
    """The height of an entry on its page, and the words of its cells, those cut off to the next page last."""

    page: int
    y: float
    cells: dict[str, list[Word]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"page {self.page}, {self.y:.0f} points down"

    def text(self, column: str) -> str:
        """A cell's text, line by line."""
        said = ""
        for _, line in groupby(self.cells.get(column, ()), key=lambda word: word.y):
            said = continued(said, text_of(line))
        return said


def read_entries(pages: Sequence[Page]) -> tuple[str, list[Entry]]:
    """(the title's time as printed, the entries in order).

    Raises `PayloadError` with the page, by rule `title`, `pages`, `layout` (no known header), `status` or `unassigned`.
    """
    title = _title(pages)
    anchors: list[_Anchor] = []
    edges: dict[str, float] = {}
    for page in pages:
        body = [line for line in page.lines if not _is_frame(line)]
        edges = _edges(page) or edges
        if not edges:
            raise PayloadError(page.place, "layout", f"no column header {HEADER!r}", _excerpt(page))
        words = [(_column(word, edges, page), word) for line in body for word in line]
        own = _anchors(words, page)
        loose = _joined(words, own, page)
        _carried_over(loose, own, anchors, page)
        anchors += own
    return title, _entries(anchors)


def _title(pages: Sequence[Page]) -> str:
    """The one title of all pages, which are all there."""
    titles = [_matches(page, TITLE) for page in pages]
    for page, found in zip(pages, titles, strict=True):
        if len(found) != 1 or found[0][1] != (titles[0][0][1] if titles[0] else ""):
            message = f"{len(found)} titles 'Injury Report: ...' on it, or another one than on the first page"
            raise PayloadError(page.place, "title", message, _excerpt(page))
        numbers = [(int(m[1]), int(m[2])) for m in _matches(page, FOOTER)]
        if numbers != [(page.number, len(pages))]:
            told = ", ".join(f"page {n} of {count}" for n, count in numbers) or "nothing"
            message = f"its foot says {told}, it is page {page.number} of {len(pages)}"
            raise PayloadError(page.place, "pages", message, _excerpt(page))
    return titles[0][0][1]


def _matches(page: Page, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    return [found for line in page.lines if (found := pattern.fullmatch(text_of(line)))]


def _is_frame(line: Sequence[Word]) -> bool:
    text = text_of(line)
    return text == HEADER or any(pattern.fullmatch(text) for pattern in (TITLE, FOOTER))


def _edges(page: Page) -> dict[str, float]:
    """The left edges of the columns by the page's header, empty without one."""
    header = next((line for line in page.lines if text_of(line) == HEADER), ())
    return {column: header[place].left - MARGIN for column, place in FIRST_WORDS.items()} if header else {}


def _column(word: Word, edges: dict[str, float], page: Page) -> str:
    for column, edge in reversed(edges.items()):
        if word.left >= edge:
            return column
    raise _unassigned(word, page, "left of all columns")


def _anchors(words: Iterable[tuple[str, Word]], page: Page) -> list[_Anchor]:
    """The entries of a page from top to bottom."""
    heights = []
    reasons: dict[float, list[Word]] = {}
    for column, word in words:
        if column == "status" and word.text not in STATUSES:
            message = f"{word.text!r} is no status: {', '.join(sorted(STATUSES))}"
            raise PayloadError(f"{page.place}, {word.y:.0f} points down", "status", message, word.text)
        if column == "status":
            heights.append(word.y)
        if column == "reason":
            reasons.setdefault(word.y, []).append(word)
    marked = [y for y, line in reasons.items() if text_of(line).casefold() == MARKER]
    heights += [y for y in marked if all(abs(y - status) > SLACK for status in heights)]
    return [_Anchor(page.number, y) for y in sorted(heights)]


def _joined(words: Sequence[tuple[str, Word]], anchors: Sequence[_Anchor], page: Page) -> list[tuple[str, Word]]:
    """Give every cell to the entry at whose height it stands; the words of those that have none are left."""
    loose = []
    for column in FIRST_WORDS:
        for cell in _cells([word for name, word in words if name == column]):
            top, bottom = cell[0].y - SLACK, cell[-1].y + SLACK
            at_height = [anchor for anchor in anchors if top <= anchor.y <= bottom]
            if len(at_height) > 1:
                raise _unassigned(cell[0], page, "it stands between two statuses")
            if at_height:
                at_height[0].cells[column] = cell
            else:
                loose += [(column, word) for word in cell]
    return loose


def _cells(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words of a column, from top to bottom, by cells."""
    cell: list[Word] = []
    for word in words:
        if cell and word.y - cell[-1].y > LEADING:
            yield cell
            cell = []
        cell.append(word)
    if cell:
        yield cell


def _carried_over(
    loose: Iterable[tuple[str, Word]], own: Sequence[_Anchor], before: Sequence[_Anchor], page: Page
) -> None:
    """Give the words at a page's top to the last entry of the page before."""
    for column, word in loose:
        if not before or (own and word.y > own[0].y):
            raise _unassigned(word, page, "at its height is no status")
        before[-1].cells.setdefault(column, []).append(word)


def _entries(anchors: Sequence[_Anchor]) -> list[Entry]:
    """The entries with what holds from above."""
    entries = []
    held = {"date": "", "matchup": "", "team": ""}
    for anchor in anchors:
        for place, column in enumerate(held):
            if text := anchor.text(column):
                held |= {column: text} | dict.fromkeys(tuple(held)[place + 1 :], "")
        status = anchor.text("status")
        entries.append(
            Entry(
                place=anchor.place,
                **held,
                player=anchor.text("player"),
                status=status,
                reason=anchor.text("reason"),
            )
        )
    return entries


def _unassigned(word: Word, page: Page, why: str) -> PayloadError:
    place = f"{page.place}, {word.y:.0f} points down, {word.left:.0f} from the left"
    return PayloadError(place, "unassigned", f"{word.text!r} belongs to no entry: {why}", word.text)


def _excerpt(page: Page) -> str:
    return " / ".join(text_of(line) for line in page.lines[:3])[:120]
