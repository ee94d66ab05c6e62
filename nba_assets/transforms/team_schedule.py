"""A team's season on the schedule as known at a decision: rest, travel, record, and what comes next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets import league
from nba_assets.league import FINAL
from nba_assets.transforms import windows, workload
from nba_assets.transforms.asks import COUNTED
from nba_assets.transforms.season_phase import EARLY, MID
from nba_assets.transforms.windows import Floats

EARTH_RADIUS = 3958.8
"""Mean radius, miles."""
LOOK_AHEAD, NEXT_WEEK = 14, 7
"""Days of the schedule after the date that are read, and that `games_next_7d` counts."""


def team_rows(schedule: pd.DataFrame) -> pd.DataFrame:
    """All versions of games that count and are not postponed, a row a side: `host` (home side), is_final, margin."""
    rows = schedule[schedule["season_type"].isin(COUNTED) & ~schedule["is_postponed"].fillna(False).astype(bool)]
    same = ["game_date", "game_id", "season", "season_type", "is_neutral", "known_at", "superseded_at"]
    scored = rows["home_score"].notna() & rows["away_score"].notna()
    shared = rows[same].assign(
        host=rows["home_tricode"],
        is_final=((rows["game_status"] == FINAL).fillna(False) & scored).astype(bool),
        margin=(rows["home_score"] - rows["away_score"]).astype("Int64"),
    )
    home = shared.assign(team=rows["home_tricode"])
    away = shared.assign(team=rows["away_tricode"], margin=-shared["margin"])
    return pd.concat([home, away], ignore_index=True)


def numbers(games: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """`game_number` (regular season games only) and `season_phase` of every team's game.

    listed: pairs of the games listed before it. The number is one more than the regular season games listed before.
    """
    before = workload.of_all(windows.count(listed[listed["season_type"] == "regular"]), games).fillna(0)
    number = before + 1
    kind = games["season_type"]
    by_number = np.select([(number <= last).to_numpy(dtype=bool) for last in (EARLY, MID)], ["early", "mid"], "late")
    phase = kind.where(kind.isin(["playoffs", "play_in"]), pd.Series(by_number, index=games.index))
    return pd.DataFrame({"game_number": number.where(kind == "regular"), "season_phase": phase})


def rest(games: pd.DataFrame, played: pd.DataFrame) -> pd.DataFrame:
    """days_rest, is_b2b, games_last_7d, games_last_14d, b2b_last_14d from the pairs of final games."""
    days_rest = workload.days_rest(games, played)
    return pd.DataFrame(
        {
            "days_rest": days_rest,
            "is_b2b": (days_rest == 0).fillna(False),
            "games_last_7d": workload.games_in(games, played, 7),
            "games_last_14d": workload.games_in(games, played, 14),
            "b2b_last_14d": workload.back_to_backs(games, played),
        }
    )


def record(games: pd.DataFrame, played: pd.DataFrame) -> pd.DataFrame:
    """streak (+ wins, − losses), last_margin, and games_played and team_win_pct of the regular season."""
    newest = windows.last(played, 1)
    last_margin = workload.of_all(newest.set_index("ask")["margin"], games)
    won = (windows.floats(played["margin"]) > 0).astype(float)
    last_won = windows.floats(last_margin > 0)[played["ask"].to_numpy()]
    run = workload.of_all(windows.run(played, won == last_won), games)
    regular = played[played["season_type"] == "regular"]
    regular = regular.assign(won=(regular["margin"] > 0).astype("Float64"))
    return pd.DataFrame(
        {
            "streak": run.where(last_margin > 0, -run),
            "last_margin": last_margin,
            "games_played": workload.of_all(windows.count(regular), games).fillna(0),
            "team_win_pct": windows.mean(regular, "won").reindex(np.arange(len(games))),
        }
    )


def travel(games: pd.DataFrame, played: pd.DataFrame) -> pd.DataFrame:
    """travel_miles and time_zones (east positive) from the last game's arena; null if either site is neutral."""
    newest = windows.last(played, 1).set_index("ask")[["host", "is_neutral"]]
    came = newest.reindex(np.arange(len(games)))
    host = games["team"].where(games["is_home"], games["opponent"])
    known = came["host"].notna() & ~came["is_neutral"].fillna(True).astype(bool) & ~games["is_neutral"].astype(bool)
    arenas = league.by_tricode()
    places = pd.DataFrame(
        {code: (team.latitude, team.longitude, team.utc_offset) for code, team in arenas.items()},
        index=["latitude", "longitude", "utc_offset"],
    ).T
    here, there = places.reindex(host.astype(object)), places.reindex(came["host"].astype(object))
    miles = great_circle(*(p[c].to_numpy() for p in (there, here) for c in ("latitude", "longitude")))
    zones = here["utc_offset"].to_numpy() - there["utc_offset"].to_numpy()
    out = pd.DataFrame({"travel_miles": miles, "time_zones": pd.array(zones, dtype="Float64")}, index=games.index)
    out[~known.to_numpy(dtype=bool)] = None
    return out.astype({"time_zones": "Int64"})


def great_circle(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """Miles between points given in degrees, by the haversine formula."""
    a, b = np.radians(latitude), np.radians(to_latitude)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(to_longitude - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(half)))


def ahead(games: pd.DataFrame, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """next_days_rest and games_next_7d of every team's game, and the latest `known_at` of the rows they come from.

    games_next_7d is null unless some game of D + 7 or later had been listed by the decision.
    """
    ask = games[["team", "season", "game_date", "decision_at"]].assign(ask=np.arange(len(games)))
    offsets = pd.DataFrame({"offset": np.arange(1, LOOK_AHEAD + 1)})
    wanted = ask.merge(offsets, how="cross")
    date = wanted["game_date"] + pd.to_timedelta(wanted["offset"], unit="D")
    wanted = wanted.assign(game_date=date.astype("datetime64[us]"))
    listed = wanted.merge(
        rows[["team", "season", "game_date", "known_at", "superseded_at"]], on=["team", "season", "game_date"]
    )
    listed = listed[windows.known_then(listed, listed["decision_at"])]
    first_listed = rows.groupby("game_date")["known_at"].min().rename("first").reset_index()
    reach = wanted[wanted["offset"] >= NEXT_WEEK].merge(first_listed, on="game_date")
    reach = reach[reach["first"] <= reach["decision_at"]]
    by_ask = reach.groupby("ask")["first"].min()
    week = listed[listed["offset"] <= NEXT_WEEK].groupby("ask").size()
    n = np.arange(len(games))
    games_next = week.reindex(n).fillna(0).where(np.isin(n, by_ask.index)).astype("Int64")
    next_rest = (listed.groupby("ask")["offset"].min() - 1).reindex(n).astype("Int64")
    used = pd.concat([listed.groupby("ask")["known_at"].max(), by_ask]).groupby(level=0).max().reindex(n)
    return pd.DataFrame({"next_days_rest": next_rest, "games_next_7d": games_next}), used
