"""Whether what models are fed this week is still what they were trained on: drift of features, with their sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nba_assets.alarms.wording import listed
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES, OFTEN_ALIKE
from nba_assets.league import league_date
from nba_assets.storage.records import Cause

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

Floats = NDArray[np.float64]

TABLE = "ml_feature_store"
NAMES = tuple(feature.name for feature in FEATURES)
WEEK, REFERENCE = dt.timedelta(days=7), dt.timedelta(days=60)
"""The last dates, and the ones before them that they are compared with: of the serving model's training and season."""
LEAST_RECENT, LEAST_REFERENCE = 200, 1_000
"""Rows below which nothing is said."""
BINS = 10
LEAST_SHARE = 0.001
"""Of a bin: an empty one would make the index infinite."""
DRIFTED = 0.25
"""Population stability index from which a population counts as another one by the usual rule."""
SHIFT, VANISHED = 1.0, 0.2
"""And either the mean is off by so many standard deviations of the reference, or so much more is missing.

The index alone would cry every week: a team's ten games, the calendar and the league itself move (measured: 16 of the
25 features in 219 weeks of eight real seasons). With these, playoffs apart, none did in any of 175 real weeks.
"""
KNOWN = 0.5
"""Share of the reference that may be missing where its mean and spread say something: early in a season more is."""


@dataclass(frozen=True)
class Drift:
    """A feature that drifted: its index, its means and shares of missing values then and now."""

    name: str
    index: float
    means: tuple[float, float]
    missing: tuple[float, float]


def stability_index(reference: Floats, recent: Floats) -> float:
    """Population stability index: sum over bins of (r - e) ln(r / e), r and e the shares of recent and reference rows.

    Bins are the deciles of the reference's known values, and one for NaN.
    """
    known = reference[np.isfinite(reference)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.empty(0)
    shares = []
    for values in (reference, recent):
        places = np.where(np.isfinite(values), np.searchsorted(edges, np.nan_to_num(values)), len(edges) + 1)
        counts = np.bincount(places, minlength=len(edges) + 2)
        shares.append(np.maximum(counts / len(values), LEAST_SHARE))
    expected, found = shares
    return float(np.sum((found - expected) * np.log(found / expected)))


def drifts(reference: pd.DataFrame, recent: pd.DataFrame, names: Sequence[str] = NAMES) -> list[Drift]:
    """The columns of `recent` that are no longer those of `reference`, the furthest first.

    What the calendar moves (`OFTEN_ALIKE`) may shift; it may not go missing.
    """
    if len(reference) < LEAST_REFERENCE or len(recent) < LEAST_RECENT:
        return []
    found = []
    for name in names:
        before, now = (rows[name].to_numpy(dtype=float, na_value=np.nan) for rows in (reference, recent))
        missing = (float(np.isnan(before).mean()), float(np.isnan(now).mean()))
        means = (_mean(before), _mean(now))
        spread = float(np.nanstd(before)) if missing[0] < 1 else 0.0
        moved = abs(means[1] - means[0])
        shifted = missing[0] <= KNOWN and (moved >= SHIFT * spread if spread > 0 else moved > 0)
        if not (missing[1] - missing[0] >= VANISHED or (shifted and name not in OFTEN_ALIKE)):
            continue
        index = stability_index(before, now)
        if index >= DRIFTED:
            found.append(Drift(name, index, means, missing))
    return sorted(found, key=lambda drift: (-drift.index, drift.name))


def feature_drift(platform: Platform) -> list[Cause]:
    """One cause per feature of the last 7 days that is another population than the serving model's training rows.

    Of these the last 60 days of the same season, playoffs apart: another season or a playoff team is another population
    by nature. A month into a season is the first time that there are enough.
    """
    today = league_date(platform.clock.now())
    first = today - WEEK
    trained = _trained(platform, today)
    if trained is None:
        return []
    columns = ["game_date", "season", *NAMES, *(f"{name}_source" for name in NAMES)]
    rows = platform.warehouse.read(TABLE, dates=(first - REFERENCE, today), columns=columns)
    rows = rows[rows["playoff_game"].fillna(0.0) == 0]
    recent = rows[rows["game_date"] > pd.Timestamp(first)]
    before = rows[(rows["game_date"] <= pd.Timestamp(min(first, trained[1]))) & rows["season"].isin(recent["season"])]
    reference = before[before["game_date"] >= pd.Timestamp(trained[0])]
    return [
        Cause(
            "feature_drift",
            f"feature_drift|{drift.name}",
            f"{drift.name} of {recent['game_date'].min():%Y-%m-%d} to {recent['game_date'].max():%Y-%m-%d}"
            f" ({len(recent):,} rows) is not what the model was trained on ({len(reference):,} rows): stability index"
            f" {drift.index:.2f}, mean {drift.means[0]:.4g} then and {drift.means[1]:.4g} now, missing"
            f" {drift.missing[0]:.0%} and {drift.missing[1]:.0%}; {_sources(recent, drift.name)} now,"
            f" {_sources(reference, drift.name)} then: see what its sources sent, nba-assets status --date"
            f" {recent['game_date'].max():%Y-%m-%d}",
        )
        for drift in drifts(reference, recent)
    ]


def _trained(platform: Platform, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """First and last date of the training rows of the newest serving model of points; None without one."""
    days = [day for day in platform.warehouse.versions("points_model") if day <= str(today)]
    if not days:
        return None
    last = dt.date.fromisoformat(days[-1])
    columns = ["game_date", "target", "serving", "train_start", "train_end"]
    cards = platform.warehouse.read("points_model", dates=(last, last), columns=columns)
    own = cards[(cards["target"] == "points") & cards["serving"].fillna(False)].dropna(subset="train_end")
    return None if own.empty else (own["train_start"].iloc[0].date(), own["train_end"].iloc[0].date())


def _sources(rows: pd.DataFrame, name: str) -> str:
    """How the feature was obtained, the most first: `computed 97 %, missing 3 %`."""
    shares: pd.Series[Any] = rows[f"{name}_source"].value_counts(normalize=True)
    ordered = sorted(shares.items(), key=lambda item: (-item[1], str(item[0])))
    return listed([f"{source} {share:.0%}" for source, share in ordered])


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
