"""Contract of `nba_precompute.ml_feature_store`: the feature set `v1_25`, appended to, never reordered."""

from dataclasses import dataclass

from nba_assets.contracts.columns import GAME_DATE, QUALITY, boolean, float64, int64, string, strings, timestamp
from nba_assets.contracts.model import SEASON, Check, Column, Input, Role, Table

FEATURE_SET = "v1_25"
SOURCES = ("computed", "partial", "fallback", "prior_season", "missing", "not_available")
TIERS = ("gold", "silver", "bronze", "poor", "critical")


@dataclass(frozen=True)
class Feature:
    """One feature: its range, its weight in the quality score, and the games a full window has (0: no window).

    `ordinary`: the range of a full window, where a window of one game has a wider one.
    """

    name: str
    description: str
    low: float | None = None
    high: float | None = None
    weight: int = 1
    window: int = 0
    ordinary: tuple[float, float] | None = None


FEATURES = (
    Feature("points_avg_last_5", "Mean points, last 5 games", 0, 60, weight=3, window=5),
    Feature("points_avg_last_10", "Mean points, last 10 games", 0, 60, weight=3, window=10),
    Feature("points_avg_season", "Mean points, regular season", 0, 60, weight=3, window=10),
    Feature("points_std_last_10", "Sample sd of points, last 10 games", 0, 25, weight=3, window=10),
    Feature("games_in_last_7_days", "Games played on D−7 to D−1", 0, 6),
    Feature("fatigue_score", "100 fresh, 0 spent", 0, 100, weight=2),
    Feature("shot_zone_mismatch_score", "Points per 100 shots", -15, 15, weight=2),
    Feature("pace_score", "Possessions per 48 above the team's own pace", -40, 40, weight=2),
    Feature("usage_spike_score", "Usage points left by absent team mates", -8, 8, weight=2),
    Feature("rest_advantage", "Team rest − opponent rest, clamped to ±2", -2, 2),
    Feature("injury_risk", "available 0, probable 1, questionable 2, doubtful 3", 0, 3),
    Feature("recent_trend", "Mean points of the last 2 − of the 3 before", -60, 60, window=5),
    Feature("minutes_change", "Minutes last 10/season − 1, from 5 games", -1, None, window=20),
    Feature("opponent_def_rating", "Opponent's defensive rating, last 15 games", 60, 180, 2, 15, (85, 140)),
    Feature("opponent_pace", "Opponent's pace, last 15 games", 75, 125, 2, 15, (85, 115)),
    Feature("home_away", "home 1, away 0, neutral 0.5", 0, 1),
    Feature("back_to_back", "1 if he played yesterday", 0, 1),
    Feature("playoff_game", "1 in playoffs and play-in", 0, 1),
    Feature("pct_paint", "Share of his located shots in the paint, last 10", 0, 1, window=10),
    Feature("pct_mid_range", "Share of his located shots from mid-range, last 10", 0, 1, window=10),
    Feature("pct_three", "Share of his located shots from three, last 10", 0, 1, window=10),
    Feature("pct_free_throw", "Share of his points from free throws, last 10", 0, 1, window=10),
    Feature("team_pace", "Team's pace, last 10 games", 75, 125, 1, 10, (85, 115)),
    Feature("team_off_rating", "Team's offensive rating, last 10 games", 60, 180, 1, 10, (85, 140)),
    Feature("team_win_pct", "Team's share of regular season games won", 0, 1, window=10),
)
"""In order: the position is the feature's number. Missing is null, never a constant."""

OFTEN_ALIKE = (
    "games_in_last_7_days",
    "fatigue_score",
    "usage_spike_score",
    "rest_advantage",
    "injury_risk",
    "home_away",
    "back_to_back",
    "playoff_game",
)
"""Features that may be the same for everybody on a date: nobody is tired on opening night or after a week's break."""

REQUIRED = ("points_avg_last_5", "points_avg_season", "opponent_def_rating", "opponent_pace", "team_pace")
"""Features without which a row is not ready."""


def _columns(feature: Feature) -> tuple[Column, ...]:
    return (
        float64(f"{feature.name}?", feature.description, low=feature.low, high=feature.high),
        string(f"{feature.name}_source", f"How {feature.name} was obtained", values=SOURCES),
        float64(f"{feature.name}_quality?", f"0 to 100; null if {feature.name} is not available", low=0, high=100),
    )


def _of_a_full_window(feature: Feature, low: float, high: float) -> Check:
    name, text = feature.name, f"within {low:g} to {high:g}"
    predicate = f"{name}_quality < 100 OR {name} BETWEEN {low:g} AND {high:g}"
    return Check(f"{name}_of_a_full_window", predicate, f"{name} over {feature.window} games is {text}")


def _varies(feature: Feature) -> Check:
    name, date = feature.name, "OVER (PARTITION BY game_date)"
    full = f"IF({name}_quality = 100, {{}}, NULL)"
    value = full.format(name)
    predicate = (
        f"COUNT({value}) {date} < 20 OR COUNT(DISTINCT {full.format('game_id')}) {date} < 3 "
        f"OR MIN({value}) {date} < MAX({value}) {date}"
    )
    text = f"{name} of full quality has more than one value in 20 rows and 3 games of a date: else its input is broken"
    return Check(f"{name}_varies", predicate, text)


READ = {
    "player_daily_cache": (
        *("game_date", "game_id", "player_id", "known_at", "ft_points_share_l10", "games_last_7d", "games_n_l10"),
        *("games_n_season", "minutes_avg_l10", "minutes_avg_season", "points_avg_l10", "points_avg_l5"),
        *("points_avg_season", "points_std_l10", "prior_season_games", "prior_season_points_avg", "recent_trend"),
        *("team_games_n_l10", "team_games_n_season", "team_off_rating_l10", "team_pace_l10", "team_win_pct"),
    ),
    "upcoming_player_game_context": (
        *("game_date", "game_id", "player_id", "team", "known_at", "decision_at", "games_last_7d"),
        *("injury_status", "is_b2b", "is_home", "is_neutral", "opponent", "report_at", "rest_advantage", "season"),
    ),
    "upcoming_team_game_context": (
        *("game_date", "game_id", "team", "known_at", "team_off_rating_l10", "team_pace_l10", "team_win_pct"),
    ),
    "player_composite_factors": (
        *("game_date", "game_id", "player_id", "known_at", "fatigue_score", "fatigue_score_source", "pace_score"),
        *("pace_score_source", "shot_zone_mismatch_score", "shot_zone_mismatch_score_source", "usage_spike_score"),
        "usage_spike_score_source",
    ),
    "player_shot_zone_analysis": (
        *("game_date", "game_id", "player_id", "known_at", "games_n_l10", "mid_share_l10", "paint_share_l10"),
        *("season_zone_games", "three_share_l10"),
    ),
    "team_defense_zone_analysis": (
        *("game_date", "game_id", "team", "known_at", "def_rating_l15", "games_n", "pace_l15", "season_zone_games"),
    ),
}
"""Columns that are read of each input."""

TABLE = Table(
    dataset="nba_precompute",
    name="ml_feature_store",
    description=(
        "The 25 features of a player's game as of the decision time, each with its source and quality. Players who "
        "are out have no row; missing is null. Training rows are these rows, made with that day's decision time."
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
        string("feature_set", "Version of the feature list", values=(FEATURE_SET,)),
        *(column for feature in FEATURES for column in _columns(feature)),
        float64(
            "feature_quality_score",
            "Σ weight·quality/Σ weight over the available features; at most 69 with a required feature missing, 49 "
            "with all five missing",
            low=0,
            high=100,
        ),
        string(
            "quality_tier",
            "gold ≥ 95, silver ≥ 85, bronze ≥ 70, poor ≥ 50, critical",
            values=TIERS,
        ),
        int64("required_missing", "Nulls among " + ", ".join(REQUIRED), low=0, high=5),
        int64("n_missing", "Features that are missing (not available ones are not counted)", low=0, high=25),
        strings("missing_features", "Their names, in feature order"),
        boolean("is_ready", "required_missing = 0"),
        *QUALITY,
    ),
    inputs=(
        Input("player_daily_cache", Role.CRITICAL, columns=READ["player_daily_cache"]),
        Input("upcoming_player_game_context", Role.CRITICAL, columns=READ["upcoming_player_game_context"]),
        Input("upcoming_team_game_context", Role.OPTIONAL, columns=READ["upcoming_team_game_context"]),
        Input("player_composite_factors", Role.OPTIONAL, columns=READ["player_composite_factors"]),
        Input("player_shot_zone_analysis", Role.OPTIONAL, columns=READ["player_shot_zone_analysis"]),
        Input("team_defense_zone_analysis", Role.OPTIONAL, columns=READ["team_defense_zone_analysis"]),
        Input("nbac_injury_report", Role.HISTORY, SEASON, columns=("game_date", "game_id", "known_at")),
    ),
    checks=(
        Check("point_in_time", "known_at <= decision_at", "Nothing known after the decision time is used"),
        Check(
            "shares_add_up",
            "pct_paint IS NULL OR ABS(pct_paint + pct_mid_range + pct_three - 1) < 1e-9",
            "Paint, mid-range and three cover all located shots",
        ),
        *(_of_a_full_window(feature, *feature.ordinary) for feature in FEATURES if feature.ordinary is not None),
        *(_varies(feature) for feature in FEATURES if feature.name not in OFTEN_ALIKE),
        Check("ready", "is_ready = (required_missing = 0)", "Ready rows have every required feature"),
    ),
)
