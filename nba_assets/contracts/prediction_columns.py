"""The columns by which Phase 5 reads what is known before a game, and what happened in it."""

from nba_assets.contracts.nba_precompute.ml_feature_store import FEATURES

CONTEXT = (
    "line_move",
    "minutes_avg_l5",
    "minutes_avg_l10",
    "days_rest",
    "spread",
    "total",
    "implied_points",
    "vacated_usage",
    "star_teammates_out",
)
CACHE = (
    "games_n_season",
    "prior_season_games",
    "prior_season_points_avg",
    "prior_season_minutes_avg",
    "minutes_avg_season",
)
FORM = (
    *(f"{name}_ew{games}" for name in ("points", "shots") for games in (3, 8, 25, 80)),
    *("minutes_ew3", "minutes_ew8", "minutes_ew25", "fta_ew25", "fg3a_ew25", "usage_rate_ew25", "pf_ew8"),
    *("minutes_last", "minutes_before_last", "games_n_form", "days_since_last", "is_same_team"),
    *("team_games_played_l10", "team_games_n_l10", "minutes_std_l10"),
)
"""Columns of player_daily_cache that the stages read."""
PRESENCE = ("games_with_team", "team_games_missed", "games_last_14d")
"""Columns of upcoming_player_game_context that they read."""

READ_STORE = (
    *("game_date", "game_id", "player_id", "team", "opponent", "season", "decision_at", "known_at", "is_ready"),
    *("feature_quality_score", "missing_features", "missing_inputs"),
    *(feature.name for feature in FEATURES),
)
READ_CONTEXT = ("game_date", "game_id", "player_id", "known_at", "tip_at", "injury_status", *CONTEXT, *PRESENCE)
READ_CACHE = ("game_date", "player_id", "known_at", *CACHE, *FORM)
READ_SUMMARY = (
    *("game_date", "game_id", "player_id", "known_at", "superseded_at", "status", "points", "minutes", "fga", "fta"),
)
