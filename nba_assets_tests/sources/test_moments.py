"""Dates and instants."""

import datetime as dt

import pytest

from nba_assets.sources.moments import day, instant


def test_an_instant_is_utc_whatever_its_zone() -> None:
    noon = dt.datetime(2025, 1, 15, 12, tzinfo=dt.UTC)
    assert instant("2025-01-15T12:00:00Z") == instant("2025-01-15T07:00:00-05:00") == noon
    assert instant("2025-01-15T12:00:00", without_zone=dt.UTC) == noon


@pytest.mark.parametrize(
    "value", ["2025-01-15T12:00:00", "9999-12-31T23:59:59Z", "1600-01-01T00:00:00Z", "soon", 5, None]
)
def test_no_instant(value: object) -> None:
    with pytest.raises(ValueError):
        instant(value)


def test_a_date_outside_the_leagues_era_is_none() -> None:
    assert day("01/15/2025", "%m/%d/%Y") == dt.date(2025, 1, 15)
    for text in ("1500-12-31", "2999-01-01", "2025-02-30", "2025-1"):
        with pytest.raises(ValueError):
            day(text)
