"""Builds nba_precompute.player_rating: what a player adds to his team's result, and how long he is expected to play."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.scope import Scope
from nba_assets.transforms import Dates, Inputs, asks, windows
from nba_assets.transforms.adjusted_plus_minus import adjusted
from nba_assets.transforms.game_types import FORM, is_type
from nba_assets.transforms.pregame import counts, latest, with_inputs, within
from nba_assets.transforms.windows import Floats

DAYS = 730
RATE_HALF_LIFE, MINUTES_HALF_LIFE = 200.0, 30.0
"""Days after which a game counts half: for what he does, and for how long he plays."""
PRIOR_MINUTES = 300.0
"""Minutes at the league's mean (0 for plus-minus) that every player has before his first."""
PRIOR_GAMES, PRIOR_GAME_MINUTES = 5.0, 10.0
LEAGUE_GAME_SCORE, LEAGUE_POINTS = 0.342, 0.440
"""The league's means a minute, of 2017-18: what everybody is compared with."""
PLAYS, MISSED = 0.93, 0.9
"""Chance to play of who played his team's last game, and how fast it falls with games missed: PLAYS/(1 + MISSED·n)."""
DECIMALS = 4

GAME_SCORE = {
    "points": 1.0,
    "fgm": 0.4,
    "fga": -0.7,
    "fta": -0.4,
    "ftm": 0.4,
    "oreb": 0.7,
    "dreb": 0.3,
    "stl": 1.0,
    "ast": 0.7,
    "blk": 0.7,
    "pf": -0.4,
    "tov": -1.0,
}
"""John Hollinger's game score."""

SUMS = ("minutes", "plus_minus", "game_score", "points")


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """One row per registry player whose team plays on `dates`, as known 30 minutes before the tip.

    Quality: 10 a game that he played in the two years, at most 100.
    """
    table = contracts.table("player_rating")
    people = within(asks.players(inputs, dates), scope)
    n = len(people)
    summary = _visible(asks.of(inputs, "player_game_summary"), people)
    box = _box(summary)
    out = people[["game_date", "player_id", "game_id", "team", "season", "decision_at"]].copy()
    past = _past(people, box)
    out["games_n"] = counts(windows.count(past), n)
    rates, minutes = (_weighted(past, box, people, half) for half in (RATE_HALF_LIFE, MINUTES_HALF_LIFE))
    out["usual_minutes"] = _ratio(minutes["minutes"], minutes["games"])
    out["games_missed"] = _missed(people, past, _team_games(summary))
    out["expected_minutes"] = out["usual_minutes"] * plays(windows.floats(out["games_missed"]))
    out["long_minutes"] = (rates["minutes"] + PRIOR_GAMES * PRIOR_GAME_MINUTES) / (rates["games"] + PRIOR_GAMES)
    for name, column, mean in (
        ("plus_minus", "plus_minus", 0.0),
        ("game_score", "game_score", LEAGUE_GAME_SCORE),
        ("scoring", "points", LEAGUE_POINTS),
    ):
        out[name] = 36 * (rates[column] - mean * rates["minutes"]) / (rates["minutes"] + PRIOR_MINUTES)
    out["adjusted_plus_minus"], newest = adjusted(people, box)
    numbers = out.select_dtypes("float64").columns
    out[numbers] = out[numbers].round(DECIMALS) + 0.0
    known = np.maximum(windows.micros(latest(people["known_at"], past)), newest)
    out["known_at"] = pd.Series(known.astype("datetime64[us]"), index=out.index).dt.tz_localize("UTC")
    out["quality"] = np.minimum(10.0 * windows.floats(out["games_n"]), 100.0)
    used = {
        "nbac_schedule": np.full(n, True),
        "nbac_player_list": (people["team_source"] == "player_list").to_numpy(dtype=bool),
        "player_game_summary": (out["games_n"] > 0).to_numpy(dtype=bool),
    }
    return frames.conform(with_inputs(out, used), table)


def plays(missed: Floats) -> Floats:
    """Chance to play by the number of the team's games that he has missed in a row."""
    return np.asarray(PLAYS / (1.0 + MISSED * missed))


def _visible(summary: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Without the versions that were closed before anybody's decision on a later date: nobody sees those."""
    if people.empty:
        return summary.iloc[:0]
    firsts = people.groupby("game_date")["decision_at"].min().sort_index()
    moments = np.minimum.accumulate(windows.micros(firsts.reset_index(drop=True))[::-1])[::-1]
    after = np.searchsorted(windows.days(firsts.index.to_series()), windows.days(summary["game_date"]), side="right")
    first = np.append(moments, windows.NEVER)[after]
    open_ = summary["superseded_at"].isna().to_numpy()
    return summary[open_ | (windows.micros(summary["superseded_at"]) > first)]


def _box(summary: pd.DataFrame) -> pd.DataFrame:
    """All versions of played games that count, in canonical order, with `margin` and SUMS as floats.

    A row without a plus-minus has his share of the team's margin.
    """
    rows = summary[(summary["status"] == "played") & is_type(summary, FORM)]
    order = ["game_date", "game_id", "team", "player_id", "known_at"]
    rows = rows.sort_values(order, kind="stable", ignore_index=True)
    margin = windows.floats(rows["team_points"]) - windows.floats(rows["opponent_points"])
    minutes = np.nan_to_num(windows.floats(rows["minutes"]))
    plus_minus = windows.floats(rows["plus_minus"])
    score = sum(weight * np.nan_to_num(windows.floats(rows[name])) for name, weight in GAME_SCORE.items())
    return rows[[*order, "is_home", "superseded_at"]].assign(
        margin=margin,
        minutes=minutes,
        plus_minus=np.where(np.isnan(plus_minus), margin * minutes / 48, plus_minus),
        game_score=score,
        points=np.nan_to_num(windows.floats(rows["points"])),
    )


def _past(people: pd.DataFrame, box: pd.DataFrame) -> pd.DataFrame:
    """Pairs of the two years: `ask`, `place` in the box and `ago`, days."""
    rows = box[["game_date", "player_id", "known_at", "superseded_at"]]
    pairs = windows.history(people, rows.assign(place=np.arange(len(rows))), by="player_id", season=False)
    asked = windows.days(people["game_date"])[pairs["ask"].to_numpy()]
    pairs = pairs[["ask", "place", "game_date", "known_at"]].assign(ago=asked - windows.days(pairs["game_date"]))
    return pairs[pairs["ago"] <= DAYS].reset_index(drop=True)


def _weighted(past: pd.DataFrame, box: pd.DataFrame, people: pd.DataFrame, half_life: float) -> dict[str, Floats]:
    """Weighted sums of SUMS and of `games` by ask; a game counts 0.5^(days ago / half-life)."""
    ask, place = past["ask"].to_numpy(), past["place"].to_numpy()
    weight = 0.5 ** (past["ago"].to_numpy() / half_life)
    n = len(people)
    worth = {"games": np.ones(len(box))} | {name: box[name].to_numpy(dtype=float) for name in SUMS}
    return {
        name: np.asarray(np.bincount(ask, weights=weight * values[place], minlength=n), dtype=np.float64)
        for name, values in worth.items()
    }


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def _team_games(summary: pd.DataFrame) -> pd.DataFrame:
    """The teams' games that count, from when any row of them was known until the last was closed for good."""
    rows = summary[is_type(summary, FORM)]
    grouped = rows.assign(open=rows["superseded_at"].isna()).groupby(["game_date", "game_id", "season", "team"])
    games = grouped.agg(known_at=("known_at", "min"), until=("superseded_at", "max"), open=("open", "any"))
    games = games.reset_index()
    return games.assign(superseded_at=games["until"].mask(games["open"])).drop(columns=["until", "open"])


def _missed(people: pd.DataFrame, past: pd.DataFrame, team_games: pd.DataFrame) -> pd.Series[Any]:
    """His team's games of the season after the last that he played, for whichever team."""
    last = past.groupby("ask")["ago"].min().reindex(np.arange(len(people))).fillna(DAYS + 1).to_numpy()
    pairs = windows.history(people, team_games, by="team")
    ask = pairs["ask"].to_numpy()
    ago = windows.days(people["game_date"])[ask] - windows.days(pairs["game_date"])
    return pd.Series(np.bincount(ask[ago < last[ask]], minlength=len(people)), index=people.index)
