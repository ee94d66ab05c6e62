"""Contract of `published.track_record`: what became of the official decisions."""

from nba_assets.contracts.document_index import DOCUMENT_INDEX
from nba_assets.contracts.model import SEASON, Input, Role, Table

TABLE = Table(
    dataset="published",
    name="track_record",
    description=(
        "What became of the official decisions: `track-record/<season>.json` (windows and segments with intervals, the "
        "days, calibration) and `track-record/days/<date>.json` (every official decision with its line, price and "
        "result). Live and backfill apart. Simulated data proves machinery, never skill, and says so."
    ),
    key=("path",),
    inputs=(
        Input("prediction_grades", Role.CRITICAL),
        Input("model_performance_daily", Role.OPTIONAL, SEASON),
        Input("player_points_predictions", Role.OPTIONAL, SEASON),
        Input("game_predictions", Role.OPTIONAL),
        Input("nbac_schedule", Role.OPTIONAL),
    ),
    columns=DOCUMENT_INDEX,
    kinds=("json",),
)
