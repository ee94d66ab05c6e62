"""Sums of graded rows by date, for many series (a model in a segment) laid end to end, and of windows of their dates.

Sums are whole millionths of their units, so a window's sum is exact and the same however many others are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets.modeling.calibration_noise import calibration_noise
from nba_assets.modeling.distribution import Floats
from nba_assets.modeling.gates import sorted_ece
from nba_assets.modeling.resampling import MICRO, Ints, micro

MICROSECOND = "datetime64[us]"


@dataclass(frozen=True)
class Windows:
    """Windows [first, last) of positions in `DaySums`; `series` says whose, `day` the date that each ends with."""

    series: Ints
    first: Ints
    last: Ints
    day: NDArray[np.datetime64]

    def __getitem__(self, chosen: Any) -> Windows:
        return Windows(self.series[chosen], self.first[chosen], self.last[chosen], self.day[chosen])


class DaySums:
    """The dates of all series, one after the other, with the sums of their rows."""

    def __init__(self, rows: pd.DataFrame, series: Sequence[Ints], names: Sequence[str]) -> None:
        """`rows`: sorted by game_date, as `graded_rows`; `series`: ascending positions of rows; `names`: the sums."""
        date = rows["game_date"].to_numpy().astype(MICROSECOND)
        values = np.column_stack([micro(rows[name].to_numpy(dtype=float)) for name in names])
        season = rows["season"].to_numpy(dtype=np.int64)
        known = rows["known_at"].dt.tz_localize(None).to_numpy().astype(MICROSECOND).astype(np.int64)
        starts = [np.flatnonzero(np.append(True, date[one][1:] != date[one][:-1])) for one in series]
        joined = [one[start] for one, start in zip(series, starts, strict=True)]
        self.offset = np.concatenate([[0], np.cumsum([len(start) for start in starts])]).astype(np.int64)
        self.days = np.concatenate([date[first] for first in joined])
        self.season = np.concatenate([season[first] for first in joined])
        sums = [np.add.reduceat(values[one], start) for one, start in zip(series, starts, strict=True)]
        total = np.concatenate(sums)
        self.by_day = {name: total[:, index] for index, name in enumerate(names)}
        self.running = {name: np.concatenate([[0], np.cumsum(column)]) for name, column in self.by_day.items()}
        self.known_at = np.concatenate(
            [np.maximum.reduceat(known[one], start) for one, start in zip(series, starts, strict=True)]
        )
        self._calibration = [self._by_p(rows, one, number) for number, one in enumerate(series)]

    def _by_p(self, rows: pd.DataFrame, one: Ints, number: int) -> tuple[Ints, Floats, Floats, NDArray[np.bool_]]:
        """(position of the date, p, over, whether the market has a probability) of scored rows by ascending p."""
        known = rows["n_scored"].to_numpy(dtype=bool) & np.isfinite(rows["p"].to_numpy(dtype=float))
        scored = one[known[one]]
        ordered = scored[np.argsort(rows["p"].to_numpy(dtype=float)[scored], kind="stable")]
        date = rows["game_date"].to_numpy().astype(MICROSECOND)[ordered]
        own = self.days[self.offset[number] : self.offset[number + 1]]
        return (
            np.searchsorted(own, date) + self.offset[number],
            rows["p"].to_numpy(dtype=float)[ordered],
            rows["over"].to_numpy(dtype=float)[ordered],
            rows["n_market"].to_numpy(dtype=bool)[ordered],
        )

    def days_of(self, number: int) -> NDArray[np.datetime64]:
        """The dates of one series."""
        return self.days[self.offset[number] : self.offset[number + 1]]

    def windows(self, number: int, ends: NDArray[np.datetime64], seasons: Ints, days: int) -> Windows:
        """One window of a series for every date of `ends`: its last `days` days, within the date's season."""
        own, season = self.days_of(number), self.season[self.offset[number] : self.offset[number + 1]]
        last = np.searchsorted(own, ends, side="right")
        first = np.searchsorted(own, ends - np.timedelta64(days - 1, "D"))
        first = np.minimum(np.maximum(first, np.searchsorted(season, seasons)), last)
        start = self.offset[number]
        return Windows(np.full(len(ends), number), first + start, last + start, ends)

    def totals(self, windows: Windows) -> dict[str, Floats]:
        """Sums over every window, in the columns' units."""
        return {
            name: (running[windows.last] - running[windows.first]) / MICRO for name, running in self.running.items()
        }

    def dates_with(self, name: str, windows: Windows) -> Ints:
        """How many dates of every window have a positive sum of `name`."""
        counted = np.concatenate([[0], np.cumsum(self.by_day[name] > 0)])
        return np.asarray(counted[windows.last] - counted[windows.first])

    def newest(self, windows: Windows) -> pd.Series[Any]:
        """The latest `known_at` of every window's rows; every window has one."""
        ends = zip(windows.first, windows.last, strict=True)
        latest = np.asarray([self.known_at[first:last].max() for first, last in ends], dtype=np.int64)
        return pd.Series(latest.astype(MICROSECOND)).dt.tz_localize("UTC")

    def ece(self, windows: Windows, with_noise: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Calibration error of every window, and of some the largest that chance explains (`calibration_noise`).

        Of rows with a market probability, of all where none has one.
        """
        out, noise = np.full((2, len(windows.series)), np.nan)
        for index, (number, first, last) in enumerate(zip(windows.series, windows.first, windows.last, strict=True)):
            day, p, over, has_market = self._calibration[number]
            inside = (day >= first) & (day < last)
            priced = inside & has_market
            use = priced if priced.any() else inside
            out[index] = sorted_ece(p[use], over[use])
            if with_noise[index]:
                noise[index] = calibration_noise(p[use])
        return out, noise
