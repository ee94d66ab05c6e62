"""What the models' track record and the newest slate say is wrong, as causes that somebody is told of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from nba_assets.contracts.nba_predictions.model_performance_daily import MARKET
from nba_assets.league import league_date
from nba_assets.publishing.slate import official
from nba_assets.storage.records import Cause

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

RECORD, SAID = "model_performance_daily", "player_points_predictions"
LOOKED_BACK = dt.timedelta(days=10)
"""An older track record is of a season that is over."""
SHOWN = {
    "bias": ("bias",),
    "coverage": ("coverage", "coverage_nominal"),
    "calibration": ("ece", "ece_noise"),
    "line_coverage_fell": ("line_coverage",),
    "one_sided": ("n_bets",),
    "all_pass": ("n_bets",),
    "log_loss_too_good": ("log_loss",),
    "bet_hit_rate_too_good": ("hit_rate",),
}
"""By alarm the figures of the row that say it; of the others those of `ELSE`."""
ELSE = ("mae", "line_mae")
COLUMNS = (
    *("game_date", "model_version", "target", "run_kind", "window", "segment", "compared_with", "n_rows", "n_lined"),
    *("n_dates", "alarms", "data_origin"),
)
UNREADY = ("critical_feature_missing", "low_quality")
HALF, MORE = 0.5, 0.25
"""Share of a slate without features that is an alarm, if it is so much above the share of the days before."""


def model_alarms(platform: Platform) -> list[Cause]:
    """Alarms of the newest track record: one cause per alarm and model, of whoever is official or of a challenger."""
    last = _newest(platform, RECORD)
    if last is None:
        return []
    figures = sorted({name for names in (*SHOWN.values(), ELSE) for name in names} - set(COLUMNS))
    rows = platform.warehouse.read(RECORD, dates=(last, last), columns=[*COLUMNS, *figures])
    told = rows[rows["model_version"].str.startswith("serving_") | (rows["compared_with"] != MARKET)]
    single = told.explode("alarms").dropna(subset="alarms")
    largest = single.sort_values(["n_rows", "segment", "window"], kind="stable").drop_duplicates(
        ["alarms", "model_version"], keep="last"
    )
    return [_cause(row, last) for row in largest.sort_values(["alarms", "model_version"]).to_dict("records")]


def slate_without_features(platform: Platform) -> list[Cause]:
    """Half of the newest slate passes for want of features, which it did not in the days before: one cause."""
    last = _newest(platform, SAID)
    if last is None:
        return []
    columns = ["game_date", "game_id", "player_id", "role", "run_kind", "decision_at", "reasons"]
    rows = platform.warehouse.read(SAID, dates=(last - LOOKED_BACK, last), columns=columns)
    rows = official(rows, ["game_date", "game_id", "player_id"])
    unready = rows["reasons"].map(lambda reasons: bool(set(UNREADY) & set(reasons))).groupby(rows["game_date"])
    shares, counts = unready.mean(), unready.sum()
    now, before = float(shares.iloc[-1]), shares.iloc[:-1]
    if before.empty or now < HALF or now < float(before.median()) + MORE:
        return []
    return [
        Cause(
            "slate_without_features",
            f"slate_without_features|{last}",
            f"{int(counts.iloc[-1]):,} of {len(rows[rows['game_date'] == pd.Timestamp(last)]):,} players of {last} pass"
            f" because features are missing ({now:.0%}, usually {float(before.median()):.0%}): nba-assets status --date"
            f" {last} says which table waits for what",
        )
    ]


def _newest(platform: Platform, table: str) -> dt.date | None:
    """The newest date with rows that is no older than `LOOKED_BACK`."""
    days = list(platform.warehouse.versions(table))
    last = dt.date.fromisoformat(days[-1]) if days else None
    return None if last is None or last < league_date(platform.clock.now()) - LOOKED_BACK else last


def _cause(row: dict[Any, Any], last: dt.date) -> Cause:
    alarm, model = row["alarms"], row["model_version"]
    numbers = ", ".join(f"{name} {row[name]:.4g}" for name in SHOWN.get(alarm, ELSE) if not pd.isna(row[name]))
    return Cause(
        "model_alarms",
        f"model_alarms|{alarm}|{model}",
        f"{alarm} of {model} ({row['run_kind']}, {row['window']}, {row['segment']}): {numbers}; N {row['n_rows']:,} on"
        f' {row["n_dates"]:,} dates to {last}, {row["data_origin"]} data: nba-assets query "SELECT * FROM'
        f" nba_predictions.{RECORD} WHERE game_date = DATE '{last}' AND model_version = '{model}'\"",
    )
