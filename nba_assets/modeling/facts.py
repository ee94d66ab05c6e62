"""What was known of a game or of a player's game, at every time it changed: pending, played, void and why.

A timeline has one row per state: `known_at` is when it began, `superseded_at` when the next one did (null: current).
It is a function of the versions of the schedule and of player_game_summary alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets.league import FINAL, FORFEIT_SCORES
from nba_assets.modeling.identity import text_hashes

GAME = ["game_date", "game_id"]
PLAYER = [*GAME, "player_id"]
SCORES = ("home_score", "away_score")
VOIDS = ("dnp", "inactive", "postponed", "cancelled", "forfeit", "not_in_game")
STATES = ("pending", "played", *VOIDS)
BOX_SOURCES = ("nbac_gamebook_player_stats", "bdl_player_boxscores")
"""A player whom neither box score lists was not in the game; one source alone may be incomplete."""


def game_timeline(schedule: pd.DataFrame) -> pd.DataFrame:
    """States of every game: GAME, `state`, home_score and away_score (null unless played), known_at, superseded_at.

    Played is a final schedule row with its score, unless that is a forfeit's. A row that was closed on its date
    without a successor there has moved to another date (postponed), or is a playoff game that the series did not need
    (cancelled).
    """
    states = _schedule_states(_game_times(schedule, schedule.iloc[:0]), schedule)
    return _collapsed(states, GAME, ["home_score", "away_score"])


def player_timeline(keys: pd.DataFrame, schedule: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """States of every player of `keys` (PLAYER): `state`, points, minutes, known_at, superseded_at, source_hash.

    A row of player_game_summary decides; it exists only for final games. Without one the player is void with the
    game, `not_in_game` once the game's rows rest on both box scores, and else pending.
    """
    listed = keys[PLAYER].drop_duplicates()
    games = _schedule_states(_game_times(schedule, summary), schedule)
    games = games.merge(_both_sources(games, summary), on=[*GAME, "at"], how="left")
    games["state"] = np.where(
        (games["state"] == "played") & games["both"].fillna(False),
        "not_in_game",
        games["state"].where(games["state"] != "played", "pending"),
    )
    states = listed.merge(games[[*GAME, "at", "state"]], on=GAME)
    boxes = _as_of(states, summary, PLAYER, ["status", "points", "minutes"])
    states["state"] = boxes["status"].fillna(states["state"]).astype(str)
    states["points"], states["minutes"] = boxes["points"].to_numpy(), boxes["minutes"].to_numpy()
    return _collapsed(states, PLAYER, ["points", "minutes"])


def _game_times(schedule: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """GAME, `at`: every time at which a version of the game's rows began or ended, from the first schedule row on."""
    times = [
        frame[[*GAME, name]].rename(columns={name: "at"})
        for frame in (schedule, summary)
        for name in ("known_at", "superseded_at")
    ]
    out = pd.concat([part.dropna() for part in times], ignore_index=True).drop_duplicates()
    first = schedule.groupby(GAME)["known_at"].min().rename("first").reset_index()
    out = out.merge(first, on=GAME)
    return out.loc[out["at"] >= out["first"], [*GAME, "at"]].sort_values([*GAME, "at"], ignore_index=True)


def _schedule_states(times: pd.DataFrame, schedule: pd.DataFrame) -> pd.DataFrame:
    columns = ["game_status", "game_status_text", "is_postponed", "home_score", "away_score"]
    rows = _as_of(times, schedule, GAME, columns)
    closed = rows["game_status"].isna().to_numpy()
    playoffs = times["game_id"].str[2].eq("4").to_numpy(dtype=bool)
    final = (rows["game_status"] == FINAL).fillna(False).to_numpy(dtype=bool)
    cancelled = rows["game_status_text"].str.contains("canc", case=False).fillna(False).to_numpy(dtype=bool)
    postponed = rows["is_postponed"].fillna(False).to_numpy(dtype=bool)
    low = [rows[name].isin(list(FORFEIT_SCORES)).fillna(False).to_numpy(dtype=bool) for name in SCORES]
    state = np.select(
        [final & low[0] & low[1], final, cancelled, postponed, closed & playoffs, closed],
        ["forfeit", "played", "cancelled", "postponed", "cancelled", "postponed"],
        "pending",
    )
    scores = {name: rows[name].where(state == "played") for name in SCORES}
    return times.assign(state=state, **scores)


def _both_sources(times: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """GAME, at, `both`: whether the game's rows current then were made with both box scores."""
    used = [set(sources) for sources in summary["sources_used"]]
    named = {f"from_{name}": [name in sources for sources in used] for name in BOX_SOURCES}
    per_game = summary[[*GAME, "known_at", "superseded_at"]].assign(**named)
    groups = per_game.groupby([*GAME, "known_at", "superseded_at"], dropna=False)[list(named)].any().reset_index()
    pairs = times[[*GAME, "at"]].merge(groups, on=GAME)
    pairs = pairs[(pairs["known_at"] <= pairs["at"]) & ~(pairs["superseded_at"] <= pairs["at"])]
    found = pairs.groupby([*GAME, "at"])[list(named)].any().all(axis=1)
    return found.astype("boolean").rename("both").reset_index()


def _as_of(times: pd.DataFrame, versions: pd.DataFrame, key: list[str], columns: list[str]) -> pd.DataFrame:
    """The version's `columns` at each row of `times` (key, `at`), in its order; null where there is none."""
    asks = times[[*key, "at"]].assign(row=np.arange(len(times)))
    pairs = asks.merge(versions[[*key, "known_at", "superseded_at", *columns]], on=key)
    pairs = pairs[(pairs["known_at"] <= pairs["at"]) & ~(pairs["superseded_at"] <= pairs["at"])]
    newest = pairs.sort_values(["row", "known_at"], kind="stable").drop_duplicates("row", keep="last")
    return newest.set_index("row")[columns].reindex(np.arange(len(times))).set_index(times.index)


def _collapsed(states: pd.DataFrame, key: list[str], facts: list[str]) -> pd.DataFrame:
    """States in order of time without repeats of the one before, with their validity and the hash of their facts."""
    rows = states.sort_values([*key, "at"], kind="stable", ignore_index=True)
    code = rows.groupby(key, sort=False).ngroup().to_numpy()
    content = np.column_stack([pd.factorize(rows[name])[0] for name in ("state", *facts)])
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (code[1:] != code[:-1]) | (content[1:] != content[:-1]).any(axis=1)
    rows, code = rows[first].reset_index(drop=True), code[first]
    same = np.append(code[1:] == code[:-1], False) if len(code) else np.zeros(0, dtype=bool)
    out = rows.rename(columns={"at": "known_at"})
    out["superseded_at"] = out["known_at"].shift(-1).where(same)
    hashes = pd.Series(text_hashes(out[["state", *facts]]), index=out.index, dtype="string[pyarrow]")
    return out.assign(source_hash=hashes.where(out["state"] != "pending"))
