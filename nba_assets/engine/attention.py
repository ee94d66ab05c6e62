"""Who sees to a drop: it is leased, what it asks for is run, it counts as applied; exactly once, whoever does it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nba_assets.engine.changes import work_of
from nba_assets.engine.due import due
from nba_assets.engine.intake import applied
from nba_assets.engine.processes import is_gone
from nba_assets.errors import UsageError
from nba_assets.league import league_date

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform
    from nba_assets.storage.records import Drop

LEASE = dt.timedelta(minutes=10)
"""How long a process may take over the drops that it has taken up."""
QUIET = dt.timedelta(minutes=3)
"""After drops that change nothing at once their date is run when no other has come for so long."""
LONGEST = dt.timedelta(minutes=15)
"""For which a drop is put off, however many others come."""
AGAIN = dt.timedelta(minutes=10)
"""After a failure: what failed is work that is retried meanwhile, whoever does it."""
NEXT_DAYS = 1
"""Dates after today that are run with it; the sweep sees to the others."""

Refresh = Callable[[Sequence[str], Sequence[str]], bool]
"""Refreshes keys for the drops of some correlation ids; whether it succeeded."""
Run = Callable[[dt.date, dt.date, Sequence["Drop"]], bool]
"""Runs a range of dates, for drops that touch it or for none in particular; whether it succeeded."""


@dataclass(frozen=True)
class Asked:
    """What leased drops ask for: keys to refresh, dates to run; the drops of which nothing is different at once.

    `settled`: dates that have been quiet, and on which nothing is due any more.
    """

    keys: list[str]
    dates: set[dt.date]
    put_off: list[Drop]
    settled: set[dt.date] = field(default_factory=set)

    def answered(self, drops: Sequence[Drop]) -> list[str]:
        """The correlation ids of those drops that ask for nothing but the keys."""
        days = {_day(key) for key in self.keys}
        mine = (drop for drop in drops if days & set(drop["game_dates"]) and not self.dates & set(drop["game_dates"]))
        return [drop["correlation_id"] for drop in mine]


@dataclass
class Attended:
    """What was done for the drops: keys refreshed, ranges run, drops applied, those put off or left after a failure."""

    keys: list[str] = field(default_factory=list)
    ranges: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    applied: list[Drop] = field(default_factory=list)
    put_off: list[Drop] = field(default_factory=list)
    failed: list[Drop] = field(default_factory=list)


def asked(platform: Platform, drops: Sequence[Drop]) -> Asked:
    """What the drops ask for. One that says nothing new has its date run when it has been quiet."""
    now = platform.clock.now()
    work = work_of(platform, [drop for drop in drops if now - drop["received_at"] < QUIET])
    quiet = _quiet(platform, drops, now)
    open_dates = set(due(platform, sorted(quiet)))
    dates = open_dates | set(work.dates)
    keys = [key for key in work.keys if _day(key) not in dates]
    seen_to = quiet | dates | {_day(key) for key in keys}
    put_off = [drop for drop in drops if drop["game_dates"] and not seen_to & set(drop["game_dates"])]
    return Asked(keys, dates, put_off, quiet - dates)


def _quiet(platform: Platform, drops: Sequence[Drop], now: dt.datetime) -> set[dt.date]:
    """The drops' dates for which no drop has come for a while, or one of these drops has waited long enough."""
    last = platform.ledger.last_receipts(sorted({day for drop in drops for day in drop["game_dates"]}))
    waited = {day for drop in drops if now - drop["received_at"] >= LONGEST for day in drop["game_dates"]}
    return waited | {day for day, received in last.items() if now - received >= QUIET}


def attend(
    platform: Platform, owner: str, refresh: Refresh, run: Run, sources: Sequence[str] | None = None
) -> Attended:
    """See to the pending drops that nobody sees to, in this process.

    What fails stays leased for a while and is taken up again, by whoever comes first.
    """
    now = platform.clock.now()
    drops = platform.ledger.lease(owner, now, now + LEASE, sources)
    done = Attended()
    if not drops:
        return done
    wanted = asked(platform, drops)
    dates, good = set(wanted.dates), set(wanted.settled)
    if wanted.keys:
        try:
            done.keys = wanted.keys if refresh(wanted.keys, wanted.answered(drops)) else []
        except UsageError:  # somebody without a game on the date: it is run whole
            dates |= {_day(key) for key in wanted.keys}
        good |= {_day(key) for key in done.keys}
    for first, last in ranges(dates, today(platform)):
        days = days_between(first, last)
        if run(first, last, [drop for drop in drops if days & set(drop["game_dates"])]):
            done.ranges.append((first, last))
            good |= days
    done.put_off = wanted.put_off
    asked_for = dates | wanted.settled | {_day(key) for key in wanted.keys}
    for drop in drops:
        if drop not in done.put_off:
            place = done.applied if set(drop["game_dates"]) & asked_for <= good else done.failed
            place.append(drop)
    applied(platform, done.applied)
    _give_back(platform, done, now)
    return done


def settle(platform: Platform) -> list[Drop]:
    """Count the pending drops as applied on whose dates nothing is due any more, whoever did it; those drops."""
    pending = platform.ledger.drops(status=["pending"])
    days = sorted({day for drop in pending for day in drop["game_dates"]})
    open_days = set(due(platform, days))
    done = [drop for drop in pending if not open_days & set(drop["game_dates"])]
    applied(platform, done)
    platform.ledger.give_back([drop["correlation_id"] for drop in done])
    return done


def put_off(platform: Platform, drops: Sequence[Drop]) -> None:
    """Leave the drops alone until it has been quiet for a while."""
    last = platform.ledger.last_receipts(sorted({day for drop in drops for day in drop["game_dates"]}))
    until: dict[dt.datetime, list[str]] = defaultdict(list)
    for drop in drops:
        quiet_at = max(last[day] for day in drop["game_dates"]) + QUIET
        until[min(quiet_at, drop["received_at"] + LONGEST)].append(drop["correlation_id"])
    for moment, ids in until.items():
        platform.ledger.give_back(ids, moment)


def take_back(platform: Platform) -> int:
    """Free the pending drops whose taker is gone: a process that was killed; how many they are."""
    taken = [drop for drop in platform.ledger.drops(status=["pending"]) if drop["leased_by"]]
    gone = {owner: is_gone(owner.partition("|")[2]) for owner in {str(drop["leased_by"]) for drop in taken}}
    lost = [drop["correlation_id"] for drop in taken if gone[str(drop["leased_by"])]]
    if lost:
        platform.ledger.give_back(lost)
    return len(lost)


def _give_back(platform: Platform, done: Attended, now: dt.datetime) -> None:
    """The applied drops' leases end; the others are nobody's again when it is time to look at them."""
    ledger = platform.ledger
    ledger.give_back([drop["correlation_id"] for drop in done.applied])
    ledger.give_back([drop["correlation_id"] for drop in done.failed], now + AGAIN)
    put_off(platform, done.put_off)


def ranges(dates: set[dt.date], today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last date of each run: dates side by side together, the newest first.

    With one of the last two dates or of those to come, today's and tomorrow's are run: their rows look back at it.
    """
    wanted = set(dates)
    near = [day for day in dates if abs((day - today).days) <= NEXT_DAYS + 1]
    if near:
        wanted |= days_between(min(near), max(*near, today + dt.timedelta(days=NEXT_DAYS)))
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(wanted):
        if found and day - found[-1][1] == dt.timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found[::-1]


def days_between(first: dt.date, last: dt.date) -> set[dt.date]:
    """All dates from the first to the last."""
    return {first + dt.timedelta(days=number) for number in range((last - first).days + 1)}


def _day(key: str) -> dt.date:
    return dt.date.fromisoformat(key[:10])


def today(platform: Platform) -> dt.date:
    """The league's date now."""
    return league_date(platform.clock.now())
