"""The fast lane: a process that stays, is told of new objects, and carries them on at once.

Whatever it misses the looks and sweeps find; what it does is the ledger's, so a second one, the daemon's sensors, or
none for a while make no difference to the outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from nba_assets.contracts import tables
from nba_assets.engine.attention import LONGEST, QUIET, Attended, Refresh, Run, attend, take_back
from nba_assets.engine.intake import IntakeResult
from nba_assets.engine.landing_zone import named, newest_dates, take_landed, unseen
from nba_assets.engine.processes import this_process
from nba_assets.engine.sweep import sweep, swept_dates
from nba_assets.errors import TransientError

if TYPE_CHECKING:
    from nba_assets.engine.notifications import Notifications
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.interfaces import ObjectEntry

WAIT = 1.0
"""Seconds that a round waits for news."""
LOOK_EVERY = dt.timedelta(seconds=30)
RETRY_EVERY = dt.timedelta(seconds=5)
WHOLE_SEASON_EVERY = dt.timedelta(hours=6)


@dataclass
class Round:
    """What one round saw and did."""

    taken: IntakeResult = field(default_factory=IntakeResult)
    attended: Attended = field(default_factory=Attended)
    swept: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    retried: int = 0
    unheard: TransientError | None = None
    """Why nothing was told; it was looked instead."""

    @property
    def idle(self) -> bool:
        seen = self.taken.received or self.taken.duplicates or self.taken.quarantined
        done = self.attended.applied or self.attended.failed or self.attended.put_off
        return not (seen or done or self.swept or self.retried)


class Watch:
    """Rounds of one process on its platform. `refresh` and `run` do what drops ask for, `retry` what is due again."""

    def __init__(
        self,
        platform: Platform,
        notifications: Notifications,
        refresh: Refresh,
        run: Run,
        retry: Callable[[], int] = lambda: 0,
    ) -> None:
        self._platform = platform
        self._notifications = notifications
        self._refresh, self._run, self._retry = refresh, run, retry
        self._owner = f"watch|{this_process()}"
        self._last = {"sweep": platform.clock.now()}

    def go_on(self, stop: Event, tell: Callable[[Round], None]) -> None:
        """Rounds until `stop` is set; each that was not idle is told."""
        while not stop.is_set():
            done = self.round(WAIT)
            if done.unheard or not done.idle:
                tell(done)

    def round(self, wait: float = 0.0) -> Round:
        """Take in what is new, see to what is pending, sweep when it is time."""
        done = Round()
        entries = named(self._platform, self._told(wait, done))
        if self._is_time("look", max(LOOK_EVERY, dt.timedelta(seconds=self._platform.settings.looks_every))):
            take_back(self._platform)
            sources = [name for name, table in tables().items() if table.paths]
            entries = [*{entry.name: entry for entry in (*entries, *self._unseen(sources))}.values()]
        if entries:
            done.taken = take_landed(self._platform, entries)
        done.attended = attend(self._platform, self._owner, self._refresh, self._run)
        if self._is_time("retry", RETRY_EVERY):
            done.retried = self._retry()
        if not done.idle:
            self._last["drop"] = self._platform.clock.now()
        if self._may_sweep() and self._is_time("sweep", dt.timedelta(seconds=self._platform.settings.sweep_seconds)):
            season = self._is_time("season", WHOLE_SEASON_EVERY)
            done.swept = sweep(self._platform, self._run, swept_dates(self._platform, season))
        return done

    def _told(self, wait: float, done: Round) -> list[str]:
        """The names told; where nobody can tell for now, it is looked at once."""
        try:
            return self._notifications.wait(wait)
        except TransientError as error:
            done.unheard = error
            self._last.pop("look", None)
            return []

    def _may_sweep(self) -> bool:
        """A sweep may run whole dates, and who comes meanwhile would wait: it waits for quiet, though not for long."""
        return not self._within("drop", QUIET) or not self._within("sweep", LONGEST)

    def _unseen(self, sources: list[str]) -> list[ObjectEntry]:
        return unseen(self._platform, sources, newest_dates(self._platform))

    def _is_time(self, what: str, every: dt.timedelta) -> bool:
        if self._within(what, every):
            return False
        self._last[what] = self._platform.clock.now()
        return True

    def _within(self, what: str, span: dt.timedelta) -> bool:
        last = self._last.get(what)
        return last is not None and last <= self._platform.clock.now() < last + span
