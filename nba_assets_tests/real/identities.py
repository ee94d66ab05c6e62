"""What the formulas promise of any season: numbers of a game that fit together whatever they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

GAME_SIDE = ["game_id", "team"]
CLOSE = 1e-9
"""Relative: a few roundings of a double."""


def broken(players: pd.DataFrame, teams: pd.DataFrame) -> dict[str, list[str]]:
    """By identity the games (or `game team`) that break it, none if all keep it.

    players, teams: current rows of player_game_summary and team_offense_game_summary, of the same games.
    """
    return {
        "both teams have the same possessions and pace": _two_paces(teams),
        "net ratings add up to zero": _net_ratings(teams),
        "a team's offensive rebounds and the opponent's defensive ones are all there were": _rebounds(teams),
        "usage times minutes adds up to 100 times the length of the game": _usage(players),
    }


def capped(players: pd.DataFrame) -> pd.DataFrame:
    """Rows of players whose usage is at its cap, or null though they used plays: their teams' sum says nothing."""
    used = players[["fga", "fta", "tov"]].fillna(0).sum(axis=1) > 0
    return players[(players["usage_rate"] >= 100.0) | (players["usage_rate"].isna() & used)]


def _two_paces(teams: pd.DataFrame) -> list[str]:
    found = teams.groupby("game_id")[["possessions", "pace"]].nunique(dropna=False)
    sizes = teams.groupby("game_id").size()
    return sorted(found.index[(found > 1).any(axis=1) | (sizes != 2)])


def _net_ratings(teams: pd.DataFrame) -> list[str]:
    total = teams.groupby("game_id")["net_rating"].sum()
    return sorted(total.index[total.abs() > 100 * CLOSE])


def _rebounds(teams: pd.DataFrame) -> list[str]:
    other = teams[[*GAME_SIDE, "dreb_pct"]].rename(columns={"team": "opponent", "dreb_pct": "theirs"})
    both = teams[["game_id", "team", "opponent", "oreb_pct"]].merge(other, on=["game_id", "opponent"], how="left")
    off = ~((both["oreb_pct"] + both["theirs"] - 1.0).abs() <= CLOSE)
    return _named(both[off])


def _usage(players: pd.DataFrame) -> list[str]:
    without = pd.MultiIndex.from_frame(capped(players)[GAME_SIDE])
    rows = players[~pd.MultiIndex.from_frame(players[GAME_SIDE]).isin(without)]
    length = 48.0 + 5.0 * rows["ot_periods"].astype("float64")
    parts = rows.assign(part=rows["usage_rate"] * rows["minutes"] / length)
    total = parts.groupby(GAME_SIDE)["part"].sum().reset_index()
    return _named(total[~np.isclose(total["part"], 100.0, rtol=CLOSE, atol=0.0)])


def _named(rows: pd.DataFrame) -> list[str]:
    return sorted(rows["game_id"].astype(str) + " " + rows["team"].astype(str))
