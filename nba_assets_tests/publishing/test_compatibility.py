"""Within v1 fields are only added: what readers would stumble over is refused before it is written."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from nba_assets.errors import PlatformError
from nba_assets.publishing import schema_files, schemas
from nba_assets.publishing.compatibility import breaks

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "v1"
Schema = dict[str, Any]

INNER = {"type": "object", "properties": {"k": {"type": "integer"}}, "required": ["k"]}
PLAIN: Schema = {
    "$defs": {"Inner": INNER},
    "type": "object",
    "properties": {
        "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "p": {"type": "number", "minimum": 0},
        "state": {"type": "string", "enum": ["ok", "late"]},
        "code": {"type": "string", "enum": ["a"]},
        "rungs": {"type": "array", "items": {"$ref": "#/$defs/Inner"}},
    },
    "required": ["name", "p", "state", "code", "rungs"],
}


def changed(change: Callable[[Schema], Any]) -> list[str]:
    new = copy.deepcopy(PLAIN)
    change(new)
    return breaks(PLAIN, new)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["properties"].pop("p"), "$.p: is gone"),
        (lambda s: s["required"].remove("p"), "$.p: may be left out"),
        (lambda s: s["properties"].update(p={"anyOf": [{"type": "number"}, {"type": "null"}]}), "$.p: may be null"),
        (lambda s: s["properties"].update(p={"type": "string"}), "$.p: may be string"),
        (lambda s: s["properties"]["state"]["enum"].append("lost"), "$.state: may be lost"),
        (lambda s: s["properties"].update(state={"type": "string"}), "$.state: may be any word"),
        (lambda s: s["$defs"]["Inner"]["properties"].pop("k"), "$.rungs[].k: is gone"),
    ],
)
def test_what_a_reader_would_stumble_over_is_told(change: Callable[[Schema], Any], said: str) -> None:
    assert changed(change) == [said]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: None,
        lambda s: s["properties"].update(more={"type": "string"}),
        lambda s: s["properties"].update(p={"type": "integer"}),
        lambda s: s["properties"]["p"].pop("minimum"),
        lambda s: s["properties"].update(name={"type": "string"}),
        lambda s: s["properties"]["code"]["enum"].append("b"),
        lambda s: s["$defs"]["Inner"]["properties"].update(p={"type": "number"}),
    ],
)
def test_what_only_adds_or_narrows_is_none(change: Callable[[Schema], Any]) -> None:
    assert changed(change) == []


def test_the_committed_schemas_are_what_the_fields_give_and_none_breaks_v1() -> None:
    there = {str(path.relative_to(COMMITTED)): path.read_bytes() for path in COMMITTED.rglob("*.json")}
    for name in schemas.files():
        assert schema_files.broken(COMMITTED, name) == [], name
    assert there == {name: schema_files.text(body) for name, body in schemas.files().items()}, "run `make docs`"


def test_a_breaking_change_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    schema_files.write(tmp_path)
    daily = tmp_path / "schemas" / "daily.json"
    older = orjson.loads(daily.read_bytes())
    older["properties"]["odds_of_yore"] = {"type": "number"}
    daily.write_bytes(orjson.dumps(older))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    with pytest.raises(PlatformError, match=r"schemas/daily.json \$.odds_of_yore: is gone"):
        schema_files.write(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


@pytest.mark.parametrize("name", sorted(schemas.files()))
def test_every_schema_is_one(name: str) -> None:
    if name != schemas.OPENAPI_NAME:
        jsonschema.Draft202012Validator.check_schema(schemas.files()[name])
