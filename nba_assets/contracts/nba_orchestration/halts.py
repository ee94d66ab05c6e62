"""Contract of `nba_orchestration.halts`: when a person halted decisions, and when they were resumed."""

from nba_assets.contracts.columns import int64, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="halts",
    description=(
        "One row per halt. What is decided from `since` on and before `resumed_at` is PASS with the reason halted, now "
        "and whenever it is made again; what was decided before stays. At most one halt stands."
    ),
    key=("halt_id",),
    columns=(
        int64("halt_id", "Number of the halt"),
        timestamp("since", "When it began"),
        string("reason", "The reason given; it is published"),
        string("who", "Who halted: the user's name on the machine"),
        timestamp("resumed_at?", "When it ended; null while it stands"),
        string("resumed_by?", "Who ended it"),
    ),
)
