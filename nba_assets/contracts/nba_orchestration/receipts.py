"""Contract of `nba_orchestration.receipts`: every arrival of a file, also of one that was known already."""

from nba_assets.contracts.columns import int64, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="receipts",
    description="One row per arrival of a drop. A duplicate changes nothing and is still counted.",
    key=("receipt_id",),
    columns=(
        int64("receipt_id", "Number of the arrival"),
        int64("drop_id", "The drop that arrived", references="nba_orchestration.drops.drop_id"),
        timestamp("received_at", "When it arrived"),
        string("verdict", "Whether the drop was new", values=("received", "duplicate")),
    ),
)
