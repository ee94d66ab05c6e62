"""The close: what the decision's books said last before the tip, and how the line moved in the bet's favour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.market_lines import KEY, props
from nba_assets.modeling import Inputs
from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import DECIMALS
from nba_assets.modeling.slate import with_lines

LATEST = pd.Timedelta(minutes=30)
"""A capture longer before the tip is not a close."""

FIELDS = {
    "consensus_line": "closing_line",
    "market_p_over": "closing_p_over",
    "line_captured_at": "closing_captured_at",
    "line_value": "closing_value",
}


def with_close(predictions: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The predictions with closing_line, closing_p_over, closing_captured_at, clv_points and clv_p.

    The close is the consensus at the tip of the books that had a line at `decision_at`; null unless its newest
    capture is newer than the decision's and at most 30 minutes before the tip. CLV is for bets: OVER close - line,
    UNDER line - close; in probability only where the close is at the decision's own line.
    """
    moments = [*KEY, "decision_at"]
    asks = predictions.loc[predictions["line_captured_at"].notna(), [*moments, "tip_at", "line_captured_at"]]
    lines = props(inputs)
    asks = asks[asks["game_id"].isin(_games_with_a_close(asks, lines))].drop_duplicates(moments)
    once = asks.groupby(asks.groupby(KEY).cumcount())
    found = pd.concat([_closes(asks.iloc[:0], lines), *(_closes(part, lines) for _, part in once)])
    rows = predictions.merge(found, on=moments, how="left", validate="many_to_one")
    side = np.select([rows["decision"] == "OVER", rows["decision"] == "UNDER"], [1.0, -1.0], np.nan)
    line, close = floats(rows["line_value"]), floats(rows["closing_line"])
    moved = floats(rows["closing_p_over"]) - floats(rows["market_p_over"])
    rows["clv_points"] = side * (close - line)
    rows["clv_p"] = np.round(np.where(floats(rows["closing_value"]) == line, side * moved, np.nan), DECIMALS)
    return rows


def _games_with_a_close(asks: pd.DataFrame, lines: pd.DataFrame) -> pd.Series[Any]:
    """Games with a capture after a decision's line and near enough to the tip."""
    captures = lines[["game_id", "captured_at"]].drop_duplicates()
    games = asks.groupby("game_id").agg(line=("line_captured_at", "min"), tip=("tip_at", "max")).reset_index()
    pairs = captures.merge(games, on="game_id")
    late = (pairs["captured_at"] > pairs["line"]) & (pairs["captured_at"] < pairs["tip"])
    return pairs.loc[late & (pairs["captured_at"] >= pairs["tip"] - LATEST), "game_id"]


def _closes(asks: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """KEY, decision_at and the values of FIELDS, of asks (one per KEY) that have a close."""
    books = lines[[*KEY, "book", "known_at"]].merge(asks[[*KEY, "decision_at"]], on=KEY)
    books = books.loc[books["known_at"] <= books["decision_at"], [*KEY, "book"]].drop_duplicates()
    rows = with_lines(asks[[*KEY, "decision_at", "tip_at"]], lines.merge(books, on=[*KEY, "book"]), at="tip_at")
    rows = rows.merge(asks[[*KEY, "line_captured_at"]], on=KEY, suffixes=("", "_then"))
    captured = rows["line_captured_at"]
    late = (captured > rows["line_captured_at_then"]) & (captured >= rows["tip_at"] - LATEST)
    return rows.loc[late, [*KEY, "decision_at", *FIELDS]].rename(columns=FIELDS)
