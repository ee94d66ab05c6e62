"""Contract of `nba_orchestration.quarantine`: what did not pass, where and by which rule."""

from nba_assets.contracts.columns import int64, string, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="quarantine",
    description=(
        "One row per (object, content hash, place, rule) that was rejected: a whole file or a part of one. "
        "The bytes are kept in the quarantine store under their hash."
    ),
    key=("quarantine_id",),
    columns=(
        int64("quarantine_id", "Number of the entry"),
        string("source", "Landing source of the file; `unknown` if no source claims its path"),
        string("object_name", "Name in the landing zone"),
        string("content_hash", "sha256 of the bytes"),
        string("place", "Where in the file: a row, a key, a page, or the file"),
        string("rule", "The rule that it breaks"),
        string("message", "What was found and what was expected"),
        string("excerpt", "The bytes or values in question, shortened; empty where there are none"),
        string("game?", "The game it is about, where that is known"),
        timestamp("first_seen", "When it was rejected first"),
        timestamp("last_seen", "When it was rejected last"),
    ),
)
