"""A PDF's pages as words with positions, by PDFium, within limits."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from nba_assets.sources.payload import PayloadError, excerpt
from nba_assets.sources.pdf_guard import check

MAX_PAGES = 60
"""The most in a real document are 12."""
MAX_CHARACTERS = 40_000
"""Of one page; a full real one has 1,500."""
GAP = 1.0
"""Points between two words: blanks are wider, the letters of a word closer."""
SAME_LINE = 2.0
"""Points by which the words of a line may differ in height."""
HYPHEN, UNKNOWN = "-", "\N{REPLACEMENT CHARACTER}"
SURROGATES = range(0xD800, 0xE000)
Turn = Callable[[Any, float, float], tuple[float, float, float]]
_one_at_a_time = threading.Lock()
"""PDFium is not made for threads."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: where it begins and ends and its base line, in points from the page's top left corner."""

    text: str
    left: float
    right: float
    y: float


@dataclass(frozen=True)
class Page:
    """One page, by number from 1: its lines from top to bottom, each with its words from left to right."""

    number: int
    lines: tuple[tuple[Word, ...], ...]

    @property
    def place(self) -> str:
        """What a reject calls it."""
        return f"page {self.number}"


def read_pdf(data: bytes) -> list[Page]:
    """The pages of a document.

    Raises `PayloadError` by a rule of `pdf_guard.check`, or `format` (no reader opens it), `pages` or `characters`.
    """
    check(data)
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise PayloadError("byte 0", "format", f"no reader opens this PDF: {error}", excerpt(data)) from None
        try:
            count = len(document)
            if not 0 < count <= MAX_PAGES:
                raise PayloadError("document", "pages", f"{count} pages, not 1 to {MAX_PAGES}")
            return [Page(number, _lines(document, number)) for number in range(1, count + 1)]
        finally:
            document.close()


def text_of(words: Iterable[Word]) -> str:
    """Words with blanks between them."""
    return " ".join(word.text for word in words)


def continued(said: str, more: str) -> str:
    """A text and its next line; a word that a hyphen parts over both is one word again."""
    parted = said.endswith("-") and not said.endswith(" -")
    return f"{said}{more}" if parted or not said else f"{said} {more}"


def _lines(document: Any, number: int) -> tuple[tuple[Word, ...], ...]:
    try:
        page = document[number - 1]
        text = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise PayloadError(f"page {number}", "format", f"no reader opens this page: {error}") from None
    try:
        count = pdfium.FPDFText_CountChars(text.raw)
        if count > MAX_CHARACTERS:
            raise PayloadError(f"page {number}", "characters", f"{count} characters, more than {MAX_CHARACTERS}")
        turned = _turned(page.get_rotation(), *page.get_size())
        lines = (tuple(_split(line)) for line in _in_lines(_characters(text.raw, count, turned)))
        return tuple(line for line in lines if line)
    finally:
        text.close()
        page.close()


def _turned(rotation: int, width: float, height: float) -> Turn:
    """From a box and a point in the document's own axes to (left, right, y) on the page as it is read."""
    turns: dict[int, Turn] = {
        0: lambda box, x, y: (box.left, box.right, height - y),
        90: lambda box, x, y: (box.bottom, box.top, x),
        180: lambda box, x, y: (width - box.right, width - box.left, y),
        270: lambda box, x, y: (width - box.top, width - box.bottom, height - x),
    }
    return turns[rotation]


def _characters(text: Any, count: int, turned: Turn) -> Iterator[Word]:
    """Every character with its place; those that PDFium makes up between words are left out."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        if pdfium.FPDFText_IsHyphen(text, index) == 1:
            written = HYPHEN
        else:
            code = pdfium.FPDFText_GetUnicode(text, index)
            written = UNKNOWN if code in SURROGATES or code == 0 else chr(code)
        yield Word(written, *turned(box, x.value, y.value))


def _in_lines(characters: Iterable[Word]) -> Iterator[list[Word]]:
    """Characters of about the same height, from left to right; the lines from top to bottom."""
    line: list[Word] = []
    for character in sorted(characters, key=lambda character: character.y):
        if line and character.y - line[0].y > SAME_LINE:
            yield sorted(line, key=lambda character: character.left)
            line = []
        line.append(character)
    if line:
        yield sorted(line, key=lambda character: character.left)


def _split(characters: list[Word]) -> Iterator[Word]:
    """The words of a line of characters: parted by blanks and by gaps."""
    start = 0
    for place, (one, following) in enumerate(pairwise([*characters, Word(" ", 0.0, 0.0, 0.0)]), 1):
        if following.text.isspace() or following.left - one.right > GAP:
            part = [c for c in characters[start:place] if not c.text.isspace()]
            if part:
                yield Word("".join(c.text for c in part), part[0].left, part[-1].right, part[0].y)
            start = place
