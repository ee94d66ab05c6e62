"""Contract of `nba_orchestration.waiting`: games that a table does not build yet, and what they wait for."""

from nba_assets.contracts.columns import GAME_DATE, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="waiting",
    description="One row per table, game and reason for which the game is not built yet. Waiting is no error.",
    key=("table_name", "game_date", "game_id", "reason"),
    columns=(
        string("table_name", "Bare name of the table that waits"),
        GAME_DATE,
        string("game_id", "The league's game id"),
        string("reason", "What is missing, or which rule is not met yet"),
        timestamp("since", "Since when it has waited for this reason"),
    ),
)
