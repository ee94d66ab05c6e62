"""Contract of nba_predictions.stage_models: the models of minutes, volume and efficiency that serve a season."""

from __future__ import annotations

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, date, int64, json, string, strings, timestamp
from nba_assets.contracts.model import Check, Input, Refit, Role, Span, Table
from nba_assets.contracts.prediction_columns import READ_CACHE, READ_CONTEXT, READ_STORE, READ_SUMMARY

ALL_SEASONS = Span(before=9_000, refit=Refit.SEASON)

TABLE = Table(
    dataset="nba_predictions",
    name="stage_models",
    description=(
        "A player's points without a line are minutes times volume times efficiency. Each of these stages is fitted on "
        "1 September on all seasons before, and serves every game date until the next. Rows are on the first game date "
        "since then, one a stage; a season before which there are less than 5,000 rows of players who played has none."
    ),
    key=("game_date", "stage"),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL, Span(before=365), columns=("game_date", "game_id", "arena_name")),
        Input("ml_feature_store", Role.HISTORY, ALL_SEASONS, columns=READ_STORE),
        Input("upcoming_player_game_context", Role.HISTORY, ALL_SEASONS, columns=READ_CONTEXT),
        Input("player_daily_cache", Role.HISTORY, ALL_SEASONS, columns=READ_CACHE),
        Input("player_game_summary", Role.HISTORY, ALL_SEASONS, columns=READ_SUMMARY),
        Input("odds_api_player_points_props", Role.HISTORY, ALL_SEASONS),
        Input("bettingpros_player_points_props", Role.HISTORY, ALL_SEASONS),
    ),
    columns=(
        GAME_DATE,
        string(
            "stage",
            "minutes given he plays; volume: FGA + 0.44 FTA a minute; efficiency: points per FGA + 0.44 FTA",
            values=("minutes", "volume", "efficiency"),
        ),
        timestamp("refit_at", "00:00 UTC of 1 September; no row known later was used"),
        date("train_start", "First game date among the training rows"),
        date("train_end", "Last game date among the training rows, at most refit date - 2 (embargo)"),
        int64("n_rows", "Training rows: players who played, one per player and game", low=0),
        int64("n_dates", "Game dates among them", low=0),
        strings("feature_names", "Features in the order the model takes them"),
        json("params", "Training parameters"),
        int64("seed", "Random seed of the training"),
        string("lightgbm_version", "Version of LightGBM that fitted it"),
        string("rows_hash", "sha256 of keys, features and truth of the training rows"),
        string("artifact", "The booster as LightGBM's own text"),
        string("artifact_sha256", "sha256 of the artifact's UTF-8 bytes"),
        json("golden_rows", "Feature rows and what the booster said of them: it must say so when it serves"),
        string("data_origin", "real, or simulated: never serve one from the other", values=("real", "simulated")),
        KNOWN_AT,
    ),
    checks=(Check("embargo", "train_end < game_date", "A model never saw a date it serves"),),
    kinds=("python", "lightgbm"),
)
