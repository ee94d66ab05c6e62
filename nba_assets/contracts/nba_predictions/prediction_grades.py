"""Contract of nba_predictions.prediction_grades: what became of every prediction, with versions for corrections."""

from __future__ import annotations

from nba_assets.contracts.columns import (
    GAME_DATE,
    KNOWN_AT,
    SUPERSEDED_AT,
    boolean,
    float64,
    int64,
    string,
    timestamp,
)
from nba_assets.contracts.model import Check, Input, Role, Table, Versioning

TABLE = Table(
    dataset="nba_predictions",
    name="prediction_grades",
    description=(
        "Every prediction against what happened: outcome at the decision's own line and price, errors of the model and "
        "of the line, proper scores and closing line value. A player with a line who did not play is void, a tie with "
        "the line a push; who is missing from the box score is pending until both box sources are in, then void "
        "(not_in_game). A stat correction adds a version."
    ),
    key=("prediction_id",),
    versioning=Versioning.CLOSED,
    inputs=(
        Input("player_points_predictions", Role.CRITICAL),
        Input("game_predictions", Role.CRITICAL),
        Input("player_game_summary", Role.CRITICAL),
        Input("nbac_schedule", Role.CRITICAL),
        Input("odds_api_player_points_props", Role.OPTIONAL),
        Input("bettingpros_player_points_props", Role.OPTIONAL),
    ),
    columns=(
        GAME_DATE,
        string("prediction_id", "The prediction graded"),
        string("target", "points: a player's; game: a game's scores", values=("points", "game"), public=True),
        string("game_id", "The league's game id", references="nbac_schedule.game_id", public=True),
        string("player_id?", "The league's person id; null for games", public=True),
        string("model_version", "Model that made the prediction", public=True),
        string("run_kind", "live or backfill", values=("live", "backfill"), public=True),
        boolean(
            "is_official",
            "The last live row of the game and player by a serving model, else its backfill row; at most one each",
            public=True,
        ),
        int64("actual_points?", "Points scored", unit="points", low=0, high=100, public=True),
        float64("actual_minutes?", "Minutes played", unit="minutes", low=0, high=80),
        boolean("played?", "Any time on the floor; null while pending", public=True),
        string(
            "outcome?",
            "Of the points against line_value; no_line without one, played or not; null for games",
            values=("over", "under", "push", "void", "no_line", "pending"),
            public=True,
        ),
        string(
            "result",
            "Of the decision; no_bet for a PASS and for games; void also for a PASS with a line",
            values=("win", "loss", "push", "void", "no_bet", "pending"),
            public=True,
        ),
        string(
            "void_reason?",
            "Why the prediction is void",
            values=("dnp", "inactive", "postponed", "cancelled", "forfeit", "not_in_game"),
            public=True,
        ),
        float64("model_abs_error?", "abs(actual - points_q50)", unit="points", low=0),
        float64("line_abs_error?", "abs(actual - consensus_line)", unit="points", low=0),
        float64("signed_error?", "actual - points_mean", unit="points"),
        float64("log_loss?", "Of p_over given no push (games: of p_home_win); null for a push", unit="nats", low=0),
        float64("brier?", "Squared error of the same probability", low=0, high=1),
        float64("market_log_loss?", "Of market_p_over (games: market_p_home) on the same row", unit="nats", low=0),
        float64("market_brier?", "Squared error of the market's probability", low=0, high=1),
        float64("crps?", "Continuous ranked probability score of the distribution", unit="points", low=0),
        float64("pinball?", "Mean quantile loss over levels 0.05, 0.10 .. 0.95, not doubled", unit="points", low=0),
        float64("market_crps?", "CRPS of the market baseline: negative binomial around the line", unit="points", low=0),
        boolean("covered?", "q10 to q90, rounded to whole points, held the actual points"),
        float64("coverage_expected?", "The distribution's own probability of that", low=0, high=1),
        float64("profit?", "d - 1, -1 or 0 units at the stored price; null without a bet", unit="units", low=-1),
        float64(
            "closing_line?", "Consensus of the last captures before tip; null unless they are a close", unit="points"
        ),
        float64("closing_p_over?", "De-vigged P(over) of the close", low=0, high=1),
        timestamp(
            "closing_captured_at?", "Newest capture of the close: after the decision's, at most 30 min before tip"
        ),
        float64(
            "clv_points?",
            "Line move in the bet's favour: positive is better than the close",
            unit="points",
            public=True,
        ),
        float64("clv_p?", "Move of the market's probability in the bet's favour, at one line", public=True),
        boolean("home_won?", "Games: the home team won", public=True),
        int64("margin?", "Games: home - away", unit="points", public=True),
        int64("total?", "Games: both teams' points", unit="points", low=0, public=True),
        float64("margin_abs_error?", "Games: abs(margin - margin_q50)", unit="points", low=0),
        float64("total_abs_error?", "Games: abs(total - total_q50)", unit="points", low=0),
        float64("market_margin_abs_error?", "Games: abs(margin + home_spread)", unit="points", low=0),
        float64("market_total_abs_error?", "Games: abs(total - total_line)", unit="points", low=0),
        string("source_hash?", "Hash of the box-score or schedule facts used"),
        int64("grade_version", "1 while pending and when settled, and one more for every correction", low=1),
        KNOWN_AT,
        SUPERSEDED_AT,
    ),
    checks=(
        Check("void_has_a_reason", "(result = 'void') = (void_reason IS NOT NULL)", "A void says why"),
        Check("push_is_free", "result != 'push' OR profit = 0", "A push returns the stake"),
        Check("no_line_no_bet", "outcome != 'no_line' OR result = 'no_bet'", "Without a line nothing is won or lost"),
    ),
    kinds=("python",),
)
