"""What the publisher publishes: a weekend whose every document about a player carries the mark of its release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_assets.engine.platform import Platform
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, SUNDAY, weekend

WEEKEND = [pd.Timestamp(day) for day in (FRIDAY, SATURDAY, SUNDAY)]
MARK = "points_mean"
"""Every player's expected points in a release are the same number, and in the next another."""
MARKS = 500


def mark_of(sequence: int) -> float:
    """The mark of a release; it comes again after `MARKS` of them."""
    return (50 + sequence % MARKS) / 10


def write_rows(platform: Platform) -> None:
    """Put the rows of the weekend into an empty warehouse."""
    for name, rows in weekend().items():
        platform.warehouse.replace(name, WEEKEND, rows)


def say(platform: Platform, mark: float) -> None:
    """Predict that many points for every player."""
    rows = weekend()["player_points_predictions"]
    rows["points_mean"] = mark
    platform.warehouse.replace("player_points_predictions", WEEKEND, rows)


def marks(document: Any) -> Iterator[float]:
    """Every mark in a document, however deep; none in one that is about no player."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == MARK:
                yield value
            else:
                yield from marks(value)
    elif isinstance(document, list):
        for value in document:
            yield from marks(value)
