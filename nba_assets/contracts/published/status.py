"""Contract of `published.status`: whether everything arrived, and what is waited for."""

from nba_assets.contracts.document_index import DOCUMENT_INDEX
from nba_assets.contracts.model import Input, Role, Table

TABLE = Table(
    dataset="published",
    name="status",
    description=(
        "`status.json`: the six phases and the games of the latest slate (done, waiting, missing), each source's last "
        "drop, open quarantine and dead letters, the serving model and its alarms. It holds what was received and "
        "known, never the time at which it was written."
    ),
    key=("path",),
    inputs=(
        Input("nbac_schedule", Role.OPTIONAL),
        Input("player_game_summary", Role.OPTIONAL),
        Input("upcoming_player_game_context", Role.OPTIONAL),
        Input("ml_feature_store", Role.OPTIONAL),
        Input("points_model", Role.OPTIONAL),
        Input("player_points_predictions", Role.OPTIONAL),
        Input("prediction_grades", Role.OPTIONAL),
        Input("model_performance_daily", Role.OPTIONAL),
    ),
    columns=DOCUMENT_INDEX,
    kinds=("json",),
)
