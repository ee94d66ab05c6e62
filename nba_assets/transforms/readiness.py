"""Whether a finished game can be built, and if not, what it waits for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.league import FORFEIT_SCORES
from nba_assets.transforms import Dates, Inputs
from nba_assets.transforms.box_scores import BoxScores, at_moments, box_moments, schedule_of
from nba_assets.transforms.game_versions import GAME

NOT_FINAL = "schedule not final"
NO_BOX = "no box score yet"


def games_of(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """Every game of `dates` with what it still waits for: game_date, game_id, reason, not_before.

    reason: '' if it can be built. not_before: where one box source is there alone, when two hours have passed since the
    final was known; its rows are known from then on. Postponed, forfeited and All-Star games are not listed. Sorted by
    date and game.
    """
    schedule = schedule_of(inputs, dates)
    current = schedule[schedule["superseded_at"].isna() & ~schedule["is_postponed"].fillna(False)]
    forfeited = current[["home_score", "away_score"]].isin(list(FORFEIT_SCORES)).all(axis=1)
    games = current.loc[~forfeited, GAME].drop_duplicates().sort_values(GAME, ignore_index=True)
    last = box_moments(inputs, dates).groupby(GAME)["at"].max().rename("at").reset_index()
    state = at_moments(inputs, dates, last)
    found = state.moments[[*GAME, "alone_until"]].assign(reason=reasons(state))
    out = games.merge(found, on=GAME, how="left").rename(columns={"alone_until": "not_before"})
    out["reason"] = out["reason"].astype(object).where(out["reason"].notna(), NOT_FINAL)
    return out[[*GAME, "reason", "not_before"]]


def reasons(state: BoxScores) -> pd.Series[Any]:
    """Per moment what the game waits for, '' if for nothing.

    In this order: the schedule's final; a box score; where there is one only, two hours since the final; points of
    each side's players that add up to the score; a player for everybody who played, for all sums are of players.
    """
    told = state.moments
    waits = [
        (~told["final"], pd.Series(NOT_FINAL, index=told.index)),
        (told["sources"].map(len) == 0, pd.Series(NO_BOX, index=told.index)),
        (told["at"] < told["alone_until"], _alone(told)),
        *_points(state),
        _unresolved(state),
    ]
    flags = [flag.to_numpy(dtype=bool) for flag, _ in waits]
    return pd.Series(np.select(flags, [text.to_numpy(dtype=object) for _, text in waits], ""), index=told.index)


def _alone(told: pd.DataFrame) -> pd.Series[Any]:
    one = told["sources"].map(lambda names: names[0] if names else "")
    until = told["alone_until"].dt.strftime("%Y-%m-%d %H:%M UTC")
    text: pd.Series[Any] = "only " + one + ": the other box score, or " + until
    return text


def _points(state: BoxScores) -> list[tuple[pd.Series[Any], pd.Series[Any]]]:
    found = []
    told = state.moments
    for side in ("away", "home"):
        team, score = told[f"{side}_tricode"], told[f"{side}_score"].astype("Int64")
        own = state.rows.merge(team.rename("side"), left_on="moment", right_index=True)
        own = own[own["team_tricode"] == own["side"]]
        points = own.groupby("moment")["pts"].sum().reindex(told.index, fill_value=0).astype("Int64")
        text = team.astype(object) + ": players' points " + points.astype(str)
        text = text + " do not add up to the score " + score.astype(str)
        found.append(((points != score).fillna(True).astype(bool), text))
    return found


def _unresolved(state: BoxScores) -> tuple[pd.Series[Any], pd.Series[Any]]:
    lost = state.rows[state.rows["player_id"].isna() & state.rows["played"]]
    lost = lost.sort_values(["moment", "team_tricode", "player_name"], kind="stable")
    label = lost["player_name"].astype(object) + " (" + lost["team_tricode"].astype(object) + ")"
    points = lost.groupby("moment")["pts"].sum()
    names = label.groupby(lost["moment"]).agg(", ".join)
    text = ("no league id for " + names + ", who scored " + points.astype(str)).reindex(state.moments.index)
    return text.notna(), text
