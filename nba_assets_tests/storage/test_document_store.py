"""What every document store does: documents by path, guarded by the sequence of their release."""

from __future__ import annotations

import threading

from nba_assets.storage.interfaces import DocumentStore

TODAY = "predictions/daily/2025-11-15"
BODY = {"schema_version": "1", "games": [{"id": "0022500001", "p_over": 0.5, "name": "Dončić", "line": None}]}


def test_a_document_comes_back_as_it_went(documents: DocumentStore) -> None:
    assert documents.put_many({TODAY: BODY, "a": []}, 1) == 2
    assert documents.get(TODAY) == BODY and documents.get("a") == []
    assert documents.get("b") is None
    assert documents.put_many({}, 1) == 0


def test_a_newer_release_replaces_and_an_older_one_does_not(documents: DocumentStore) -> None:
    documents.put_many({TODAY: {"n": 2}}, 2)
    assert documents.put_many({TODAY: {"n": 1}, "other": {}}, 1) == 1
    assert documents.get(TODAY) == {"n": 2}
    assert documents.put_many({TODAY: {"n": 22}}, 2) == 1, "the same release again"
    assert documents.put_many({TODAY: {"n": 3}}, 3) == 1
    assert documents.get(TODAY) == {"n": 3}


def test_a_withdrawn_document_is_gone_and_stays_so_for_earlier_releases(documents: DocumentStore) -> None:
    documents.put_many({TODAY: BODY, "kept": {}}, 4)
    assert documents.delete_many([TODAY, "never"], 4) == 0, "only what an earlier release wrote"
    assert documents.delete_many([TODAY, "never"], 5) == 1
    assert documents.get(TODAY) is None and list(documents.list()) == ["kept"]
    assert documents.put_many({TODAY: BODY}, 4) == 0, "a late writer of release 4"
    assert documents.delete_many([TODAY], 6) == 0
    assert documents.put_many({TODAY: BODY}, 6) == 1 and documents.get(TODAY) == BODY


def test_paths_by_prefix_in_the_order_of_text(documents: DocumentStore) -> None:
    paths = ["predictions/players/2", "predictions/players/10", "predictions/games/1", "Z", "a_%"]
    documents.put_many(dict.fromkeys(paths, 1), 1)
    assert list(documents.list()) == sorted(paths)
    assert list(documents.list("predictions/players/")) == ["predictions/players/10", "predictions/players/2"]
    assert list(documents.list("%")) == [] and list(documents.list("a_")) == ["a_%"]


def test_two_releases_at_once_leave_the_newer_one(documents: DocumentStore) -> None:
    paths = [f"predictions/players/{number}" for number in range(200)]
    releases = [
        threading.Thread(target=documents.put_many, args=(dict.fromkeys(order, sequence), sequence))
        for sequence, order in ((1, paths), (2, paths[::-1]))
    ]
    for thread in releases:
        thread.start()
    for thread in releases:
        thread.join()
    assert {documents.get(path) for path in paths} == {2}
