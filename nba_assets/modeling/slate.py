"""One row per player and game as known at the decision: features, context and lines, for training and serving alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.decision_time import LEAD
from nba_assets.market_lines import FIELDS, KEY, consensus, props
from nba_assets.modeling import Inputs

STORE = tuple(feature.name for feature in FEATURES)
CONTEXT = (
    "line_move",
    "minutes_avg_l5",
    "minutes_avg_l10",
    "days_rest",
    "spread",
    "total",
    "implied_points",
    "vacated_usage",
    "star_teammates_out",
)
CACHE = (
    "games_n_season",
    "prior_season_games",
    "prior_season_points_avg",
    "prior_season_minutes_avg",
    "minutes_avg_season",
)
LINE = (
    "consensus_line",
    "line_minus_last_5",
    "line_minus_last_10",
    "line_minus_season",
    "line_range",
    "n_books",
)
FEATURE_NAMES: tuple[str, ...] = (*STORE, *CONTEXT, *LINE)
"""Features of the residual model in their order: at most 40, appended to, never reordered."""


def of(inputs: Inputs, name: str) -> pd.DataFrame:
    """The input frame, or its empty frame if it was not handed in."""
    frame = inputs.get(name)
    return frames.empty(contracts.table(name)) if frame is None else frame


def slate(inputs: Inputs, dates: pd.DatetimeIndex | None = None) -> pd.DataFrame:
    """Rows of ml_feature_store (on `dates`, else all) with context, cache and lines as of `decision_at`.

    Columns: those of the feature store, `tip_at`, CONTEXT, CACHE, `injury_status`, the fields of
    `market_lines.consensus`, LINE differences (points), `known_at_assumed` (a line's capture time is only a receipt),
    `rows_known_at` (latest of the rows joined).
    Sorted by game date, game and player.
    """
    rows = of(inputs, "ml_feature_store")
    if dates is not None:
        rows = rows[rows["game_date"].isin(dates)]
    rows = rows.sort_values(KEY, kind="stable", ignore_index=True)
    context = of(inputs, "upcoming_player_game_context")[
        [*KEY, "tip_at", "injury_status", *CONTEXT, "known_at"]
    ].rename(columns={"known_at": "context_known_at"})
    cache = of(inputs, "player_daily_cache")[["game_date", "player_id", *CACHE, "known_at"]].rename(
        columns={"known_at": "cache_known_at"}
    )
    rows = rows.merge(context, on=KEY, how="left", validate="one_to_one")
    rows = rows.merge(cache, on=["game_date", "player_id"], how="left", validate="many_to_one")
    rows["tip_at"] = rows["tip_at"].fillna(rows["decision_at"] + LEAD)
    lines = props(inputs)
    rows = with_lines(rows, lines)
    rows["known_at_assumed"] = _assumed(rows, lines)
    line = rows["consensus_line"]
    rows["line_minus_last_5"] = line - rows["points_avg_last_5"]
    rows["line_minus_last_10"] = line - rows["points_avg_last_10"]
    rows["line_minus_season"] = line - rows["points_avg_season"]
    known = rows[["known_at", "context_known_at", "cache_known_at"]].max(axis=1)
    rows["rows_known_at"] = known.where(known <= rows["decision_at"], rows["decision_at"])
    return rows


def with_lines(rows: pd.DataFrame, lines: pd.DataFrame, at: str = "decision_at") -> pd.DataFrame:
    """The rows, index 0, 1, ..., with the fields of the consensus of `lines` (props with their feed) as of `at`."""
    rows = rows.reset_index(drop=True)
    found = consensus(lines, rows[[*KEY, "tip_at"]].assign(at=rows[at]))
    return pd.concat([rows, found[list(FIELDS)]], axis=1)


def _assumed(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.Series[Any]:
    """Whether a line of the player known at the decision has a `known_at` that is only a receipt time."""
    doubtful = lines.loc[lines["known_at_assumed"].fillna(False), [*KEY, "known_at"]]
    first = doubtful.groupby(KEY)["known_at"].min().rename("doubt").reset_index()
    pairs = rows[[*KEY, "decision_at"]].merge(first, on=KEY, how="left")
    return pairs["doubt"] <= pairs["decision_at"]


def matrix(
    rows: pd.DataFrame, names: tuple[str, ...] | list[str] = FEATURE_NAMES
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The features as floats, NaN for null, columns in the order of `names`."""
    columns = [floats(rows[name]) for name in names]
    return np.column_stack(columns) if columns else np.empty((len(rows), 0))


def floats(values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A nullable number column as floats, NaN for null."""
    numbers = pd.to_numeric(values)
    plain = numbers.to_numpy() if isinstance(numbers.dtype, np.dtype) else numbers.to_numpy(float, na_value=np.nan)
    return np.asarray(plain, dtype=np.float64)
