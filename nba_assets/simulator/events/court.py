"""Where a shot was taken from, and what kind of shot it was."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nba_assets.simulator.events.dice import Dice

RESTRICTED, PAINT, MID = "Restricted Area", "In The Paint (Non-RA)", "Mid-Range"
LEFT_CORNER, RIGHT_CORNER, ABOVE = "Left Corner 3", "Right Corner 3", "Above the Break 3"
RESTRICTED_FEET, ARC_FEET, CORNER_FEET = 4.0, 23.75, 22.0
PAINT_WIDTH, PAINT_DEPTH = 8.0, 13.75
"""Half its width and its depth beyond the basket, feet."""
CORNER_DEPTH = 8.9
CORNERS = 0.24
"""Share of the threes."""
ZONE_MADE, ZONE_MISSED = (0.58, 0.27, 0.15), (0.36, 0.34, 0.30)
"""Chances of restricted area, paint and mid-range, of a made and of a missed two."""
AVERAGE_SIZE = 0.4
DUNKS, HOOKS = 0.16, 0.15
"""Shares of the makes at the rim, of a man neither big nor small, and of a big man's shots in the paint."""
THIRTY, EIGHTEEN = math.radians(30), math.radians(18)
JUMPERS = (
    ("pullup", "step back", "fadeaway", "turnaround fadeaway", "", "driving floating"),
    (0.34, 0.2, 0.14, 0.08, 0.12, 0.12),
)
FLOATERS = (
    ("driving floating", "floating", "turnaround", "fadeaway", "driving floating bank"),
    (0.6, 0.1, 0.1, 0.1, 0.1),
)
LAYUPS = (("driving", "driving finger roll", "driving reverse", "", "reverse"), (0.45, 0.27, 0.12, 0.1, 0.06))
CUTS = 0.35
"""Share of the assisted layups."""
THREES = (("", "pullup", "step back", "running pullup"), (0.66, 0.18, 0.13, 0.03))


@dataclass(frozen=True)
class Spot:
    """A place: tenths of a foot right of the basket's middle and in front of it, as the shooting team sees it."""

    x: int
    y: int
    area: str

    @property
    def feet(self) -> float:
        return math.hypot(self.x, self.y) / 10

    @property
    def detail(self) -> str:
        """Its distance and direction in the league's words."""
        if self.feet < 8 and self.area in (RESTRICTED, PAINT):
            return "0-8 Center"
        beyond = self.area in (LEFT_CORNER, RIGHT_CORNER, ABOVE)
        ring = "24+" if beyond else "16-24" if self.feet >= 16 else "8-16"
        side, angle = ("Left" if self.x < 0 else "Right"), abs(math.atan2(self.x, max(self.y, 0)))
        if ring == "8-16":
            return f"{ring} {side if angle > THIRTY else 'Center'}"
        sector = "Center" if angle < EIGHTEEN else side if angle > math.pi / 2 - EIGHTEEN else f"{side} Center"
        return f"{ring} {sector}"


@dataclass(frozen=True)
class Shot:
    """A shot's place and kind: `style` and `descriptor` as the league writes them."""

    spot: Spot
    style: str
    descriptor: str


def shot(dice: Dice, value: int, size: float, *, made: bool, assisted: bool, rebounded: bool, running: bool) -> Shot:
    """A shot of `value` by a man of a size from 0 to 1; after his own rebound, or on the run."""
    if value == 3:
        descriptor = "running" if running else dice.weighted(*THREES)
        return Shot(_three(dice, size), "Jump Shot", descriptor)
    rim, paint, mid = ZONE_MADE if made else ZONE_MISSED
    lean = size - AVERAGE_SIZE
    zones = (rim * (1 + lean), paint, mid * (1 - lean))
    zone = RESTRICTED if running or rebounded else dice.weighted((RESTRICTED, PAINT, MID), zones)
    spot = _two(dice, zone)
    if zone == MID:
        return Shot(spot, "Jump Shot", dice.weighted(*JUMPERS))
    if zone == PAINT:
        if dice.chance(HOOKS * size):
            return Shot(spot, "Hook", "turnaround")
        return Shot(spot, "Jump Shot", dice.weighted(*FLOATERS))
    dunk = dice.chance(DUNKS * (0.5 + size) * (1 if made else 0.2))
    if rebounded:
        return Shot(spot, "DUNK" if dunk else "Layup", "putback" if dunk or dice.chance(0.6) else "tip")
    if running:
        return Shot(spot, "DUNK" if dunk else "Layup", "running")
    if dunk:
        return Shot(spot, "DUNK", dice.pick(("cutting", "alley-oop", "") if assisted else ("driving", "")))
    return Shot(spot, "Layup", "cutting" if assisted and dice.chance(CUTS) else dice.weighted(*LAYUPS))


def _two(dice: Dice, zone: str) -> Spot:
    """A place in a zone, no nearer than a foot to the lines that others might draw."""
    if zone == RESTRICTED:
        far, angle = 0.3 + (RESTRICTED_FEET - 0.3) * math.sqrt(dice.uniform()), math.pi * (0.9 * dice.uniform() - 0.45)
        return _spot(far * math.sin(angle), far * math.cos(angle), zone)
    while True:
        x, y = 42 * dice.uniform() - 21, 26 * dice.uniform() - 3
        far = math.hypot(x, y)
        in_paint = abs(x) <= PAINT_WIDTH - 0.5 and 0 < y <= PAINT_DEPTH - 0.5
        outside = abs(x) > PAINT_WIDTH + 0.5 or y > PAINT_DEPTH + 0.5
        if zone == PAINT and in_paint and far > RESTRICTED_FEET + 0.6:
            return _spot(x, y, zone)
        if zone == MID and outside and 8.5 < far < ARC_FEET - 0.75:
            return _spot(x, y, zone)


def _three(dice: Dice, size: float) -> Spot:
    if dice.chance(CORNERS * (1.2 - 0.5 * size)):
        x = CORNER_FEET + 0.3 + 1.4 * dice.uniform()
        left = dice.chance(0.5)
        return _spot(-x if left else x, CORNER_DEPTH * dice.uniform() - 2, LEFT_CORNER if left else RIGHT_CORNER)
    far, angle = ARC_FEET + 0.3 + 3.5 * dice.uniform() ** 2, math.pi * (0.68 * dice.uniform() - 0.34)
    return _spot(far * math.sin(angle), far * math.cos(angle), ABOVE)


def _spot(x: float, y: float, area: str) -> Spot:
    return Spot(round(10 * x), round(10 * y), area)
