"""Contract of `nba_orchestration.aliases`: what a person told about names, change by change."""

from nba_assets.contracts.columns import int64, string, strings, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="aliases",
    description=(
        "One row per change of this installation's own aliases; the newest change of a (source, lookup) counts. "
        "An alias is a fact about spelling, not about time: it holds for rows of all times, as those that the "
        "platform comes with do, and it goes before them. Decisions recorded live do not move."
    ),
    key=("change_id",),
    columns=(
        int64("change_id", "Number of the change"),
        timestamp("changed_at", "When it was made"),
        string("change", "What was done", values=("add", "remove")),
        string("source", "Raw table whose names it is about; `*` for all"),
        string("lookup", "The normalised name"),
        string("name", "The name as it was given"),
        string("player_id", "League person id that it stands for"),
        strings("game_dates", "Dates with rows of that name when it was made: what it moves"),
    ),
)
