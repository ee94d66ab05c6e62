"""Golden rows of a model card: what the model said of a few rows when it was fitted, and must say when it serves.

A card that was changed, cut short, or made by another LightGBM or other code does not get past them.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from typing import Any

import numpy as np
import pandas as pd

from nba_assets.modeling.columns import floats
from nba_assets.modeling.decision import Thresholds
from nba_assets.modeling.distribution import DECIMALS
from nba_assets.modeling.forecast import Model, booster, forecast
from nba_assets.modeling.slate import FEATURE_NAMES
from nba_assets.modeling.stages import text_hash

READ = ("consensus_line", "line_value", "market_p_over", "own_points")
SAID = ("points_mean", "points_q50", "p_over", "own_q50")
LINED, UNLINED = 3, 2
TOLERANCE = 2 * 10.0**-DECIMALS

CARD = (
    *("family", "params", "dispersion", "market_weight", "thresholds", "artifact", "artifact_sha256", "golden_rows"),
    "feature_names",
)
"""What of a card decides what it says."""


def golden_rows(rows: pd.DataFrame, model: Model) -> str:
    """The first rows with a line and the first without one, with what the model says of them, as JSON."""
    lined = rows["consensus_line"].notna()
    chosen = pd.concat([rows[lined].head(LINED), rows[~lined].head(UNLINED)], ignore_index=True)
    given = chosen[list(dict.fromkeys((*READ, *model.feature_names)))].astype(float)
    said = forecast(given, model)[list(SAID)]
    pairs = zip(given.to_dict("records"), said.to_dict("records"), strict=True)
    return json.dumps([{"row": _plain(row), "said": _plain(found)} for row, found in pairs], sort_keys=True)


def _plain(row: dict[Any, Any]) -> dict[str, float | None]:
    return {str(name): None if np.isnan(value) else float(value) for name, value in row.items()}


def is_sound(card: dict[str, Any]) -> bool:
    """Whether the card's model is the one that was fitted.

    Its artifact has its hash and takes the features in their order, all are known here, and it says of the golden rows
    what it said then.
    """
    values = (None if pd.isna(card[name]) else card[name] for name in CARD[:-1])
    return _is_sound(*values, tuple(card["feature_names"]))


@functools.lru_cache(maxsize=64)
def _is_sound(*values: Any) -> bool:
    card = dict(zip(CARD, values, strict=True))
    known = {field.name for field in dataclasses.fields(Thresholds)}
    try:
        if set(json.loads(card["thresholds"])) - known or set(card["feature_names"]) - set(FEATURE_NAMES):
            return False
        if (card["artifact"] is None) != (card["artifact_sha256"] is None):
            return False
        text = card["artifact"]
        if text is not None and text_hash(text) != card["artifact_sha256"]:
            return False
        if text is not None and tuple(booster(text).feature_name()) != card["feature_names"]:
            return False
        return _says_the_same(Model.of_row(card), json.loads(card["golden_rows"]))
    except (ValueError, KeyError, TypeError):
        return False


def _says_the_same(model: Model, golden: list[dict[str, Any]]) -> bool:
    if not golden:
        return True
    names = dict.fromkeys((*READ, *model.feature_names))
    rows = pd.DataFrame([pair["row"] for pair in golden], columns=list(names), dtype=float)
    found, wanted = forecast(rows, model), pd.DataFrame([pair["said"] for pair in golden], dtype=float)
    return all(
        np.allclose(floats(found[name]), floats(wanted[name]), rtol=0, atol=TOLERANCE, equal_nan=True) for name in SAID
    )
