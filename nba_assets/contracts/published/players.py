"""Contract of `published.players`: one document per player of a published slate."""

from nba_assets.contracts.document_index import DOCUMENT_INDEX
from nba_assets.contracts.model import SEASON, Input, Role, Table

TABLE = Table(
    dataset="published",
    name="players",
    description=(
        "One document per player who was on a published slate, `latest/players/<player_id>.json`: his newest slate row "
        "with its distribution, his last 20 games against line and prediction, his season, and how well his graded "
        "predictions did."
    ),
    key=("path",),
    inputs=(
        Input("player_points_predictions", Role.CRITICAL),
        Input("nbac_schedule", Role.CRITICAL),
        Input("upcoming_player_game_context", Role.OPTIONAL),
        Input("nbac_player_list", Role.OPTIONAL),
        Input("prediction_grades", Role.OPTIONAL, SEASON),
        Input("player_game_summary", Role.HISTORY, SEASON),
    ),
    columns=DOCUMENT_INDEX,
    kinds=("json",),
)
