"""Rows of a slate: the games of the dates, and every player's official prediction, in published order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.contracts.nba_predictions.player_points_predictions import LEVELS
from nba_assets.modeling.reconcile import expected_points
from nba_assets.publishing.changes import changes
from nba_assets.publishing.facts import PLAYER_ON_DATE, TEAM_ON_DATE, Facts
from nba_assets.publishing.fields import LINE_DECIMALS, PROBABILITY_DECIMALS, Field, column, columns, model, nullable
from nba_assets.publishing.rows import Record, grouped, records

COUNTED = ("regular", "playoffs", "play_in", "cup_final")
"""Kinds of games that are predicted: neither preseason nor the All-Star games."""

GAME_STATES = ("scheduled", "live", "final", "postponed")

_PLAYER = "player_points_predictions"
_GAME = "game_predictions"


def quantile_names(name: str) -> tuple[str, ...]:
    """`<name>_q05` to `<name>_q95`."""
    return tuple(f"{name}_q{level:02d}" for level in LEVELS)


GAME_FIELDS: tuple[Field, ...] = (
    column("nbac_schedule", "game_id"),
    column("nbac_schedule", "tip_at"),
    column("nbac_schedule", "home_tricode", name="home"),
    column("nbac_schedule", "away_tricode", name="away"),
    Field("game_status", str, "Where the game stands", values=GAME_STATES, source="nbac_schedule.game_status"),
    column("nbac_schedule", "home_score"),
    column("nbac_schedule", "away_score"),
    column(_GAME, "home_spread", decimals=LINE_DECIMALS),
    column(_GAME, "total_line", decimals=LINE_DECIMALS),
    *nullable(columns(_GAME, ("p_home_win", "market_p_home"))),
    *nullable(columns(_GAME, ("margin_mean", *quantile_names("margin"), "total_mean", *quantile_names("total")))),
    *nullable(columns(_GAME, ("model_version",))),
    Field("waiting", list[str], "What the game waits for: predictions, or once final its box score; else empty"),
)

PLAYER_FIELDS: tuple[Field, ...] = (
    column(_PLAYER, "player_id"),
    column("upcoming_player_game_context", "player_name", name="name", nullable=True),
    column(_PLAYER, "team"),
    column(_PLAYER, "opponent"),
    column(_PLAYER, "game_id"),
    column(_PLAYER, "injury_status"),
    *columns(_PLAYER, ("consensus_line", "line_value", "line_range"), decimals=LINE_DECIMALS),
    *columns(_PLAYER, ("line_source", "line_captured_at", "minutes_to_tip", "n_books", "market_p_over")),
    *columns(_PLAYER, ("points_mean", *quantile_names("points"), "minutes_mean")),
    *columns(_PLAYER, ("p_over", "p_push", "p_under", "over_price", "under_price")),
    Field("ev", float, "Expected profit of one unit on the better side at its price", nullable=True, unit="units"),
    *columns(_PLAYER, ("decision", "reasons", "run_kind", "decision_at", "model_version")),
    *nullable(columns("prediction_grades", ("actual_points", "outcome", "result", "void_reason"))),
    Field(
        "expected_points",
        float,
        "Points expected of him in this game, the chance that he is absent included; a side's players add up to its",
        low=0,
        unit="points",
        decimals=2,
    ),
)

GAME = model("Game", "A game of the slate; margins are home - away.", GAME_FIELDS)
PLAYER = model("SlatePlayer", "A player's prediction, given he plays; without a line a PASS.", PLAYER_FIELDS)


def official(predictions: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The row that counts for each key: the serving model's last live row, else its backfill row."""
    serving = predictions[(predictions["role"] == "serving").fillna(False)]
    rank = serving.assign(is_live=(serving["run_kind"] == "live").fillna(False))
    rank = rank.sort_values([*key, "is_live", "decision_at"], kind="stable")
    return rank.drop_duplicates(key, keep="last").drop(columns="is_live")


@dataclass(frozen=True)
class Slate:
    """The games and players of some dates, in published order: tip, game, then most points first.

    `games` has the columns of GAME_FIELDS, home_mean and away_mean, `players` those of PLAYER_FIELDS, of the stored
    distribution, and p_play; both have game_date and known_at, `players` also tip_at. `changes`: by date and game.
    """

    games: pd.DataFrame
    players: pd.DataFrame
    changes: Mapping[Any, list[Record]]

    @cached_property
    def game_records(self) -> list[Record]:
        return records(self.games, GAME_FIELDS)

    @cached_property
    def player_records(self) -> list[Record]:
        return records(self.players, PLAYER_FIELDS)

    @cached_property
    def games_by_date(self) -> dict[Any, list[Record]]:
        return grouped(self.games["game_date"].dt.strftime("%Y-%m-%d").tolist(), self.game_records)

    @cached_property
    def players_by_date(self) -> dict[Any, list[Record]]:
        return grouped(self.players["game_date"].dt.strftime("%Y-%m-%d").tolist(), self.player_records)


def slate(facts: Facts) -> Slate:
    """The slates of the facts' dates, and the newest row of each of their players where that is on another date.

    Who was predicted for a game that has left its date before it was predicted itself is on no slate; what was decided
    of him is in the track record.
    """
    said = official(facts.table(_PLAYER), PLAYER_ON_DATE)
    rows = _wanted(facts, said)
    games = _games(facts, rows)
    tips = games[["game_date", "game_id", "tip_at"]].rename(columns={"tip_at": "game_tip_at"})
    players = _players(facts, rows).merge(tips, on=["game_date", "game_id"])
    players = players.merge(_expected(said, games), on=PLAYER_ON_DATE, validate="one_to_one")
    players["order"] = -players["points_mean"]
    order = ["game_date", "game_tip_at", "game_id", "order", "player_id"]
    players = players.sort_values(order, kind="stable", ignore_index=True)
    predicted = set(zip(players["game_date"], players["game_id"], strict=True))
    games["waiting"] = _waiting(facts, games, predicted)
    known = players[["player_id", "name"]].dropna()
    names = dict(zip(known["player_id"], known["name"], strict=True))
    return Slate(games, players, changes(facts, names))


def side_means(games: pd.DataFrame) -> pd.DataFrame:
    """TEAM_ON_DATE and `team_points`, the side's expected points, of both sides of the slate's `games`."""
    sides = [
        games[["game_date", "game_id", side, f"{side}_mean"]].set_axis([*TEAM_ON_DATE, "team_points"], axis=1)
        for side in ("home", "away")
    ]
    return pd.concat(sides, ignore_index=True)


def _expected(said: pd.DataFrame, games: pd.DataFrame) -> pd.DataFrame:
    """`expected_points` of every player of the games, of all dates: a side's players must add up."""
    rows = said[[*TEAM_ON_DATE, "player_id", "points_mean", "p_play"]].merge(
        games[["game_date", "game_id"]], on=["game_date", "game_id"]
    )
    rows = rows.sort_values([*TEAM_ON_DATE, "player_id"], kind="stable", ignore_index=True)
    means = rows[TEAM_ON_DATE].merge(side_means(games), on=TEAM_ON_DATE, how="left", validate="many_to_one")
    rows = rows.assign(team_points=means["team_points"].to_numpy())
    return rows[PLAYER_ON_DATE].assign(expected_points=expected_points(rows))


def _wanted(facts: Facts, said: pd.DataFrame) -> pd.DataFrame:
    rows = said.sort_values(PLAYER_ON_DATE, kind="stable")
    asked = rows["game_date"].isin(list(facts.stamps))
    newest = rows["player_id"].isin(rows.loc[asked, "player_id"].unique()) & ~rows.duplicated("player_id", keep="last")
    return rows[asked | newest]


def _games(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Scheduled games of the slates' dates; a predicted game no longer on its date is postponed."""
    schedule = facts.table("nbac_schedule")
    wanted = [*facts.stamps, *rows["game_date"].unique()]
    said = official(facts.table(_GAME), ["game_date", "game_id"])
    said = said[said["game_date"].isin(wanted)]
    listed = schedule[schedule["season_type"].isin(COUNTED) & schedule["game_date"].isin(wanted)]
    names = {"home_tricode": "home", "away_tricode": "away", "known_at": "schedule_known_at"}
    keep = ["game_date", "game_id", "tip_at", "game_status", "is_postponed", "home_score", "away_score", *names]
    listed = listed[keep].rename(columns=names)
    said = said.rename(columns={"known_at": "said_known_at", "tip_at": "said_tip_at", "home": "h", "away": "a"})
    forecast = [
        "model_version",
        "home_spread",
        "total_line",
        "p_home_win",
        "market_p_home",
        "margin_mean",
        "total_mean",
        "home_mean",
        "away_mean",
    ]
    forecast += [*quantile_names("margin"), *quantile_names("total")]
    games = listed.merge(
        said[["game_date", "game_id", "said_tip_at", "h", "a", "said_known_at", *forecast]],
        on=["game_date", "game_id"],
        how="outer",
    )
    gone = games["home"].isna()
    games["game_status"] = game_states(games, gone)
    games["home"] = games["home"].fillna(games["h"])
    games["away"] = games["away"].fillna(games["a"])
    games["tip_at"] = games["tip_at"].where(~gone, games["said_tip_at"])
    games["known_at"] = games[["schedule_known_at", "said_known_at"]].max(axis=1)
    return games.sort_values(["game_date", "tip_at", "game_id"], kind="stable", ignore_index=True)


def game_states(games: pd.DataFrame, gone: pd.Series[bool] | bool = False) -> pd.Series[Any]:
    """Where each scheduled game stands, of GAME_STATES; `gone`: it is no longer on its date."""
    states = games["game_status"].map({1: "scheduled", 2: "live", 3: "final"}).astype("string[pyarrow]")
    postponed = gone | games["is_postponed"].fillna(False).astype(bool)
    return states.mask(postponed & (states != "final").fillna(True), "postponed")


def _players(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    context = facts.table("upcoming_player_game_context")[[*PLAYER_ON_DATE, "player_name", "known_at"]]
    context = context.rename(columns={"player_name": "name", "known_at": "context_known_at"}).drop_duplicates(
        PLAYER_ON_DATE
    )
    grades = facts.table("prediction_grades")[
        ["prediction_id", "actual_points", "outcome", "result", "void_reason", "known_at"]
    ].rename(columns={"known_at": "grade_known_at"})
    rows = rows.merge(context, on=PLAYER_ON_DATE, how="left").merge(grades, on="prediction_id", how="left")
    rows["name"] = rows["name"].fillna(rows["player_id"].map(_names(facts)))
    over, under = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("ev_over", "ev_under"))
    rows["ev"] = np.fmax(over, under)
    known = rows["p_over"].notna()
    rows[["p_over", "p_push"]] = rows[["p_over", "p_push"]].round(PROBABILITY_DECIMALS)
    rows["p_under"] = (1.0 - rows["p_over"] - rows["p_push"]).round(PROBABILITY_DECIMALS).clip(lower=0.0).where(known)
    rows["known_at"] = rows[["known_at", "context_known_at", "grade_known_at"]].max(axis=1)
    return rows


def _names(facts: Facts) -> pd.Series[Any]:
    """Each player's name in his newest box score."""
    box = facts.table("player_game_summary")[["game_date", "game_id", "player_id", "player_name"]]
    newest = box.sort_values(["game_date", "game_id"], kind="stable").drop_duplicates("player_id", keep="last")
    return newest.set_index("player_id")["player_name"]


def _waiting(facts: Facts, games: pd.DataFrame, predicted: set[tuple[Any, Any]]) -> list[list[str]]:
    reasons = facts.waiting.groupby("game_id")["reason"].agg(lambda found: sorted(set(found))).to_dict()
    found = []
    for day, game, state in zip(games["game_date"], games["game_id"], games["game_status"], strict=True):
        own = list(reasons.get(game, [])) if state == "final" else []
        if (day, game) not in predicted and state != "postponed":
            own.append("no predictions")
        found.append(own)
    return found
