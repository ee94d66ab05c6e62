"""How many of a team's usual starters did not play."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms.game_types import FORM, is_type
from nba_assets.transforms.game_versions import GAME, known

LAST, STARTS = 10, 5
"""A usual starter started at least so many of the team's last games."""
LOOKBACK = pd.Timedelta(days=60)
"""How far back they may lie."""

_EARLIER = {"game_date": "day", "game_id": "earlier"}


def starters_missing(rows: pd.DataFrame, moments: pd.DataFrame, players: pd.DataFrame) -> pd.Series[Any]:
    """Per row (a team at a moment) the listed players who are usual starters and did not play, index 0, 1, ...

    Null where no starter of its last games is known. rows: moment, GAME, team, season. players: history of
    player_game_summary from 60 days before. The last 10 games of the season before the date count, as known at the
    moment.
    """
    asks = rows[["moment", *GAME, "team", "season"]].reset_index(drop=True)
    asks = asks.assign(ask=np.arange(len(asks)), at=moments["at"].take(asks["moment"].to_numpy()).array)
    history = players[is_type(players, FORM)].rename(columns=_EARLIER)
    last = _last_games(asks, history)
    starts = history.loc[history["is_starter"].fillna(False).astype(bool), _versions("day", "earlier")]
    started = last.merge(starts, on=["team", "day", "earlier"])
    started = started[known(started)]
    counted = started.groupby(["ask", "player_id"]).size()
    usual = counted[counted >= STARTS].rename("starts").reset_index()
    absent = players.loc[players["status"] != "played", _versions(*GAME)]
    men = asks.merge(usual, on="ask").merge(absent, on=[*GAME, "team", "player_id"])
    found = (
        men[known(men)].groupby("ask").size().reindex(asks["ask"], fill_value=0).astype("Int64").reset_index(drop=True)
    )
    return found.where(asks["ask"].isin(started["ask"]))


def _versions(*of: str) -> list[str]:
    return [*of, "team", "player_id", "known_at", "superseded_at"]


def _last_games(asks: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """ask, at, team, day, earlier: the last games of each ask's team that were known at its time."""
    of_game = ["day", "earlier", "team", "season"]
    grouped = history.assign(open=history["superseded_at"].isna()).groupby(of_game)
    games = grouped.agg(
        known_at=("known_at", "min"), until=("superseded_at", "max"), open=("open", "any")
    ).reset_index()
    games["superseded_at"] = games["until"].mask(games["open"])
    pairs = asks[["ask", "at", "game_date", "team", "season"]].merge(games, on=["team", "season"])
    near = (pairs["day"] < pairs["game_date"]) & (pairs["day"] >= pairs["game_date"] - LOOKBACK)
    pairs = pairs[near & known(pairs)].sort_values(["ask", "day", "earlier"], ascending=[True, False, False])
    return pairs.loc[pairs.groupby("ask").cumcount() < LAST, ["ask", "at", "team", "day", "earlier"]]
