"""Objects from store to store: what is the same stays, what others have is not touched, what changes is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_assets.errors import PlatformError
from nba_assets.migration import objects
from nba_assets.migration.installations import LANDING
from nba_assets.migration.objects import compare, move, refuse_others
from nba_assets.storage.object_store import LocalObjectStore

MANIFEST = "v1/manifest.json"


def quiet(part: str, done: int, total: int) -> None:
    """Nobody looks on."""


@pytest.fixture
def source(tmp_path: Path) -> LocalObjectStore:
    """Three objects, one of which had another content before."""
    store = LocalObjectStore(tmp_path / "source")
    for name, data in {"a/1": b"old", "a/2": b"two", "b": b"three"}.items():
        store.put(name, data)
    store.put("a/1", b"one")
    return store


@pytest.fixture
def target(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "target")


def test_objects_and_overwritten_contents_are_copied_once(source: LocalObjectStore, target: LocalObjectStore) -> None:
    target.put("b", b"three")
    parts, stamps = move(LANDING, source, target, quiet)
    assert [(p.part, p.copied, p.already_there, p.bytes) for p in parts] == [
        ("landing", 2, 1, 11),
        ("landing, overwritten contents", 1, 0, 3),
    ]
    assert list(target.contents()) == list(source.contents()) and list(target.kept()) == list(source.kept())
    assert stamps == {entry.name: entry.stamp for entry in source.entries()}
    again, _ = move(LANDING, source, target, quiet)
    assert [(part.copied, part.already_there) for part in again] == [(0, 3), (0, 1)]


def test_a_file_that_landed_in_the_target_stays_but_what_was_withdrawn_from_a_release_goes(
    source: LocalObjectStore, target: LocalObjectStore
) -> None:
    target.put("new", b"landed meanwhile")
    move(LANDING, source, target, quiet)
    assert target.exists("new")
    move("published", source, target, quiet)
    assert not target.exists("new")


def test_what_the_target_has_of_its_own_is_named(source: LocalObjectStore, target: LocalObjectStore) -> None:
    target.put("new", b"landed")
    refuse_others(LANDING, compare(source, target))
    with pytest.raises(PlatformError, match="the target's published objects are not the source's: new"):
        refuse_others("published", compare(source, target))
    target.put("a/1", b"mine")
    with pytest.raises(PlatformError, match="the target's landing objects are not the source's: a/1"):
        refuse_others(LANDING, compare(source, target))


def test_a_target_that_somebody_writes_into_is_told(source: LocalObjectStore, target: LocalObjectStore) -> None:
    with pytest.raises(PlatformError, match="landing objects of source and target do not come to be the same"):
        move(LANDING, source, target, lambda *_: target.root.joinpath("a/1").write_bytes(b"mine"))


def test_the_manifest_comes_when_all_that_it_names_is_there(source: LocalObjectStore, target: LocalObjectStore) -> None:
    source.put(MANIFEST, b"{}")
    source.put("v1/z.json", b"{}")
    seen = []
    move("published", source, target, lambda *_: seen.append(list(target.list())))
    assert seen[:2] == [["a/1", "a/2", "b", "v1/z.json"], ["a/1", "a/2", "b", MANIFEST, "v1/z.json"]]


def test_a_large_object_goes_by_way_of_a_file(
    source: LocalObjectStore, target: LocalObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "LARGE", 5)
    monkeypatch.setattr(objects, "TOGETHER_BYTES", 5)
    move(LANDING, source, target, quiet)
    assert list(target.contents()) == list(source.contents())
