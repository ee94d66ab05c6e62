"""Training rows: what was known before a game beside what happened in it, as a refit may know them."""

from __future__ import annotations

import pandas as pd

from nba_assets.market_lines import KEY
from nba_assets.modeling.stages import TRUTH


def played(
    rows: pd.DataFrame, truth: pd.DataFrame, at: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:
    """Slate rows of first .. last whose player played, with `actual` (points) and actual_minutes, _fga, _fta.

    Of slate and box scores (`truth`: versions of player_game_summary) only what was known at `at`, UTC. Sorted by key.
    """
    known = (truth["known_at"] <= at) & ~(truth["superseded_at"] <= at)
    use = truth[known & (truth["status"] == "played") & truth["game_date"].between(first, last)]
    chosen = rows[rows["game_date"].between(first, last) & (rows["rows_known_at"] <= at)]
    actual = use[[*KEY, *TRUTH]].rename(columns={name: f"actual_{name}" for name in TRUTH})
    actual = actual.rename(columns={"actual_points": "actual"}).dropna(subset=["actual"])
    joined = chosen.merge(actual, on=KEY, how="inner", validate="one_to_one")
    return joined.sort_values(KEY, kind="stable", ignore_index=True)
