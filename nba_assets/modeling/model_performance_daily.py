"""Builds nba_predictions.model_performance_daily: the track record by model, window and segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_predictions.model_performance_daily import MARKET, WINDOWS
from nba_assets.data_origin import origins
from nba_assets.modeling import Dates, Inputs, alarms
from nba_assets.modeling.alarms import Bools
from nba_assets.modeling.columns import of
from nba_assets.modeling.day_sums import MICROSECOND, DaySums, Windows
from nba_assets.modeling.distribution import DECIMALS, Floats
from nba_assets.modeling.graded_rows import COUNTS, SUMS, graded_rows, segments
from nba_assets.modeling.recipes import recipes
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
    "coverage_nominal": ("covered_expected", "n_nominal"),
    "log_loss_diff": ("log_loss_difference", "n_market"),
    "crps_diff": ("crps_difference", "n_crps"),
    "mean_clv": ("clv", "n_clv"),
    "line_coverage": ("n_lined", "n_rows"),
}
"""Figures that are a sum over a sum."""

ANY = (-np.inf, np.inf)
RESAMPLED = {"hit_rate": (0.0, 1.0), "roi": (-1.0, np.inf), "mae_diff": ANY, "log_loss_diff": ANY, "crps_diff": ANY}
OF_ALL = ("log_loss_diff", "crps_diff")
"""Those of segment `all` alone: a season's segments would take half of the table's time."""
"""Those with an interval, and what they cannot pass."""


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """The rows of every date of `dates` on which an official prediction was settled.

    For each model, and for whichever model was official (`serving_points`, `serving_game`), live and backfill apart:
    all windows and segments that have anything in them. For each challenger's recipe its rows beside the official ones,
    as one segment, `all`. `scope` is ignored: a record belongs to all players.
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
    out = pd.concat([out, _figures(sums, windows, (out["segment"] == "all").to_numpy())], axis=1)
    of_version = recipes(of(inputs, "points_model"))
    names = zip(out["recipe"], out["model_version"], strict=True)
    out["recipe"] = [recipe or of_version.get(version) for recipe, version in names]
    out["alarms"] = _alarms(sums, windows, out)
    out["data_origin"] = out["game_date"].map(origins(of(inputs, "nbac_schedule"))).fillna("real")
    return frames.conform(out, table)


def _series(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Ints]]:
    """Labels of every series (`whole`: the position of its model's segment `all`) and the positions of its rows."""
    found: list[dict[str, Any]] = []
    series: list[Ints] = []
    for (target, run_kind), kind in rows.groupby(["target", "run_kind"], sort=True):
        for name, rival, own, split in _models(str(target), kind):
            whole = len(series)
            for segment, part in segments(own) if split else (("all", own),):
                names = {"model_version": name, "target": target, "run_kind": run_kind, "segment": segment}
                recipe = None if rival == MARKET else name
                found.append(names | {"compared_with": rival, "recipe": recipe, "whole": whole})
                series.append(part.index.to_numpy(dtype=np.int64))
    return pd.DataFrame(found), series


def _models(target: str, rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame, bool]]:
    """Whose rows, compared with what, the rows, and whether segments of them are wanted."""
    official = rows[rows["recipe"].isna()]
    serving = f"serving_{target}"
    if len(official):
        yield serving, MARKET, official, True
    for version, own in official.groupby("model_version", sort=True):
        yield str(version), MARKET, own, True
    for recipe, own in rows[rows["recipe"].notna()].groupby("recipe", sort=True):
        yield str(recipe), serving, own, False


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


def _figures(sums: DaySums, windows: Windows, whole: Bools) -> pd.DataFrame:
    """The figures of every window; `whole`: whether it is of segment `all`."""
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
        chosen = whole if name in OF_ALL else np.ones(len(whole), dtype=bool)
        ends = np.full((2, len(whole)), np.nan)
        own = windows[chosen]
        ends[:, chosen] = intervals(sums.by_day[top], sums.by_day[bottom], own.first, own.last)
        out[f"{name}_lo"], out[f"{name}_hi"] = np.clip(ends, least, most)
    out["n_clv"] = total["n_clv"].astype(np.int64)
    out["ece"], out["ece_noise"] = sums.ece(windows, whole)
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
    """The alarms of every row, by name; a week's line coverage and bets are compared with the season's."""
    total = sums.totals(windows)
    figure = {name: out[name].to_numpy(dtype=float) for name in ("coverage", "coverage_nominal", "ece", "ece_noise")}
    games, whole = (out["target"] == "game").to_numpy(), (out["segment"] == "all").to_numpy()
    week = whole & (out["window"] == "7d").to_numpy()
    usual, bets = _of_the_season(out, "line_coverage"), _of_the_season(out, "n_bets")
    of_points = alarms.leaks(total) | alarms.biased(total)
    of_points |= alarms.miscovered(total["n_nominal"], figure["coverage"], figure["coverage_nominal"])
    calibrated = np.where(total["n_market"] > 0, total["n_market"], total["n_scored"])
    of_points |= alarms.miscalibrated(calibrated, figure["ece"], figure["ece_noise"])
    of_points |= {name: raised & whole for name, raised in alarms.one_sided(total).items()}
    coverage = out["line_coverage"].to_numpy(dtype=float)
    of_points["line_coverage_fell"] = alarms.coverage_fell(total["n_rows"], coverage, usual) & week
    of_points["all_pass"] = alarms.all_pass(total["n_lined"], total["n_bets"], bets) & week
    found = {name: raised & ~games for name, raised in of_points.items()}
    without_lines = (total["n_no_line"], total["log_loss_no_line"], total["error_no_line"])
    found |= {name: raised & games for name, raised in alarms.game_leaks(*without_lines).items()}
    names = np.asarray(list(found), dtype=object)
    return [names[row].tolist() for row in np.column_stack(list(found.values()))]


def _of_the_season(out: pd.DataFrame, name: str) -> Floats:
    """For every row the figure of its date's and model's whole season so far."""
    model = ["game_date", "model_version", "run_kind"]
    season = out[(out["segment"] == "all") & (out["window"] == "season")].set_index(model)[name]
    return np.asarray(season.reindex(pd.MultiIndex.from_frame(out[model])), dtype=float)
