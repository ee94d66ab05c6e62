"""Builds nba_predictions.stage_models: the stages of a season, fitted on all seasons before it."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from nba_assets import contracts
from nba_assets.contracts import frames
from nba_assets.contracts.model import Refit
from nba_assets.data_origin import DataOrigin, origins
from nba_assets.modeling import Dates, Inputs
from nba_assets.modeling.columns import matrix, of
from nba_assets.modeling.slate import features
from nba_assets.modeling.stages import LEAST_ROWS, PARAMS, SEED, STAGES, Stage, fit, text_hash
from nba_assets.modeling.training import played
from nba_assets.refits import last_seen, refit_date
from nba_assets.scope import Scope

GOLDEN_ROWS = 5
BEGINNING = pd.Timestamp("2000-01-01")


def build(inputs: Inputs, dates: Dates, scope: Scope | None = None) -> pd.DataFrame:
    """Rows for those of `dates` that are the first with a game since 1 September: a row a stage.

    None below 5,000 rows of players who played. `scope` is ignored: a model belongs to all players.
    """
    table = contracts.table("stage_models")
    schedule = of(inputs, "nbac_schedule")
    days = sorted(set(schedule["game_date"]))
    firsts = {day: at for day in sorted(set(dates) & set(days)) if (at := _begins(day, days)) is not None}
    if not firsts:
        return frames.empty(table)
    origin = origins(schedule)
    rows = features(inputs)
    cards = [card for day, at in firsts.items() for card in _cards(day, at, rows, inputs, origin[day])]
    return frames.conform(pd.DataFrame(cards), table) if cards else frames.empty(table)


def _begins(day: pd.Timestamp, days: list[pd.Timestamp]) -> pd.Timestamp | None:
    """The refit that the date is the first to be served by."""
    at = pd.Timestamp(refit_date(Refit.SEASON, day.date()))
    return at if min(other for other in days if other >= at) == day else None


def _cards(
    day: pd.Timestamp, at: pd.Timestamp, rows: pd.DataFrame, inputs: Inputs, origin: DataOrigin
) -> list[dict[str, Any]]:
    last = pd.Timestamp(last_seen(Refit.SEASON, day.date()))
    moment = at.tz_localize("UTC")
    data = played(rows, of(inputs, "player_game_summary"), moment, BEGINNING, last)
    if len(data) < LEAST_ROWS:
        return []
    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(lambda stage: fit(stage, data), STAGES))
    facts = {
        "game_date": day,
        "refit_at": moment,
        "known_at": moment,
        "train_start": data["game_date"].min(),
        "train_end": data["game_date"].max(),
        "n_rows": len(data),
        "n_dates": int(data["game_date"].nunique()),
        "seed": SEED,
        "lightgbm_version": lgb.__version__,
        "rows_hash": _rows_hash(data),
        "data_origin": origin,
    }
    return [facts | _card(stage, text, data) for stage, text in zip(STAGES, texts, strict=True)]


def _card(stage: Stage, text: str, data: pd.DataFrame) -> dict[str, Any]:
    values = matrix(data.head(GOLDEN_ROWS), stage.features)
    said = np.asarray(lgb.Booster(model_str=text).predict(values, num_threads=1))
    golden = [
        {"features": [None if np.isnan(x) else float(x) for x in row], "value": float(value)}
        for row, value in zip(values, said, strict=True)
    ]
    return {
        "stage": stage.name,
        "feature_names": list(stage.features),
        "params": json.dumps({**PARAMS, "trees": stage.trees}, sort_keys=True),
        "artifact": text,
        "artifact_sha256": text_hash(text),
        "golden_rows": json.dumps(golden),
    }


def _rows_hash(data: pd.DataFrame) -> str:
    """sha256 of keys, features and truth of the rows, in their order."""
    digest = hashlib.sha256()
    digest.update("\x1f".join(data["game_id"].astype(str) + "\x1e" + data["player_id"].astype(str)).encode())
    names = dict.fromkeys(name for stage in STAGES for name in stage.features)
    truth = ("actual", "actual_minutes", "actual_fga", "actual_fta")
    digest.update(np.ascontiguousarray(matrix(data, [*names, *truth])).tobytes())
    return digest.hexdigest()
