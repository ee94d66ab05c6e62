"""Contract of nba_predictions.player_points_predictions: each player's points as a distribution, with a decision."""

from __future__ import annotations

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, float64, int64, string, strings, timestamp
from nba_assets.contracts.model import Check, Column, Input, Role, Span, Table
from nba_assets.contracts.prediction_columns import READ_CACHE, READ_CONTEXT, READ_STORE

LEVELS = (5, 10, 25, 50, 75, 90, 95)
"""Percents of the seven quantile columns."""

PASS_REASONS = (
    "no_line",
    "one_sided",
    "pickem_price",
    "stale_line",
    "few_books",
    "price_outlier",
    "tipped",
    "postponed",
    "player_out",
    "questionable",
    "few_games",
    "critical_feature_missing",
    "low_quality",
    "model_mismatch",
    "baseline_model",
    "gate_failed",
    "halted",
    "ev_small",
    "ev_uncertain",
    "edge_small",
    "devig_conflict",
)
"""Every reason to pass, in the order in which `reasons` lists them."""


def _quantile(level: int) -> Column:
    name = f"points_q{level:02d}"
    return float64(
        name,
        f"{level} % quantile of points given he plays, interpolated",
        unit="points",
        low=-0.5,
        high=120,
        public=True,
    )


TABLE = Table(
    dataset="nba_predictions",
    name="player_points_predictions",
    description=(
        "What we say of a player's points at one moment before tip-off: the line and its prices, a distribution given "
        "he plays, probabilities at the line, and OVER, UNDER or PASS with reasons. Only rows known by decision_at are "
        "used. PASS is the default; a missing line is null, never an average."
    ),
    key=("game_id", "player_id", "decision_at", "model_version"),
    inputs=(
        Input("ml_feature_store", Role.CRITICAL, columns=READ_STORE),
        Input("points_model", Role.CRITICAL),
        Input("odds_api_player_points_props", Role.OPTIONAL),
        Input("bettingpros_player_points_props", Role.OPTIONAL),
        Input("upcoming_player_game_context", Role.OPTIONAL, columns=READ_CONTEXT),
        Input("player_daily_cache", Role.OPTIONAL, columns=READ_CACHE),
        Input("nbac_schedule", Role.OPTIONAL),
        Input("stage_models", Role.OPTIONAL, Span(before=366)),
    ),
    columns=(
        GAME_DATE,
        string("prediction_id", "sha256 of game_id, player_id, decision_at and model_version, first 32 characters"),
        string("game_id", "The league's game id", references="nbac_schedule.game_id", public=True),
        string("player_id", "The league's person id", public=True),
        string("team?", "Tricode of the player's team as known at decision_at", public=True),
        string("opponent?", "Tricode of the opponent", public=True),
        string("model_version", "Model that made the row", references="points_model.model_version", public=True),
        timestamp("decision_at", "No row known later was used; backfill: tip_at - 30 min", public=True),
        timestamp("tip_at", "Tip-off by the newest schedule version known at decision_at", public=True),
        timestamp("created_at", "Clock time of a live row; backfill: decision_at"),
        string("run_kind", "live: made before tip; backfill: replayed", values=("live", "backfill"), public=True),
        string("role", "serving: may be official; shadow: a challenger", values=("serving", "shadow"), public=True),
        string(
            "line_source",
            "Feeds of the line",
            values=("odds_api", "bettingpros", "both", "none"),
            public=True,
        ),
        float64(
            "line_value?",
            "Offered main line nearest to the consensus: what is decided on and graded",
            unit="points",
            low=0.5,
            high=70,
            public=True,
        ),
        float64(
            "consensus_line?",
            "Median of the books' main lines: the anchor",
            unit="points",
            low=0.5,
            high=70,
            public=True,
        ),
        int64("n_books", "Books with a two-priced main line in the consensus", low=0, public=True),
        float64("line_range?", "Largest minus smallest main line", unit="points", low=0, public=True),
        timestamp("line_captured_at?", "Newest capture used", public=True),
        float64("minutes_to_tip?", "Tip minus line_captured_at", unit="minutes", low=0, public=True),
        string("over_book?", "Book with the best over price at line_value"),
        int64("over_price?", "Its American price", unit="american", public=True),
        string("under_book?", "Book with the best under price at line_value"),
        int64("under_price?", "Its American price", unit="american", public=True),
        float64(
            "hold?", "Implied probabilities of both sides minus 1, median over books at line_value", unit="fraction"
        ),
        float64(
            "market_p_over?",
            "De-vigged P(over) given no push, median over books at line_value; null for pick'em prices",
            low=0,
            high=1,
            public=True,
        ),
        float64("market_p_over_power?", "The same by the power method", low=0, high=1),
        float64("minutes_mean?", "Expected minutes given he plays", unit="minutes", low=0, high=65, public=True),
        float64("minutes_p10?", "10 % quantile of his minutes given he plays", unit="minutes", low=0, high=65),
        float64("minutes_p90?", "90 % quantile of his minutes given he plays", unit="minutes", low=0, high=65),
        float64("points_mean", "Mean of points given he plays", unit="points", low=0, high=100, public=True),
        float64("dispersion", "a of the negative binomial of ordinary nights: variance mu + a mu^2", low=0),
        float64(
            "short_share",
            "Share of short nights, whose mean is 0.4 of an ordinary one's and whose a is 0.5; points_mean is the mean "
            "of both together; 0: a plain negative binomial",
            low=0,
            high=0.5,
        ),
        float64("p_play", "P(he plays) as known at decision_at", low=0, high=1),
        float64("own_mean", "Mean of points given he plays, made without the line", unit="points", low=0, high=100),
        float64("own_q50", "Median of the same, interpolated", unit="points", low=-0.5, high=120),
        *(_quantile(level) for level in LEVELS),
        float64("p_over?", "P(points > line_value)", low=0, high=1, public=True),
        float64("p_push?", "P(points = line_value); 0 for half-point lines", low=0, high=1, public=True),
        float64("p_under?", "P(points < line_value)", low=0, high=1, public=True),
        float64("p_over_raw?", "P(over) given no push by the model alone, before the market is heard", low=0, high=1),
        float64(
            "baseline_mean?",
            "Mean by the market baseline of the same refit, consensus_line + b of its band: what CRPS is compared with",
            unit="points",
            low=0,
            high=100,
        ),
        float64("baseline_dispersion?", "a of the same baseline", low=0),
        float64(
            "ev_over?", "Expected profit of one unit on OVER at over_price; a push returns the stake", unit="units"
        ),
        float64("ev_under?", "Expected profit of one unit on UNDER at under_price", unit="units"),
        float64(
            "ev_low?",
            "The larger of both at the worse end of the 95 % interval of the weight against the market: a bet needs 0",
            unit="units",
        ),
        float64("ev_high?", "The same at the better end", unit="units"),
        string("decision", "OVER, UNDER or PASS", values=("OVER", "UNDER", "PASS"), public=True),
        strings("reasons", "Why it is PASS, in the order of PASS_REASONS; empty for a bet", public=True),
        string("feature_hash", "Hash of the feature row used"),
        float64("feature_quality_score?", "Quality of the feature row at that time", low=0, high=100),
        strings("missing_features", "Features that were null"),
        strings("missing_inputs", "Inputs that were absent"),
        string(
            "injury_status?",
            "Latest status reported by decision_at",
            values=("available", "probable", "questionable", "doubtful", "out"),
            public=True,
        ),
        KNOWN_AT,
    ),
    checks=(
        Check("known_in_time", "known_at <= decision_at", "Nothing known after the decision was used"),
        Check("before_tip", "decision_at < tip_at", "A decision precedes the tip"),
        Check(
            "line_before_tip",
            "minutes_to_tip IS NULL OR minutes_to_tip > 0",
            "Lines captured at or after tip are not used",
        ),
        Check(
            "probabilities_add_up",
            "p_over IS NULL OR ABS(p_over + p_push + p_under - 1) < 0.00001",
            "P(over) + P(push) + P(under) = 1",
        ),
        Check(
            "quantiles_ordered",
            "points_q05 <= points_q10 AND points_q10 <= points_q25 AND points_q25 <= points_q50 "
            "AND points_q50 <= points_q75 AND points_q75 <= points_q90 AND points_q90 <= points_q95",
            "Quantiles do not decrease",
        ),
        Check(
            "pass_has_reasons",
            "(decision = 'PASS') = (ARRAY_LENGTH(reasons) > 0)",
            "A PASS says why, a bet has no reason",
        ),
        Check("no_line_no_bet", "line_value IS NOT NULL OR decision = 'PASS'", "Without a line there is no bet"),
    ),
    kinds=("python",),
)
