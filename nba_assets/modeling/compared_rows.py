"""Challengers' settled predictions beside the official ones of the same rows: what they would have said instead."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_assets.modeling import Inputs
from nba_assets.modeling.columns import of
from nba_assets.modeling.recipes import recipes

ROW = ["game_date", "game_id", "player_id", "run_kind"]
SCORES = ("abs_error", "log_loss", "crps")
LINE = "line_value"


def compared_rows(inputs: Inputs, grades: pd.DataFrame) -> pd.DataFrame:
    """Rows of `grades` (settled, newest, of players' points) by models in role shadow, with what they are compared to.

    One row per recipe and official prediction: the challenger's last of the same game, player and run_kind that was
    said no later than the official one and of the same line. Beside its grade: `recipe`, and `rival_abs_error`,
    `rival_log_loss`, `rival_crps` of the official prediction. A challenger without a recipe is left out.
    """
    said = of(inputs, "player_points_predictions")[["prediction_id", "role", "decision_at", LINE]]
    rows = grades[grades["target"] == "points"].merge(said, on="prediction_id", validate="one_to_one")
    scores = {name: f"rival_{name}" for name in SCORES}
    rival = (
        rows[rows["is_official"].fillna(False)].rename(columns={"model_abs_error": "abs_error"}).rename(columns=scores)
    )
    rival = rival[[*ROW, "prediction_id", "decision_at", LINE, *scores.values()]]
    shadow = rows[rows["role"] == "shadow"]
    shadow = shadow.assign(
        recipe=shadow["model_version"].map(recipes(of(inputs, "points_model"))).astype("string[pyarrow]")
    )
    pairs = shadow[shadow["recipe"].notna()].merge(rival, on=ROW, suffixes=("", "_official"))
    of_one_line = (pairs[LINE] == pairs[f"{LINE}_official"]).fillna(False) | (
        pairs[LINE].isna() & pairs[f"{LINE}_official"].isna()
    )
    pairs = pairs[of_one_line & (pairs["decision_at"] <= pairs["decision_at_official"])]
    order = ["prediction_id_official", "recipe", "decision_at", "model_version"]
    last = pairs.sort_values(order, kind="stable").drop_duplicates(order[:2], keep="last")
    return _as_grades(last, [*grades.columns, "recipe", *scores.values()])


def _as_grades(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    found: pd.DataFrame = rows[columns].sort_values(["game_date", "prediction_id"], kind="stable", ignore_index=True)
    return found


def against_the_market(grades: pd.DataFrame) -> dict[str, Any]:
    """The same columns of official grades: their rival is the line, the market's probability, its baseline."""
    return {
        "recipe": pd.Series(pd.NA, index=grades.index, dtype="string[pyarrow]"),
        "rival_abs_error": grades["line_abs_error"],
        "rival_log_loss": grades["market_log_loss"],
        "rival_crps": grades["market_crps"],
    }
