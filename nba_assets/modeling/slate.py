"""One row per player and game as known at the decision: features, context and lines, for training and serving alike."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES
from nba_assets.contracts.prediction_columns import CACHE, CONTEXT, FORM, PRESENCE
from nba_assets.decision_time import LEAD
from nba_assets.market_lines import FIELDS, KEY, consensus, props
from nba_assets.modeling import Inputs
from nba_assets.modeling.columns import of
from nba_assets.modeling.own_points import with_own_points
from nba_assets.modeling.stages import with_rates
from nba_assets.modeling.team_mates import with_team_mates

STORE = tuple(feature.name for feature in FEATURES)
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


def slate(inputs: Inputs, dates: pd.DatetimeIndex | None = None) -> pd.DataFrame:
    """The `features` of every row with what the stages of its season say of it (`own_points.with_own_points`)."""
    return with_own_points(features(inputs, dates), of(inputs, "stage_models"))


def features(inputs: Inputs, dates: pd.DatetimeIndex | None = None) -> pd.DataFrame:
    """Rows of ml_feature_store (on `dates`, else all) with context, cache, lines and team mates as of `decision_at`.

    Columns: those of the feature store, `tip_at`, CONTEXT, PRESENCE, CACHE, FORM, `injury_status`, the fields of
    `market_lines.consensus`, LINE differences (points), those of `with_team_mates` and `with_rates`,
    `known_at_assumed` (a line's capture time is only a receipt), `rows_known_at` (latest of the rows joined, of all
    of the game: a man's line is news for his team mates). Sorted by game date, game and player.
    """
    rows = of(inputs, "ml_feature_store")
    if dates is not None:
        rows = rows[rows["game_date"].isin(dates)]
    rows = rows.sort_values(KEY, kind="stable", ignore_index=True)
    context = of(inputs, "upcoming_player_game_context")[
        [*KEY, "tip_at", "injury_status", *CONTEXT, *PRESENCE, "known_at"]
    ].rename(columns={"known_at": "context_known_at"})
    cache = of(inputs, "player_daily_cache")[["game_date", "player_id", *CACHE, *FORM, "known_at"]].rename(
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
    known = rows[["known_at", "context_known_at", "cache_known_at", "line_known_at"]].max(axis=1)
    known = known.groupby([rows["game_date"], rows["game_id"]]).transform("max")
    rows["rows_known_at"] = known.where(known <= rows["decision_at"], rows["decision_at"])
    return with_rates(with_team_mates(rows))


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
