"""The books' lines of games: spread, total and moneyline around what is known of both teams at two times before tip."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nba_assets.simulator.draws import Floats
from nba_assets.simulator.market import BOOKS, Book, american, normal

MARGIN_SD, TOTAL_SD = 15.0, 19.0
"""Of a game's margin and total about what the books expect, points."""
OVERTIME = 1.0
"""Points that overtimes add to the total, in the mean."""
MARGIN_ERROR, TOTAL_ERROR = {"early": 1.4, "late": 1.0}, {"early": 2.2, "late": 1.6}
"""How wrong all books are together, points; the late error is part of the early one."""
OWN_ERROR = (0.4, 0.6)
"""How far a book is from the others, points: margin, total."""
CAPTURES = ("early", "late")


@dataclass(frozen=True)
class GameQuote:
    """A book's lines of a game. `spread`: the home side's handicap; prices American, home or over first."""

    book: Book
    spread: float
    total: float
    spread_prices: tuple[int, int]
    total_prices: tuple[int, int]
    moneyline: tuple[int, int]


@dataclass(frozen=True)
class GameOpinions:
    """How far off the books will be about a game, drawn once for both captures: [capture][margin, total] in points."""

    shared: Floats
    own: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> GameOpinions:
        common, before = rng.standard_normal((2, 2))
        late = np.array([MARGIN_ERROR["late"], TOTAL_ERROR["late"]])
        early = np.array([MARGIN_ERROR["early"], TOTAL_ERROR["early"]])
        shared = np.stack([late * common + np.sqrt(early * early - late * late) * before, late * common])
        return cls(shared, np.array(OWN_ERROR) * rng.standard_normal((len(CAPTURES), len(BOOKS), 2)))


def game_quotes(opinions: GameOpinions, capture: str, expected: tuple[float, float]) -> list[GameQuote]:
    """Every book's lines at a capture, of what both teams (home first) are expected to score."""
    number = CAPTURES.index(capture)
    known = np.array([expected[0] - expected[1], expected[0] + expected[1] + OVERTIME]) + opinions.shared[number]
    return [_quote(book, *(known + own)) for book, own in zip(BOOKS, opinions.own[number], strict=True)]


def _quote(book: Book, margin: float, total: float) -> GameQuote:
    spread, line = -_half(margin), _half(total)
    return GameQuote(
        book=book,
        spread=spread + 0.0,
        total=line,
        spread_prices=_prices(book, normal((margin + spread) / MARGIN_SD)),
        total_prices=_prices(book, normal((total - line) / TOTAL_SD)),
        moneyline=_prices(book, normal(margin / MARGIN_SD)),
    )


def _half(value: float) -> float:
    """To the nearest half point."""
    return math.floor(2 * float(value) + 0.5) / 2


def _prices(book: Book, chance: float) -> tuple[int, int]:
    """Both sides' prices, the book's margin shared alike."""
    half = (book.margin - 1) / 2
    first, second = (min(float(side) + half, 0.97) for side in (chance, 1 - chance))
    return american(first, book.tick), american(second, book.tick)
