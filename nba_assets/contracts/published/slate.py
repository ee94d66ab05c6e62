"""Contract of `published.slate`: the day's games and every player's points prediction."""

from nba_assets.contracts.document_index import DOCUMENT_INDEX
from nba_assets.contracts.model import Input, Role, Table

TABLE = Table(
    dataset="published",
    name="slate",
    description=(
        "The slate of a date: `historical/<date>/daily.json`, and `latest/daily.json` for the newest date with games "
        "that is not in the future; with it the two indexes, `schedule.json` (dates) and `search.json` (players, teams "
        "and games with their paths). Every date has its document, also one without games."
    ),
    key=("path",),
    inputs=(
        Input("nbac_schedule", Role.CRITICAL),
        Input("player_points_predictions", Role.CRITICAL),
        Input("game_predictions", Role.CRITICAL),
        Input("upcoming_player_game_context", Role.OPTIONAL),
        Input("player_game_summary", Role.OPTIONAL),
        Input("prediction_grades", Role.OPTIONAL),
    ),
    columns=DOCUMENT_INDEX,
    kinds=("json",),
)
