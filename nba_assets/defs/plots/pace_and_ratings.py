"""Pace and ratings of a season so far, by date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots.card import BAND, DPI, FEW, INK, LOW, PALE, RULE, TEXT, axes, card, dates_of, label_dates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {
    "pace": "Pace, possessions per 48 min",
    "off_rating": "Offensive rating (and the opponent's defensive), points per 100 possessions",
    "net_rating": "Net rating of the winners, points per 100 possessions",
}
COLUMNS = ("game_date", *PANELS)
ALT = "Pace, offensive rating and the winners' net rating by date: median, middle half and middle 80 %"
MEDIAN = 0.5
BANDS = {(0.1, 0.9): PALE, (0.25, 0.75): BAND}
"""Quantiles between which a band lies, and its colour."""


WIDEST = 12.0
"""Width of a date's bar where there is room, in points."""


def draw(rows: pd.DataFrame, origin: DataOrigin) -> Figure:
    """Median, quartiles and outer deciles of each date's team games, one panel a measure.

    A game's two teams have one pace, each the other's rating, and net ratings of opposite sign: of those only the
    winners' are drawn. `rows` are the season's `COLUMNS`, at least one.
    """
    shown = rows[list(PANELS)].assign(net_rating=rows["net_rating"].where(rows["net_rating"] > 0))
    levels = sorted({MEDIAN, *(end for ends in BANDS for end in ends)})
    spread = shown.groupby(rows["game_date"]).quantile(np.array(levels)).unstack()
    days = dates_of(spread.index)
    at = [(day - days[0]).days for day in days]
    note = f"Median, middle half and middle 80 % of a date. n = {len(rows):,} team games on {len(days)} dates"
    figure = card("Pace and ratings by date", note, origin, size=(7.6, 4.8))
    for number, (name, label) in enumerate(PANELS.items()):
        made = axes(figure, 40, 30 + 134 * (2 - number), 14, 76 + 134 * number)
        _panel(made, pd.DataFrame(spread[name]), at)
        made.set_title(label, fontsize=TEXT, color=INK, loc="left", pad=5)
        label_dates(made, days, at)
        made.tick_params(labelbottom=number == len(PANELS) - 1)
    return figure


def _panel(made: Axes, spread: pd.DataFrame, at: list[int]) -> None:
    made.set_xlim(at[0] - 0.5, at[-1] + 0.5)
    day = made.get_window_extent().width / (at[-1] - at[0] + 1) * 72 / DPI
    for (low, high), colour in BANDS.items():
        ends = spread[low].to_numpy(), spread[high].to_numpy()
        made.vlines(at, *ends, colors=colour, linewidth=min(0.8 * day, WIDEST), antialiased=False, capstyle="butt")
    mark: dict[str, Any] = {"marker": "o", "markersize": 3} if len(at) <= FEW else {}
    made.plot(at, spread[MEDIAN].to_numpy(), color=LOW, linewidth=1.2, **mark)
    made.locator_params(axis="y", nbins=4)
    made.grid(axis="y", color=RULE, linewidth=0.6)
    made.set_axisbelow(True)
