"""The plot of a table's season so far, as Markdown for a materialization's metadata."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.data_origin import DataOrigin, data_origin
from nba_assets.defs.plots import null_rates, pace_and_ratings, usage_and_points
from nba_assets.defs.plots.card import markdown, png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nba_assets.engine.platform import Platform

LONGEST_SEASON = dt.timedelta(days=365)


@dataclass(frozen=True)
class SeasonPlot:
    """What is read of the table, how it is drawn, and what it says to whoever cannot see it."""

    columns: tuple[str, ...]
    draw: Callable[[pd.DataFrame, DataOrigin], Figure | None]
    alt: str


PLOTS = {
    "team_offense_game_summary": SeasonPlot(pace_and_ratings.COLUMNS, pace_and_ratings.draw, pace_and_ratings.ALT),
    "player_game_summary": SeasonPlot(usage_and_points.COLUMNS, usage_and_points.draw, usage_and_points.ALT),
    "ml_feature_store": SeasonPlot(null_rates.COLUMNS, null_rates.draw, null_rates.ALT),
}
"""By table."""


def plot_or_warning(platform: Platform, table: str, last: dt.date, log: logging.Logger) -> str | None:
    """`season_plot`; one that cannot be drawn is a warning with its traceback, never a table that failed."""
    try:
        return season_plot(platform, table, last)
    except Exception:
        log.warning(f"{table} has no plot", exc_info=True)
        return None


def newest_season(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the latest season among them."""
    newest: pd.DataFrame = rows[rows["season"] == rows["season"].max()]
    return newest


def season_plot(platform: Platform, table: str, last: dt.date) -> str | None:
    """The table's plot of the season of its newest rows up to `last`; None where it has no plot, or nothing to show."""
    plot = PLOTS.get(table)
    if plot is None:
        return None
    rows = platform.warehouse.read(table, dates=(last - LONGEST_SEASON, last), columns=[*plot.columns, "season"])
    rows = newest_season(rows)
    if rows.empty:
        return None
    first = rows["game_date"].min().date()
    schedule = platform.warehouse.read("nbac_schedule", dates=(first, last), columns=["arena_name"])
    figure = plot.draw(rows, data_origin(schedule))
    return None if figure is None else markdown(png(figure), plot.alt)
