"""What the stages say of every row of a slate, each row by the models that were fitted before its season."""

from __future__ import annotations

import functools
import json

import lightgbm as lgb
import numpy as np
import pandas as pd

from nba_assets.contracts.model import Refit
from nba_assets.modeling.stages import STAGES, Stage, predict, text_hash
from nba_assets.refits import refit_date

FITTED, SIMPLE, MISMATCH = "fitted", "simple", "mismatch"
"""Whether a row's stages are fitted models, shrunk rates for want of them, or shrunk rates because one was refused."""

GOLDEN_TOLERANCE = 1e-9


def with_own_points(rows: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """The rows with own_minutes, own_points (means given he plays) and `stages`; `models`: rows of stage_models."""
    values = {stage.name: np.full(len(rows), np.nan) for stage in STAGES}
    state = np.full(len(rows), SIMPLE, dtype=object)
    hashes = np.full(len(rows), "", dtype=object)
    season = rows["game_date"].map({day: refit_date(Refit.SEASON, day.date()) for day in rows["game_date"].unique()})
    for began in season.unique():
        at = np.flatnonzero((season == began).to_numpy())
        there = models[models["refit_at"].dt.date == began] if len(models) else models
        texts, state[at] = _texts(there)
        hashes[at] = stages_hash(texts)
        part = rows.iloc[at]
        for stage in STAGES:
            values[stage.name][at] = predict(part, stage, texts.get(stage.name))
    points = values["minutes"] * values["volume"] * values["efficiency"]
    return rows.assign(own_minutes=values["minutes"], own_points=points, stages=state, stages_hash=hashes)


def stages_hash(texts: dict[str, str]) -> str:
    """One hash of all stages' texts; empty without any."""
    return text_hash("\x1f".join(text_hash(texts[stage.name]) for stage in STAGES)) if texts else ""


def _texts(models: pd.DataFrame) -> tuple[dict[str, str], str]:
    """The boosters' texts by stage of one refit; none of them if one is missing or refused."""
    newest = (
        models.sort_values("game_date", kind="stable").drop_duplicates("stage", keep="last") if len(models) else models
    )
    cards = {str(card["stage"]): card for card in newest.to_dict("records")}
    if not cards:
        return {}, SIMPLE
    for stage in STAGES:
        card = cards.get(stage.name)
        if card is None or not _is_sound(
            stage,
            str(card["artifact"]),
            str(card["artifact_sha256"]),
            tuple(card["feature_names"]),
            card["golden_rows"],
        ):
            return {}, MISMATCH
    return {stage.name: str(cards[stage.name]["artifact"]) for stage in STAGES}, FITTED


@functools.lru_cache(maxsize=64)
def _is_sound(stage: Stage, text: str, sha256: str, features: tuple[str, ...], golden: str) -> bool:
    """Whether the text is the one that was fitted, of these features in this order, and still says what it said."""
    if text_hash(text) != sha256 or features != stage.features:
        return False
    booster = lgb.Booster(model_str=text)
    if tuple(booster.feature_name()) != stage.features:
        return False
    rows = json.loads(golden)
    features_of = np.array([[np.nan if x is None else x for x in row["features"]] for row in rows], dtype=np.float64)
    said = np.asarray(booster.predict(features_of, num_threads=1))
    return bool(np.abs(said - np.array([row["value"] for row in rows])).max(initial=0.0) <= GOLDEN_TOLERANCE)
