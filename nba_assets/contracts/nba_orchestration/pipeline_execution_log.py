"""Contract of `nba_orchestration.pipeline_execution_log`: what ran, from which drops, with what result."""

from nba_assets.contracts.columns import (
    GAME_DATE,
    boolean,
    float64,
    int64,
    json,
    string,
    strings,
    timestamp,
)
from nba_assets.contracts.model import Check, Table

TABLE = Table(
    dataset="nba_orchestration",
    name="pipeline_execution_log",
    description=(
        "One row per execution of a step and game date, appended when it ends, also where it was skipped or failed; "
        "phase 1 has one per drop and date that it names, phase 6 one per date. Of a date without anything only a drop "
        "that names it adds a row."
    ),
    key=("sequence",),
    columns=(
        int64("sequence", "Number of the row, in order of writing"),
        string("execution_id", "Unique id of the execution"),
        strings("correlation_ids", "Drops that fed it"),
        string("source_execution_id?", "Execution that triggered it"),
        int64("phase", "1 landing, 2 raw, 3 analytics, 4 precompute, 5 predictions, 6 published", low=1, high=6),
        string("processor_name", "Full name of the table built; phase 1: landing.<source>; phase 6: published.release"),
        string(
            "event_type?",
            "full_load: all of the date; incremental: the entities only; replay: somebody asked for it again; drop, "
            "fetch: phase 1",
        ),
        GAME_DATE,
        string("scope", "Entities of a refresh; empty for a whole date"),
        json("affected_entities?", "Players, teams and games of a refresh"),
        string("status", "How it ended", values=("started", "completed", "failed", "skipped")),
        timestamp("started_at", "When it began"),
        timestamp("completed_at?", "When it ended"),
        float64("duration_seconds?", "From start to end", unit="seconds", low=0),
        boolean("dependencies_met?", "Every critical input had rows of the date"),
        strings("missing_dependencies", "Critical inputs without rows of the date"),
        string("error_type?", "Class of the error"),
        string("error_message?", "Message of the error"),
        int64("retry_count", "Failed attempts before this one", low=0),
        int64("records_processed?", "Rows written on the date", low=0),
        string("pubsub_message_id?", "Message that announced the drop"),
        json(
            "metadata?",
            "skip_reason (unchanged, nothing to do, waiting for <inputs>, duplicate, empty); release: its sequence; "
            "what a fetch did; of a replay who asked for it, and whether the date was rebuilt whatever its input",
        ),
        string("input_hash?", "Hash of code and of everything the build used on the date"),
        string("output_hash?", "Version of the partition afterwards; empty if it has no rows"),
        string("run_id?", "Dagster run; empty outside a run"),
    ),
    checks=(
        Check("ends_after_it_began", "completed_at IS NULL OR completed_at >= started_at", "Time goes forward"),
        Check("a_failure_says_why", "status != 'failed' OR error_message IS NOT NULL", "A failure has its error"),
    ),
)
