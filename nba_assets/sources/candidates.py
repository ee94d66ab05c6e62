"""Who may play in a game: the registry's players of its two teams, as known at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.sources.names import player_lookup, without_suffix

BEFORE, AFTER = 14, 2
"""Registry dates that count for a game of date D: D - 14 to D + 2 (a fixed window, whatever else is loaded)."""
OWN_GAME = 1_000_000
"""Newer than any date: the game's own box score."""
MICROSECONDS_PER_DAY = 86_400_000_000


@dataclass(frozen=True)
class Pool:
    """Candidates by context. `context` has a code for each line asked about, in its order.

    `members`: `context`, `player` (code, ascending by id), `player_id`, `team`. `names`: `context`, `player`,
    `lookup`, `bare` (without suffix), `last` (last name with suffix), distinct.
    """

    context: pd.Series[Any]
    members: pd.DataFrame
    names: pd.DataFrame


class Registry:
    """The registry's rows in the form that joins need: versions and repeats merged, the earliest `known_at` kept."""

    def __init__(self, identity: pd.DataFrame) -> None:
        ids = identity["player_id"].drop_duplicates()
        self.ids = ids.iloc[np.lexsort((ids.to_numpy(dtype=object), ids.str.len()))].reset_index(drop=True)
        rows = pd.DataFrame(
            {
                "player": pd.Index(self.ids).get_indexer(pd.Index(identity["player_id"])),
                "team": identity["team_tricode"].astype(object),
                "name": pd.factorize(identity["player_name"])[0],
                "game_id": identity["game_id"].astype(object),
                "day": _days(identity["game_date"]),
                "known": identity["known_at"].astype("datetime64[us, UTC]").astype("int64"),
            }
        )
        about = ["player", "team", "name", "game_id", "day"]
        self.rows = rows.groupby(about, sort=True, dropna=False)["known"].min().reset_index()
        self.times = np.unique(self.rows["known"].to_numpy())
        teams = self.rows.groupby("player")["team"].nunique()
        self.moved = set(teams.index[teams > 1])
        self.names = _names(pd.Series(pd.factorize(identity["player_name"])[1], dtype=object))


class Candidates:
    """The candidates of each game, at any time. Games are coded by first appearance in `rows`."""

    def __init__(self, registry: Registry, rows: pd.DataFrame) -> None:
        self.registry = registry
        games = pd.DataFrame(
            {
                "game": pd.factorize(rows["game_id"])[0],
                "game_id": rows["game_id"].astype(object),
                "date": _days(rows["game_date"]),
                "away": rows["away_tricode"].astype(object),
                "home": rows["home_tricode"].astype(object),
            }
        ).drop_duplicates("game")
        self.games = games
        self.hits = _hits(registry, games)

    def at(self, game: pd.Series[Any], time: pd.Series[Any]) -> Pool:
        """The candidates of `game` (codes) as of `time` (microseconds), line by line."""
        epoch = np.searchsorted(self.registry.times, time.to_numpy(), side="right")
        asked = pd.DataFrame({"game": game.to_numpy(), "epoch": epoch}, index=game.index)
        context = asked.groupby(["game", "epoch"], sort=False).ngroup()
        contexts = asked.assign(context=context).drop_duplicates("context")
        known = contexts.merge(self.hits, on="game")
        known = known[known["known_epoch"] < known["epoch"]]
        order = np.lexsort((known["team_code"], known["known"], known["score"], known["player"], known["context"]))
        newest = known.iloc[order].drop_duplicates(["context", "player"], keep="last")
        members = newest.loc[newest["of_game"], ["context", "player", "team"]]
        members = members.assign(player_id=self.registry.ids.iloc[members["player"]].to_numpy())
        names = known[["context", "player", "name"]].drop_duplicates().merge(members[["context", "player"]])
        names = names.merge(self.registry.names, on="name").drop(columns="name").drop_duplicates()
        return Pool(context, members.reset_index(drop=True), names.reset_index(drop=True))

    def changes(self, books: pd.DataFrame) -> pd.DataFrame:
        """`book`, `time`: when the registry learned something about a book's game in `after` < time < `until`."""
        about = ["game", "player", "team_code", "name", "own"]
        ordered = self.hits.sort_values("known", kind="stable")
        news = ordered[~ordered.duplicated(about) | ordered["player"].isin(self.registry.moved)]
        found = books.merge(news[["game", "known"]].drop_duplicates(), on="game")
        found = found[(found["known"] > found["after"]) & (found["known"] < found["until"])]
        return found.rename(columns={"known": "time"})[["book", "time"]].reset_index(drop=True)


def _days(dates: pd.Series[Any]) -> pd.Series[Any]:
    return dates.astype("datetime64[us]").astype("int64") // MICROSECONDS_PER_DAY


def _names(names: pd.Series[Any]) -> pd.DataFrame:
    """`name` (code), `lookup`, `bare`, `last` of each distinct name."""
    last = names.str.split(" ", n=1).str[-1]
    return pd.DataFrame(
        {
            "name": names.index,
            "lookup": names.map(player_lookup),
            "bare": names.map(without_suffix).map(player_lookup),
            "last": last.map(player_lookup),
        }
    )


def _hits(registry: Registry, games: pd.DataFrame) -> pd.DataFrame:
    """game x registry row that may bear on it: `score` orders what is newest, `of_game` says its team plays."""
    rows = registry.rows
    sides = pd.concat([games.assign(team=games["away"]), games.assign(team=games["home"])], ignore_index=True)
    window = sides.merge(pd.DataFrame({"offset": range(-BEFORE, AFTER + 1)}), how="cross")
    window = window.assign(day=window["date"] + window["offset"])[["game", "date", "team", "day"]]
    here = window.merge(rows, on=["team", "day"]).assign(of_game=True, own=False)
    pairs = here.loc[here["player"].isin(registry.moved), ["game", "date", "player"]].drop_duplicates()
    there = pairs.merge(rows, on="player")
    offset = there["day"] - there["date"]
    there = there[(offset >= -BEFORE) & (offset <= AFTER)]
    two = games[["game", "away", "home"]]
    there = there.merge(two, on="game")
    there = there[(there["team"] != there["away"]) & (there["team"] != there["home"])].assign(of_game=False, own=False)
    own = games.merge(rows[rows["game_id"].notna()], on="game_id").assign(of_game=True, own=True)
    columns = ["game", "date", "player", "team", "name", "day", "known", "of_game", "own"]
    hits = pd.concat([here[columns], there[columns], own[columns]], ignore_index=True).drop_duplicates()
    after = hits["day"] > hits["date"]
    score = np.where(hits["own"], OWN_GAME, np.where(after, -hits["day"], hits["day"]))
    return hits.assign(
        score=score,
        team_code=pd.factorize(hits["team"], sort=True)[0],
        known_epoch=np.searchsorted(registry.times, hits["known"].to_numpy(), side="left"),
    )
