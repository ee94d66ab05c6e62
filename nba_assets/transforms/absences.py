"""What a player's absent team mates leave: stars out, and the usage and minutes they vacate.

Team mates are the other men whom the latest injury report known at the decision lists for the team. An absence that is
already in a player's own last games is no news: each mate counts by the share of those games in which he played.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.transforms import injury_reports, windows, workload
from nba_assets.transforms.asks import GAME

WINDOW = 10
GAME_MINUTES = 48.0
STAR_GAMES, STAR_POINTS, STAR_MINUTES, STAR_MINUTES_POINTS = 10, 18.0, 28.0, 12.0
"""A star has 10 games of the season and 18 points a game, or 28 minutes and 12 points."""

TEAM_GAME = [*GAME, "team"]


def left_behind(
    people: pd.DataFrame, own_ten: pd.DataFrame, listed: pd.DataFrame, played: pd.DataFrame, submitted: pd.Series[Any]
) -> pd.DataFrame:
    """Per player's game: star_teammates_out, teammates_questionable, vacated_usage, vacated_minutes, known_at.

    people: asks with TEAM_GAME, player_id, season, decision_at. own_ten: pairs of their last ten played games.
    listed: `injury_reports.latest_statuses`. played: all versions of played games with points, minutes, usage_rate,
    usage_minutes, is_regular. All null where the team had not submitted a report; vacated_* also where a mate is absent
    and the man himself has no games.
    """
    moments = people[[*TEAM_GAME, "season", "decision_at"]].drop_duplicates(TEAM_GAME)
    listed = listed.merge(moments, on=TEAM_GAME).sort_values([*TEAM_GAME, "player_id"], ignore_index=True)
    absent = listed[listed["injury_status"].isin(injury_reports.ABSENT)].reset_index(drop=True)
    past = windows.history(absent, played, by="player_id")
    absent = absent.assign(**_worth(absent, past))
    mates = _mates(people, absent)
    own_n = workload.of_all(windows.count(own_ten), people)
    share = _shares(mates, own_ten, past, len(absent)) / windows.floats(own_n)[mates["ask"].to_numpy()]
    mates = mates.assign(
        usage=share * windows.floats(mates["usage"]) * windows.floats(mates["minutes"]) / GAME_MINUTES,
        minutes=share * windows.floats(mates["minutes"]),
    )
    questionable = _mates(people, listed[listed["injury_status"] == "questionable"])
    n = np.arange(len(people))
    told = own_n.notna().to_numpy(dtype=bool) | ~np.isin(n, mates["ask"])
    out = pd.DataFrame(
        {
            "star_teammates_out": workload.of_all(windows.count(mates[mates["is_star"]]), people).fillna(0),
            "teammates_questionable": workload.of_all(windows.count(questionable), people).fillna(0),
            "vacated_usage": windows.total(mates, "usage").reindex(n).fillna(0.0).where(told),
            "vacated_minutes": windows.total(mates, "minutes").reindex(n).fillna(0.0).where(told),
        }
    )
    out[~submitted.to_numpy(dtype=bool)] = None
    return out.assign(known_at=_known(people, absent, past))


def _worth(absent: pd.DataFrame, past: pd.DataFrame) -> dict[str, Any]:
    """Usage (weighted by minutes) and minutes of each absent man's last ten games, and whether he is a star."""
    ten, regular = windows.last(past, WINDOW), past[past["is_regular"]]
    n = np.arange(len(absent))
    points = windows.floats(windows.mean(regular, "points").reindex(n))
    minutes = windows.floats(windows.mean(regular, "minutes").reindex(n))
    scorer = (points >= STAR_POINTS) | ((minutes >= STAR_MINUTES) & (points >= STAR_MINUTES_POINTS))
    return {
        "usage": windows.ratio(ten, "usage_minutes", "minutes").reindex(n),
        "minutes": windows.mean(ten, "minutes").reindex(n),
        "is_star": scorer & (windows.floats(windows.count(regular).reindex(n)) >= STAR_GAMES),
    }


def _mates(people: pd.DataFrame, men: pd.DataFrame) -> pd.DataFrame:
    """Pairs of an ask and another of the men of his team: `ask`, `man` (position in `men`) and the columns of `men`."""
    own = people[[*TEAM_GAME, "player_id"]].assign(ask=np.arange(len(people))).rename(columns={"player_id": "himself"})
    pairs = own.merge(men.assign(man=np.arange(len(men))), on=TEAM_GAME)
    pairs = pairs[pairs["player_id"] != pairs["himself"]]
    return pairs.sort_values(["ask", "man"], kind="stable", ignore_index=True)


def _shares(mates: pd.DataFrame, own_ten: pd.DataFrame, past: pd.DataFrame, men: int) -> windows.Floats:
    """Per pair of `mates`: in how many of the ask's last games the man played, as known at the decision."""
    codes = pd.Index(pd.concat([own_ten["game_id"], past["game_id"]]).unique())
    own = own_ten[["ask"]].assign(game=codes.get_indexer(pd.Index(own_ten["game_id"])))
    pairs = mates[["ask", "man"]].assign(mate=np.arange(len(mates))).merge(own, on="ask")
    there = past["ask"].to_numpy() + men * codes.get_indexer(pd.Index(past["game_id"]))
    together = np.isin(pairs["man"].to_numpy() + men * pairs["game"].to_numpy(), there)
    return np.bincount(pairs["mate"].to_numpy()[together], minlength=len(mates)).astype(np.float64)


def _known(people: pd.DataFrame, absent: pd.DataFrame, past: pd.DataFrame) -> pd.Series[Any]:
    """The latest `known_at` of the games of the team's absent men."""
    newest = past.groupby("ask")["known_at"].max()
    by_team = absent[TEAM_GAME].assign(known_at=newest.reindex(absent.index)).groupby(TEAM_GAME).max()
    found = people[TEAM_GAME].merge(by_team.reset_index(), on=TEAM_GAME, how="left")
    return found["known_at"].set_axis(people.index)
