"""Who is asked about: the teams and players of each date's games, as schedule and registry were known at the time.

**Decision time.** T = tip − 30 min by the schedule version that was the newest at T. Of several such versions (a game
delayed once T was past) the first decides, for after T nothing moves. A version that becomes known after its own T (a
tip moved forward at short notice) decides at the moment it is known, if that is before its tip and the game had been
listed by T. So a game whose first listing became known after T has no rows, nor has one without a tip, nor one that is
postponed by then. Preseason and All-Star games have none at all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.decision_time import LEAD
from nba_assets.transforms import Dates, Inputs, windows

COUNTED = ("regular", "cup_final", "play_in", "playoffs")
"""Season types that have pre-game rows."""

LIST_DAYS = 14
"""An older player list says nothing about a team."""

TEAM_GAME = [
    "game_date",
    "game_id",
    "team",
    "opponent",
    "season",
    "season_type",
    "is_home",
    "is_neutral",
    "tip_at",
    "decision_at",
    "known_at",
]
VERSION = ["row_known_at", "superseded_at"]
GAME = ["game_date", "game_id"]
"""With the date: a postponed game keeps its id and may have been decided on both dates."""


def of(inputs: Inputs, name: str) -> pd.DataFrame:
    """The input frame, or its table's empty frame where it was not handed in."""
    frame = inputs.get(name)
    return frames.empty(contracts.table(name)) if frame is None else frame


def team_games(inputs: Inputs, dates: Dates) -> pd.DataFrame:
    """One row per team and game of `dates` that was on the schedule known at its own decision time.

    Columns TEAM_GAME: `tip_at`, sides and `known_at` of the schedule version that decided, `decision_at` as the module
    says. At most one game a team and date: of two, the one that is not postponed; neither where both are on (their
    drops contradict each other). Sorted by date, game and team; index 0, 1, ...
    """
    schedule = of(inputs, "nbac_schedule")
    wanted = schedule["game_date"].isin(pd.DatetimeIndex(list(dates))) & schedule["season_type"].isin(COUNTED)
    versions = schedule[wanted]
    games = _decided(versions)
    sides = [
        games.rename(columns={f"{side}_tricode": "team", f"{other}_tricode": "opponent"}).assign(is_home=side == "home")
        for side, other in (("home", "away"), ("away", "home"))
    ]
    rows = pd.concat(sides, ignore_index=True)[TEAM_GAME]
    rows["is_home"] = rows["is_home"].astype("boolean")
    rows = _without(rows, _contradicted(rows, versions), GAME)
    return rows.sort_values([*GAME, "team"], kind="stable", ignore_index=True)


def players(inputs: Inputs, dates: Dates, games: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per game and player of both teams, as the registry was known at the game's decision.

    `games`: rows of `team_games`, made here if not given. A team's players are those of the newest player list of the
    14 days to D that was known (`team_source` player_list), and those on none of these lists whose last box score of
    the season is the team's (`last_game`). Who changes teams between two tips of a date is in the game decided first.
    Columns TEAM_GAME, player_id, player_name, team_source; `known_at` is the latest of the schedule version and the row
    that placed him. Sorted by date, game and player; index 0, 1, ...
    """
    games = team_games(inputs, dates) if games is None else games
    lists = of(inputs, "nbac_player_list")
    lists = lists.rename(columns={"game_date": "list_date", "known_at": "row_known_at", "full_name": "player_name"})
    placed = _listed(games, lists).assign(team_source="player_list")
    unlisted = _last_seen(games, placed, lists, of(inputs, "player_game_summary")).assign(team_source="last_game")
    columns = [*TEAM_GAME, "player_id", "player_name", "team_source"]
    rows = pd.concat([placed[columns], unlisted[columns]], ignore_index=True)
    rows = rows.sort_values(["decision_at", "game_id"], kind="stable").drop_duplicates(["game_date", "player_id"])
    text = dict.fromkeys(("player_id", "player_name", "team_source"), pd.StringDtype("pyarrow"))
    return rows.astype(text).sort_values([*GAME, "player_id"], kind="stable", ignore_index=True)


def _decided(versions: pd.DataFrame) -> pd.DataFrame:
    """The version that decides each game of a date, with its `decision_at`."""
    due = (versions["tip_at"] - LEAD).astype("datetime64[us, UTC]")
    moment = due.where(due >= versions["known_at"], versions["known_at"])
    listed = versions.groupby(GAME)["known_at"].transform("min") <= due
    decides = listed & windows.known_then(versions, moment) & (moment < versions["tip_at"])
    decides &= ~versions["is_postponed"].fillna(False).astype(bool)
    rows = versions.assign(decision_at=moment)[decides.fillna(False).astype(bool)]
    return rows.sort_values([*GAME, "decision_at"], kind="stable").drop_duplicates(GAME)


def _contradicted(rows: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    """GAME of games at whose decision another game of one of their teams on that date was on, or already decided."""
    on = versions[~versions["is_postponed"].fillna(False).astype(bool)]
    others = pd.concat(
        [
            on[["game_date", "game_id", "known_at", "superseded_at", f"{side}_tricode"]].rename(
                columns={f"{side}_tricode": "team", "game_id": "other"}
            )
            for side in ("home", "away")
        ],
        ignore_index=True,
    )
    asked = rows[[*GAME, "team", "decision_at"]]
    pairs = asked.merge(others, on=["game_date", "team"])
    pairs = pairs[pairs["game_id"] != pairs["other"]]
    clash = pairs.loc[windows.known_then(pairs, pairs["decision_at"]), GAME]
    sooner = asked.sort_values(["decision_at", "game_id"], kind="stable").duplicated(["game_date", "team"])
    return pd.concat([clash, asked.loc[sooner[sooner].index, GAME]]).drop_duplicates()


def _listed(games: pd.DataFrame, lists: pd.DataFrame) -> pd.DataFrame:
    """Team games with the men whom the newest list known at the decision has on the team."""
    first = lists.groupby("list_date")["row_known_at"].min().rename("first").reset_index()
    dated = _with_list_dates(games[[*GAME, "team", "decision_at"]]).merge(first, on="list_date")
    dated = dated[dated["first"] <= dated["decision_at"]]
    newest = dated.groupby([*GAME, "team"])["list_date"].max().reset_index()
    asks = games.merge(newest, on=[*GAME, "team"])
    found = asks.merge(
        lists[["list_date", "team_tricode", "is_rostered", "player_id", "player_name", *VERSION]],
        left_on=["list_date", "team"],
        right_on=["list_date", "team_tricode"],
    )
    found = found[_known(found) & found["is_rostered"].fillna(False).astype(bool)]
    return _latest(found)


def _last_seen(games: pd.DataFrame, placed: pd.DataFrame, lists: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Team games with the men on no list known of the last 14 days whose last box score of the season is the team's."""
    summary = summary[summary["season_phase"] != "preseason"]
    seen = summary.groupby(["season", "team", "player_id"]).agg(since=("game_date", "min"), known=("known_at", "min"))
    found = games.merge(seen.reset_index(), on=["season", "team"])
    found = found[(found["since"] < found["game_date"]) & (found["known"] <= found["decision_at"])]
    found = _without(found, placed[[*GAME, "player_id"]], [*GAME, "player_id"])
    on_list = _with_list_dates(found[[*GAME, "player_id", "decision_at"]].drop_duplicates()).merge(
        lists[["list_date", "player_id", *VERSION]], on=["list_date", "player_id"]
    )
    found = _without(found, on_list.loc[_known(on_list), [*GAME, "player_id"]], [*GAME, "player_id"])
    found = found.reset_index(drop=True)
    box = summary[["game_date", "game_id", "season", "player_id", "player_name", "team", "known_at", "superseded_at"]]
    pairs = windows.history(found, box, "player_id", newest=1).set_index("ask")
    box_row = pairs[["player_name", "known_at"]].rename(columns={"known_at": "row_known_at"})
    found = found.join(box_row[pairs["team"] == found["team"].reindex(pairs.index)], how="inner")
    return _latest(found)


def _with_list_dates(asks: pd.DataFrame) -> pd.DataFrame:
    """Every ask once per day of the 14 to its date, `list_date`."""
    back = pd.DataFrame({"back": pd.to_timedelta(np.arange(LIST_DAYS + 1), unit="D")})
    out = asks.merge(back, how="cross")
    return out.assign(list_date=(out["game_date"] - out["back"]).astype("datetime64[us]")).drop(columns="back")


def _known(rows: pd.DataFrame) -> windows.Flags:
    return windows.known_then(rows.rename(columns={"known_at": "_", "row_known_at": "known_at"}), rows["decision_at"])


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    later = rows["row_known_at"] > rows["known_at"]
    return rows.assign(known_at=rows["known_at"].mask(later, rows["row_known_at"]))


def _without(rows: pd.DataFrame, some: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """The rows that are not among `some`."""
    marked = rows[on].merge(some[on].drop_duplicates(), on=on, how="left", indicator=True)
    return rows[(marked["_merge"] == "left_only").to_numpy()]
