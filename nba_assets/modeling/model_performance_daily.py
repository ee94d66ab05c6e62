"""Builds nba_predictions.model_performance_daily: the track record of official decisions by model, window and segment.

Grades become sums of a date, whole millionths of their units; a window's figures are differences of running sums, so
they are equal however many dates are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_predictions.model_performance_daily import WINDOWS
from nba_assets.data_origin import origins
from nba_assets.modeling import Dates, Inputs, alarms
from nba_assets.modeling.alarms import Bools
from nba_assets.modeling.distribution import DECIMALS, Floats
from nba_assets.modeling.gates import sorted_ece
from nba_assets.modeling.graded_rows import COUNTS, SUMS, graded_rows, segments
from nba_assets.modeling.resampling import MICRO, Ints, intervals, micro
from nba_assets.modeling.slate import of
from nba_assets.scope import Scope

SEASON_DAYS = 365
DAYS = {"1d": 1, "7d": 7, "30d": 30, "season": SEASON_DAYS + 1}
LEAST_BETS = 300
"""Settled bets below which the verdict is `insufficient`."""
LEAST_COVERAGE_ROWS = 500


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """The rows of every date of `dates` on which an official prediction was settled.

    For each model, and for whichever model was official (`serving_points`, `serving_game`), live and backfill apart:
    all windows and segments that have anything in them. `scope` is ignored: a record belongs to all players.
    """
    table = contracts.table("model_performance_daily")
    rows = graded_rows(inputs)
    wanted = pd.DatetimeIndex(sorted(set(dates)))
    cells = [
        cell
        for (target, run_kind), kind in rows.groupby(["target", "run_kind"], sort=True)
        for label, own in _models(str(target), kind)
        for cell in _cells(own, wanted, model_version=label, target=target, run_kind=run_kind)
    ]
    if not cells:
        return frames.empty(table)
    out = pd.concat(cells, ignore_index=True)
    origin = origins(of(inputs, "nbac_schedule"))
    out["data_origin"] = out["game_date"].map(origin).fillna("real")
    return frames.conform(out, table)


def _models(target: str, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield f"serving_{target}", rows
    for version, own in rows.groupby("model_version", sort=True):
        yield str(version), own


@dataclass(frozen=True)
class Series:
    """Sums by date of one model's rows in one segment, and what calibration needs of the rows, by ascending p."""

    days: pd.DatetimeIndex
    season: Ints
    sums: dict[str, Ints]
    known_at: pd.Series[Any]
    row_day: Ints
    row_p: Floats
    row_over: Floats
    row_has_market: Bools


def _series(rows: pd.DataFrame) -> Series:
    days, day = np.unique(rows["game_date"].to_numpy(), return_inverse=True)
    sums = {}
    for name in SUMS:
        total = np.zeros(len(days), dtype=np.int64)
        np.add.at(total, day, micro(rows[name].to_numpy(dtype=float)))
        sums[name] = total
    scored = np.flatnonzero(rows["n_scored"].to_numpy() > 0)
    by_p = scored[np.argsort(rows["p"].to_numpy()[scored], kind="stable")]
    return Series(
        days=pd.DatetimeIndex(days),
        season=rows.groupby(day)["season"].max().to_numpy(dtype=np.int64),
        sums=sums,
        known_at=rows.groupby(day)["known_at"].max(),
        row_day=day[by_p],
        row_p=rows["p"].to_numpy()[by_p],
        row_over=rows["over"].to_numpy()[by_p],
        row_has_market=rows["has_market"].to_numpy(dtype=bool)[by_p],
    )


def _cells(rows: pd.DataFrame, wanted: pd.DatetimeIndex, **labels: Any) -> Iterator[pd.DataFrame]:
    """One frame per segment and window: a row for every wanted date on which the model has a settled prediction."""
    everything = _series(rows)
    at = everything.days[everything.days.isin(wanted)]
    if at.empty:
        return
    seasons = everything.season[np.searchsorted(everything.days, at)]
    usual: Floats | None = None
    for segment, part in segments(rows):
        series = _series(part) if segment != "all" else everything
        for window in reversed(WINDOWS):
            last = np.searchsorted(series.days, at, side="right")
            first = np.searchsorted(series.days, at - pd.Timedelta(days=DAYS[window] - 1))
            first = np.minimum(np.maximum(first, np.searchsorted(series.season, seasons)), last)
            cell = _figures(series, first, last)
            if segment == "all" and window == "season":
                usual = cell["line_coverage"].to_numpy()
            fell = usual if segment == "all" and window == "7d" else None
            cell["alarms"] = _alarms(series, first, last, fell, str(labels["target"]))
            cell = cell.assign(game_date=at, window=window, segment=segment, **labels)
            filled = (cell["n_rows"] > 0) | (cell["voids"] > 0)
            yield cell[filled]


def _window_sums(series: Series, first: Ints, last: Ints) -> dict[str, Floats]:
    """Sums over the dates [first, last) of every window, in the columns' units."""
    out = {}
    for name, values in series.sums.items():
        running = np.concatenate([[0], np.cumsum(values)])
        out[name] = (running[last] - running[first]) / MICRO
    return out


def _figures(series: Series, first: Ints, last: Ints) -> pd.DataFrame:
    total = _window_sums(series, first, last)
    out = pd.DataFrame({name: total[name].astype(np.int64) for name in COUNTS})
    days = np.concatenate([[0], np.cumsum(series.sums["n_rows"] > 0)])
    out["n_dates"] = days[last] - days[first]
    for name, (top, bottom) in RATIOS.items():
        out[name] = _ratio(total[top], total[bottom])
    for name in ("log_loss", "brier"):
        out[name] = out.pop(f"{name}_with_market").where(total["n_market"] > 0, out[name])
    for name, (top, bottom) in RESAMPLED.items():
        low, high = intervals(series.sums[top], series.sums[bottom], first, last)
        out[name] = _ratio(total[top], total[bottom])
        out[f"{name}_lo"], out[f"{name}_hi"] = low, high
    out["hit_rate_lo"], out["hit_rate_hi"] = out["hit_rate_lo"].clip(0, 1), out["hit_rate_hi"].clip(0, 1)
    out["roi_lo"] = out["roi_lo"].clip(lower=-1)
    out["ece"] = [_ece(series, low, high) for low, high in zip(first, last, strict=True)]
    numbers = out.select_dtypes("float64").columns
    out[numbers] = out[numbers].round(DECIMALS) + 0.0
    known = series.known_at
    out["known_at"] = [known.iloc[low:high].max() for low, high in zip(first, last, strict=True)]
    out["verdict"] = _verdicts(total["n_settled"], out["roi_lo"], out["roi_hi"])
    return out


RESAMPLED = {
    "hit_rate": ("wins", "n_decided"),
    "roi": ("profit", "n_settled"),
    "mae_diff": ("error_difference", "n_lined"),
}
"""Figures with an interval: sum over sum."""

RATIOS = {
    "mae": ("abs_error", "n_lined"),
    "line_mae": ("line_error", "n_lined"),
    "bias": ("signed_error", "n_biased"),
    "log_loss": ("log_loss", "n_scored"),
    "brier": ("brier", "n_scored"),
    "log_loss_with_market": ("log_loss_with_market", "n_market"),
    "brier_with_market": ("brier_with_market", "n_market"),
    "market_log_loss": ("market_log_loss", "n_market"),
    "market_brier": ("market_brier", "n_market"),
    "crps": ("crps", "n_crps"),
    "market_crps": ("market_crps", "n_crps"),
    "pinball": ("pinball", "n_crps"),
    "coverage": ("covered", "n_covered"),
    "mae_no_line": ("error_no_line", "n_no_line"),
    "mean_clv": ("clv", "n_clv"),
    "line_coverage": ("n_lined", "n_rows"),
}


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def _ece(series: Series, first: int, last: int) -> float:
    inside = (series.row_day >= first) & (series.row_day < last)
    priced = inside & series.row_has_market
    inside = priced if priced.any() else inside
    return sorted_ece(series.row_p[inside], series.row_over[inside])


def _verdicts(bets: Floats, low: pd.Series[float], high: pd.Series[float]) -> Any:
    return np.select([bets < LEAST_BETS, low > 0, high < 0], ["insufficient", "ahead", "behind"], "level")


def _alarms(series: Series, first: Ints, last: Ints, usual_coverage: Floats | None, target: str) -> list[list[str]]:
    total = _window_sums(series, first, last)
    if target == "game":
        found = alarms.game_leaks(total["n_no_line"], total["log_loss_no_line"], total["error_no_line"])
    else:
        found = alarms.leaks(total) | alarms.biased(total)
        if usual_coverage is not None:
            enough = total["n_rows"] >= LEAST_COVERAGE_ROWS
            coverage = _ratio(total["n_lined"], total["n_rows"])
            found["line_coverage_fell"] = enough & alarms.coverage_fell(coverage, usual_coverage)
    return [[name for name in found if found[name][row]] for row in range(len(first))]
