"""What the contracts do not mark as public, for who has a token: predictions with every column, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from nba_assets import contracts
from nba_assets.publishing.fields import Day, Field, any_column, many, model
from nba_assets.publishing.rows import Record, records

TABLE = "player_points_predictions"
OPERATIONS_NAME = "operations.json"

PREDICTION_FIELDS: tuple[Field, ...] = tuple(
    any_column(TABLE, name, decimals=12) for name in contracts.table(TABLE).column_names
)
PREDICTION = model("PrivatePrediction", "A prediction as the table has it.", PREDICTION_FIELDS)
PREDICTIONS = model(
    "PrivatePredictions",
    "Every prediction of a date: live and backfill, serving and shadow.",
    (
        Field("document", str, "Kind of document", values=("predictions",)),
        Field("sequence", int, "The release that it was written with", low=1),
        Field("game_date", Day, "League date"),
        Field("predictions", many(PREDICTION), "By prediction_id"),
    ),
)
FAILURE = model(
    "Failure",
    "Work that failed and is retried or dead.",
    tuple(
        Field(name, kind, text)
        for name, kind, text in (
            ("work_id", str, "Its id, as dead-letters and replay take it"),
            ("processor_name", str, "What failed"),
            ("dates", list[str], "League dates"),
            ("status", str, "retrying or dead"),
            ("attempts", int, "How often it was tried"),
            ("error_type", str, "Class of the error"),
            ("error_message", str, "Its one line"),
            ("run_id", str, "Dagster's run; empty outside one"),
            ("correlation_ids", list[str], "Drops that fed it"),
        )
    ),
)
REJECT = model(
    "Quarantined",
    "Something that was received and did not pass.",
    tuple(
        Field(name, str, text)
        for name, text in (
            ("quarantine_id", "Its id, as quarantine takes it"),
            ("object_name", "The drop"),
            ("place", "Where in it"),
            ("rule", "What it broke"),
            ("message", "In words"),
        )
    ),
)
OPERATIONS = model(
    "PrivateOperations",
    "What is open: failed work and quarantine.",
    (
        Field("document", str, "Kind of document", values=("operations",)),
        Field("sequence", int, "The release that it was written with", low=1),
        Field("failures", many(FAILURE), "By id"),
        Field("quarantined", many(REJECT), "By id"),
    ),
)


def predictions_name(day: str) -> str:
    """The document's name below `private/`."""
    return f"historical/{day}/predictions.json"


def predictions(rows: pd.DataFrame, days: Iterable[str], sequence: int) -> Iterator[tuple[str, Record]]:
    """A document of each date by its name; `rows`: the table's rows of these dates, every column."""
    ordered = rows.sort_values(["game_date", "prediction_id"], kind="stable", ignore_index=True)
    said = pd.Series(records(ordered, PREDICTION_FIELDS), index=ordered.index, dtype=object)
    of_date = said.groupby(ordered["game_date"].dt.strftime("%Y-%m-%d")).agg(list).to_dict() if len(said) else {}
    for day in days:
        yield (
            predictions_name(day),
            {"document": "predictions", "sequence": sequence, "game_date": day, "predictions": of_date.get(day, [])},
        )
