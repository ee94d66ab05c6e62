"""Contract of `nba_precompute.player_composite_factors`."""

from nba_assets.contracts.columns import GAME_DATE, QUALITY, float64, int64, string, timestamp
from nba_assets.contracts.model import Check, Column, Input, Role, Table


def _score(name: str, description: str, unit: str, low: float, high: float) -> tuple[Column, Column]:
    return (
        float64(f"{name}?", description, unit=unit, low=low, high=high),
        string(f"{name}_source", f"How {name} was computed", values=("computed", "partial", "missing")),
    )


READ = {
    "upcoming_player_game_context": (
        *("game_date", "game_id", "player_id", "team", "known_at", "avg_minutes_last_7d", "b2b_last_14d"),
        *("days_rest", "decision_at", "games_last_7d", "is_b2b", "minutes_last_7d", "opponent", "points_avg_l10"),
        *("season", "usage_l10", "vacated_minutes", "vacated_usage"),
    ),
    "upcoming_team_game_context": ("game_date", "game_id", "team", "known_at", "team_pace_l10"),
    "player_daily_cache": ("game_date", "game_id", "player_id", "known_at", "team_pace_l10", "usage_l10"),
    "player_shot_zone_analysis": (
        *("game_date", "game_id", "player_id", "known_at", "mid_share_l10", "paint_share_l10", "three_share_l10"),
    ),
    "team_defense_zone_analysis": (
        *("game_date", "game_id", "team", "known_at", "league_pace", "mid_diff_pp", "pace_l15", "paint_diff_pp"),
        "three_diff_pp",
    ),
}
"""Columns that are read of each input."""

TABLE = Table(
    dataset="nba_precompute",
    name="player_composite_factors",
    description=(
        "Four scores of a player's game: fatigue, shot zones against the defence, pace, and usage left by absent team "
        "mates. Weights and thresholds are design choices, not standards; intermediates are columns."
    ),
    key=("game_id", "player_id"),
    columns=(
        GAME_DATE,
        string("game_id", "League game id", references="nbac_schedule.game_id"),
        string("player_id", "League person id"),
        string("team", "Tricode of his team"),
        string("opponent", "Tricode of the opponent"),
        int64("season", "Start year of the season", low=1946),
        timestamp("decision_at", "Official decision time: tip − 30 min"),
        *_score(
            "fatigue_score",
            "100 fresh; back-to-back −15, else ≥ 3 days rest +5; ≥ 4 games in 7 days −10; > 140 minutes in 7 days "
            "−10; > 35 minutes a game in 7 days −8; back-to-backs in 14 days: one −5, more −12; clamped",
            "score",
            0,
            100,
        ),
        *_score(
            "shot_zone_mismatch_score",
            "Σ over paint, mid, three of share·diff_pp·value (2, 2, 3); positive: weak defence where he shoots",
            "points per 100 shots",
            -15,
            15,
        ),
        *_score(
            "pace_score",
            "expected_pace − team_pace_l10; within ±8 once windows are full",
            "possessions per 48",
            -40,
            40,
        ),
        *_score("usage_spike_score", "projected_usage − usage_l10", "usage points", -8, 8),
        float64(
            "expected_pace?",
            "team_pace_l10 · opponent's pace_l15/league pace",
            unit="possessions per 48",
            low=60,
            high=150,
        ),
        float64(
            "projected_usage?",
            "usage_l10 · 100/(100 − V) · (240 − M)/240 with the vacated usage V and minutes M of the player context",
            unit="per 100",
            low=0,
            high=100,
        ),
        *QUALITY,
    ),
    inputs=(
        Input("upcoming_player_game_context", Role.CRITICAL, columns=READ["upcoming_player_game_context"]),
        Input("upcoming_team_game_context", Role.CRITICAL, columns=READ["upcoming_team_game_context"]),
        Input("player_daily_cache", Role.OPTIONAL, columns=READ["player_daily_cache"]),
        Input("player_shot_zone_analysis", Role.OPTIONAL, columns=READ["player_shot_zone_analysis"]),
        Input("team_defense_zone_analysis", Role.OPTIONAL, columns=READ["team_defense_zone_analysis"]),
    ),
    checks=(Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),),
)
