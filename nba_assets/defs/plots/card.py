"""What every plot is drawn on: a small opaque card with a title, its n and where the data is from.

An opaque card reads the same in Dagster's light and dark theme. matplotlib is loaded by the first plot that is drawn,
without pyplot: a card belongs to whoever drew it, and threads may draw at the same time.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nba_assets.data_origin import DataOrigin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, SOFT, RULE = "#ffffff", "#1b1d21", "#5d636d", "#dfe2e6"
HIGH, LOW, BAND, PALE = "#b35900", "#1f5fa8", "#c9d3df", "#e9edf2"
"""The colours of the published page in its light theme: two accents that every common colour blindness tells apart."""
DPI = 100
TEXT = 8.5
"""Font size of all but the title, in points."""
FEW = 20
"""Up to this many dates each gets a mark of its own."""
COLOURS = 64
"""Colours of a picture's palette."""


def card(title: str, note: str, origin: DataOrigin, *, size: tuple[float, float]) -> Figure:
    """A figure of `size` in inches: title, a note below (what is shown, n), in the corner `simulated` where it is."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    height = size[1] * DPI
    figure.text(12 / (size[0] * DPI), 1 - 20 / height, title, fontsize=11, color=INK, weight="bold", va="center")
    figure.text(12 / (size[0] * DPI), 1 - 39 / height, note, fontsize=TEXT, color=SOFT, va="center")
    if origin == "simulated":
        corner = 1 - 12 / (size[0] * DPI)
        figure.text(corner, 1 - 20 / height, origin, fontsize=TEXT, color=HIGH, weight="bold", ha="right", va="center")
    return figure


def axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes that keep so many pixels free at each side of the figure: no frame, quiet ticks."""
    width, height = figure.get_size_inches() * DPI
    made = figure.add_axes(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height), facecolor=PAPER
    )
    for side in ("top", "right", "left", "bottom"):
        made.spines[side].set_visible(side == "bottom")
        made.spines[side].set_color(RULE)
    made.tick_params(colors=SOFT, labelsize=TEXT, length=0)
    return made


def date_ticks(days: Sequence[dt.date]) -> list[int]:
    """Positions among ascending dates to label: the first of each month, or at most six in a shorter time."""
    if (days[-1] - days[0]).days > 62:
        months = [day.year * 12 + day.month for day in days]
        return [n for n in range(1, len(days)) if months[n] != months[n - 1]]
    return sorted({int(n) for n in np.linspace(0, len(days) - 1, min(6, len(days))).round()})


def label_dates(made: Axes, days: Sequence[dt.date], at: Sequence[float]) -> None:
    """Label the x axis of `days`, which stand at the positions `at`."""
    ticks = date_ticks(days)
    made.set_xticks([at[n] for n in ticks], [f"{days[n]:%b} {days[n].day}" for n in ticks])


def dates_of(index: pd.Index[pd.Timestamp]) -> list[dt.date]:
    """The dates of an index of timestamps."""
    return [day.date() for day in pd.DatetimeIndex(index)]


def png(figure: Figure) -> bytes:
    """The card as a PNG with a palette (10 to 25 kB), the same bytes for the same card."""
    from PIL import Image

    canvas = figure.canvas
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba()))  # type: ignore[attr-defined]
    out = io.BytesIO()
    few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(out, "PNG")
    return out.getvalue()


def markdown(picture: bytes, alt: str) -> str:
    """A PNG as Markdown that needs no other file."""
    return f"![{alt}](data:image/png;base64,{base64.b64encode(picture).decode()})"
