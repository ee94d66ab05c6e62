"""Contract of `nba_orchestration.work`: failed work, what is retried when, and the dead letters."""

from nba_assets.contracts.columns import boolean, int64, string, strings, timestamp
from nba_assets.contracts.model import Table

TABLE = Table(
    dataset="nba_orchestration",
    name="work",
    description=(
        "One row per piece of work (processor, dates, scope) that failed and was not done since. "
        "A dead letter is a row whose status is dead: its fifth retry failed, or no retry can help. It stays until "
        "it is replayed or discarded, and is kept after that."
    ),
    key=("work_id",),
    columns=(
        string("work_id", "Function of processor, dates and scope: the same work fails under the same id"),
        string("processor_name", "Full name of the table, or the phase"),
        strings("dates", "The dates of the work"),
        string("scope", "Entities of a refresh; empty for whole dates"),
        strings("correlation_ids", "Drops that fed the work"),
        string("status", "What happens next", values=("retrying", "dead", "replayed", "discarded")),
        int64("attempts", "Failed attempts so far", low=1),
        timestamp("next_attempt_at?", "When it is tried again; null if it is not"),
        timestamp("first_failed_at", "When it failed first"),
        timestamp("last_failed_at", "When it failed last"),
        string("error_type", "Class of the last error"),
        string("error_message", "Message of the last error"),
        string("run_id", "Dagster run of the last attempt; empty outside a run"),
        boolean("permanent", "The last error would come again from the same input and code"),
        timestamp("died_at?", "When it became a dead letter; null if it never did"),
        string("leased_by?", "The process that tries it again; null: none does now"),
        timestamp("leased_until?", "When another process may, should that one not have finished"),
        timestamp("resolved_at?", "When it was replayed or discarded"),
        string("reason?", "How it was replayed, or why it was discarded"),
    ),
)
