"""Contract of `nba_orchestration.quarantine`: what did not pass, where and by which rule, and what became of it."""

from nba_assets.contracts.columns import int64, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="quarantine",
    description=(
        "One row per (object, content hash, place, rule) that was rejected: a whole file or a part of one. "
        "The bytes are kept in the quarantine store under their hash, also after the entry is closed."
    ),
    key=("quarantine_id",),
    columns=(
        int64("quarantine_id", "Number of the entry"),
        string("source", "Landing source of the file; `unknown` if no source claims its path"),
        string("object_name", "Name in the landing zone"),
        string("content_hash", "sha256 of the bytes"),
        string("correlation_id", "The drop", references="nba_orchestration.drops.correlation_id"),
        string("place", "Where in the file: a page, a line, a JSON path, or the file itself"),
        string("rule", "The rule that it breaks"),
        string("message", "What was found and what was expected, as of the last time"),
        string("excerpt", "The bytes or values in question, shortened; empty where there are none"),
        string("game?", "The game it is about, where that is known"),
        string("kept_at", "Name of the bytes in the quarantine store"),
        timestamp("first_seen", "When it was rejected first"),
        timestamp("last_seen", "When it was rejected last"),
        string(
            "state",
            "open; resolved: a retry did not find it any more; discarded: somebody decided that it stays out",
            values=("open", "resolved", "discarded"),
        ),
        timestamp("closed_at?", "When it was resolved or discarded"),
        string("reason?", "Why it is closed"),
    ),
)
