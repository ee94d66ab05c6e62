"""An attempt to make a table's dates: what of it fails becomes a work item, a later success of the same forgets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self

from nba_assets.engine.failure import failed, fed_by, one_line, retry_at, succeeded
from nba_assets.storage.records import Work, WorkItem

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.engine.replay import Replay

NEIGHBOUR = "NeighbourFailed"
"""Error type of dates that were made beside one that failed: what reads them was skipped with it."""


@dataclass
class Attempt:
    """One attempt; `with attempt:` around all of it, also around waiting for the dates' locks.

    An error that ends it is recorded for all dates, unless `failed` was told which ones it is about. `scope`: the
    entities of a refresh; a success of whole dates covers them too.
    """

    platform: Platform
    processor: str
    days: Sequence[dt.date]
    scope: str = ""
    run_id: str = ""
    replay: Replay | None = None
    before: list[Work] = field(default_factory=list)
    """The open work items of these dates, as they were at the start."""
    affected: set[dt.date] = field(default_factory=set)
    """Dates with anything to make: only of those it matters that what reads them was skipped."""
    _bad: set[dt.date] = field(default_factory=set)

    def __enter__(self) -> Self:
        self.before = self.platform.ledger.work(status=["retrying", "dead"], processor=self.processor, within=self.days)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self._done(self.days)
        elif isinstance(error, Exception):
            try:
                if self._bad:
                    self._neighbours()
                else:
                    self.failed(self.days, error)
            except Exception as second:
                error.add_note(f"nor could that be recorded: {second}")

    def failed(self, days: Iterable[dt.date], error: BaseException) -> None:
        """These dates failed."""
        self._bad |= set(days)
        failed(self.platform, self._item(sorted(days)), error)

    def attempts(self, day: dt.date) -> int:
        """How often the date has failed so far."""
        return max((item["attempts"] for item in self._covered() if day in item["dates"]), default=0)

    def hopeless(self, hashes: dict[dt.date, str]) -> set[dt.date]:
        """Dates that failed for good, and whose input (by its hash) is what it was then."""
        dead = {day for item in self.before if item["status"] == "dead" and item["permanent"] for day in item["dates"]}
        if not dead:
            return set()
        failed_with = self.platform.ledger.failed_hashes(self.processor, sorted(dead))
        return {day for day in dead if day in hashes and failed_with.get(day) == hashes[day]}

    def known(self, days: Iterable[dt.date], error: BaseException) -> bool:
        """Whether all these dates are dead letters of that very error."""
        said = {
            day: item["error_message"]
            for item in self.before
            if item["status"] == "dead" and item["permanent"]
            for day in item["dates"]
        }
        return all(said.get(day) == one_line(error) for day in days)

    def keep(self, days: set[dt.date]) -> None:
        """These dates were not tried: their dead letters stay."""
        self.before = [item for item in self.before if not days & set(item["dates"])]

    def _covered(self) -> list[Work]:
        return [item for item in self.before if self.scope in ("", item["scope"])]

    def _done(self, days: Iterable[dt.date]) -> None:
        """The items of these dates are done; those that another process tries just now are its own to close."""
        inside = set(days)
        free = [item for item in self._covered() if item["leased_by"] is None and set(item["dates"]) <= inside]
        how = "succeeded" if self.replay is None else f"replayed by {self.replay.asked_by}"
        succeeded(self.platform, free, f"{how} in run {self.run_id[:8] or 'without id'}")

    def _neighbours(self) -> None:
        """The other dates are made, but what reads them was skipped with the failed ones: it is due at once."""
        good = sorted(set(self.days) - self._bad)
        self._done(good)
        if not set(good) & self.affected:
            return
        now = self.platform.clock.now()
        bad = ", ".join(map(str, sorted(self._bad)[:3]))
        item = self._item(good, NEIGHBOUR, f"made; what reads it was skipped, because {bad} failed")
        self.platform.ledger.record_failure(
            item, now=now, retry_at=lambda attempts: now if attempts == 1 else retry_at(item.work_id, attempts, now)
        )

    def _item(self, days: Sequence[dt.date], error_type: str = "", message: str = "") -> WorkItem:
        ids = fed_by(self.platform, days)
        return WorkItem(self.processor, tuple(days), self.scope, ids, error_type, message, self.run_id)
