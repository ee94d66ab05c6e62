"""A team's shots by zone on a half court: share and FG% against the league, shot and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nba_assets.data_origin import DataOrigin
from nba_assets.defs.plots.card import HIGH, INK, LOW, PAPER, SOFT, TEXT, axes, card
from nba_assets.defs.plots.zone_sums import LAST, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

FULL = 8.0
"""Percentage points from the league's FG% at which a zone has its full colour."""
MIDDLE = "#f1f2f4"
LABELS = {
    "ra": (0, -9.2),
    "paint_non_ra": (0, 8.9),
    "mid": (-15.2, 9.5),
    "corner3": (-23.5, -9.2),
    "above_break3": (0, 29.4),
}
"""Feet from the hoop's centre, y away from the baseline: where a zone's numbers stand."""
NAMES = {
    "ra": "at the rim",
    "paint_non_ra": "paint",
    "mid": "mid-range",
    "corner3": "corner 3, both",
    "above_break3": "above the break 3",
}
BASELINE, END, SIDELINE = -5.25, 35.0, 25.0
ARC, CORNER_X, RIM = 23.75, 22.0, 4.0
CORNER_Y = float(np.sqrt(ARC**2 - CORNER_X**2))


def draw(team: str, before: str, shot: Side, allowed: Side, origin: DataOrigin) -> Figure:
    """Two half courts, what the team shoots at the left, what it allows at the right.

    Orange: more often made than in the league, blue: less. Numbers are percent of the located attempts, and FG% with
    its difference from the league's in percentage points. `before` is the date before which the games were.
    """
    note = (
        f"Share of located attempts, FG% and its difference from the league's (pp); last {LAST} games before {before}"
    )
    figure = card(f"{team} by shot zone", note, origin, size=(9.0, 5.2))
    for left, side, what in ((14, shot, f"{team} shoots"), (458, allowed, f"{team} allows")):
        made = axes(figure, left, 44, 886 - left - 428, 62)
        made.set_xlim(-SIDELINE - 1.5, SIDELINE + 1.5)
        made.set_ylim(BASELINE - 7.5, END + 4)
        made.set_aspect("equal")
        made.set_axis_off()
        _court(made, side)
        _numbers(made, side)
        made.text(-SIDELINE, END + 1.2, what, fontsize=9.5, color=INK, weight="bold")
        made.text(SIDELINE, END + 1.2, _n(side), fontsize=TEXT, color=SOFT, ha="right")
    _legend(figure)
    return figure


def _n(side: Side) -> str:
    attempts = int(side.zones["fga"].sum())
    if side.first is None or side.last is None:
        return "no game with located shots"
    return f"n = {attempts:,} attempts, {side.games} games, {side.first:%b %d} to {side.last:%b %d}"


def shades() -> LinearSegmentedColormap:
    """Of 0 (`FULL` below the league) to 1 (`FULL` above), all pale enough to write on."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("fg", (_pale(LOW), MIDDLE, _pale(HIGH)))


def _colours(side: Side) -> dict[str, tuple[float, float, float, float]]:
    parts = (np.clip(side.zones["diff_pp"].fillna(0), -FULL, FULL) + FULL) / (2 * FULL)
    return {str(zone): shades()(float(part)) for zone, part in parts.items()}


def _pale(colour: str) -> tuple[float, float, float]:
    """The accent mixed with paper: dark text on it keeps a contrast of more than 4.5."""
    from matplotlib.colors import to_rgb

    red, green, blue = (0.55 * ink + 0.45 * paper for ink, paper in zip(to_rgb(colour), to_rgb(PAPER), strict=True))
    return red, green, blue


def _court(made: Axes, side: Side) -> None:
    """Zones from the outermost to the innermost, each over the one before."""
    from matplotlib.patches import Circle, Polygon, Rectangle

    shade = _colours(side)
    line: dict[str, Any] = {"edgecolor": PAPER, "linewidth": 1.5}
    width, depth = 2 * SIDELINE, CORNER_Y - BASELINE
    made.add_patch(Rectangle((-SIDELINE, BASELINE), width, END - BASELINE, facecolor=shade["above_break3"], **line))
    for x in (-SIDELINE, CORNER_X):
        made.add_patch(Rectangle((x, BASELINE), SIDELINE - CORNER_X, depth, facecolor=shade["corner3"], **line))
    turn = np.linspace(np.arctan2(CORNER_Y, CORNER_X), np.pi - np.arctan2(CORNER_Y, CORNER_X), 60)
    arc = np.column_stack((ARC * np.cos(turn), ARC * np.sin(turn)))
    inside = np.vstack(([CORNER_X, BASELINE], arc, [-CORNER_X, BASELINE]))
    made.add_patch(Polygon(inside, facecolor=shade["mid"], **line))
    made.add_patch(Rectangle((-8, BASELINE), 16, 19, facecolor=shade["paint_non_ra"], **line))
    rim = np.linspace(0, np.pi, 30)
    near = np.vstack(([RIM, BASELINE], np.column_stack((RIM * np.cos(rim), RIM * np.sin(rim))), [-RIM, BASELINE]))
    made.add_patch(Polygon(near, facecolor=shade["ra"], **line))
    made.plot([-3, 3], [-1.25, -1.25], color=SOFT, linewidth=1.2)
    made.add_patch(Circle((0, 0), 0.75, fill=False, edgecolor=SOFT, linewidth=1))


def _numbers(made: Axes, side: Side) -> None:
    for zone, (x, y) in LABELS.items():
        numbers = side.zones.loc[zone]
        align = "left" if zone == "corner3" else "center"
        made.text(
            x,
            y,
            _text(zone, *numbers[["fga", "share", "fg_pct", "diff_pp"]]),
            fontsize=TEXT,
            color=INK,
            ha=align,
            va="center",
        )


def _text(zone: str, fga: float, share: float, fg_pct: float, diff_pp: float) -> str:
    if fga == 0:
        return f"{NAMES[zone]}\nno attempt"
    return f"{NAMES[zone]}\n{100 * share:.0f} %\nFG {100 * fg_pct:.1f} % ({signed(diff_pp)})"


def signed(number: float) -> str:
    """With one decimal and a true minus; no sign on zero."""
    text = f"{number:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def _legend(figure: Figure) -> None:
    made = axes(figure, 330, 14, 370, 492)
    made.imshow(np.linspace(0, 1, 64)[None, :], aspect="auto", cmap=shades())
    made.set_axis_off()
    for x, align, text in ((-0.04, "right", f"−{FULL:g} pp FG%"), (1.04, "left", f"+{FULL:g} pp against the league")):
        made.text(x, 0.5, text, transform=made.transAxes, fontsize=TEXT, color=SOFT, ha=align, va="center")
