"""Dates and instants as the sources write them, within the league's era."""

from __future__ import annotations

import datetime as dt

FIRST_YEAR, LAST_YEAR = 1946, 2200


def day(text: str, pattern: str = "%Y-%m-%d") -> dt.date:
    """The date of a text. Raises `ValueError` for no date, or one outside the league's era."""
    found = dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{found} is not of the league's era")
    return found


def instant(value: object, *, without_zone: dt.tzinfo | None = None) -> dt.datetime:
    """The UTC time of an ISO 8601 text; `without_zone` is the zone of a text that names none.

    Raises `ValueError` for no time, one without a zone, or one outside the league's era.
    """
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a time")
    found = dt.datetime.fromisoformat(value)
    if found.tzinfo is None:
        if without_zone is None:
            raise ValueError(f"{value!r} has no zone")
        found = found.replace(tzinfo=without_zone)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{value!r} is not of the league's era")
    return found.astimezone(dt.UTC)
