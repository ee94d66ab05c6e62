"""Who may play in a game: the registry's players of its two teams, as known at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nba_assets.sources.names import player_lookup, without_suffix

BEFORE, AFTER = 14, 2
"""Registry dates that count for a game of date D: D - 14 to D + 2 (a fixed window, whatever else is loaded)."""
Ints = npt.NDArray[Any]
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
    """The registry's rows as the integers that joins need: players by ascending id, teams, names, games, days, times.

    Repeats are merged, the earliest `known_at` kept; of a player seen on two teams (`moved`) every version stays,
    since the newest says where he is.
    """

    def __init__(self, identity: pd.DataFrame) -> None:
        ids = identity["player_id"].drop_duplicates()
        self.ids = ids.iloc[np.lexsort((ids.to_numpy(dtype=object), ids.str.len()))].reset_index(drop=True)
        team, teams = pd.factorize(identity["team_tricode"].astype(object), sort=True)
        game, games = pd.factorize(identity["game_id"].astype(object))
        name, names = pd.factorize(identity["player_name"])
        self.teams, self.games = pd.Index(teams), pd.Index(games)
        self.names = _names(pd.Series(names, dtype=object))
        rows = pd.DataFrame(
            {
                "player": pd.Index(self.ids).get_indexer(pd.Index(identity["player_id"])),
                "team": team,
                "name": name,
                "of": game,
                "day": _days(identity["game_date"]),
                "known": identity["known_at"].astype("datetime64[us, UTC]").astype("int64"),
            }
        )
        self.times = np.unique(rows["known"].to_numpy())
        teams_of = rows.groupby("player")["team"].nunique()
        self.moved = teams_of.index[teams_of > 1]
        rows["about"] = rows.groupby(["player", "team", "name"]).ngroup()
        rows = _earliest(rows.drop_duplicates(), ["about", "of", "day"], self.moved)
        self.rows = rows.sort_values(["team", "day"], kind="stable", ignore_index=True)


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
        coded = games.assign(
            of=registry.games.get_indexer(pd.Index(games["game_id"])),
            away=registry.teams.get_indexer(pd.Index(games["away"])),
            home=registry.teams.get_indexer(pd.Index(games["home"])),
        )
        self.hits = _hits(registry, coded.drop(columns="game_id"))

    def at(self, game: pd.Series[Any], time: pd.Series[Any]) -> Pool:
        """The candidates of `game` (codes) as of `time` (microseconds), line by line."""
        epoch = np.searchsorted(self.registry.times, time.to_numpy(), side="right")
        asked = pd.DataFrame({"game": game.to_numpy(), "epoch": epoch}, index=game.index)
        context = asked.groupby(["game", "epoch"], sort=False).ngroup()
        contexts = asked.assign(context=context).drop_duplicates("context")
        known = contexts.merge(self.hits, on="game")
        known = known[known["known_epoch"] < known["epoch"]]
        order = np.lexsort((known["team"], known["known"], known["score"], known["player"], known["context"]))
        newest = known.iloc[order].drop_duplicates(["context", "player"], keep="last")
        members = newest.loc[newest["of_game"], ["context", "player", "team"]]
        members = members.assign(
            team=self.registry.teams.take(members["team"]).to_numpy(),
            player_id=self.registry.ids.iloc[members["player"]].to_numpy(),
        )
        names = known[["context", "player", "name"]].drop_duplicates().merge(members[["context", "player"]])
        names = names.merge(self.registry.names, on="name").drop(columns="name").drop_duplicates()
        return Pool(context, members.reset_index(drop=True), names.reset_index(drop=True))

    def changes(self, books: pd.DataFrame) -> pd.DataFrame:
        """`book`, `time`: when the registry learned something about a book's game in `after` < time < `until`."""
        found = books.merge(self.hits[["game", "known"]].drop_duplicates(), on="game")
        found = found[(found["known"] > found["after"]) & (found["known"] < found["until"])]
        return found.rename(columns={"known": "time"})[["book", "time"]].reset_index(drop=True)


def _days(dates: pd.Series[Any]) -> pd.Series[Any]:
    return dates.astype("datetime64[us]").astype("int64") // MICROSECONDS_PER_DAY


def _earliest(rows: pd.DataFrame, about: list[str], moved: pd.Index[Any]) -> pd.DataFrame:
    """The earliest `known` row of equal ones; all rows of players who moved."""
    ordered = rows.sort_values("known", kind="stable")
    return ordered[~ordered.duplicated(about) | ordered["player"].isin(moved)].reset_index(drop=True)


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
    asked, row = _in_window(rows, "team", sides)
    seen = rows[["player", "about", "known"]].take(row).assign(game=sides["game"].to_numpy()[asked], row=row)
    seen = _earliest(seen, ["game", "about"], registry.moved)
    here = rows.take(seen["row"].to_numpy()).assign(game=seen["game"].to_numpy(), of_game=True, own=False)
    here = here.merge(games[["game", "date", "away", "home"]], on="game")

    moved = rows[rows["player"].isin(registry.moved)].sort_values(["player", "day"], kind="stable")
    pairs = here.loc[here["player"].isin(registry.moved), ["game", "date", "away", "home", "player"]].drop_duplicates()
    asked, row = _in_window(moved, "player", pairs)
    there = moved.take(row).assign(**{c: pairs[c].to_numpy()[asked] for c in ("game", "date", "away", "home")})
    there = there[(there["team"] != there["away"]) & (there["team"] != there["home"])].assign(of_game=False, own=False)

    own = games[games["of"] >= 0].merge(rows, on="of").assign(of_game=True, own=True)
    columns = ["game", "date", "player", "team", "name", "day", "known", "of_game", "own"]
    hits = pd.concat([here[columns], there[columns], own[columns]], ignore_index=True)
    after = hits["day"] > hits["date"]
    return hits.assign(
        score=np.where(hits["own"], OWN_GAME, np.where(after, -hits["day"], hits["day"])),
        known_epoch=np.searchsorted(registry.times, hits["known"].to_numpy(), side="left"),
    )


def _in_window(rows: pd.DataFrame, key: str, asked: pd.DataFrame) -> tuple[Ints, Ints]:
    """Positions (in `asked`, in `rows`) of equal `key` and a day of D - 14 to D + 2; `rows` by key and day."""
    if rows.empty:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    base = int(rows["day"].min())
    width = int(rows["day"].max()) - base + 1
    place = (rows[key] * width + rows["day"] - base).to_numpy()
    wanted, date = asked[key].to_numpy() * width, asked["date"].to_numpy() - base
    start = np.searchsorted(place, wanted + (date - BEFORE).clip(0, width))
    size = np.searchsorted(place, wanted + (date + AFTER + 1).clip(0, width)) - start
    row = np.repeat(start - (np.cumsum(size) - size), size) + np.arange(size.sum())
    return np.repeat(np.arange(len(asked)), size), row
