"""Builds nba_predictions.model_performance_daily: the track record by model, window and segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_predictions.model_performance_daily import WINDOWS
from nba_assets.data_origin import origins
from nba_assets.modeling import Dates, Inputs, alarms
from nba_assets.modeling.columns import of
from nba_assets.modeling.day_sums import MICROSECOND, DaySums, Windows
from nba_assets.modeling.distribution import DECIMALS, Floats
from nba_assets.modeling.graded_rows import COUNTS, SUMS, graded_rows, segments
from nba_assets.modeling.resampling import Ints, intervals
from nba_assets.scope import Scope

DAYS = {"1d": 1, "7d": 7, "30d": 30, "season": 366}
"""Longest reach of each window; `season` begins with the season of the date's games."""

LEAST_BETS = 300
"""Settled bets below which the verdict is `insufficient`."""

RATIOS = {
    "hit_rate": ("wins", "n_decided"),
    "roi": ("profit", "n_settled"),
    "mae_diff": ("error_difference", "n_lined"),
    "mae": ("abs_error", "n_lined"),
    "line_mae": ("line_error", "n_lined"),
    "bias": ("signed_error", "n_biased"),
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
"""Figures that are a sum over a sum."""

RESAMPLED = {"hit_rate": (0.0, 1.0), "roi": (-1.0, np.inf), "mae_diff": (-np.inf, np.inf)}
"""Those with an interval, and what they cannot pass."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """The rows of every date of `dates` on which an official prediction was settled.

    For each model, and for whichever model was official (`serving_points`, `serving_game`), live and backfill apart:
    all windows and segments that have anything in them. `scope` is ignored: a record belongs to all players.
    """
    table = contracts.table("model_performance_daily")
    rows = graded_rows(inputs)
    labels, series = _series(rows)
    if labels.empty:
        return frames.empty(table)
    sums = DaySums(rows, series, SUMS)
    wanted = np.sort(pd.DatetimeIndex(list(dates)).unique().to_numpy().astype(MICROSECOND))
    windows, names = _windows(sums, labels, wanted)
    total = sums.totals(windows)
    filled = (total["n_rows"] > 0) | (total["voids"] > 0)
    windows, names = windows[filled], names[filled]
    if not len(names):
        return frames.empty(table)
    out = labels.drop(columns="whole").iloc[windows.series].reset_index(drop=True)
    out["game_date"], out["window"] = windows.day, names
    out = pd.concat([out, _figures(sums, windows)], axis=1)
    out["alarms"] = _alarms(sums, windows, out)
    out["data_origin"] = out["game_date"].map(origins(of(inputs, "nbac_schedule"))).fillna("real")
    return frames.conform(out, table)


def _series(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Ints]]:
    """Labels of every series (`whole`: the position of its model's segment `all`) and the positions of its rows."""
    found: list[dict[str, Any]] = []
    series: list[Ints] = []
    for (target, run_kind), kind in rows.groupby(["target", "run_kind"], sort=True):
        for version, own in _models(str(target), kind):
            whole = len(series)
            for segment, part in segments(own):
                names = {"model_version": version, "target": target, "run_kind": run_kind, "segment": segment}
                found.append(names | {"whole": whole})
                series.append(part.index.to_numpy(dtype=np.int64))
    return pd.DataFrame(found), series


def _models(target: str, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield f"serving_{target}", rows
    for version, own in rows.groupby("model_version", sort=True):
        yield str(version), own


def _windows(sums: DaySums, labels: pd.DataFrame, wanted: Any) -> tuple[Windows, Any]:
    """Every window of every series, for the wanted dates on which its model has a settled prediction."""
    found, names = [], []
    for number, whole in enumerate(labels["whole"]):
        days = sums.days_of(whole)
        ends = days[np.isin(days, wanted)]
        seasons = sums.season[sums.offset[whole] : sums.offset[whole + 1]][np.isin(days, wanted)]
        for name in WINDOWS:
            found.append(sums.windows(number, ends, seasons, DAYS[name]))
            names.append(np.full(len(ends), name, dtype=object))
    parts = (np.concatenate([getattr(one, part) for one in found]) for part in ("series", "first", "last", "day"))
    return Windows(*parts), np.concatenate(names)


def _figures(sums: DaySums, windows: Windows) -> pd.DataFrame:
    total = sums.totals(windows)
    out: dict[str, Any] = {name: total[name].astype(np.int64) for name in COUNTS}
    out["n_dates"] = sums.dates_with("n_rows", windows)
    for name, (top, bottom) in RATIOS.items():
        out[name] = _ratio(total[top], total[bottom])
    for name in ("log_loss", "brier"):
        priced = _ratio(total[f"{name}_with_market"], total["n_market"])
        out[name] = np.where(total["n_market"] > 0, priced, _ratio(total[name], total["n_scored"]))
    for name, (least, most) in RESAMPLED.items():
        top, bottom = RATIOS[name]
        low, high = intervals(sums.by_day[top], sums.by_day[bottom], windows.first, windows.last)
        out[f"{name}_lo"], out[f"{name}_hi"] = np.clip(low, least, most), np.clip(high, least, most)
    out["ece"] = sums.ece(windows)
    frame = pd.DataFrame(out)
    numbers = frame.select_dtypes("float64").columns
    frame[numbers] = frame[numbers].round(DECIMALS) + 0.0
    frame["known_at"] = sums.newest(windows)
    frame["verdict"] = np.select(
        [total["n_settled"] < LEAST_BETS, frame["roi_lo"] > 0, frame["roi_hi"] < 0],
        ["insufficient", "ahead", "behind"],
        "level",
    )
    return frame


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def _alarms(sums: DaySums, windows: Windows, out: pd.DataFrame) -> list[list[str]]:
    """The alarms of every row, by name; a week's line coverage is compared with the season's."""
    total = sums.totals(windows)
    games = (out["target"] == "game").to_numpy()
    model = ["game_date", "model_version", "run_kind"]
    season = out[(out["segment"] == "all") & (out["window"] == "season")].set_index(model)["line_coverage"]
    usual = season.reindex(pd.MultiIndex.from_frame(out[model])).to_numpy(dtype=float)
    week = ((out["segment"] == "all") & (out["window"] == "7d")).to_numpy()
    fell = alarms.coverage_fell(total["n_rows"], out["line_coverage"].to_numpy(dtype=float), usual)
    found = {name: raised & ~games for name, raised in (alarms.leaks(total) | alarms.biased(total)).items()}
    found["line_coverage_fell"] = fell & week & ~games
    without_lines = (total["n_no_line"], total["log_loss_no_line"], total["error_no_line"])
    found |= {name: raised & games for name, raised in alarms.game_leaks(*without_lines).items()}
    names = np.asarray(list(found), dtype=object)
    return [names[row].tolist() for row in np.column_stack(list(found.values()))]
