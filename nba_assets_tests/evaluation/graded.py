"""Hand-made predictions with what became of them, as `judged` rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nba_assets.evaluation.judged import judged, settled
from nba_assets.evaluation.walk_forward import WalkForward
from nba_assets.modeling import prediction_grades
from nba_assets_tests.modeling.rows import D, box, final, predictions, schedule


def graded(*rows: dict[str, Any], lines: pd.DataFrame | None = None) -> pd.DataFrame:
    """Judged rows of one game; a row is a prediction and the player's `points` (None: he did not play).

    `lines`: props, for a close.
    """
    said = [{name: value for name, value in row.items() if name not in ("points", "own_q50")} for row in rows]
    for number, row in enumerate(said):
        row.setdefault("player_id", str(number + 1))
        row.setdefault("prediction_id", f"p{row['player_id']}")
    frame = predictions(*said)
    frame["own_q50"] = [float(row.get("own_q50", np.nan)) for row in rows]
    boxes = [
        {"player_id": row["player_id"], "points": given["points"]}
        if given["points"] is not None
        else {"player_id": row["player_id"], "status": "dnp"}
        for row, given in zip(said, rows, strict=True)
    ]
    tables = {
        "player_points_predictions": frame,
        "player_game_summary": box(*boxes),
        "nbac_schedule": schedule({"superseded_at": final(0, 0)["known_at"]}, final(110, 100)),
    }
    if lines is not None:
        tables["odds_api_player_points_props"] = lines
    grades = prediction_grades.build(tables, [D])
    newest = grades[grades["superseded_at"].isna()].reset_index(drop=True)
    return judged(settled(WalkForward(pd.DataFrame(), frame, newest))).sort_values("player_id", ignore_index=True)


def many(n: int, dates: int = 40, seed: int = 1, **columns: Any) -> pd.DataFrame:
    """Judged rows of an honest model that says the line: n lined players over `dates` dates, the market even."""
    rng = np.random.default_rng(seed)
    line = rng.choice([6.5, 10.5, 15.5, 22.5, 28.5], n)
    over = rng.random(n) < 0.5
    actual = np.where(
        over, line + np.ceil(rng.exponential(5, n)) + 0.5, np.maximum(line - np.ceil(rng.exponential(5, n)) - 0.5, 0)
    )
    error = np.abs(actual - line)
    plain: dict[str, Any] = {
        "game_date": np.sort(
            pd.Timestamp("2025-01-01").to_datetime64() + (np.arange(n) % dates) * np.timedelta64(1, "D")
        ),
        "model_version": "m-1",
        "family": "residual_lgbm",
        "team": rng.choice(["BOS", "NYK", "LAL"], n),
        "home": rng.random(n) < 0.5,
        "decision": "PASS",
        "line_source": "odds_api",
        "injury_status": None,
        "minutes_to_tip": 120.0,
        "n_books": 5,
        "consensus_line": line,
        "line_value": line,
        "market_p_over": 0.5,
        "points_mean": line + 0.4,
        "points_q50": line,
        "baseline_mean": line + 0.3,
        "baseline_dispersion": 0.1,
        "dispersion": 0.1,
        "short_share": 0.0,
        "actual": actual,
        "played": True,
        "lined": True,
        "p": 0.5,
        "over": over.astype(float),
        "abs_error": error,
        "line_error": error,
        "signed_error": actual - line - 0.4,
        "own_error": 0.0,
        "own_line_error": 0.0,
        "crps": 3.5,
        "market_crps": 3.5,
        "covered": (np.arange(n) % 100 < 83).astype(float),
        "coverage_nominal": 0.83,
        "log_loss": np.log(2),
        "market_log_loss": np.log(2),
        "n_lined": 1.0,
        "n_market": 1.0,
    }
    zeros = ("n_own", "n_decided", "n_settled", "wins", "profit", "n_clv", "clv")
    return pd.DataFrame(plain | dict.fromkeys(zeros, 0.0) | columns)
