"""What every object store does, and what it refuses."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.storage.files import TOGETHER
from nba_assets.storage.interfaces import InvalidName, ObjectInfo, ObjectNotFound, ObjectStore
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets_tests.storage.backends import OBJECT_STORES

NAME = "nba-com/schedule/2024-11-01/20241101_100000.json"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_was_put_is_there(object_store: ObjectStore) -> None:
    assert object_store.put(NAME, b"one") == ObjectInfo(NAME, 3, sha(b"one"))
    assert object_store.exists(NAME) and object_store.get(NAME) == b"one"
    assert not object_store.exists("nba-com/schedule")
    with pytest.raises(ObjectNotFound, match="no object other"):
        object_store.get("other")


def test_an_overwritten_content_stays_readable_by_its_hash(object_store: ObjectStore) -> None:
    for data in (b"one", b"two", b"one"):
        object_store.put(NAME, data)
    assert object_store.get(NAME) == b"one"
    assert object_store.get(NAME, sha(b"two")) == b"two" and object_store.get(NAME, sha(b"one")) == b"one"
    with pytest.raises(ObjectNotFound):
        object_store.get(NAME, sha(b"three"))


def test_put_if_absent_leaves_what_is_there(object_store: ObjectStore) -> None:
    assert object_store.put(NAME, b"one", if_absent=True).sha256 == sha(b"one")
    assert object_store.put(NAME, b"two", if_absent=True).sha256 == sha(b"one")
    assert object_store.get(NAME) == b"one"


def test_many_are_stored_as_if_one_after_the_other(object_store: ObjectStore) -> None:
    object_store.put(NAME, b"one")
    told = object_store.put_many([("a/b", b"1"), ("../out", b"2"), (NAME, b"two"), (NAME, b"three"), ("a/b", b"1")])
    assert isinstance(told.pop(1), InvalidName)
    assert told == [
        ObjectInfo("a/b", 1, sha(b"1")),
        ObjectInfo(NAME, 3, sha(b"two")),
        ObjectInfo(NAME, 5, sha(b"three")),
        ObjectInfo("a/b", 1, sha(b"1")),
    ]
    assert list(object_store.list()) == ["a/b", NAME] and object_store.get(NAME) == b"three"
    assert [object_store.get(NAME, sha(data)) for data in (b"one", b"two")] == [b"one", b"two"]
    assert object_store.put_many([]) == []


def test_more_than_are_open_at_once(object_store: ObjectStore) -> None:
    objects = [(f"{n % 7}/{n}", str(n).encode()) for n in range(2 * TOGETHER + 1)]
    object_store.put_many(objects)
    assert sorted((name, object_store.get(name)) for name in object_store.list()) == sorted(objects)


def test_a_file_is_copied_as_it_is(object_store: ObjectStore, tmp_path: Path) -> None:
    for data in (b"one", b"", b"two" * 1_000_000):
        (tmp_path / "file").write_bytes(data)
        assert object_store.put_file(NAME, tmp_path / "file") == ObjectInfo(NAME, len(data), sha(data))
        assert object_store.get(NAME) == data and list(object_store.list()) == [NAME]
    with pytest.raises(InvalidName):
        object_store.put_file("../out", tmp_path / "file")


def test_delete_and_delete_again(object_store: ObjectStore) -> None:
    object_store.put(NAME, b"one")
    object_store.delete(NAME)
    object_store.delete(NAME)
    assert not object_store.exists(NAME) and list(object_store.list()) == []


def test_list_by_any_prefix_in_the_order_of_text(object_store: ObjectStore) -> None:
    names = ["a/b/1.json", "a/b/2.json", "a/b-c/1.json", "a/b.json", "z"]
    for name in reversed(names):
        object_store.put(name, b"")
    assert list(object_store.list()) == sorted(names)
    assert list(object_store.list("a/b")) == ["a/b-c/1.json", "a/b.json", "a/b/1.json", "a/b/2.json"]
    assert list(object_store.list("a/b/")) == ["a/b/1.json", "a/b/2.json"]
    assert list(object_store.list("a/b/2")) == ["a/b/2.json"]
    assert list(object_store.list("nothing/")) == [] == list(object_store.list("../"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/./b",
        "a/",
        ".hidden",
        "a/.hidden",
        "a\\b",
        "a\0b",
        "a\nb",
        "é" * 600,
    ],
)
def test_a_name_that_is_no_plain_path_is_refused(object_store: ObjectStore, name: str) -> None:
    for ask in (object_store.exists, object_store.get, object_store.delete, lambda n: object_store.put(n, b"")):
        with pytest.raises(InvalidName, match="invalid object name"):
            ask(name)


@pytest.mark.parametrize("back_end", OBJECT_STORES)
@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["put", "new", "delete"]),
            st.sampled_from(["a", "a.b", "c/d", "c/e"]),
            st.binary(max_size=3),
        ),
        max_size=12,
    )
)
def test_any_steps_leave_what_a_dictionary_would_hold(back_end: str, steps: list[tuple[str, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = OBJECT_STORES[back_end](Path(folder))
        model: dict[str, bytes] = {}
        for kind, name, data in steps:
            if kind == "delete":
                store.delete(name)
                model.pop(name, None)
            else:
                store.put(name, data, if_absent=kind == "new")
                model[name] = model.get(name, data) if kind == "new" else data
        assert {name: store.get(name) for name in store.list()} == model


def test_a_path_through_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    store = LocalObjectStore(tmp_path / "objects")
    (tmp_path / "objects" / "link").symlink_to("/etc")
    with pytest.raises(InvalidName, match="symbolic link"):
        store.get("link/passwd")
    assert list(store.list()) == []


def test_a_damaged_old_version_is_not_handed_out(tmp_path: Path) -> None:
    store = LocalObjectStore(tmp_path)
    store.put(NAME, b"one")
    store.put(NAME, b"two")
    next((tmp_path / ".versions").rglob(sha(b"one"))).write_bytes(b"eno")
    with pytest.raises(Exception, match="damaged") as refused:
        store.get(NAME, sha(b"one"))
    assert "backup" in refused.value.hint  # type: ignore[attr-defined]


def test_what_crashed_writers_left_is_removed_when_the_store_is_opened(tmp_path: Path) -> None:
    store = LocalObjectStore(tmp_path)
    store.put(NAME, b"one")
    (tmp_path / ".staging" / "left_over").write_bytes(b"half a fi")
    again = LocalObjectStore(tmp_path)
    assert os.listdir(tmp_path / ".staging") == [] and again.get(NAME) == b"one"  # noqa: PTH208
