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
