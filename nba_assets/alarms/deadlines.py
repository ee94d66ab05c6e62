"""Deadlines of a date with games: lines by noon, predictions an hour before the tip, grades the next morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from nba_assets.alarms.wording import listed, minute
from nba_assets.engine.lateness import LOOKED_BACK, owed_games
from nba_assets.league import LEAGUE_ZONE, league_date
from nba_assets.storage.records import Cause

if TYPE_CHECKING:
    from nba_assets.engine.platform import Platform

LINES_BY = dt.time(12)
"""New York time of the date."""
PREDICTIONS_BEFORE_TIP = dt.timedelta(minutes=60)
GRADES_BY = dt.time(9)
"""New York time of the day after."""
PROPS = ("odds_api_player_points_props", "bettingpros_player_points_props")
PREDICTIONS = ("player_points_predictions", "game_predictions")

Span = tuple[dt.date, dt.date]
Missing = dict[str, str]
"""By game id, what is not there."""


@dataclass(frozen=True)
class Deadline:
    """Something that a game has to have: by when (null: never), what it lacks, and what to do about it."""

    due: Callable[[pd.DataFrame], pd.Series[pd.Timestamp]]
    missing: Callable[[Platform, pd.DataFrame, Span], Missing]
    advice: str


def missed_deadlines(platform: Platform) -> list[Cause]:
    """One cause per deadline and date of today and the days before that has passed and is still not met."""
    now = pd.Timestamp(platform.clock.now())
    today = league_date(now)
    span = (today - dt.timedelta(days=LOOKED_BACK), today)
    games = owed_games(platform, span)
    if games.empty:
        return []
    games = games.assign(day=games["game_date"].dt.date, teams=_teams(games))
    found = []
    for name, deadline in DEADLINES.items():
        due = games.assign(due_at=deadline.due(games))
        due = due[due["due_at"] <= now]
        if due.empty:
            continue
        missing = deadline.missing(platform, due, span)
        for day, own in due[due["game_id"].isin(list(missing))].sort_values(["due_at", "game_id"]).groupby("day"):
            lacks = [f"{teams} ({missing[game]})" for teams, game in zip(own["teams"], own["game_id"], strict=True)]
            found.append(
                Cause(
                    "missed_deadlines",
                    f"missed_deadlines|{name}|{day}",
                    f"{name} of {day} were due at {minute(own['due_at'].min())} and are missing for {listed(lacks)}:"
                    f" {deadline.advice.format(day=day)}",
                )
            )
    return found


def _teams(games: pd.DataFrame) -> pd.Series[str]:
    return games["away_tricode"].astype(str) + "@" + games["home_tricode"].astype(str)


def _at(games: pd.DataFrame, time: dt.time, days_later: int) -> pd.Series[pd.Timestamp]:
    """That time in New York, so many days after the game's date: an instant, also when clocks change."""
    dates = games["day"] + dt.timedelta(days=days_later)
    moments = [pd.Timestamp(dt.datetime.combine(day, time, LEAGUE_ZONE)).tz_convert("UTC") for day in dates]
    return pd.Series(moments, index=games.index)


def _lines_due(games: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return _at(games, LINES_BY, 0)


def _predictions_due(games: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return games["tip_at"] - PREDICTIONS_BEFORE_TIP


def _grades_due(games: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return _at(games, GRADES_BY, 1).where(games["final_at"].notna())


def _without_lines(platform: Platform, games: pd.DataFrame, span: Span) -> Missing:
    lined = set().union(*(_games_of(platform, table, span) for table in PROPS))
    return {game: "no lines" for game in games["game_id"] if game not in lined}


def _without_predictions(platform: Platform, games: pd.DataFrame, span: Span) -> Missing:
    predicted = {table: _games_of(platform, table, span) for table in PREDICTIONS}
    lacks = {game: [table for table in PREDICTIONS if game not in predicted[table]] for game in games["game_id"]}
    return {game: f"no {' and no '.join(tables)}" for game, tables in lacks.items() if tables}


def _without_grades(platform: Platform, games: pd.DataFrame, span: Span) -> Missing:
    """Games with an official grade that is pending, or without any although they were predicted."""
    grades = platform.warehouse.read(
        "prediction_grades", dates=span, columns=["game_date", "game_id", "is_official", "result"]
    )
    grades = grades[grades["is_official"].fillna(False)]
    all_of = grades["game_id"].value_counts()
    pending = grades.loc[grades["result"] == "pending", "game_id"].value_counts()
    predicted = set().union(*(_games_of(platform, table, span) for table in PREDICTIONS))
    found = {game: "no grades" for game in games["game_id"] if game in predicted and game not in all_of.index}
    return found | {
        game: f"{pending[game]} of {all_of[game]} pending" for game in games["game_id"] if game in pending.index
    }


def _games_of(platform: Platform, table: str, span: Span) -> set[str]:
    rows = platform.warehouse.read(table, dates=span, columns=["game_date", "game_id"])
    return set(rows["game_id"].dropna().astype(str))


DEADLINES = {
    "lines": Deadline(
        _lines_due, _without_lines, "nba-assets fetch odds_api_player_points_props --date {day}, or import-lines"
    ),
    "predictions": Deadline(
        _predictions_due,
        _without_predictions,
        "nba-assets status --date {day} shows the phase that is behind; nba-assets backfill --start {day} --end {day}",
    ),
    "grades": Deadline(
        _grades_due,
        _without_grades,
        "nba-assets status --date {day} shows what waits; nba-assets backfill --start {day} --end {day} --from-phase 5",
    ),
}
"""By name, in the order of the day."""
