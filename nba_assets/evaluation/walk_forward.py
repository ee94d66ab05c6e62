"""Walk-forward: each date's rows as the last refit before it would have predicted them, one row at T, then graded.

The same functions make the platform's own tables: with refits on Mondays the rows are those tables' backfill rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.errors import PlatformError
from nba_assets.modeling import Inputs, points_model, prediction_grades
from nba_assets.modeling.columns import of
from nba_assets.modeling.player_points_predictions import postponed, predict
from nba_assets.modeling.slate import slate
from nba_assets.refits import EMBARGO_DAYS

WEEK = 7
"""Days between refits of the platform, which are on Mondays."""


@dataclass(frozen=True)
class WalkForward:
    """What was predicted and what became of it.

    `models`: the cards of every refit's points models, one row each, with `first_date` and `last_date` served.
    `predictions`, `grades`: rows of the tables of these names; of grades the newest versions.
    """

    models: pd.DataFrame
    predictions: pd.DataFrame
    grades: pd.DataFrame


def refit_date(day: pd.Timestamp, start: pd.Timestamp, every: int) -> pd.Timestamp:
    """The date whose refit serves a game date: its Monday if `every` is 7, else the last of start, start + every, …"""
    if every == WEEK:
        return points_model.refit_date(day)
    return day - pd.Timedelta(days=(day - start).days % every)


def days_needed(first: dt.date, last: dt.date, every: int) -> list[dt.date]:
    """The dates whose inputs a walk-forward over first … last needs: the first refit's, and the range's ends."""
    start = pd.Timestamp(first)
    return [refit_date(start, start, every).date(), first, last]


def walk_forward(
    inputs: Inputs,
    first: dt.date,
    last: dt.date,
    every: int = WEEK,
    refitting: Callable[[int, int], None] = lambda done, of: None,
) -> WalkForward:
    """Refit, predict and grade all dates of first … last that have feature-store rows; official rows serve.

    `refitting` is told how many refits of how many are done. Raises `PlatformError` if there is no row in the range,
    or a row's model had seen its date.
    """
    rows = slate(inputs)
    start = pd.Timestamp(first)
    served = rows[rows["game_date"].between(start, pd.Timestamp(last))].reset_index(drop=True)
    if served.empty:
        raise PlatformError(
            f"no rows of ml_feature_store between {first} and {last}", "nba-assets ingest your files first"
        )
    served["is_postponed"] = postponed(served, of(inputs, "nbac_schedule"))
    served["is_halted"] = False
    refits = served["game_date"].map(lambda day: refit_date(day, start, every))
    learnable = points_model.learnable(rows)
    models: list[dict[str, Any]] = []
    parts: list[pd.DataFrame] = []
    known = of(inputs, "points_model")
    known = known[known["game_date"] < start]
    count = refits.nunique()
    for number, (refit_at, part) in enumerate(served.groupby(refits)):
        refitting(number, count)
        part = part.reset_index(drop=True)
        cards = points_model.refit(pd.Timestamp(refit_at), learnable, {**inputs, "points_model": known})
        known = pd.concat([known, points_model.of_dates(cards, part["game_date"].unique())], ignore_index=True)
        for card in cards:
            if card["target"] != "points":
                continue
            in_time(card, part)
            parts.append(predict(part, card, "serving" if card["serving"] else "shadow"))
            models.append(card | {"first_date": part["game_date"].min(), "last_date": part["game_date"].max()})
    refitting(count, count)
    predictions = frames.conform(pd.concat(parts, ignore_index=True), contracts.table("player_points_predictions"))
    dates = [pd.Timestamp(day) for day in served["game_date"].unique()]
    graded = prediction_grades.build({**inputs, "player_points_predictions": predictions}, dates)
    newest = graded[graded["superseded_at"].isna()].reset_index(drop=True)
    return WalkForward(pd.DataFrame(models), predictions, newest)


def in_time(card: dict[str, Any], rows: pd.DataFrame) -> None:
    """Raises `PlatformError` if any row lies before the card's train_end + embargo, or was decided before its refit."""
    seen_until = card["train_end"] + pd.Timedelta(days=EMBARGO_DAYS)
    early = (rows["game_date"] < seen_until) | (rows["decision_at"] < card["refit_at"])
    if early.any():
        row = rows[early].iloc[0]
        raise PlatformError(
            f"model {card['model_version']}, trained to {card['train_end']:%Y-%m-%d}, had seen game"
            f" {row['game_id']} of {row['game_date']:%Y-%m-%d}",
            "points_model.refit broke the embargo: its result means nothing",
        )
