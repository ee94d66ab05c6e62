"""Contract of nba_predictions.points_model: the models that may serve a game date, with their cards and gates."""

from __future__ import annotations

from nba_assets.contracts.columns import (
    GAME_DATE,
    KNOWN_AT,
    boolean,
    date,
    float64,
    int64,
    json,
    string,
    strings,
    timestamp,
)
from nba_assets.contracts.model import Check, Input, Refit, Role, Span, Table
from nba_assets.contracts.prediction_columns import READ_CACHE, READ_CONTEXT, READ_STORE, READ_SUMMARY

TRAINING = Span(before=800, refit=Refit.WEEK)
"""A refit looks back two seasons and a summer, and nothing that comes in during its week moves it."""
STAGES = Span(before=1_200)
"""Stages that spoke of the training rows: those of the seasons that the refit looks back on."""
SERVED = Span(before=45)
"""Models that served before: the one that stays if the new one fails, and one that had not seen the held-out dates."""

TABLE = Table(
    dataset="nba_predictions",
    name="points_model",
    description=(
        "The models that may serve a game date: one row per model, with its training window, its gates and itself. "
        "Models are refitted on Mondays from rows known at 00:00 UTC of that day and carried forward to every later "
        "game date until the next Monday. A model that fails its gate keeps its card and never serves; then the "
        "learned model that served before stays, and without one, or below 2,000 lined rows or 20 dates, the market "
        "baseline."
    ),
    key=("game_date", "model_version"),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("ml_feature_store", Role.HISTORY, TRAINING, columns=READ_STORE),
        Input("upcoming_player_game_context", Role.HISTORY, TRAINING, columns=READ_CONTEXT),
        Input("player_daily_cache", Role.HISTORY, TRAINING, columns=READ_CACHE),
        Input("player_game_summary", Role.HISTORY, TRAINING, columns=READ_SUMMARY),
        Input("odds_api_player_points_props", Role.HISTORY, TRAINING),
        Input("bettingpros_player_points_props", Role.HISTORY, TRAINING),
        Input("stage_models", Role.OPTIONAL, STAGES),
        Input("points_model", Role.HISTORY, SERVED),
    ),
    columns=(
        GAME_DATE,
        string("model_version", "Hash of code version, features, parameters and training rows", public=True),
        string(
            "target", "What is predicted: a player's points or a game's scores", values=("points", "game"), public=True
        ),
        string(
            "family",
            "stages_blend: the line, moved towards minutes x volume x efficiency; residual_lgbm: line plus a learned "
            "correction; ratings: Elo and team ratings; market_baseline: the line",
            values=("stages_blend", "residual_lgbm", "ratings", "market_baseline"),
            public=True,
        ),
        date("train_start?", "First game date among the training rows", public=True),
        date("train_end?", "Last game date among the training rows, at most refit date - 2 (embargo)", public=True),
        timestamp("refit_at", "00:00 UTC of the Monday of the refit; no row known later was used", public=True),
        int64("n_rows", "Training rows: players who played, one per player and game", low=0, public=True),
        int64("n_lined", "Training rows with a consensus line", low=0, public=True),
        int64("n_two_sided", "Training rows whose line has both prices of a sportsbook", low=0, public=True),
        int64("n_dates", "Game dates among the lined training rows", low=0, public=True),
        int64("n_known_at_assumed", "Training rows with an input whose known_at is only a receipt time", low=0),
        strings("feature_names", "Features in the order the model takes them; the order is part of the contract"),
        strings("dropped_features", "Features left out because they are null in more than half of the season's rows"),
        json("params", "Training parameters"),
        int64("seed?", "Random seed of the training; null where nothing is random"),
        string("artifact?", "The booster as LightGBM's own text; null for families without one"),
        string("artifact_uri?", "Where the artifact is: inline, in column artifact", values=("inline",)),
        string("artifact_sha256?", "sha256 of the artifact's UTF-8 bytes"),
        json("dispersion", "By line band: a of the variance mu + a mu^2 and the bias b; for games the score sds"),
        float64(
            "market_weight",
            "stages_blend: lambda, the share of the way from the market's median to the own one; residual_lgbm: w of "
            "logit p = logit m + w (logit raw - logit m), 0 below 500 two-sided rows; both from earlier dates",
            low=0,
            high=1,
        ),
        json("calibrator?", "Slope and intercept of the logistic recalibration; null: none"),
        json("thresholds", "Least EV and least distance to the market's probability for a bet, least books"),
        json("golden_rows", "Rows and what the model said of them when it was fitted: it must say so when it serves"),
        json("valid_metrics", "Metrics on the held-out dates", public=True),
        json("gates", "Per gate: name, value, limit, n, verdict (passed, failed, insufficient)", public=True),
        string(
            "gate_status",
            "Verdict of all gates together; a baseline without enough rows to be measured is insufficient",
            values=("passed", "failed", "insufficient"),
            public=True,
        ),
        string("incumbent_version?", "Model this one was gated against", public=True),
        boolean("serving", "True for the model whose decisions are official on this date", public=True),
        string(
            "data_origin",
            "real, or simulated if the date's games are a simulated league's; never serve one from the other",
            values=("real", "simulated"),
            public=True,
        ),
        KNOWN_AT,
    ),
    checks=(
        Check("embargo", "train_end IS NULL OR train_end < game_date", "A model never saw the date it serves"),
        Check("failed_never_serves", "NOT (serving AND gate_status = 'failed')", "A failed model does not serve"),
        Check(
            "one_serves",
            "COUNTIF(serving) OVER (PARTITION BY game_date, target) = 1",
            "Exactly one model of each target serves a date",
        ),
        Check("known_before", "DATE(refit_at) <= game_date", "The refit precedes the date it serves"),
    ),
    kinds=("python", "lightgbm"),
)
