"""Contract of `nba_orchestration.drops`: every file that was received, and what became of it."""

from nba_assets.contracts.columns import boolean, int64, string, strings, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="drops",
    description=(
        "One row per drop: a file in the landing zone, exactly once by (object name, content hash). "
        "received_total of the receipts = applied + duplicate + quarantined + pending, at any time."
    ),
    key=("drop_id",),
    columns=(
        int64("drop_id", "Number of the drop, in order of receipt"),
        string("correlation_id", "Function of object name and content hash; follows the drop through every phase"),
        string("object_name", "Name in the landing zone"),
        string("content_hash", "sha256 of the bytes"),
        string("source", "Landing source that claims the path; `unknown` if none does"),
        strings("game_dates", "The dates the drop speaks for"),
        strings(
            "pairs",
            "AWYHOM of the games it names by teams and a start time: the schedule may have one on the day before or "
            "after",
        ),
        int64("size", "Size of the file", unit="bytes", low=0),
        timestamp("received_at", "When it was received; never earlier than the receipt before it"),
        timestamp("known_at", "Capture time in its name, or the receipt where there is none or it lies after it"),
        boolean("known_at_assumed", "known_at is the receipt, not the source's own capture time"),
        string(
            "status",
            "received: not parsed yet; pending: parsed, its consequences to come; applied: in the tables; quarantined",
            values=("received", "pending", "applied", "quarantined"),
        ),
        timestamp("applied_at?", "When its consequences were in the tables"),
        string("outcome?", "The parser's verdict: ok, empty, partial, bad"),
        int64("rows?", "Rows the parser gave", low=0),
        string("leased_by?", "The process that sees to its consequences; null: none does now"),
        timestamp("leased_until?", "When another process may take it up, should that one not have finished"),
    ),
)
