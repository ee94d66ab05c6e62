"""A player's points without the line: minutes times volume times efficiency, each a model of its own.

Minutes given he plays; volume: shooting possessions (FGA + 0.44 FTA) a minute; efficiency: points a shooting
possession. Each is a LightGBM regression on the real history of all seasons before the one it serves, fitted on
1 September: it has seen no game of the season that it speaks of, so its output is out of fold wherever it is used, and
no stage is fitted on another one's output.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats, matrix
from nba_assets.modeling.distribution import Floats

SEED = 20_171_017
LEAST_ROWS = 5_000
"""Rows of players who played below which a stage is not fitted and the shrunk rates of `simple` stand in."""

PARAMS: dict[str, Any] = {
    "objective": "regression",
    "learning_rate": 0.04,
    "num_leaves": 31,
    "min_data_in_leaf": 200,
    "lambda_l2": 10.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "bin_construct_sample_cnt": 1_000_000,
}

FORM = (
    *("minutes_ew3", "minutes_ew8", "minutes_ew25", "points_ew3", "points_ew8", "points_ew25", "points_ew80"),
    *("shots_ew3", "shots_ew8", "shots_ew25", "shots_ew80", "fta_ew25", "fg3a_ew25", "usage_rate_ew25", "pf_ew8"),
    *("games_n_form", "games_n_season", "games_with_team", "is_same_team", "prior_season_points_avg"),
)
RECENT = ("minutes_last", "minutes_before_last", "days_since_last", "team_games_missed", "team_games_played_l10")
GAME = (
    *("days_rest", "back_to_back", "games_last_14d", "home_away", "rest_advantage", "playoff_game"),
    *("team_pace", "team_off_rating", "opponent_def_rating", "opponent_pace", "minutes_std_l10"),
)
MATES = (
    *("p_play", "mates_minutes", "mates_shots", "mates_points", "minutes_share"),
    *("gone_minutes", "gone_shots", "opponent_points"),
)
VOLUME = ("volume_shrunk", "volume_shrunk_ew8", "volume_shrunk_ew3", "shots_share")

LEAGUE_VOLUME, LEAGUE_EFFICIENCY = 0.42, 1.09
"""Shooting possessions a minute and points a shooting possession of the league's seasons 2017-18 to 2023-24."""
PRIOR_MINUTES, PRIOR_SHOTS = 60.0, 60.0
"""Minutes and shooting possessions that the league's rates are worth: about three games."""
PRIOR_GAMES, PRIOR_MEAN = 3.0, 15.0
"""Games that the minutes of an unknown man are worth."""
WEIGHT_GAMES = {"ew3": 3.0, "ew8": 8.0, "ew25": 25.0}
"""Games that weighted means are about."""
LEAST_POINTS, MOST_POINTS = 5.0, 20.0
"""Bounds of a training row's weight: who scores more is asked about more often."""


@dataclass(frozen=True)
class Stage:
    """A stage: its features, its trees, and target of the training rows; `exposure` is what a rate is a rate of."""

    name: str
    features: tuple[str, ...]
    trees: int
    target: Callable[[pd.DataFrame], Floats]
    exposure: Callable[[pd.DataFrame], Floats] | None = None
    low: float = 0.0
    high: float = 48.0


def _minutes(rows: pd.DataFrame) -> Floats:
    return np.asarray(np.maximum(floats(rows["actual_minutes"]), 1.0))


def _shots(rows: pd.DataFrame) -> Floats:
    return np.asarray(floats(rows["actual_fga"]) + 0.44 * floats(rows["actual_fta"]))


def _volume(rows: pd.DataFrame) -> Floats:
    return np.asarray(_shots(rows) / _minutes(rows), dtype=np.float64)


def _efficiency(rows: pd.DataFrame) -> Floats:
    shots = _shots(rows)
    return np.asarray(np.where(shots > 0, floats(rows["actual"]) / np.where(shots > 0, shots, 1.0), 0.0))


STAGES = (
    Stage("minutes", (*FORM, *RECENT, *GAME, *MATES), 300, lambda rows: floats(rows["actual_minutes"])),
    Stage("volume", (*FORM, *GAME, *MATES, *VOLUME), 250, _volume, _minutes, 0.02, 1.2),
    Stage(
        "efficiency",
        (
            *("efficiency_shrunk", "points_ew25", "points_ew80", "shots_ew25", "shots_ew80", "fta_ew25", "fg3a_ew25"),
            *("usage_rate_ew25", "minutes_ew25", "opponent_def_rating", "home_away", "mates_shots", "back_to_back"),
            "games_n_form",
        ),
        150,
        _efficiency,
        _shots,
        0.6,
        1.6,
    ),
)
"""In the order in which they are multiplied."""

TRUTH = ("points", "minutes", "fga", "fta")
"""What training reads of what happened; `actual` are the points, `actual_<name>` the others."""


def with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows `with_team_mates` with VOLUME and efficiency_shrunk: rates of the weighted form, shrunk to the league's.

    Empirical Bayes with a prior worth PRIOR_MINUTES minutes and PRIOR_SHOTS shooting possessions. `shots_share` is his
    share of the team's expected shooting possessions.
    """
    volume = {form: _volume_of(rows, form) for form in WEIGHT_GAMES}
    games = _games(rows, "ew25")
    points, shots = np.nan_to_num(floats(rows["points_ew80"])), np.nan_to_num(floats(rows["shots_ew80"]))
    own = floats(rows["shots_ew8"])
    found = {
        "volume_shrunk": volume["ew25"],
        "volume_shrunk_ew8": volume["ew8"],
        "volume_shrunk_ew3": volume["ew3"],
        "shots_share": own / np.maximum(floats(rows["mates_shots"]) + own, 1.0),
        "efficiency_shrunk": (points * games + LEAGUE_EFFICIENCY * PRIOR_SHOTS) / (shots * games + PRIOR_SHOTS),
    }
    return pd.concat([rows, pd.DataFrame(found, index=rows.index)], axis=1)


def _games(rows: pd.DataFrame, form: str) -> Floats:
    return np.asarray(np.minimum(np.nan_to_num(floats(rows["games_n_form"])), WEIGHT_GAMES[form]))


def _volume_of(rows: pd.DataFrame, form: str) -> Floats:
    games = _games(rows, form)
    minutes, shots = (np.nan_to_num(floats(rows[f"{name}_{form}"])) for name in ("minutes", "shots"))
    return np.asarray((shots * games + LEAGUE_VOLUME * PRIOR_MINUTES) / (minutes * games + PRIOR_MINUTES))


def weights(stage: Stage, rows: pd.DataFrame) -> Floats:
    """Weight of each training row: the points of his weighted form, within bounds, times the exposure of a rate."""
    points = np.clip(np.nan_to_num(floats(rows["points_ew25"])), LEAST_POINTS, MOST_POINTS)
    return np.asarray(points if stage.exposure is None else points * stage.exposure(rows))


def fit(stage: Stage, rows: pd.DataFrame) -> str:
    """The booster's text of a stage, from rows with features and what happened; one thread, so that bytes are equal."""
    options = PARAMS | {"seed": SEED, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1}
    data = lgb.Dataset(
        matrix(rows, stage.features),
        label=stage.target(rows),
        weight=weights(stage, rows),
        feature_name=list(stage.features),
    )
    return str(lgb.train(options, data, num_boost_round=stage.trees).model_to_string())


def simple(rows: pd.DataFrame, stage: Stage) -> Floats:
    """What stands in for a stage that is not fitted: weighted form, shrunk."""
    if stage.name != "minutes":
        return floats(rows[f"{stage.name}_shrunk"])
    games = np.minimum(np.nan_to_num(floats(rows["games_n_form"])), 8.0)
    minutes = np.nan_to_num(floats(rows["minutes_ew8"]))
    return np.asarray((minutes * games + PRIOR_MEAN * PRIOR_GAMES) / (games + PRIOR_GAMES))


@functools.lru_cache(maxsize=48)
def _booster(text: str) -> lgb.Booster:
    return lgb.Booster(model_str=text)


def predict(rows: pd.DataFrame, stage: Stage, text: str | None) -> Floats:
    """The stage's output for rows `with_team_mates` and `with_rates`: minutes, or a rate, within its range."""
    if text is None or rows.empty:
        return np.asarray(np.clip(simple(rows, stage), stage.low, stage.high))
    said = np.asarray(_booster(text).predict(matrix(rows, stage.features), num_threads=1))
    return np.asarray(np.clip(said, stage.low, stage.high))


def text_hash(text: str) -> str:
    """sha256 of a booster's UTF-8 text."""
    return hashlib.sha256(text.encode()).hexdigest()
