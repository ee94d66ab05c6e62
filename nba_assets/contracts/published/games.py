"""Contract of `published.games`: one document per game, with every player's whole distribution."""

from nba_assets.contracts.document_index import DOCUMENT_INDEX
from nba_assets.contracts.model import Input, Role, Table

TABLE = Table(
    dataset="published",
    name="games",
    description=(
        "One document per game, `historical/<date>/games/<game_id>.json`, and `latest/games/<game_id>.json` for those "
        "of the latest slate: both teams with who is out, and each player's slate row with the probability of every "
        "number of points and the ladder P(points ≥ k)."
    ),
    key=("path",),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("player_points_predictions", Role.CRITICAL),
        Input("game_predictions", Role.CRITICAL),
        Input("upcoming_player_game_context", Role.OPTIONAL),
        Input("upcoming_team_game_context", Role.OPTIONAL),
        Input("odds_api_player_points_props", Role.OPTIONAL),
        Input("bettingpros_player_points_props", Role.OPTIONAL),
        Input("player_game_summary", Role.OPTIONAL),
        Input("prediction_grades", Role.OPTIONAL),
    ),
    columns=DOCUMENT_INDEX,
    kinds=("json",),
)
