"""What every object store does, and what it refuses."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_assets.storage.files import TOGETHER
from nba_assets.storage.interfaces import InvalidName, ObjectInfo, ObjectNotFound, ObjectStore

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


def test_all_contents_are_told_by_their_hashes(object_store: ObjectStore) -> None:
    for data in (b"one", b"three", b"one"):
        object_store.put(NAME, data)
    object_store.keep("a/b", b"replaced")
    object_store.put("a/b", b"")
    assert list(object_store.contents()) == [ObjectInfo("a/b", 0, sha(b"")), ObjectInfo(NAME, 3, sha(b"one"))]
    assert sorted(object_store.kept(), key=lambda info: (info.name, info.size)) == [
        ObjectInfo("a/b", 8, sha(b"replaced")),
        ObjectInfo(NAME, 3, sha(b"one")),
        ObjectInfo(NAME, 5, sha(b"three")),
    ]


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


def test_entries_from_one_name_on_and_before_another(object_store: ObjectStore) -> None:
    names = [
        "a/2024-11-01/1",
        "a/2024-11-02/1",
        "a/2024-11-02/2",
        "a/2024-11-03/1",
        "a/2024-11-02x/1",
        "b/2024-11-02/1",
    ]
    object_store.put_many((name, b"") for name in names)

    def found(prefix: str, first: str, before: str) -> list[str]:
        return [entry.name for entry in object_store.entries(prefix, first, before)]

    assert found("a/", "a/2024-11-02/", "a/2024-11-020") == ["a/2024-11-02/1", "a/2024-11-02/2"]
    assert found("a/", "a/2024-11-02/2", "") == ["a/2024-11-02/2", "a/2024-11-02x/1", "a/2024-11-03/1"]
    assert found("a/", "", "a/2024-11-02/2") == ["a/2024-11-01/1", "a/2024-11-02/1"]
    assert found("", "a/2024-11-03/", "") == ["a/2024-11-03/1", "b/2024-11-02/1"]
    assert found("", "", "a/2024-11-02/") == ["a/2024-11-01/1"]
    assert found("a/", "b", "c") == []


def test_many_are_got_at_once_in_their_order_and_absent_ones_told(object_store: ObjectStore) -> None:
    names = [f"n/{number}" for number in range(100)]
    object_store.put_many((name, name.encode()) for name in names)
    assert list(object_store.get_many(reversed(names))) == [name.encode() for name in reversed(names)]
    assert list(object_store.absent([*names[:3], "m", *names[3:], "o"])) == ["m", "o"]
    with pytest.raises(ObjectNotFound, match="no object m"):
        list(object_store.get_many([*names, "m"]))


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
def test_any_steps_leave_what_a_dictionary_would_hold(
    new_object_store: Callable[[Path], ObjectStore], steps: list[tuple[str, str, bytes]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = new_object_store(Path(folder))
        model: dict[str, bytes] = {}
        for kind, name, data in steps:
            if kind == "delete":
                store.delete(name)
                model.pop(name, None)
            else:
                store.put(name, data, if_absent=kind == "new")
                model[name] = model.get(name, data) if kind == "new" else data
        assert {name: store.get(name) for name in store.list()} == model
