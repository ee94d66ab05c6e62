"""Firestore as the document store: the contract, on the emulator, and what is Firestore's own."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nba_assets.engine.release_copies import document_path
from nba_assets.errors import PlatformError
from nba_assets.storage.gcp import document_store
from nba_assets.storage.gcp.document_store import LARGEST, FirestoreDocumentStore
from nba_assets.storage.gcp.native_values import from_native, native, size_of
from nba_assets_tests.emulators.firestore import RULES
from nba_assets_tests.storage.test_document_store import *  # noqa: F403
from nba_assets_tests.storage.test_document_store import BODY, TODAY

NAMES = st.sampled_from(["[]", "[]'", "[]''", "p_over", "a.b", "Dončić", "`", "0", "_"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def typed(value: Any) -> str:
    """Equal texts are equal values of equal types."""
    return json.dumps(value, sort_keys=True)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, min_size=10, max_size=40))
def test_every_json_comes_back_as_it_went(documents: FirestoreDocumentStore, bodies: list[Any]) -> None:
    documents.put_many({"values/any/all": bodies, "values/any/first": bodies[0]}, 1)
    assert typed(documents.get("values/any/all")) == typed(bodies)
    assert typed(documents.get("values/any/first")) == typed(bodies[0])


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_no_array_is_directly_in_an_array_and_the_way_back_is_the_same(body: Any) -> None:
    kept = native(body, "x")
    assert typed(from_native(kept)) == typed(body)
    assert not _arrays_in_arrays(kept)


def _arrays_in_arrays(value: Any) -> bool:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    direct = isinstance(value, list) and any(isinstance(one, list) for one in inner)
    return direct or any(map(_arrays_in_arrays, inner))


def test_web_clients_read_native_values_at_the_path_of_the_document(documents: FirestoreDocumentStore) -> None:
    documents.put_many({TODAY: BODY, "state/release": {"sequence": 7}, "a": [[1], {"[]": 2}]}, 7)
    client = documents._client
    assert client.document(f"nba_assets/{TODAY}").get().to_dict() == {"path": TODAY, "sequence": 7, "body": BODY}
    assert client.document("nba_assets/state/release/_").get().get("body.sequence") == 7
    assert client.document("nba_assets/a").get().get("body") == [{"[]": [1]}, {"[]'": 2}]


def test_rules_let_everyone_read_what_is_public_and_nobody_write(
    firestore: str, project: str, documents: FirestoreDocumentStore
) -> None:
    documents.put_many({TODAY: BODY, "state/release": {"sequence": 7}}, 7)
    base = f"http://{firestore}/v1/projects/{project}/databases/(default)/documents"

    def said(path: str, method: str = "GET") -> int:
        request = urllib.request.Request(f"{base}/{path}", b"{}" if method == "PATCH" else None, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert said(f"nba_assets/{TODAY}") == 200
    assert said("nba_assets/state/release/_") == 403 and said("other/a") == 403
    assert said(f"nba_assets/{TODAY}", "PATCH") == 403 and said(f"nba_assets/{TODAY}", "DELETE") == 403


def test_bodies_are_not_indexed_of_any_kind_of_document() -> None:
    files = ["historical/d/daily", "historical/d/games/g", "latest/players/p", "latest/teams/t", "models/m"]
    files += ["track-record/days/d", "track-record/s", "status"]
    kinds = {str(document_path(f"{name}.json")).split("/")[1] for name in files}
    overrides = json.loads(Path(RULES).with_name("firestore.indexes.json").read_text())["fieldOverrides"]
    assert {one["collectionGroup"] for one in overrides} == kinds and len(overrides) == len(files)
    assert all(one["fieldPath"] == "body" and one["indexes"] == [] for one in overrides)


def test_one_document_that_is_too_large_keeps_its_whole_batch_out(documents: FirestoreDocumentStore) -> None:
    with pytest.raises(PlatformError, match=r"^document predictions/daily/2025-11-15 has 1,0\d\d,\d{3} bytes and Fire"):
        documents.put_many({"a": 1, TODAY: {"text": "x" * (LARGEST - 100)}}, 1)
    assert list(documents.list()) == []
    assert documents.put_many({"a": 1, TODAY: {"text": "x" * (LARGEST - 400)}}, 1) == 2


def test_sizes_are_as_firestore_documents_them() -> None:
    """The example of its page on sizes: 71 bytes of fields, 32 of the document."""
    fields = {"type": "Personal", "done": False, "priority": 1, "description": "Learn Cloud Firestore"}
    assert size_of(fields) == 71 + 32
    assert [size_of(one) for one in ("Dončić", None, 1.5, [True, None, 3])] == [9, 1, 8, 10]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (TODAY, {"n": 2**63}, r"15\.n is 9223372036854775808: Firestore keeps integers of 64 bits"),
        (TODAY, {"games": [{"p": float("nan")}]}, r"15\.games\[0\]\.p is nan"),
        (TODAY, {"__x__": 1}, r"15 has a field '__x__', which Firestore does not keep"),
        (TODAY, {"": 1}, "15 has a field ''"),
        (TODAY, {"day": object()}, "is a object, which is not of JSON"),
        ("predictions/daily/..", {}, "^'predictions/daily/..' cannot be a document's path"),
        ("predictions//x", {}, "cannot be a document's path"),
        ("state/_", {}, "cannot be a document's path"),
        ("state/__id7__", {}, "cannot be a document's path"),
        ("state/" + "x" * 1501, {}, "cannot be a document's path"),
    ],
)
def test_what_firestore_cannot_keep_is_refused_by_its_place(
    documents: FirestoreDocumentStore, path: str, body: Any, said: str
) -> None:
    with pytest.raises(PlatformError, match=said):
        documents.put_many({"a": 1, path: body}, 1)
    assert documents.get("a") is None


def test_nesting_beyond_what_firestore_keeps_is_refused(documents: FirestoreDocumentStore) -> None:
    deep: Any = 1
    for _ in range(20):
        deep = {"in": deep}
    documents.put_many({"deep": deep["in"]}, 1)
    assert documents.get("deep") == deep["in"]
    with pytest.raises(PlatformError, match=r"^deeper\.in.* deeper than the 20 levels"):
        documents.put_many({"deeper": {"in": deep}}, 1)


def test_a_batch_is_written_in_commits_by_count_and_by_bytes() -> None:
    def sizes(*bodies: Any) -> list[int]:
        documents = [{"path": f"p/{number:04}", "body": body} for number, body in enumerate(bodies)]
        return [len(chunk) for chunk in document_store._chunks(documents)]

    assert sizes(*[1] * 450) == [200, 200, 50]
    assert sizes(*["x" * 2**20] * 9) == [2, 2, 2, 2, 1], "2.5 MiB at most"
    assert sizes() == []


def test_more_documents_than_one_commit_takes(documents: FirestoreDocumentStore) -> None:
    paths = [f"predictions/players/{number:03}" for number in range(401)]
    documents.put_many({paths[0]: 1, paths[400]: 1}, 2)
    assert documents.put_many(dict.fromkeys(paths, 0), 1) == 399
    assert documents.delete_many(paths, 2) == 399
    assert list(documents.list("predictions/")) == [paths[0], paths[400]]


@pytest.mark.parametrize(("path", "left"), [("there", 3), ("removed", None), ("new", 3)])
def test_a_release_that_is_overtaken_between_reading_and_writing_leaves_the_newer_one(
    documents: FirestoreDocumentStore, monkeypatch: pytest.MonkeyPatch, path: str, left: int | None
) -> None:
    documents.put_many({"there": 1, "removed": 1, "other": 1}, 1)
    client, overtaken = documents._client, iter([True])
    begin = client.batch

    def begin_late() -> Any:
        if next(overtaken, False):
            documents.delete_many([path], 3) if path == "removed" else documents.put_many({path: 3}, 3)
        return begin()

    monkeypatch.setattr(client, "batch", begin_late)
    assert documents.put_many({path: 2, "other": 2}, 2) == 1
    assert (documents.get(path), documents.get("other")) == (left, 2)


def test_removed_documents_are_told_apart_without_their_bodies(documents: FirestoreDocumentStore) -> None:
    documents.put_many({"predictions/games/1": None, "predictions/games/2": {}, "state/release": {}}, 1)
    documents.delete_many(["predictions/games/2"], 2)
    assert list(documents.list("predictions/games/")) == ["predictions/games/1"], "null is a body too"
    assert list(documents.list("predictions/g")) == ["predictions/games/1"]
    assert list(documents.list("state/rel")) == ["state/release"]
    removed = documents._client.document("nba_assets/predictions/games/2").get().to_dict()
    assert removed == {"path": "predictions/games/2", "sequence": 2, "removed": True}
