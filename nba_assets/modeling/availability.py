"""P(plays): who is likely to be on the floor, as known half an hour before the tip.

Three things are known of a man then. How often he has been there lately: a logistic regression of having played on his
last games, fitted once on the real seasons 2017-18 to 2020-21 (175,000 rows on the players' lists; log loss 0.35 to
0.37 on the seasons after) and kept as constants, so that no stage reads another one's in-sample output. What the
injury report says: the league's own meaning of its words. Whether he has a line: of a man who would have one if he
were to play its absence is news (Bayes' rule), of one who never has one it is none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats
from nba_assets.modeling.distribution import Floats

COEFFICIENTS = {
    "intercept": -0.127,
    "played_last": 0.096,
    "missed_one": 0.412,
    "missed_two": 0.222,
    "share": 2.599,
    "games": -1.238,
    "minutes": 0.221,
    "minutes_played_last": 3.244,
    "minutes_share": -1.317,
    "days": -0.429,
    "never": 0.606,
    "same_team": 0.14,
    "first_of_season": 0.042,
    "minutes_first": 1.334,
}
"""Log odds of playing; the terms are those of `_terms`."""

REPORTED = {"out": 0.0, "doubtful": 0.25, "questionable": 0.5, "probable": 0.75}
"""P(plays) of a man so listed: the league's definition of its designations."""
AVAILABLE_ODDS = 5.0
"""Odds that a report which does not list him adds."""

WITH_LINE = 0.97
"""P(plays) of a man with a line (real lines of 2024-25: 96.6 %)."""
LINED_INTERCEPT, LINED_SLOPE = -0.464, 1.388
"""Log odds that a man who plays has a line, by his points above the least of a team mate who has one, in threes;
real lines of 2024-25."""
LEAST_LINED = 3
"""Men of a team with a line from which on a missing one says something."""
PER = 3.0
LEAST, MOST = 0.005, 0.97


def p_plays(rows: pd.DataFrame) -> Floats:
    """P(plays) of every row of a slate, 0 to 1.

    Reads game_date, game_id, team, consensus_line, injury_status, points_ew8, minutes_ew8, days_since_last,
    is_same_team, team_games_missed, team_games_played_l10, team_games_n_l10.
    """
    p = np.clip(_by_history(rows), LEAST, MOST)
    status = rows["injury_status"].astype(object)
    odds = p / (1.0 - p) * np.where((status == "available").to_numpy(), AVAILABLE_ODDS, 1.0)
    lined = np.isfinite(floats(rows["consensus_line"]))
    odds = odds * np.where(lined, 1.0, 1.0 - WITH_LINE * _would_have_a_line(rows, lined))
    p = np.where(lined, WITH_LINE, np.clip(odds / (1.0 + odds), LEAST, MOST))
    for word, share in REPORTED.items():
        p = np.where((status == word).to_numpy(), share, p)
    return np.asarray(p, dtype=np.float64)


def _by_history(rows: pd.DataFrame) -> Floats:
    terms = _terms(rows)
    logit = np.full(len(rows), COEFFICIENTS["intercept"])
    for name, values in terms.items():
        logit = logit + COEFFICIENTS[name] * values
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _terms(rows: pd.DataFrame) -> dict[str, Floats]:
    """What the log odds are linear in: presence in the team's last games, usual minutes, days since he last played."""
    missed = floats(rows["team_games_missed"])
    played, games = floats(rows["team_games_played_l10"]), floats(rows["team_games_n_l10"])
    games = np.nan_to_num(games)
    share = np.where(games > 0, np.nan_to_num(played) / np.maximum(games, 1.0), 0.5)
    minutes = np.nan_to_num(floats(rows["minutes_ew8"])) / 30.0
    there, new = (missed == 0).astype(float), np.isnan(missed).astype(float)
    same = floats(rows["is_same_team"].astype("Float64"))
    return {
        "played_last": there,
        "missed_one": (missed == 1).astype(float),
        "missed_two": (missed == 2).astype(float),
        "share": share,
        "games": games / 10.0,
        "minutes": minutes,
        "minutes_played_last": minutes * there,
        "minutes_share": minutes * share,
        "days": np.log1p(np.nan_to_num(floats(rows["days_since_last"]), nan=400.0)),
        "never": np.isnan(floats(rows["minutes_ew8"])).astype(float),
        "same_team": np.nan_to_num(same),
        "first_of_season": new,
        "minutes_first": minutes * new,
    }


def _would_have_a_line(rows: pd.DataFrame, lined: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """P(he has a line | he plays): 0 where too few of his team have one."""
    form = floats(rows["points_ew8"])
    key = [rows[name] for name in ("game_date", "game_id", "team")]
    least = pd.Series(np.where(lined, form, np.nan)).groupby(key).transform("min").to_numpy()
    count = pd.Series(lined.astype(float)).groupby(key).transform("sum").to_numpy()
    above = (np.nan_to_num(form) - least) / PER
    share = 1.0 / (1.0 + np.exp(-(LINED_INTERCEPT + LINED_SLOPE * above)))
    return np.where((count >= LEAST_LINED) & np.isfinite(share), share, 0.0)
