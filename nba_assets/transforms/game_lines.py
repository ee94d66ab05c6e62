"""What the market said of a player's finished game: the close, the opening, and where his points ended."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import market_lines
from nba_assets.transforms.game_versions import GAME
from nba_assets.transforms.windows import floats

KEY = market_lines.KEY
RESULTS = {1.0: "over", -1.0: "under", 0.0: "push"}
_CLOSE = {
    "consensus_line": "closing_line",
    "line_source": "line_source",
    "line_captured_at": "line_captured_at",
    "minutes_to_tip": "minutes_to_tip",
}


def with_lines(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The rows with closing and opening line, margin and result, and `has_<feed>`: the feed was there for the game.

    rows: KEY, moment, at, tip_at, points. lines: props with `feed`. The close is the consensus of each book's last
    capture before the tip, the opening of each book's first, both as known at the row's moment.
    """
    rows = _with_known(rows.reset_index(drop=True), lines)
    asks = rows.loc[rows["props_at"].notna(), [*KEY, "tip_at", "props_at"]].rename(columns={"props_at": "at"})
    asks = asks.drop_duplicates(ignore_index=True)
    found = asks.assign(opening_line=market_lines.opening(lines, asks)["opening_line"])
    close = market_lines.consensus(lines, asks, max_age=None)
    for name, ours in _CLOSE.items():
        found[ours] = close[name]
    found = found.rename(columns={"at": "props_at"})
    rows = rows.merge(found, on=[*KEY, "tip_at", "props_at"], how="left", validate="many_to_one")
    margin = floats(rows["points"]) - floats(rows["closing_line"])
    rows["line_margin"] = margin
    rows["line_result"] = pd.Series(np.sign(margin), index=rows.index).map(RESULTS)
    return rows


def _with_known(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The rows with `has_<feed>` and `props_at`: when the newest props of the game known at the moment were known."""
    times = lines[[*GAME, "feed", "captured_at", "known_at"]].drop_duplicates()
    asked = rows[[*GAME, "moment", "at", "tip_at"]].drop_duplicates("moment")
    pairs = asked.merge(times, on=GAME)
    pairs = pairs[(pairs["captured_at"] < pairs["tip_at"]) & (pairs["known_at"] <= pairs["at"])]
    rows = rows.merge(pairs.groupby("moment")["known_at"].max().rename("props_at"), on="moment", how="left")
    for feed in market_lines.FEEDS.values():
        rows[f"has_{feed}"] = rows["moment"].isin(pairs.loc[pairs["feed"] == feed, "moment"])
    return rows
