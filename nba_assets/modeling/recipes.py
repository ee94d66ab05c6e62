"""A recipe is how models are made, a version one of them: versions change weekly, recipes are compared and chosen."""

from __future__ import annotations

from typing import Any

import pandas as pd


def recipe_column(models: pd.DataFrame) -> pd.Series[Any]:
    """The recipe of every row of points_model: its `recipe`, or its `family` where there is no such column."""
    return models["recipe"] if "recipe" in models.columns else models["family"]


def recipes(models: pd.DataFrame) -> dict[str, str]:
    """The recipe by model_version."""
    return dict(zip(models["model_version"], recipe_column(models), strict=True))


BASELINE = "market_baseline"


def serving(cards: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    """The rows of points_model with `serving` as the choices have it; without a choice as they are.

    choices: `recipe`, `since` (first game date), in the order in which they were made. On a date the last of those made
    for it or an earlier one counts. The recipe's model of players' points serves if its gates let it (passed, or the
    market baseline, which has nothing to pass); otherwise who served stays: a failed model never serves.
    """
    if cards.empty or choices.empty:
        return cards
    points = cards["target"] == "points"
    fit = points & ((cards["gate_status"] == "passed") | (cards["family"] == BASELINE))
    chosen = fit & (recipe_column(cards) == _chosen(cards["game_date"], choices))
    newest = chosen & (
        cards["refit_at"] == cards["refit_at"].where(chosen).groupby(cards["game_date"]).transform("max")
    )
    moved = points & newest.groupby(cards["game_date"]).transform("any")
    return cards.assign(serving=cards["serving"].mask(moved, newest))


def _chosen(dates: pd.Series[Any], choices: pd.DataFrame) -> pd.Series[Any]:
    """The recipe chosen for each date; null without one."""
    found = pd.Series(pd.NA, index=dates.index, dtype="string[pyarrow]")
    for recipe, since in zip(choices["recipe"], choices["since"], strict=True):
        found = found.mask(dates >= since, recipe)
    return found
