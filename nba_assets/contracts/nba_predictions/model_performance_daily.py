"""Contract of nba_predictions.model_performance_daily: the track record by date, model, window and segment."""

from __future__ import annotations

from nba_assets.contracts.columns import GAME_DATE, KNOWN_AT, float64, int64, string, strings
from nba_assets.contracts.model import SEASON, Check, Column, Input, Role, Table

WINDOWS = ("1d", "7d", "30d", "season")
"""Windows that end with the row's date; `season` starts with the season of its games."""

MARKET = "market"
"""What official rows are compared with: the line, the market's probability, the market baseline's distribution."""


def _rate(name: str, what: str, unit: str, low: float | None = None, high: float | None = None) -> tuple[Column, ...]:
    """The metric with its 95 % interval by resampling dates."""
    return tuple(
        float64(f"{name}{end}?", f"{label}{what}", unit=unit, low=low, high=high, public=True)
        for end, label in (
            ("", ""),
            ("_lo", "Lower end of the 95 % interval: "),
            ("_hi", "Upper end of the 95 % interval: "),
        )
    )


TABLE = Table(
    dataset="nba_predictions",
    name="model_performance_daily",
    description=(
        "How the official decisions of a model did, live and backfill apart, in the windows that end on a date and by "
        "segment. All metrics of a row are on the same games; intervals resample dates. Under 300 bets the verdict is "
        "insufficient. Beside the record, each challenger's recipe on the rows that it shares with the official "
        "predictions, compared with these. Simulated data proves machinery, never skill."
    ),
    key=("game_date", "model_version", "run_kind", "window", "segment"),
    inputs=(
        Input("prediction_grades", Role.CRITICAL, SEASON),
        Input("player_points_predictions", Role.OPTIONAL, SEASON),
        Input("game_predictions", Role.OPTIONAL, SEASON),
        Input("points_model", Role.OPTIONAL, SEASON, columns=("game_date", "model_version", "family")),
        Input("nbac_schedule", Role.OPTIONAL),
    ),
    columns=(
        GAME_DATE,
        string(
            "model_version",
            "A model; serving_points and serving_game: whichever was official; a recipe: its models in role shadow",
            public=True,
        ),
        string("recipe?", "How the model is made; null for whichever was official and for games", public=True),
        string(
            "compared_with",
            "What differences are to: market (official rows: the record), or serving_points (a challenger beside it)",
            values=(MARKET, "serving_points", "serving_game"),
            public=True,
        ),
        string("target", "points or game", values=("points", "game"), public=True),
        string("run_kind", "live or backfill, never mixed", values=("live", "backfill"), public=True),
        string("window", "Dates counted, ending with game_date", values=WINDOWS, public=True),
        string(
            "segment",
            "all; side=OVER or UNDER (bets); line=8-12 (points); tip=60-180 (minutes from the line to tip)",
            public=True,
        ),
        int64("n_rows", "Official predictions whose player played (games: final games)", low=0, public=True),
        int64("n_lined", "Of these, with a line", low=0, public=True),
        int64("n_dates", "Dates among them", low=0, public=True),
        int64("n_bets", "OVER and UNDER decisions settled or void", low=0, public=True),
        int64("wins", "Bets won", low=0, public=True),
        int64("losses", "Bets lost", low=0, public=True),
        int64("pushes", "Bets returned because points equalled the line", low=0, public=True),
        int64(
            "voids",
            "Predictions with a line whose player did not play, bets or not; games that were not played",
            low=0,
            public=True,
        ),
        *_rate("hit_rate", "wins / (wins + losses)", "fraction", 0, 1),
        *_rate("roi", "Profit / (wins + losses + pushes) at stored prices", "fraction", -1),
        *_rate(
            "mae_diff", "MAE of points_q50 minus that of the line or rival, same lined rows (games: margin)", "points"
        ),
        *_rate(
            "log_loss_diff",
            "Log loss minus that of the market or rival, rows with a market probability; interval: segment all",
            "nats",
        ),
        *_rate(
            "crps_diff",
            "CRPS minus that of the market baseline or rival, same lined rows; interval: segment all",
            "points",
        ),
        float64("mae?", "MAE of points_q50 on lined rows (games: of the margin)", unit="points", low=0, public=True),
        float64("line_mae?", "MAE of consensus_line on the same rows", unit="points", low=0, public=True),
        float64("bias?", "Mean of actual - points_mean on lined rows", unit="points", public=True),
        float64(
            "log_loss?",
            "Mean log loss without pushes: of rows with a market probability, of all where none has one",
            unit="nats",
            low=0,
            public=True,
        ),
        float64("market_log_loss?", "The market's, where it has a probability", unit="nats", low=0, public=True),
        float64("brier?", "Mean Brier score on the same rows", low=0, high=1, public=True),
        float64("market_brier?", "The market's on the same rows", low=0, high=1, public=True),
        float64(
            "ece?",
            "Calibration error on the same rows: 10 equal-count bins; null under 10 rows",
            low=0,
            high=1,
            public=True,
        ),
        float64(
            "ece_noise?",
            "ECE that a calibrated model exceeds in 5 % of cases, by 1,000 redraws of its bins; segment all",
            low=0,
            public=True,
        ),
        float64("crps?", "Mean CRPS on lined rows", unit="points", low=0, public=True),
        float64("market_crps?", "The market baseline's on the same rows", unit="points", low=0, public=True),
        float64("pinball?", "Mean pinball loss on lined rows", unit="points", low=0, public=True),
        float64("coverage?", "Share of rows within q10 to q90, whole points", low=0, high=1, public=True),
        float64("coverage_nominal?", "What the distributions themselves say of that share", low=0, high=1, public=True),
        float64("mae_no_line?", "MAE of points_q50 on rows without a line", unit="points", low=0, public=True),
        int64("n_clv", "Bets that have a close", low=0, public=True),
        float64("mean_clv?", "Mean line move in favour of the bets that have a close", unit="points", public=True),
        float64("line_coverage?", "n_lined / n_rows", unit="fraction", low=0, high=1, public=True),
        strings("alarms", "Leak and drift alarms that the row raises", public=True),
        string(
            "verdict",
            "insufficient under 300 settled bets; else by the interval of ROI: ahead, behind or level",
            values=("insufficient", "ahead", "behind", "level"),
            public=True,
        ),
        string("data_origin", "real or simulated", values=("real", "simulated"), public=True),
        KNOWN_AT,
    ),
    checks=(
        Check("bets_add_up", "wins + losses + pushes <= n_bets", "Settled bets are bets"),
        Check("lined_are_rows", "n_lined <= n_rows", "Lined rows are rows"),
    ),
    kinds=("python",),
)
