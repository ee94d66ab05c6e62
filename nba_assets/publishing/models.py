"""`models/<model_version>.json`: the card of every model that may serve a date, with its data, metrics and gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pandas as pd

from nba_assets.publishing.envelope import Published, seal
from nba_assets.publishing.facts import Facts
from nba_assets.publishing.fields import Field, columns, many, model
from nba_assets.publishing.rows import Record, number, records
from nba_assets.publishing.slate import Slate

_MODEL = "points_model"
METRIC_DECIMALS = 6

METRIC = model(
    "ModelMetric",
    "A figure on the held-out dates.",
    (
        Field("name", str, "Name"),
        Field("value", float, "Value; null where there was nothing to measure", nullable=True),
    ),
)
GATE = model(
    "ModelGate",
    "A gate and what came of it.",
    (
        Field("name", str, "Name"),
        Field("value", float, "What was measured; null where there was nothing to measure", nullable=True),
        Field("limit", float, "What it had to reach; null without one", nullable=True),
        Field("n", int, "Rows measured", low=0, nullable=True),
        Field("verdict", str, "What came of it", values=("passed", "failed", "insufficient")),
    ),
)
CARD_FIELDS: tuple[Field, ...] = (
    *columns(_MODEL, ("model_version", "target", "family", "train_start", "train_end", "refit_at")),
    *columns(_MODEL, ("n_rows", "n_lined", "n_two_sided", "n_dates", "gate_status", "incumbent_version")),
)
MODEL_DATA = model(
    "ModelCard",
    "A model: what it was trained on, how it did on dates that it had not seen, and whether it may serve.",
    (
        *CARD_FIELDS,
        Field("metrics", many(METRIC), "By name"),
        Field("gates", many(GATE), "In the order in which they are asked"),
    ),
)
COLUMNS = ("game_date", "serving", *(field.name for field in CARD_FIELDS), "valid_metrics", "gates", "known_at")
"""What is read of the models' table."""


def name_of(version: str) -> str:
    """The document's name in the manifest."""
    return f"models/{version}.json"


def documents(facts: Facts, slate: Slate) -> Iterator[Published]:
    """One document per model of the facts' dates, as its newest date has it."""
    rows = facts.on_dates(_MODEL).sort_values(["game_date", "model_version"], kind="stable")
    newest = rows.drop_duplicates("model_version", keep="last")
    origin = facts.origin_of()
    cards = zip(newest["game_date"], newest["known_at"], newest["valid_metrics"], newest["gates"], strict=True)
    for record, (stamp, known, metrics, gates) in zip(records(newest, CARD_FIELDS), cards, strict=True):
        data = {**record, "metrics": _metrics(metrics), "gates": _gates(gates)}
        body = seal(
            "model",
            data,
            as_of=known,
            data_origin=origin(pd.Timestamp(stamp).strftime("%Y-%m-%d")),
            model_version=record["model_version"],
        )
        yield Published("track_record", name_of(record["model_version"]), "model", body)


def _metrics(text: str) -> list[Record]:
    found = sorted(orjson.loads(text).items())
    return [{"name": name, "value": _number(value)} for name, value in found if not isinstance(value, str)]


def _gates(text: str) -> list[Record]:
    return [
        {
            "name": gate["name"],
            "value": _number(gate.get("value")),
            "limit": _number(gate.get("limit")),
            "n": gate.get("n"),
            "verdict": gate["verdict"],
        }
        for gate in orjson.loads(text)
    ]


def _number(value: Any) -> float | None:
    return None if value is None else number(float(value), METRIC_DECIMALS)
