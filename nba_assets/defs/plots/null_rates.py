"""How much of each feature is null, by date of a season so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots.card import HIGH, INK, RULE, SOFT, TEXT, axes, card, dates_of, label_dates

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = [feature.name for feature in FEATURES]
COLUMNS = ("game_date", *NAMES)
ALT = "Share of rows in which each feature is null, by date"
NONE, ALL = "#eef1f4", "#123b6b"
"""Colours of no null and of nothing but nulls."""


def draw(rows: pd.DataFrame, origin: DataOrigin) -> Figure:
    """A strip a feature and a column a date with rows, dark where the feature is null; at the right all dates at once.

    `rows` are the season's `COLUMNS`, at least one.
    """
    from matplotlib.colors import LinearSegmentedColormap

    missing = rows[NAMES].isna()
    by_date = missing.groupby(rows["game_date"]).mean()
    overall = missing.mean()
    days = dates_of(by_date.index)
    note = f"Percent of a date's rows, at the right of all rows. n = {len(rows):,} rows on {len(days)} dates"
    figure = card("Null features by date", note, origin, size=(7.6, 5.0))
    made = axes(figure, 176, 70, 56, 56)
    shades = LinearSegmentedColormap.from_list("nulls", (NONE, ALL))
    strip = made.imshow(
        100 * by_date.to_numpy().T, aspect="auto", cmap=shades, vmin=0, vmax=100, interpolation="nearest"
    )
    made.set_yticks(range(len(NAMES)), NAMES, color=INK)
    label_dates(made, days, range(len(days)))
    for row, rate in enumerate(overall):
        made.text(
            1.012,
            row,
            f"{100 * rate:.0f} %",
            transform=made.get_yaxis_transform(),
            fontsize=TEXT,
            va="center_baseline",
            color=HIGH if rate > 0.5 else SOFT,
        )
    legend = axes(figure, 176, 26, 362, 464)
    bar = figure.colorbar(strip, cax=legend, orientation="horizontal", ticks=[0, 50, 100])
    bar.outline.set_edgecolor(RULE)
    legend.text(1.05, 0.5, "% of rows null", transform=legend.transAxes, fontsize=TEXT, color=SOFT, va="center")
    return figure
