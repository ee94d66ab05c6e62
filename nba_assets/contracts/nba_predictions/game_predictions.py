"""Contract of nba_predictions.game_predictions: winner, margin and total of a game from one distribution."""

from __future__ import annotations

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, float64, string, strings, timestamp
from nba_assets.contracts.model import Check, Column, Input, Role, Table, Type
from nba_assets.contracts.nba_predictions.player_points_predictions import LEVELS

CONTEXT = (
    *("game_date", "game_id", "team", "season", "season_phase", "is_home", "is_neutral", "tip_at", "decision_at"),
    *("is_b2b", "games_last_7d", "known_at"),
)
TEAM_RATING = (
    *("game_date", "game_id", "team", "strength", "total_strength", "home_advantage", "league_total"),
    *("games_n", "known_at"),
)
PLAYER_RATING = (
    *("game_date", "game_id", "team", "player_id", "games_missed", "usual_minutes", "expected_minutes"),
    *("long_minutes", "plus_minus", "game_score", "scoring", "adjusted_plus_minus", "known_at"),
)
STATUS = ("game_date", "game_id", "team", "player_id", "injury_status")


def _quantiles(name: str, what: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_q{level:02d}", Type.FLOAT64, f"{level} % quantile of {what}", unit="points", public=True)
        for level in LEVELS
    )


TABLE = Table(
    dataset="nba_predictions",
    name="game_predictions",
    description=(
        "What we say of a game at one moment before tip-off: P(home wins), margin and total, all three from one "
        "distribution of the two scores. Ratings of the players by the minutes they are expected for, of the teams, "
        "home advantage and rest give the means, by weights that were fitted on earlier seasons; where books offer a "
        "spread and a total, those are the anchor."
    ),
    key=("game_id", "decision_at", "model_version"),
    inputs=(
        Input("upcoming_team_game_context", Role.CRITICAL, columns=CONTEXT),
        Input("odds_api_game_lines", Role.OPTIONAL),
        Input("team_rating", Role.CRITICAL, columns=TEAM_RATING),
        Input("player_rating", Role.OPTIONAL, columns=PLAYER_RATING),
        Input("upcoming_player_game_context", Role.OPTIONAL, columns=STATUS),
    ),
    columns=(
        GAME_DATE,
        string("prediction_id", "sha256 of game_id, decision_at and model_version, first 32 characters"),
        string("game_id", "The league's game id", references="nbac_schedule.game_id", public=True),
        string("home", "Tricode of the designated home team", public=True),
        string("away", "Tricode of the visitor", public=True),
        string("model_version", "Model that made the row", public=True),
        timestamp("decision_at", "No row known later was used; backfill: tip_at - 30 min", public=True),
        timestamp("tip_at", "Tip-off by the newest schedule version known at decision_at", public=True),
        timestamp("created_at", "Clock time of a live row; backfill: decision_at"),
        string("run_kind", "live: made before tip; backfill: replayed", values=("live", "backfill"), public=True),
        string("role", "serving: may be official; shadow: a challenger", values=("serving", "shadow"), public=True),
        float64("p_home_win", "P(home wins)", low=0, high=1, public=True),
        float64("market_p_home?", "De-vigged moneylines, median over books", low=0, high=1, public=True),
        float64("home_mean", "Mean of the home team's points", unit="points", low=30, high=200, public=True),
        float64("away_mean", "Mean of the visitors' points", unit="points", low=30, high=200, public=True),
        float64("margin_mean", "Mean of home - away", unit="points", low=-60, high=60, public=True),
        *_quantiles("margin", "home - away"),
        float64("total_mean", "Mean of both teams' points together", unit="points", low=120, high=340, public=True),
        *_quantiles("total", "both teams' points together"),
        float64(
            "home_spread?",
            "Median home spread over books; the market's margin is -home_spread",
            unit="points",
            public=True,
        ),
        float64("total_line?", "Median total over books", unit="points", public=True),
        string("lines_source?", "Feed of the game lines", values=("odds_api",), public=True),
        timestamp("lines_captured_at?", "Newest capture used", public=True),
        string("feature_hash", "Hash of the ratings and lines used"),
        strings("reasons", "What it lacks: no_lines, no_moneyline, few_games, no_player_ratings", public=True),
        KNOWN_AT,
    ),
    checks=(
        Check("known_in_time", "known_at <= decision_at", "Nothing known after the decision was used"),
        Check(
            "winner_agrees_with_margin",
            "(p_home_win > 0.5) = (margin_mean > 0) OR ABS(margin_mean) < 0.01",
            "Winner and margin come from one distribution",
        ),
        Check(
            "scores_agree",
            "ABS(home_mean - away_mean - margin_mean) < 0.001 AND ABS(home_mean + away_mean - total_mean) < 0.001",
            "The two scores, margin and total come from one distribution",
        ),
        Check(
            "lines_before_tip", "lines_captured_at IS NULL OR lines_captured_at < tip_at", "No line from after the tip"
        ),
    ),
    per_game=1,
    kinds=("python",),
)
