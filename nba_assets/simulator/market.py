"""The books' points lines: what each posts at two times of the day and at the close, from what is known then."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nba_assets.simulator.draws import Floats

FEWEST_POINTS = 4.0
"""Books post nobody of whom they expect less."""
LISTED = 8
"""Men a team, by planned minutes."""
UNLISTED, UNLISTED_AT_BOOK, ONE_SIDED = 0.03, 0.07, 0.015
ALTERNATES = 0.3
"""Share of the players of whom a book with alternates posts more lines than one."""
STEPS = (-3.0, 3.0, -6.0, 6.0)
"""Where alternates stand, points from the main line."""
SHARED_ERROR = {"early": 0.045, "late": 0.030, "close": 0.020}
"""How wrong all books are together about a player, relative; each error is part of the one before."""
OWN_ERROR = 0.02
SKEW = 0.4
"""Points by which the median of a man's points lies below their mean."""
VARIANCE = (4.0, 2.9)
"""Of a man's points: constant, and a point of their mean."""


@dataclass(frozen=True)
class Book:
    """One sportsbook. `margin`: sum of both sides' implied probabilities; `tick`: its prices are multiples of it."""

    key: str
    title: str
    margin: float
    tick: int
    suffixes: bool
    alternates: bool


BOOKS = (
    Book("betmgm", "BetMGM", 1.070, 5, True, False),
    Book("betrivers", "BetRivers", 1.068, 1, False, False),
    Book("bovada", "Bovada", 1.066, 5, False, True),
    Book("draftkings", "DraftKings", 1.062, 1, True, False),
    Book("fanduel", "FanDuel", 1.064, 2, True, False),
    Book("williamhill_us", "Caesars", 1.066, 1, True, False),
)


@dataclass(frozen=True)
class Quote:
    """One line of a book for a player, American prices; a side that is not offered is None."""

    book: Book
    player: int
    line: float
    over: int | None
    under: int | None


def probability_over(mean: float, line: float) -> float:
    """Chance of more points than the line: normal about the median."""
    spread = math.sqrt(VARIANCE[0] + VARIANCE[1] * mean)
    return normal((mean - SKEW - line) / spread)


def normal(z: float) -> float:
    """The normal distribution's function, by a series that is good to 0.001 for |z| < 1.6; beyond, that of 1.6."""
    z = min(max(z, -1.6), 1.6)
    square = z * z
    return 0.5 + 0.3989423 * z * (
        1 - square / 6 * (1 - square / 20 * 3 * (1 - square / 42 * 5 * (1 - square / 72 * 7)))
    )


def american(implied: float, tick: int) -> int:
    """The American price nearest to an implied probability (margin included), a multiple of the book's tick."""
    if implied >= 0.5:
        return -max(round(100 * implied / (1 - implied) / tick) * tick, 100)
    return max(round(100 * (1 - implied) / implied / tick) * tick, 100)


@dataclass(frozen=True)
class Opinions:
    """What the books will think of a game's players beyond what they know: drawn once a game, for all captures.

    `shared` by capture: a man's place in each array is his place in the game's list; `own` by capture: [book, man].
    """

    shared: dict[str, Floats]
    own: dict[str, Floats]
    unlisted: Floats
    at_book: Floats
    one_sided: Floats
    alternates: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator, closing: np.random.Generator, players: int) -> Opinions:
        """Opinions about `players` men; those of the close come from a stream of their own."""
        books = len(BOOKS)
        early, late = SHARED_ERROR["early"], SHARED_ERROR["late"]
        common = late * rng.standard_normal(players)
        before = math.sqrt(early * early - late * late) * rng.standard_normal(players)
        own = OWN_ERROR * rng.standard_normal((2, books, players))
        close, share = SHARED_ERROR["close"], (SHARED_ERROR["close"] / late) ** 2
        left = share * common + close * math.sqrt(1 - share) * closing.standard_normal(players)
        own_close = OWN_ERROR * closing.standard_normal((books, players))
        return cls(
            shared={"early": common + before, "late": common, "close": left},
            own={"early": own[0], "late": own[1], "close": own_close},
            unlisted=rng.random(players),
            at_book=rng.random((books, players)),
            one_sided=rng.random((books, players)),
            alternates=rng.random(players),
        )


def quotes(opinions: Opinions, capture: str, players: list[int], places: list[int], expected: Floats) -> list[Quote]:
    """All books' lines of a capture (`early`, `late` or `close`), by book, then player, main line first.

    `players`: who is posted; `places`: their places in the opinions; `expected`: points that follow from what is known.
    """
    found = []
    means = expected * (1 + opinions.shared[capture][places])
    for number, book in enumerate(BOOKS):
        for player, place, mean in zip(players, places, means, strict=True):
            if mean < FEWEST_POINTS or opinions.unlisted[place] < UNLISTED:
                continue
            if opinions.at_book[number, place] < UNLISTED_AT_BOOK:
                continue
            opinion = float(mean * (1 + opinions.own[capture][number, place]))
            one_sided = bool(opinions.one_sided[number, place] < ONE_SIDED)
            main = _main(book, player, opinion, one_sided)
            found.append(main)
            if book.alternates and not one_sided and opinions.alternates[place] < ALTERNATES:
                found += _alternates(book, player, opinion, main.line)
    return found


def _main(book: Book, player: int, opinion: float, one_sided: bool) -> Quote:
    line = max(math.floor(opinion - SKEW) + 0.5, 0.5)
    quote = _priced(book, player, opinion, line)
    return Quote(book, player, quote.line, quote.over, None) if one_sided else quote


def _alternates(book: Book, player: int, opinion: float, main: float) -> list[Quote]:
    lines = [main + step for step in STEPS if main + step >= 2.5]
    return [_priced(book, player, opinion, line) for line in lines]


def _priced(book: Book, player: int, opinion: float, line: float) -> Quote:
    over = min(max(probability_over(opinion, line), 0.06), 0.94)
    half = (book.margin - 1) / 2
    return Quote(
        book, player, line, american(min(over + half, 0.97), book.tick), american(min(1 - over + half, 0.97), book.tick)
    )
