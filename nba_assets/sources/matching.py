"""The steps by which a name finds its player among the candidates of a game."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.sources.candidates import Pool
from nba_assets.sources.names import player_lookup, without_suffix

UNRESOLVED = "unresolved"
STEPS = ("id", "exact", "no_suffix", "alias", "last_name_set")
"""In order; an earlier step wins."""
PRESENT = ("active", "dnp")
"""Statuses of players whom a gamebook lists by their full names."""


def match(lines: pd.DataFrame, pool: Pool, aliases: pd.DataFrame) -> pd.DataFrame:
    """`player_id` and `resolution` for every line (same index).

    `lines`: `given` (a league id in the payload), `lookup`, `name`, `team`, `status` (each may be null), `book` (the
    rows of one capture of one game) and `set` (in which a player may stand once). `pool`: the candidates, by line.
    If two rows of a set find the same player, the one of the earlier step keeps him; of equal steps neither does.
    """
    lines = lines.assign(line=range(len(lines)), context=pool.context.to_numpy())
    steps = [_given(lines)]
    open_ = _left(lines, steps)
    steps.append(_by_name(open_, pool, "lookup", "exact"))
    open_ = _left(open_, steps)
    bare = open_["name"].map(without_suffix).map(player_lookup) if len(open_) else open_["lookup"]
    steps.append(_by_name(open_.assign(bare=bare), pool, "bare", "no_suffix"))
    open_ = _left(open_, steps)
    steps.append(_by_alias(open_, pool, aliases))
    found = _once(lines, pd.concat(steps, ignore_index=True))
    found = _once(lines, pd.concat([found, _by_last_name(lines, found, pool)], ignore_index=True))
    answer = lines[["line"]].merge(found, on="line", how="left")
    answer["resolution"] = answer["resolution"].fillna(UNRESOLVED)
    return answer[["player_id", "resolution"]].set_axis(lines.index, axis=0)


def _left(lines: pd.DataFrame, steps: list[pd.DataFrame]) -> pd.DataFrame:
    return lines[~lines["line"].isin(steps[-1]["line"])]


def _given(lines: pd.DataFrame) -> pd.DataFrame:
    found = lines.loc[lines["given"].notna(), ["line", "given"]]
    return found.rename(columns={"given": "player_id"}).assign(resolution="id").astype(object)


def _by_name(lines: pd.DataFrame, pool: Pool, column: str, step: str) -> pd.DataFrame:
    """The one candidate of that name."""
    names = pool.names[["context", "player", column]].drop_duplicates()
    hits = lines[["line", "context", "team", column]].merge(names, on=["context", column])
    return _only(hits, pool, step)


def _by_alias(lines: pd.DataFrame, pool: Pool, aliases: pd.DataFrame) -> pd.DataFrame:
    named = lines[["line", "context", "team", "lookup"]].merge(aliases, on="lookup")
    hits = named.merge(pool.members[["context", "player", "player_id"]], on=["context", "player_id"])
    return _only(hits[["line", "context", "team", "player"]], pool, "alias")


def _only(hits: pd.DataFrame, pool: Pool, step: str) -> pd.DataFrame:
    """Lines with exactly one hit in their own team; if the source gives no team, in the two teams together."""
    hits = hits.merge(pool.members, on=["context", "player"], suffixes=("", "_of"))
    own = (hits["team_of"] == hits["team"]) | hits["team"].isna()
    hits = hits[own.fillna(False).astype(bool)]
    alone = hits.groupby("line")["player_id"].transform("nunique") == 1
    return hits.loc[alone, ["line", "player_id"]].assign(resolution=step).astype(object)


def _once(lines: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Answers without players that two rows of a set claim: the earlier step keeps him, of equal steps none."""
    sets = lines.set_index("line")["set"].reindex(found["line"]).to_numpy()
    step = found["resolution"].map({name: n for n, name in enumerate(STEPS)}).astype("int64")
    claims = [sets, found["player_id"]]
    first = step == step.groupby(claims).transform("min")
    alone = first.groupby(claims).transform("sum") == 1
    return found[first & alone]


def _by_last_name(lines: pd.DataFrame, found: pd.DataFrame, pool: Pool) -> pd.DataFrame:
    """Inactive men, of whom a book gives only the last name: k of one name and exactly k players left, by ascending id.

    Left are the team's candidates of that last name whom the book does not list otherwise. A man whom it lists as
    active or DNP but who did not resolve blocks the names he may bear.
    """
    inactive = lines["status"] == "inactive"
    resolved = lines["line"].isin(found["line"])
    asked = lines[inactive.fillna(False).astype(bool) & ~resolved]
    if asked.empty:
        return found.iloc[:0]
    key = ["book", "team", "last"]
    asked = asked.assign(last=asked["lookup"])
    asked = asked.assign(
        place=asked.groupby(key, sort=False).cumcount(), wanted=asked.groupby(key)["line"].transform("size")
    )
    roster = pool.names[["context", "player", "last"]].drop_duplicates()
    roster = roster.merge(pool.members, on=["context", "player"])
    groups = asked[["context", *key, "wanted"]].drop_duplicates()
    left = groups.merge(roster, on=["context", "team", "last"])
    listed = lines.loc[resolved, ["line", "book"]].merge(found[["line", "player_id"]], on="line")
    left = left.merge(listed[["book", "player_id"]].drop_duplicates(), how="left", indicator="_listed")
    left = left[left["_listed"] == "left_only"].sort_values([*key, "player"], kind="stable")
    left = left.assign(place=left.groupby(key).cumcount(), count=left.groupby(key)["player"].transform("size"))
    left = left[left["count"] == left["wanted"]]
    answer = asked.merge(left[[*key, "place", "player_id"]], on=[*key, "place"])
    answer = answer[~_blocked(answer, lines[~resolved & lines["status"].isin(PRESENT)])]
    return answer[["line", "player_id"]].assign(resolution="last_name_set").astype(object)


def _blocked(answer: pd.DataFrame, unknown: pd.DataFrame) -> pd.Series[Any]:
    """Whether an unresolved active or DNP man of the same team and book may bear the last name."""
    if answer.empty or unknown.empty:
        return pd.Series(False, index=answer.index)
    pairs = answer.reset_index()[["index", "book", "team", "last"]].merge(
        unknown[["book", "team", "lookup"]], on=["book", "team"]
    )
    hit = [str(full).endswith(str(last)) for full, last in zip(pairs["lookup"], pairs["last"], strict=True)]
    return pd.Series(answer.index.isin(pairs.loc[hit, "index"]), index=answer.index)
