"""Seeded draws, and whole numbers that add up."""

from __future__ import annotations

import datetime as dt
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Purpose(IntEnum):
    """What a stream of draws is for: one more draw here moves nothing there."""

    IDENTITY = 1
    TALENT = 2
    START = 3
    CALENDAR = 4
    TRADES = 5
    FORM = 6
    HEALTH = 7
    GAMES = 8
    MARKET = 9
    INJURY_REPORTS = 10
    EVENTS = 11
    GAME_LINES = 12
    CLOSE = 13
    FAULTS = 20


def generator(seed: int, purpose: Purpose, day: dt.date | None = None, *more: int) -> np.random.Generator:
    """The stream of a purpose, on a date or (None) for the whole league, or of one thing of a date."""
    key = [seed, int(purpose), day.toordinal() if day else 0, *more]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def whole(shares: Floats, total: int) -> Ints:
    """Whole numbers nearest to `shares` (which add up to about `total`) that add up to `total`: largest remainders."""
    floors = np.floor(shares)
    short = total - int(floors.sum())
    result = floors.astype(np.int64)
    result[np.argsort(floors - shares, kind="stable")[:short]] += 1
    return result


def proportional(weights: Floats, total: float, cap: float) -> Floats:
    """Shares of `total` in proportion to `weights`, none above `cap`: what is cut off goes to the others alike.

    Needs positive weights and `total` not above `cap` times their number.
    """
    shares: Floats = weights * (total / weights.sum())
    capped = np.zeros(len(weights), dtype=np.bool_)
    while bool((over := (shares > cap) & ~capped).any()):
        capped |= over
        rest = total - cap * int(capped.sum())
        shares = np.where(capped, cap, weights * (rest / weights[~capped].sum()))
    return shares


def spread(rng: np.random.Generator, count: int, weights: Floats) -> Ints:
    """`count` events dealt out at random in proportion to `weights`."""
    return rng.multinomial(count, weights / weights.sum()).astype(np.int64)
