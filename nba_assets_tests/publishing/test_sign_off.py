"""Nothing is published that is not declared, public, finite and as its schema says; equal content is equal bytes."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import jsonschema
import numpy as np
import orjson
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets import contracts
from nba_assets.publishing import schemas, sign_off
from nba_assets.publishing.envelope import Published
from nba_assets.publishing.fields import Field, column
from nba_assets.publishing.rows import NotPublishable, records
from nba_assets.publishing.slate import slate
from nba_assets_tests.publishing.conftest import documents
from nba_assets_tests.release_rows import FRIDAY, PRIVATE, SATURDAY, facts, weekend

DAILY = "historical/2024-11-01/daily.json"


def validator(document: str) -> jsonschema.Draft202012Validator:
    """The public schema of a kind of document."""
    found = schemas.schema_of(document)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


def test_every_document_is_as_its_json_schema_says(published: dict[str, Published]) -> None:
    """Models have a test of their own: the weekend has none."""
    kinds = {"model"}
    for document in published.values():
        body = orjson.loads(sign_off.checked(document))
        validator(document.document).validate(body)
        kinds.add(document.document)
    assert kinds == set(schemas.DOCUMENTS)


def test_every_field_is_required_and_described() -> None:
    for document in schemas.DOCUMENTS:
        found = schemas.schema_of(document)
        for part in (found, *found["$defs"].values()):
            assert set(part["required"]) == set(part["properties"])
            assert all(field.get("description") or "$ref" in field for field in part["properties"].values())


def test_readers_may_meet_fields_that_are_added_later(published: dict[str, Published]) -> None:
    body = published[DAILY].body | {"a_later_field": 1}
    validator("daily").validate(body)


def broken(body: dict[str, Any], *path: Any, value: Any) -> dict[str, Any]:
    """The body with another value at the path."""
    body = copy.deepcopy(body)
    place: Any = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return body


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", "players", 0, "p_over"), 1.5),
        (("data", "players", 0, "points_mean"), None),
        (("data", "players", 0, "points_mean"), "25"),
        (("data", "players", 0, "player_id"), 1628369),
        (("data", "players", 0, "decision"), "MAYBE"),
        (("data", "players", 0, "n_books"), 7.5),
        (("data", "games", 0, "tip_at"), "2024-11-01 19:00"),
        (("data", "counts", "pass"), -1),
        (("data", "games"), None),
        (("as_of",), "2024-11-01T23:00:00+01:00"),
        (("status",), "fine"),
        (("game_date",), "1 November"),
    ],
)
def test_what_breaks_the_schema_is_refused_by_sign_off_and_schema_alike(
    published: dict[str, Published], path: tuple[Any, ...], value: Any
) -> None:
    body = broken(published[DAILY].body, *path, value=value)
    assert list(validator("daily").iter_errors(body))
    with pytest.raises(NotPublishable, match=str(path[-1])):
        sign_off.checked(replace(published[DAILY], body=body))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused(published: dict[str, Published], number: float) -> None:
    body = broken(published[DAILY].body, "data", "players", 0, "points_mean", value=number)
    with pytest.raises(NotPublishable, match=r"historical/2024-11-01/daily.json: data.players.0.points_mean"):
        sign_off.checked(replace(published[DAILY], body=body))


def test_an_infinite_number_in_a_nullable_column_is_refused_and_not_taken_for_null() -> None:
    field = Field("ev", float, "", nullable=True)
    assert records(pd.DataFrame({"ev": [0.1, np.nan]}), [field]) == [{"ev": 0.1}, {"ev": None}]
    with pytest.raises(NotPublishable, match="ev: row 1"):
        records(pd.DataFrame({"ev": [0.1, np.inf]}), [field])


def test_a_null_where_the_contract_has_none_is_refused() -> None:
    tables = weekend()
    tables["player_points_predictions"]["points_mean"] = np.nan
    with pytest.raises(NotPublishable, match="points_mean"):
        for document in documents(facts(tables)).values():
            sign_off.checked(document)


def test_a_field_that_is_not_declared_is_refused(published: dict[str, Published]) -> None:
    body = broken(published[DAILY].body, "data", "players", 0, "feature_hash", value="ab12")
    with pytest.raises(NotPublishable, match="feature_hash"):
        sign_off.checked(replace(published[DAILY], body=body))


def test_a_column_that_is_not_public_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match=r"nba_predictions.player_points_predictions.feature_hash is not public"):
        column("player_points_predictions", "feature_hash")


def test_every_shown_column_is_on_its_contract_s_list() -> None:
    shown = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            shown.update([node["x-source"]] if "x-source" in node else [])
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    for document in schemas.DOCUMENTS:
        collect(schemas.schema_of(document))
    assert len(shown) > 60
    for source in shown:
        table, _, name = source.partition(".")
        assert contracts.table(table).column(name).public, source


def test_nothing_of_a_private_column_leaves(published: dict[str, Published]) -> None:
    tables = weekend()
    assert (tables["player_points_predictions"]["feature_hash"] == PRIVATE).all()
    assert any(PRIVATE in values for values in tables["player_points_predictions"]["missing_inputs"])
    for document in published.values():
        assert PRIVATE.encode() not in sign_off.checked(document)


def test_a_slate_that_lacks_a_player_or_a_game_is_refused(published: dict[str, Published]) -> None:
    expected = sign_off.expected_counts(facts(weekend()))
    assert expected == {"2024-11-01": (2, 4), "2024-11-02": (1, 2), "2024-11-03": (0, 0)}
    sign_off.check_counts(published[DAILY], expected)
    for name, value in (("players", 3), ("games", 1)):
        body = broken(published[DAILY].body, "data", "counts", name, value=value)
        with pytest.raises(NotPublishable, match="the tables have 2 and 4"):
            sign_off.check_counts(replace(published[DAILY], body=body), expected)


def test_a_slate_that_refers_to_a_missing_document_is_refused(published: dict[str, Published]) -> None:
    files: dict[str, Any] = {name: {} for name in published}
    wanted = sign_off.references(published[DAILY])
    sign_off.check_references(wanted, files)
    del files["latest/players/2544.json"]
    with pytest.raises(NotPublishable, match=r"latest/players/2544.json"):
        sign_off.check_references(wanted, files)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_equal_content_is_equal_bytes_whatever_the_order_of_rows(seed: int) -> None:
    tables = weekend()
    shuffled = {name: rows.sample(frac=1, random_state=seed) for name, rows in tables.items()}
    ours = {name: sign_off.checked(document) for name, document in documents(facts(tables)).items()}
    theirs = {name: sign_off.checked(document) for name, document in documents(facts(shuffled)).items()}
    assert ours == theirs


def test_date_by_date_equals_the_range_at_once() -> None:
    whole = documents(facts(weekend()))
    for day in (FRIDAY, SATURDAY):
        alone = documents(facts(weekend(), day))
        own = [name for name in alone if str(day) in name or name.startswith("latest/players")]
        assert own
        for name in own:
            assert sign_off.checked(alone[name]) == sign_off.checked(whole[name])


def test_the_openapi_document_describes_every_path_and_all_its_references_resolve() -> None:
    api = schemas.openapi()
    assert api["openapi"] == "3.1.0"

    def resolve(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                found: Any = api
                for part in node["$ref"].removeprefix("#/").split("/"):
                    found = found[part]
            for value in node.values():
                resolve(value)
        elif isinstance(node, list):
            for value in node:
                resolve(value)

    resolve(api)
    described = {
        operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for path, operation in api["paths"].items()
        if path.startswith("/v1/")
    }
    assert described == {"manifest", "object", *schemas.DOCUMENTS}


def test_the_records_of_a_slate_are_made_once_for_all_documents() -> None:
    rows = slate(facts(weekend()))
    assert rows.player_records is rows.player_records
