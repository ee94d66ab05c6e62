"""A feature's values with how each was obtained and how good it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.windows import Flags, Floats, floats

Texts = np.ndarray[Any, np.dtype[np.object_]]

SUBSTITUTE_QUALITY = 70.0
"""Quality of a fallback, of last season's average, and of a score with a term less."""

KNOWN_PLAYER_QUALITY = 75.0
"""Least quality of a short window of 3 games or more of a player with a prior season."""

FEW_GAMES = 3


@dataclass(frozen=True)
class Values:
    """One feature of many rows: value (NaN missing), source (contract's SOURCES), quality 0 to 100 (NaN n/a)."""

    value: Floats
    source: Texts
    quality: Floats


def plain(column: pd.Series[Any] | Floats) -> Values:
    """Without a window: computed where it is known."""
    value = floats(column) if isinstance(column, pd.Series) else column
    known = ~np.isnan(value)
    return Values(value, _texts(np.where(known, "computed", "missing")), np.where(known, 100.0, 0.0))


def windowed(value: Floats, games: Floats, full: int, known_player: Flags) -> Values:
    """From `games` games of a window of `full`: partial, 100·n/N, while it is short."""
    known = ~np.isnan(value)
    least = np.where((games >= FEW_GAMES) & known_player, KNOWN_PLAYER_QUALITY, 0.0)
    share = np.maximum(100.0 * games / full, least)
    short = known & (games < full)
    source = np.select([short, known], ["partial", "computed"], "missing")
    return Values(value, _texts(source), np.select([short, known], [share, 100.0], 0.0))


def scored(value: Floats, source: Texts) -> Values:
    """A score that says itself how it was computed; without one it is missing."""
    how = np.where(np.isnan(value), "missing", source)
    quality = np.select([how == "computed", how == "partial"], [100.0, SUBSTITUTE_QUALITY], 0.0)
    return Values(value, _texts(how), quality)


def replaced(values: Values, where: Flags, by: Floats, source: str) -> Values:
    """With `by` for the value where the flag is set and `by` is known."""
    use = where & ~np.isnan(by)
    return Values(
        np.where(use, by, values.value),
        _texts(np.where(use, source, values.source)),
        np.where(use, SUBSTITUTE_QUALITY, values.quality),
    )


def with_fallback(values: Values, other: pd.Series[Any]) -> Values:
    """With the other table's value where this one's is missing."""
    return replaced(values, np.isnan(values.value), floats(other), "fallback")


def unless_available(values: Values, delivered: Flags) -> Values:
    """Missing values are not available, without a quality, where their source has delivered nothing this season."""
    gone = np.isnan(values.value) & ~delivered
    return replace(
        values,
        source=_texts(np.where(gone, "not_available", values.source)),
        quality=np.where(gone, np.nan, values.quality),
    )


def _texts(values: np.ndarray[Any, Any]) -> Texts:
    return values.astype(object)
