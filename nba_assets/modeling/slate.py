"""One row per player and game as known at the decision: features, context and lines, for training and serving alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.market_lines import consensus
from nba_assets.modeling import Inputs

KEY = ["game_date", "game_id", "player_id"]
"""With the date: a postponed game keeps its id and has rows on both dates."""

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
    rows["tip_at"] = rows["tip_at"].fillna(rows["decision_at"] + pd.Timedelta(minutes=30))
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
    """The rows (one per KEY) with the fields of the consensus of `lines` (as of `props`) as of column `at`."""
    asks = rows[[*KEY, "tip_at"]].assign(at=rows[at])
    found = consensus(lines, asks)
    fields = [name for name in found.columns if name not in (*KEY, "tip_at", "at")]
    clean = rows.drop(columns=[name for name in fields if name in rows.columns])
    return clean.merge(found[[*KEY, *fields]], on=KEY, how="left", validate="one_to_one")


def props(inputs: Inputs) -> pd.DataFrame:
    """Both feeds of player points props under one another."""
    feeds = [
        of(inputs, name).assign(feed=feed)
        for name, feed in (
            ("odds_api_player_points_props", "odds_api"),
            ("bettingpros_player_points_props", "bettingpros"),
        )
    ]
    filled = [feed for feed in feeds if not feed.empty]
    return pd.concat(filled, ignore_index=True) if filled else feeds[0]


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
    return np.asarray(pd.to_numeric(values).astype("Float64").to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
