"""A player's exponentially weighted form: his last 100 games of this season and the last, the newest count most.

A game that lies n - 1 games back weighs 0.5^((n - 1)/h), h the half-life in games: what exponential smoothing (R. G.
Brown, 1959) gives with the factor 1 - 0.5^(1/h). Seasons are not told apart: a role outlasts the summer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms import windows
from nba_assets.transforms.pregame import by_ask, counts, latest
from nba_assets.transforms.windows import Floats, mean, weighted

GAMES = 100
HALF_LIVES = {
    "minutes": (3, 8, 25),
    "points": (3, 8, 25, 80),
    "shots": (3, 8, 25, 80),
    "fta": (25,),
    "fg3a": (25,),
    "usage_rate": (25,),
    "pf": (8,),
}
"""By number of a game the half-lives, in games; `shots` are FGA + 0.44 FTA."""


def weighted_form(people: pd.DataFrame, box: pd.DataFrame) -> dict[str, Any]:
    """Columns `<number>_ew<half-life>` and of the last games, by ask; and `form_known_at`.

    people: asks with game_date, decision_at, player_id, team. box: versions of games with `played` and the numbers.
    """
    asks, rows = _coded(people, box)
    past = windows.history(asks, rows, by="player", season=False, newest=GAMES)
    n = len(people)
    found: dict[str, Any] = {
        f"{name}_ew{games}": by_ask(weighted(past, name, games), n)
        for name, half_lives in HALF_LIVES.items()
        for games in half_lives
    }
    newest, second = past[past["n"] == 1], past[past["n"] == 2]
    return found | {
        "minutes_last": by_ask(mean(newest, "minutes"), n),
        "minutes_before_last": by_ask(mean(second, "minutes"), n),
        "games_n_form": counts(windows.count(past), n),
        "days_since_last": _days_since(people, newest),
        "is_same_team": _same_team(asks, newest),
        "form_known_at": latest(people["known_at"], past),
    }


def _coded(people: pd.DataFrame, box: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Asks and played games with numbers for players and teams: millions of pairs are taken of them."""
    rows = box[box["played"]]
    numbers = rows[["game_date", "known_at", "superseded_at", *HALF_LIVES]]
    codes = {name: pd.Index(pd.concat([rows[name], people[name]]).unique()) for name in ("player_id", "team")}
    asks, games = (
        frame.assign(
            player=codes["player_id"].get_indexer(side["player_id"]), club=codes["team"].get_indexer(side["team"])
        )
        for frame, side in ((people[["game_date", "decision_at"]], people), (numbers, rows))
    )
    return asks, games


def games_for_team(people: pd.DataFrame, past: pd.DataFrame, team_past: pd.DataFrame, games: pd.DataFrame) -> Floats:
    """How many of his team's last ten games of the season each ask's player played for it, by ask.

    past: pairs of the asks with his games of the season, with `played`. team_past: pairs of `games` (rows of
    `team_games`) with their teams' games.
    """
    key = ["game_date", "game_id", "team"]
    place = games[key].assign(place=np.arange(len(games)))
    at = people[key].merge(place, on=key, how="left")["place"].to_numpy()
    codes = pd.Index(pd.concat([past["game_id"], team_past["game_id"]]).unique())
    own, team_code = past[past["played"]], pd.Index(pd.concat([past["team"], people["team"]]).unique())
    asks = own["ask"].to_numpy()
    for_team = team_code.get_indexer(pd.Index(own["team"])) == team_code.get_indexer(pd.Index(people["team"]))[asks]
    ten = windows.last(team_past, 10)
    there = ten["ask"].to_numpy() * len(codes) + codes.get_indexer(pd.Index(ten["game_id"]))
    played = at[asks] * len(codes) + codes.get_indexer(pd.Index(own["game_id"]))
    return np.bincount(asks[for_team & np.isin(played, there)], minlength=len(people)).astype(np.float64)


def _days_since(people: pd.DataFrame, newest: pd.DataFrame) -> Floats:
    out = np.full(len(people), np.nan)
    asks = newest["ask"].to_numpy()
    out[asks] = windows.days(people["game_date"])[asks] - windows.days(newest["game_date"])
    return out


def _same_team(asks: pd.DataFrame, newest: pd.DataFrame) -> windows.Flags:
    out = np.zeros(len(asks), dtype=bool)
    at = newest["ask"].to_numpy()
    out[at] = newest["club"].to_numpy() == asks["club"].to_numpy()[at]
    return out
