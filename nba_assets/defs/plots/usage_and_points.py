"""Usage and points of a season's player games so far, with the newest date beside the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots.card import BAND, HIGH, RULE, SOFT, TEXT, axes, card

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_MINUTES = 5.0
"""Shorter stints have usage rates of 0 and 100."""
POINTS, USAGE = np.arange(0, 62, 2), np.arange(0, 52.5, 2.5)
"""Edges of the bins; what lies beyond the last one counts in the last bin."""
COLUMNS = ("game_date", "status", "minutes", "points", "usage_rate")
ALT = "Share of player games by points and by usage rate, the season so far and the newest date"


def draw(rows: pd.DataFrame, origin: DataOrigin) -> Figure | None:
    """Two histograms in percent of the player games of those who played; None if nobody did.

    `rows` are the season's `COLUMNS`. The newest date is drawn over the season as an outline, once there are others.
    """
    played = rows[rows["status"] == "played"]
    if played.empty:
        return None
    newest = played["game_date"].max()
    note = f"Percent of the player games of the season to {newest:%Y-%m-%d} (filled) and of that date (outline)"
    figure = card("Points and usage of who played", note, origin, size=(7.6, 3.2))
    long_enough = played[played["minutes"] >= LEAST_MINUTES]
    made = axes(figure, 46, 44, 394, 76)
    _histogram(made, played, "points", POINTS, "points")
    made.set_ylabel("% of player games", fontsize=TEXT, color=SOFT)
    made = axes(figure, 414, 44, 14, 76)
    _histogram(
        made, long_enough, "usage_rate", USAGE, f"usage rate, % of the team's plays ({LEAST_MINUTES:g} min or more)"
    )
    return figure


def _histogram(made: Axes, rows: pd.DataFrame, name: str, edges: np.ndarray, label: str) -> None:
    values = rows[name].to_numpy(dtype=float, na_value=np.nan)
    newest = (rows["game_date"] == rows["game_date"].max()).to_numpy()
    season, (there, today) = _shares(values, edges), (np.isfinite(values), None)
    made.stairs(season, edges, fill=True, color=BAND)
    n = f"n = {int(there.sum()):,}"
    if not newest.all():
        today = _shares(values[newest], edges)
        made.stairs(today, edges, color=HIGH, linewidth=1.2)
        n += f", of the date {int((there & newest).sum()):,}"
    made.set_title(n, fontsize=TEXT, color=SOFT, loc="left", pad=4)
    made.set_xlabel(label, fontsize=TEXT, color=SOFT)
    made.set_xlim(edges[0], edges[-1])
    made.set_ylim(bottom=0)
    made.locator_params(axis="y", nbins=6, integer=True)
    made.grid(axis="y", color=RULE, linewidth=0.6)
    made.set_axisbelow(True)


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Percent of the finite values in each bin."""
    finite = values[np.isfinite(values)]
    counts, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), edges)
    return 100 * counts / max(1, len(finite))
