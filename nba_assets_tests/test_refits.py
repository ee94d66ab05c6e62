"""When models are fitted anew, and what their inputs are until then."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_assets.contracts.model import Input, Refit, Role, Span
from nba_assets.engine.graph import input_dates, read_range
from nba_assets.refits import last_seen, refit_date

WEEK = Input("player_game_summary", Role.HISTORY, Span(before=10, refit=Refit.WEEK))


@pytest.mark.parametrize(
    ("day", "season", "week"),
    [
        ("2024-10-22", "2024-09-01", "2024-10-21"),
        ("2025-01-01", "2024-09-01", "2024-12-30"),
        ("2024-09-01", "2024-09-01", "2024-08-26"),
        ("2020-10-11", "2020-09-01", "2020-10-05"),
    ],
)
def test_the_refit_that_serves_a_date(day, season, week):
    on = dt.date.fromisoformat(day)
    assert str(refit_date(Refit.SEASON, on)) == season
    assert str(refit_date(Refit.WEEK, on)) == week
    assert last_seen(Refit.WEEK, on) == refit_date(Refit.WEEK, on) - dt.timedelta(days=2)


def test_a_week_of_dates_reads_the_same_of_an_input_that_ends_at_the_refit():
    monday = dt.date(2024, 12, 9)
    week = [monday + dt.timedelta(days=n) for n in range(7)]
    assert {input_dates(WEEK, day) for day in week} == {(dt.date(2024, 11, 29), dt.date(2024, 12, 7))}
    assert read_range(WEEK, [*week, monday + dt.timedelta(days=7)]) == (dt.date(2024, 11, 29), dt.date(2024, 12, 14))
