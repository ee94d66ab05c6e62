"""F12: windows are instants, dates are the calendar's: late at night, and when clocks change."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from nba_assets.fetching.cadence import Cadence, Window, due
from nba_assets.fetching.slate import Slate, SlateGame
from nba_assets.simulator.faults.night import drops_of
from nba_assets.simulator.season import Season
from nba_assets_tests.laws.drops import Drop

EASTERN = ZoneInfo("America/New_York")
NIGHTLY = Cadence(window=Window(opens=dt.timedelta(hours=2), closes=dt.timedelta(hours=4), every=15))
DAY = dt.timedelta(days=1)
CLOCKS_BACK, CLOCKS_AHEAD = dt.date(2025, 11, 1), dt.date(2026, 3, 7)
"""Dates whose nights have an hour twice, or one too few."""


def slate(day: dt.date) -> Slate:
    """One game that tips at 22:30 in New York."""
    tip = dt.datetime.combine(day, dt.time(22, 30), EASTERN).astimezone(dt.UTC)
    return Slate(day, (SlateGame("0022500001", "DEN", "LAL", tip, 1, "regular", "2025-26"),))


@pytest.mark.parametrize(
    ("hours", "is_due"),
    [(0.5, False), (1.75, False), (2, True), (3, True), (4, True), (4.25, False)],
)
@pytest.mark.parametrize("day", [dt.date(2025, 12, 10), CLOCKS_BACK, CLOCKS_AHEAD], ids=str)
def test_f12_a_window_after_midnight_is_as_far_from_the_tip_on_every_night(
    day: dt.date, hours: float, is_due: bool
) -> None:
    """At 23:00 it has not begun, at 01:30 it has: also on the night with two of them, and on that without 02:30."""
    game = slate(day)
    tick = game.tips[0] + dt.timedelta(hours=hours)
    assert (due(NIGHTLY, game, tick) is not None) is is_due


@pytest.mark.parametrize("day", [CLOCKS_BACK, CLOCKS_BACK + DAY, CLOCKS_AHEAD, CLOCKS_AHEAD + DAY], ids=str)
def test_f12_every_drop_of_a_date_stays_on_it_when_clocks_change(day: dt.date) -> None:
    (night,) = Season(7, day, games=2).days(day)
    dates = {name: Drop(name, drop.data).dates for name, drop in drops_of(night).items()}
    assert set(dates.values()) == {frozenset({day})}
