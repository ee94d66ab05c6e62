"""Derived shot zones: paint with the restricted area, all threes, and the located attempts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.transforms import windows

PARTS = {
    "ra": ("ra",),
    "paint": ("ra", "paint_non_ra"),
    "mid": ("mid",),
    "corner3": ("corner3",),
    "three": ("corner3", "above_break3"),
    "located": ("ra", "paint_non_ra", "mid", "corner3", "above_break3"),
}
"""Zones of the precompute tables as sums of the five disjoint ones; paint, mid and three cover `located`."""

LEAST_ATTEMPTS = 10
"""Located attempts from which shares are given."""


def zone_counts(rows: pd.DataFrame, prefix: str = "") -> pd.DataFrame:
    """`<zone>_fga` and `<zone>_fgm` of PARTS as floats, all null where the row's shots are not located."""
    found = {}
    for short in ("fga", "fgm"):
        for zone, parts in PARTS.items():
            columns = [windows.floats(rows[f"{prefix}{part}_{short}"]) for part in parts]
            found[f"{zone}_{short}"] = np.sum(columns, axis=0)
    return pd.DataFrame(found, index=rows.index)


def shares(pairs: pd.DataFrame, zone: str) -> pd.Series[float]:
    """Share of the zone in the located attempts by ask; null below LEAST_ATTEMPTS."""
    located = windows.total(pairs, "located_fga")
    return windows.total(pairs, f"{zone}_fga") / located.where(located >= LEAST_ATTEMPTS)
