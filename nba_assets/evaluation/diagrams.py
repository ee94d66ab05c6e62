"""The report's pictures, as PNG: reliability, PIT, calibration by line band, the running difference of errors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots.card import BAND, HIGH, INK, LOW, RULE, SOFT, TEXT, axes, card, label_dates, png
from nba_assets.evaluation.backtest import Backtest
from nba_assets.evaluation.measures import Figure as Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (4.6, 3.9)
MARGINS = (52.0, 56.0, 16.0, 60.0)
"""Pixels kept free at the left, bottom, right and top."""


@dataclass(frozen=True)
class Picture:
    """A PNG, its caption, and what it says to whoever cannot see it."""

    png: bytes
    caption: str
    alt: str


def pictures(found: Backtest) -> Iterator[Picture]:
    """Those for which there is anything to draw."""
    of = f"{found.start} to {found.end}, {found.origin} data"
    if found.lined.bins:
        yield Picture(
            png(_reliability(found)),
            f"Reliability of P(over) on lined rows: ten bins of equal size. Bars: where 95 % of such shares lie if P is"
            f" true. n = {found.lined.n:,}, {found.lined.dates} dates, {of}.",
            "Share of overs against predicted probability, with the band of what chance allows",
        )
    if found.pit:
        yield Picture(
            png(_pit(found)),
            "Non-randomised PIT of the points of lined players: flat at 0.1 if the distribution is right; bars: 95 %"
            f" intervals, dates resampled. n = {found.pit[0].n:,}, {found.pit[0].dates} dates, {of}.",
            "Histogram of the probability integral transform",
        )
    if found.bands:
        yield Picture(
            png(_bands(found)),
            "By band of the line: mean P(over) (rings) and the share that went over (dots with 95 % intervals, dates"
            f" resampled). n = {found.lined.n:,}, {found.lined.dates} dates, {of}.",
            "Predicted and observed share of overs by line band",
        )
    if found.running:
        last = found.running[-1][1]
        yield Picture(
            png(_running(found)),
            "MAE of the median − line MAE on all rows up to each date, with 95 % interval: below 0 the model is better."
            f" n = {last.n:,}, {last.dates} dates, {of}.",
            "Running difference of model and line error over time",
        )


def _drawn(title: str, note: str, origin: DataOrigin, x: str, y: str) -> tuple[Figure, Axes]:
    figure = card(title, note, origin, size=SIZE)
    made = axes(figure, *MARGINS)
    made.set_xlabel(x, fontsize=TEXT, color=SOFT)
    made.set_ylabel(y, fontsize=TEXT, color=SOFT)
    made.grid(axis="y", color=RULE, linewidth=0.6)
    made.set_axisbelow(True)
    return figure, made


def _bars(made: Axes, at: Iterable[float], said: Iterable[Measured], colour: str) -> None:
    """The intervals that there are, as vertical bars."""
    for x, each in zip(at, said, strict=True):
        if each.lo is not None and each.hi is not None:
            made.vlines(x, each.lo, each.hi, color=colour, linewidth=1.5)


def _values(said: Iterable[Measured]) -> list[float]:
    return [math.nan if each.value is None else each.value for each in said]


def _ends(said: Iterable[Measured]) -> list[tuple[float, float]]:
    return [(math.nan, math.nan) if each.lo is None or each.hi is None else (each.lo, each.hi) for each in said]


def _note(found: Backtest, n: int) -> str:
    return f"{found.start} to {found.end}, {found.origin}, n = {n:,}"


def _reliability(found: Backtest) -> Figure:
    bins = found.lined.bins
    figure, made = _drawn("Reliability", _note(found, found.lined.n), found.origin, "P(over) said", "share over")
    p = [each.p for each in bins]
    made.vlines(p, [each.lo for each in bins], [each.hi for each in bins], color=BAND, linewidth=7)
    ends = [min(p), max(p)]
    made.plot(ends, ends, color=SOFT, linewidth=1)
    made.plot(p, [each.hit for each in bins], "o", color=HIGH, markersize=5)
    return figure


def _pit(found: Backtest) -> Figure:
    figure, made = _drawn("Where the points fell", _note(found, found.pit[0].n), found.origin, "PIT", "share of rows")
    count = len(found.pit)
    left = [n / count for n in range(count)]
    middle = [n / count + 0.5 / count for n in range(count)]
    made.bar(left, _values(found.pit), width=0.94 / count, align="edge", color=BAND)
    _bars(made, middle, found.pit, LOW)
    made.axhline(1 / count, color=INK, linewidth=1)
    return figure


def _bands(found: Backtest) -> Figure:
    figure, made = _drawn(
        "Calibration by line", _note(found, found.lined.n), found.origin, "line, points", "P(over), share over"
    )
    at = [float(n) for n in range(len(found.bands))]
    hits = [each.hit for each in found.bands]
    _bars(made, at, hits, HIGH)
    made.plot(at, _values(hits), "o", color=HIGH, markersize=5)
    made.plot(at, [each.p for each in found.bands], "o", color=LOW, markersize=8, fillstyle="none")
    made.axhline(0.5, color=SOFT, linewidth=0.8)
    made.set_xticks(at, [f"{each.name}\nn={each.hit.n:,}" for each in found.bands])
    return figure


def _running(found: Backtest) -> Figure:
    days = [day for day, _ in found.running]
    said = [figure for _, figure in found.running]
    figure, made = _drawn("Error against the line, so far", _note(found, said[-1].n), found.origin, "", "points")
    at = [float((day - days[0]).days) for day in days]
    low, high = zip(*_ends(said), strict=True)
    made.fill_between(at, low, high, color=BAND, linewidth=0)
    made.plot(at, _values(said), color=LOW, linewidth=1.5)
    made.axhline(0.0, color=INK, linewidth=1)
    ends = [end for each in said[len(said) // 4 :] for end in (each.lo, each.hi) if end is not None]
    if ends:
        room = 0.1 * (max(ends) - min(ends)) + 0.01
        made.set_ylim(min(*ends, 0.0) - room, max(*ends, 0.0) + room)
    label_dates(made, days, at)
    return figure
