"""Checks of a table that look beyond its own rows: where the sources of a game disagree, where a season has a hole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from nba_assets.contracts.verify import FAILING_ROWS, Finding
from nba_assets.engine.agreement import box_conflicts, play_by_play_differences
from nba_assets.engine.platform import Platform
from nba_assets.engine.season_holes import LONGEST_BREAK, season_holes

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class CrossCheck:
    """A check of its own: `rows` gives the rows that fail on the dates of a span."""

    name: str
    description: str
    rows: Callable[[Platform, Span], pd.DataFrame]

    def run(self, platform: Platform, span: Span) -> Finding:
        """The check's finding, with the first failing rows."""
        failing = self.rows(platform, span)
        return Finding(self.name, self.description, len(failing), failing.head(FAILING_ROWS))


CHECKS = {
    "nbac_schedule": (
        CrossCheck(
            "season_has_no_holes",
            f"A regular season has at most {LONGEST_BREAK} days in a row without a game",
            season_holes,
        ),
    ),
    "player_game_summary": (
        CrossCheck(
            "sources_agree",
            "Gamebook and BallDontLie tell the same of each man; else the gamebook's value is kept",
            box_conflicts,
        ),
        CrossCheck(
            "play_by_play_agrees",
            "Points, attempts and paint + mid-range + three of play-by-play are those of the box score",
            play_by_play_differences,
        ),
    ),
}
"""By table."""
