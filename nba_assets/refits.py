"""When models are fitted anew, and what they may not have seen."""

from __future__ import annotations

import datetime as dt

from nba_assets.contracts.model import Refit

EMBARGO_DAYS = 2
"""A refit reads no game date later than this many days before it."""
SEASON_STARTS = (9, 1)
"""Month and day on which the stages of a season are fitted: between any two seasons, also that of 2020."""


def refit_date(refit: Refit, day: dt.date) -> dt.date:
    """The date of the refit that serves `day`: its Monday, or the 1 September before it."""
    if refit is Refit.WEEK:
        return day - dt.timedelta(days=day.weekday())
    begin = dt.date(day.year, *SEASON_STARTS)
    return begin if day >= begin else dt.date(day.year - 1, *SEASON_STARTS)


def last_seen(refit: Refit, day: dt.date) -> dt.date:
    """The last game date that the refit which serves `day` may have seen."""
    return refit_date(refit, day) - dt.timedelta(days=EMBARGO_DAYS)
