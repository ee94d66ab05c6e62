"""When a source is asked: New York times around a date's games, declared next to each fetcher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from nba_assets.fetching.slate import Slate
from nba_assets.league import LEAGUE_ZONE

GRID = 5
"""Minutes: tips stand on it, and so do all times of a cadence."""
CLOSING = dt.timedelta(minutes=5)
"""How long before a tip the closing capture is taken."""
UNKNOWN_TIPS = (dt.time(12, 0), dt.time(22, 30))
"""Where games without a set tip may stand."""


@dataclass(frozen=True)
class Window:
    """Every so many minutes, a divisor of 60.

    It opens at a New York time or at a distance to the first tip, and closes at one to the last.
    """

    opens: dt.time | dt.timedelta
    closes: dt.timedelta
    every: int


@dataclass(frozen=True)
class Cadence:
    """`at`: times of the date itself; `next_day`: times of the day after, when its games are over.

    `closing`: also 5 minutes before each tip. `off_days`: `at` holds on dates without games too.
    """

    at: tuple[dt.time, ...] = ()
    next_day: tuple[dt.time, ...] = ()
    window: Window | None = None
    closing: bool = False
    off_days: bool = False

    @property
    def crons(self) -> list[str]:
        """The ticks at which it has to be looked at, New York time."""
        if self.window is not None or self.closing:
            return [f"*/{GRID if self.closing or self.window is None else self.window.every} * * * *"]
        return [f"{time.minute} {time.hour} * * *" for time in sorted({*self.at, *self.next_day})]


LINES = Cadence(window=Window(opens=dt.time(10, 0), closes=dt.timedelta(), every=30), closing=True)
"""Of sportsbooks: until the last tip, and the closing line of each game."""
GAME_LOGS = Cadence(
    window=Window(opens=dt.timedelta(hours=2, minutes=15), closes=dt.timedelta(hours=4), every=30),
    next_day=(dt.time(9, 0),),
)
"""Of box scores that the league keeps while games end, and corrects by the morning."""


def due(cadence: Cadence, slate: Slate, tick: dt.datetime) -> str | None:
    """Why the source is to be asked for that date at that tick, None if it is not."""
    here = tick.astimezone(LEAGUE_ZONE)
    time = here.time().replace(second=0, microsecond=0)
    if here.date() == slate.day and time in cadence.at and (slate.games or cadence.off_days):
        return f"daily at {time:%H:%M}"
    if not slate.games:
        return None
    if here.date() == slate.day + dt.timedelta(days=1) and time in cadence.next_day:
        return f"the day after at {time:%H:%M}"
    if cadence.closing and any(_on_grid(tip - CLOSING) == tick for tip in slate.tips):
        return "closing capture"
    if cadence.window is not None and _within(cadence.window, slate, tick) and here.minute % cadence.window.every == 0:
        return f"every {cadence.window.every} minutes around the games"
    return None


def _within(window: Window, slate: Slate, tick: dt.datetime) -> bool:
    tips = _tips(slate)
    opens = window.opens
    first = tips[0] + opens if isinstance(opens, dt.timedelta) else _local(slate.day, opens)
    return first <= tick <= tips[-1] + window.closes


def _tips(slate: Slate) -> Sequence[dt.datetime]:
    unset = any(game.tip_at is None for game in slate.games)
    return sorted([*slate.tips, *(_local(slate.day, time) for time in UNKNOWN_TIPS if unset)])


def _local(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, LEAGUE_ZONE).astimezone(dt.UTC)


def _on_grid(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=moment.minute - moment.minute % GRID, second=0, microsecond=0)
