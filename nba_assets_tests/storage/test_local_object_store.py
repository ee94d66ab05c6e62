"""What only a folder has: links, damage, what a crashed writer left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nba_assets.storage.interfaces import InvalidName
from nba_assets.storage.object_store import LocalObjectStore
from nba_assets_tests.storage.test_object_store import NAME, sha


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
