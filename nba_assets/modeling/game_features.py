"""What is known of a game before it: each side's players by the minutes they are expected for, rest, and the league.

Players count by expected minutes. Where the team has handed in an injury report, the report says who plays; else his
team's earlier games do (`player_rating.expected_minutes`). A side's minutes are scaled to five men on the floor, so
whoever is out hands his minutes to the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling import Inputs
from nba_assets.modeling.columns import floats, of
from nba_assets.modeling.distribution import Floats
from nba_assets.modeling.identity import within
from nba_assets.scope import Scope

GAME = ["game_date", "game_id"]
"""A postponed game keeps its id and has rows on both dates."""
SIDES = ("home", "away")

PLAYER = ("plus_minus", "game_score", "long_minutes", "adjusted_plus_minus")
MARGIN = (*PLAYER, "home_advantage", "tired", "busy")
"""Home minus away each: the players' sums, home advantage (0 on neutral ground), back-to-backs of the visitor less the
home side's, games of the last seven days."""
TOTAL = ("total_strength", "postseason", "missing_scoring")
"""Of both sides together; `missing_scoring` is what the side at hand scores more than its usual one."""
FEATURES = (*MARGIN, *TOTAL, "league_total", "strength")
"""All that a prediction is computed from; `strength` (home minus away) is for a side of whom no player is known."""

PLAYS = {"out": 0.0, "doubtful": 0.1, "questionable": 0.55, "probable": 0.93, "available": 0.93}
"""Chance to play by the status of a submitted report."""
ROTATION = 12.0
"""Usual minutes under which an available man is no surer to play than his team's earlier games say."""
FORGOTTEN = 20.0
"""Team games missed after which half of a man's minutes are no longer part of his team's usual side."""

HOME_ADVANTAGE, LEAGUE_TOTAL = 2.5, 222.0
"""Without a rating of the teams."""


def game_features(inputs: Inputs, dates: pd.DatetimeIndex, scope: Scope | None = None) -> pd.DataFrame:
    """One row per game of `dates` with both team contexts: GAME, season, home, away, tip_at, decision_at, FEATURES.

    Also `games` (fewest results of the two teams that were used), `has_players` (both sides have one with a history)
    and `rows_known_at`, the latest of the rows used (a report's is its team context's). Points; a side's sums are of
    five men on the floor.
    """
    games = within(matchups(of(inputs, "upcoming_team_game_context"), dates), scope).reset_index(drop=True)
    ratings = of(inputs, "team_rating")
    columns = ["strength", "total_strength", "home_advantage", "league_total", "games_n", "known_at"]
    players = _players(inputs, games)
    for side in SIDES:
        named = {name: f"{name}_{side}" for name in columns} | {"team": side}
        rated = ratings[[*GAME, "team", *columns]].rename(columns=named)
        games = games.merge(rated, on=[*GAME, side], how="left", validate="one_to_one")
        named = {name: f"{name}_{side}" for name in players.columns if name not in (*GAME, "team")} | {"team": side}
        games = games.merge(players.rename(columns=named), on=[*GAME, side], how="left", validate="one_to_one")
    both = {name: [floats(games[f"{name}_{side}"]) for side in SIDES] for name in (*PLAYER, "missing_scoring")}
    home, away = ({name: floats(games[f"{name}_{side}"]) for name in columns[:-1]} for side in SIDES)
    neutral = games["is_neutral"].fillna(False).to_numpy(dtype=bool)
    out = games[[*GAME, "season", "home", "away", "tip_at", "decision_at"]].copy()
    for name in PLAYER:
        out[name] = np.nan_to_num(both[name][0] - both[name][1])
    out["home_advantage"] = np.where(neutral, 0.0, _or(home["home_advantage"], HOME_ADVANTAGE))
    out["tired"], out["busy"] = games["tired"], games["busy"]
    out["total_strength"] = _or(home["total_strength"], 0.0) + _or(away["total_strength"], 0.0)
    out["postseason"] = games["season_phase"].isin(["playoffs", "play_in"]).to_numpy(dtype=float)
    out["missing_scoring"] = np.nan_to_num(sum(both["missing_scoring"]))
    out["league_total"] = _or(home["league_total"], LEAGUE_TOTAL)
    out["strength"] = _or(home["strength"], 0.0) - _or(away["strength"], 0.0)
    out["games"] = np.minimum(_or(home["games_n"], 0.0), _or(away["games_n"], 0.0))
    out["has_players"] = np.isfinite(both["plus_minus"][0] - both["plus_minus"][1])
    known = [name for name in games.columns if name.startswith("known_at")]
    out["rows_known_at"] = games[known].max(axis=1)
    return out


def _or(values: Floats, other: float) -> Floats:
    return np.where(np.isnan(values), other, values)


def matchups(context: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """One row per game of `dates` with both team contexts, in order: what they share, both teams, `tired` and `busy`.

    `known_at_context_home` and `known_at_context_away` are the contexts'.
    """
    rows = context[context["game_date"].isin(dates)]
    own = ["is_b2b", "games_last_7d", "known_at"]
    shared = [*GAME, "season", "season_phase", "tip_at", "decision_at", "is_neutral"]
    home = rows.loc[rows["is_home"], [*shared, "team", *own]].rename(columns={"team": "home"})
    away = rows.loc[~rows["is_home"], [*GAME, "team", *own]].rename(columns={"team": "away"})
    games = home.merge(away, on=GAME, suffixes=("_context_home", "_context_away"), validate="one_to_one")
    load = {name: [floats(games.pop(f"{name}_context_{side}").astype("Float64")) for side in SIDES] for name in own[:2]}
    games["tired"] = np.nan_to_num(load["is_b2b"][1] - load["is_b2b"][0])
    games["busy"] = np.nan_to_num(load["games_last_7d"][0] - load["games_last_7d"][1])
    return games.sort_values(GAME, kind="stable", ignore_index=True)


def _players(inputs: Inputs, games: pd.DataFrame) -> pd.DataFrame:
    """By GAME and team the sums of PLAYER, `missing_scoring` and `known_at_players`; no row without a history."""
    rated = of(inputs, "player_rating")
    rated = rated.merge(games[GAME], on=GAME)
    context = of(inputs, "upcoming_player_game_context")[[*GAME, "team", "player_id", "injury_status"]]
    rows = rated.merge(context, on=[*GAME, "team", "player_id"], how="left", validate="one_to_one")
    rows = rows.sort_values([*GAME, "team", "player_id"], kind="stable", ignore_index=True)
    usual = floats(rows["usual_minutes"])
    rows["weight"] = expected_minutes(rows)
    rows["usual"] = usual * 0.5 ** (floats(rows["games_missed"]) / FORGOTTEN)
    rows = rows[usual > 0]
    groups = rows.groupby([*GAME, "team"], sort=True)
    team = groups.ngroup().to_numpy()
    out = groups["known_at"].max().rename("known_at_players").reset_index()
    for name in PLAYER:
        out[name] = _five(rows, team, name, "weight")
    out["missing_scoring"] = _five(rows, team, "scoring", "weight") - _five(rows, team, "scoring", "usual")
    return out


def expected_minutes(rows: pd.DataFrame) -> Floats:
    """Minutes a man is expected for: by the report if his team has submitted one, else by its earlier games.

    rows: player_rating with `injury_status`, null without a submitted report.
    """
    guess, usual = floats(rows["expected_minutes"]), floats(rows["usual_minutes"])
    status = rows["injury_status"]
    told = usual * np.asarray(status.map(PLAYS), dtype=np.float64)
    fringe = (status == "available").fillna(False).to_numpy(dtype=bool) & (usual < ROTATION)
    return np.asarray(np.where(np.isnan(told) | fringe, guess, told), dtype=np.float64)


def _five(rows: pd.DataFrame, team: np.ndarray[Any, Any], name: str, weight: str) -> Floats:
    """Sum over five men on the floor: five times the mean weighted by minutes; NaN for a side without minutes."""
    minutes = floats(rows[weight])
    above, below = np.bincount(team, weights=minutes * floats(rows[name])), np.bincount(team, weights=minutes)
    return np.asarray(5 * np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0), dtype=np.float64)
