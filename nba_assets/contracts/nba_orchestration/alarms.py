"""Contract of `nba_orchestration.alarms`: what is wrong, since when, and when somebody was told."""

from nba_assets.contracts.columns import int64, string, timestamp
from nba_assets.contracts.model import Check, Table

TABLE = Table(
    dataset="nba_orchestration",
    name="alarms",
    description=(
        "One row per cause that held at a check: the same cause is one row, however often it holds. It is sent when it "
        "opens, once an hour while it lasts, and once when it is resolved. A cause that comes back begins anew."
    ),
    key=("cause",),
    columns=(
        string("cause", "What is wrong, the same text as long as it lasts: its kind, then what it is about"),
        string("kind", "The rule that found it, as dead_letters or late_sources"),
        string("message", "What is wrong and what to do, as of the last check at which it held"),
        string("state", "Whether it holds", values=("open", "resolved")),
        int64("count", "Checks at which it held since first_seen", low=1),
        timestamp("first_seen", "The check at which it held first, of this time"),
        timestamp("last_seen", "The last check at which it held"),
        timestamp("last_sent?", "When a target last took a message about it; null: never, or there are no targets"),
        timestamp("resolved_at?", "The check at which it held no more; null while it is open"),
        string("told?", "The state that was sent last", values=("open", "resolved")),
        timestamp("leased_until?", "Until when a process has the right to send it; null: none has now"),
    ),
    checks=(
        Check("resolved_says_when", "(state = 'resolved') = (resolved_at IS NOT NULL)", "A resolved one has its time"),
        Check("sent_says_what", "(told IS NULL) = (last_sent IS NULL)", "What was sent, and when"),
    ),
)
