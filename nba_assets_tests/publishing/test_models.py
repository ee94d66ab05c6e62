"""A model's card is published: what it learned from, how it did, its gates; nothing of how it is made."""

from __future__ import annotations

import json

import jsonschema
import orjson
import pandas as pd

from nba_assets.publishing import models, schemas, sign_off
from nba_assets_tests.publishing.conftest import documents
from nba_assets_tests.release_rows import FRIDAY, SATURDAY, facts, frame, utc, weekend

METRICS = {"mae": 5.12345678, "log_loss": None, "n": 1200}
GATES = [
    {"name": "bias", "value": 0.1, "limit": 0.5, "n": 1200, "verdict": "passed"},
    {"name": "ece", "value": None, "limit": None, "n": 0, "verdict": "insufficient", "detail": "too few rows"},
]


def card(day: object, version: str, **more: object) -> dict[str, object]:
    return {
        "game_date": pd.Timestamp(day),
        "model_version": version,
        "target": "points",
        "family": "stages_blend",
        "train_start": pd.Timestamp("2024-01-02"),
        "train_end": pd.Timestamp("2024-10-26"),
        "refit_at": utc(FRIDAY, 0),
        "n_rows": 9000,
        "n_lined": 3000,
        "n_two_sided": 2500,
        "n_dates": 60,
        "gate_status": "passed",
        "serving": True,
        "artifact": "tree",
        "params": '{"secret": 1}',
        "valid_metrics": json.dumps(METRICS),
        "gates": json.dumps(GATES),
        "data_origin": "real",
        "known_at": utc(FRIDAY, 0),
        **more,
    }


def published(*cards: dict[str, object]) -> dict[str, dict]:
    tables = weekend() | {"points_model": frame("points_model", list(cards))}
    found = {name: each for name, each in documents(facts(tables)).items() if each.document == "model"}
    for each in found.values():
        jsonschema.validate(orjson.loads(sign_off.checked(each)), schemas.schema_of("model"))
    return {name: each.body for name, each in found.items()}


def test_a_card_says_what_it_learned_from_and_what_its_gates_said() -> None:
    ((name, body),) = published(card(FRIDAY, "stages_blend-ab12")).items()
    assert name == models.name_of("stages_blend-ab12") == "models/stages_blend-ab12.json"
    data = body["data"]
    assert (data["train_end"], data["n_lined"], data["gate_status"]) == ("2024-10-26", 3000, "passed")
    assert data["metrics"] == [
        {"name": "log_loss", "value": None},
        {"name": "mae", "value": 5.123457},
        {"name": "n", "value": 1200.0},
    ]
    assert data["gates"][0] == GATES[0]
    assert data["gates"][1]["verdict"] == "insufficient"
    assert "secret" not in json.dumps(body) and "tree" not in json.dumps(body)


def test_a_model_that_serves_two_dates_has_one_document_and_it_is_the_newer_ones() -> None:
    found = published(card(FRIDAY, "a"), card(SATURDAY, "a", gate_status="failed"), card(SATURDAY, "b", serving=False))
    assert sorted(found) == ["models/a.json", "models/b.json"]
    assert found["models/a.json"]["data"]["gate_status"] == "failed"
