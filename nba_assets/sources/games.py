"""Game identity: (league date, away, home) of any source to the league's game id, by the schedule as it was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

PAIR = ["game_date", "away_tricode", "home_tricode"]
NEAR = pd.Timedelta(hours=12)
"""How far a game's tip may be from the source's time if the date differs by a day."""
STARTS_AT = "starts_at"
"""Optional column of rows: the source's own start time, needed to accept a game on the day before or after."""


@dataclass(frozen=True)
class Placed:
    """Rows whose game is known, and the rest as it came in."""

    rows: pd.DataFrame
    unplaced: pd.DataFrame


def resolve_games(rows: pd.DataFrame, schedule: pd.DataFrame) -> Placed:
    """`rows` with `game_id`, the schedule's date and sides, `is_home` and `opponent_tricode`, and `known_at` raised.

    `rows`: `game_date`, `away_tricode`, `home_tricode`, `known_at`, and `game_id` where the source has the league's
    (such rows take the pair from the schedule if it has the game; one of other teams is unplaced). `schedule`: history
    frame of `nbac_schedule`; any version known by then counts, so a line posted before a postponement still finds its
    game. A swapped pair is accepted only at a neutral site; a date off by one only if the pair plays one game on the
    days around it, with its tip within 12 hours of `starts_at`. More than one game: none. A row has the game that it
    first finds, at its own time or as the schedule grows, and `known_at` becomes that time; what the schedule says
    later moves it no more. Without a game: unplaced.
    """
    found = _match(rows, _listed(schedule))
    known = found["game_id"].notna() & found["home_tricode"].notna()
    placed = _with_sides(found[known])
    unplaced = rows[~known.to_numpy()]
    return Placed(placed.reset_index(drop=True), unplaced.reset_index(drop=True))


def with_tip(rows: pd.DataFrame, schedule: pd.DataFrame) -> pd.DataFrame:
    """Rows with `minutes_to_tip` (from `captured_at`) and `is_in_play`, both null if the tip is not set.

    The tip is that of the newest schedule version of the game known at the row's `known_at`.
    """
    tips = schedule[["game_id", "known_at", "tip_at"]].sort_values(["known_at", "game_id"], kind="stable")
    ordered = rows.assign(_row=range(len(rows))).sort_values("known_at", kind="stable")
    ordered["game_id"] = ordered["game_id"].astype(object)
    tips["game_id"] = tips["game_id"].astype(object)
    joined = pd.merge_asof(ordered, tips, on="known_at", by="game_id").sort_values("_row", kind="stable")
    ahead = (joined["tip_at"] - joined["captured_at"]).dt.total_seconds() / 60.0
    out = rows.copy()
    out["minutes_to_tip"] = ahead.to_numpy()
    out["is_in_play"] = (ahead <= 0).astype("boolean").mask(ahead.isna()).array
    return out


def _listed(schedule: pd.DataFrame) -> pd.DataFrame:
    """What the schedule's history says of each game that bears on finding it, with the time it was first known."""
    said = ["game_id", *PAIR, "tip_at", "is_neutral"]
    ordered = schedule.sort_values(["known_at", "game_id"], kind="stable").drop_duplicates(said)
    return ordered[[*said, "known_at"]].rename(columns={"known_at": "_listed_at"})


def _match(rows: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Rows with the game's id, date and sides; `game_id` null where there is none or more than one."""
    out = rows.reset_index(drop=True).copy()
    if "game_id" not in out.columns:
        out["game_id"] = pd.Series(pd.NA, index=out.index, dtype="string[pyarrow]")
    for column in PAIR[1:]:
        if column not in out.columns:
            out[column] = pd.Series(pd.NA, index=out.index, dtype="string[pyarrow]")
    by_id = _by_id(out, listed)
    asked = out.loc[
        out["game_id"].isna(), [*PAIR, "known_at", *([STARTS_AT] if STARTS_AT in out.columns else [])]
    ].drop_duplicates()
    if asked.empty:
        listed_at = by_id["_id_listed_at"]
        later = by_id["known_at"].where(~(listed_at > by_id["known_at"]), listed_at)
        return by_id.assign(known_at=later).drop(columns="_id_listed_at")
    answers = _answers(asked, listed)
    on = [c for c in answers.columns if not c.startswith("_")]
    out = by_id.merge(answers, on=on, how="left")
    paired = out["game_id"].isna() & out["_game"].notna()
    swapped = paired & out["_swapped"].astype("boolean").fillna(False).astype(bool)
    away, home = out["away_tricode"], out["home_tricode"]
    out["away_tricode"], out["home_tricode"] = away.where(~swapped, home), home.where(~swapped, away)
    out["game_id"] = out["game_id"].fillna(out["_game"])
    out["game_date"] = out["game_date"].where(~paired, out["_date"])
    listed_at = out["_listed_at"].where(paired, out["_id_listed_at"])
    out["known_at"] = out["known_at"].where(~(listed_at > out["known_at"]), listed_at)
    return out.drop(columns=[c for c in out.columns if c.startswith("_")])


def _by_id(out: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Rows that bring the league's id, with the sides and the first `known_at` of the schedule."""
    games = listed.sort_values(["_listed_at", "game_date"], kind="stable").drop_duplicates("game_id")
    games = games[["game_id", "away_tricode", "home_tricode", "_listed_at"]]
    games.columns = pd.Index(["game_id", "_away", "_home", "_id_listed_at"])
    joined = out.merge(games, on="game_id", how="left")
    away, home, their_away, their_home = (joined[c] for c in ("away_tricode", "home_tricode", "_away", "_home"))
    agree = away.isna() | ((away == their_away) & (home == their_home)) | ((away == their_home) & (home == their_away))
    agree = agree.fillna(False).astype(bool)
    joined["away_tricode"] = away.where(their_away.isna(), their_away.where(agree))
    joined["home_tricode"] = home.where(their_home.isna(), their_home.where(agree))
    return joined.drop(columns=["_away", "_home"])


def _answers(asked: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """For each distinct pair and time asked: the first game found, its date, whether the sides are swapped, and when.

    The schedule is asked at the row's time and whenever it lists more that may be meant; of what it lists by then the
    first rule that fits must fit one game.
    """
    asked = asked.assign(_asked=range(len(asked)))
    rules: list[tuple[tuple[int, ...], bool]] = [((0,), False)]
    rules += [((0,), True)] if listed["is_neutral"].any() else []
    rules += [((-1, 1), False)] if STARTS_AT in asked.columns else []
    hits = [_hits(asked, listed, days=days, swapped=swapped).assign(_rule=n) for n, (days, swapped) in enumerate(rules)]
    found = pd.concat([h for h in hits if not h.empty] or hits[:1], ignore_index=True)
    found["_at"] = found["_listed_at"].where(found["_listed_at"] > found["known_at"], found["known_at"])
    then = found[["_asked", "_at"]].drop_duplicates().rename(columns={"_at": "_then"})
    found = found.merge(then, on="_asked")
    found = found[found["_at"] <= found["_then"]]
    moment = ["_asked", "_then"]
    only = found.groupby([*moment, "_rule"])["_game"].transform("nunique") == 1
    found = found[found["_exact"] | (only & found["_near"])]
    found = found[found["_rule"] == found.groupby(moment)["_rule"].transform("min")]
    found = found[found.groupby(moment)["_game"].transform("nunique") == 1]
    found = found.sort_values([*moment, "_listed_at"], kind="stable").drop_duplicates("_asked")
    used = [c for c in asked.columns if c != "_asked"]
    return found[[*used, "_game", "_date", "_swapped", "_then"]].rename(columns={"_then": "_listed_at"})


def _hits(asked: pd.DataFrame, listed: pd.DataFrame, *, days: tuple[int, ...], swapped: bool) -> pd.DataFrame:
    """Games of the pairs asked, of that many days after the date: whether of the date itself, and near the start."""
    games = listed.rename(columns={"game_id": "_game", "tip_at": "_tip", "is_neutral": "_neutral"})
    if swapped:
        games = games[games["_neutral"].fillna(False).astype(bool)]
        games = games.rename(columns={"away_tricode": "home_tricode", "home_tricode": "away_tricode"})
    games = games.assign(_date=games["game_date"])
    games = pd.concat([games.assign(game_date=games["_date"] - pd.Timedelta(days=n)) for n in days], ignore_index=True)
    found = asked.merge(games, on=PAIR)
    near: pd.Series[Any] = pd.Series(False, index=found.index)
    if STARTS_AT in found.columns:
        near = ((found["_tip"] - found[STARTS_AT]).abs() <= NEAR).fillna(False).astype(bool)
    return found.drop(columns=["_tip", "_neutral"]).assign(_swapped=swapped, _exact=days == (0,), _near=near)


def _with_sides(rows: pd.DataFrame) -> pd.DataFrame:
    """`is_home` and `opponent_tricode` of rows that name a team of the game."""
    if "team_tricode" not in rows.columns:
        return rows
    home = rows["team_tricode"] == rows["home_tricode"]
    opponent = rows["away_tricode"].where(home.fillna(False).astype(bool), rows["home_tricode"])
    return rows.assign(is_home=home.astype("boolean"), opponent_tricode=opponent)
