"""Torn reads in some ten seconds (`make torn` goes on longer), and what of them can be seen: every kind of wrong."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from nba_assets.engine.manifest import MANIFEST, object_name, release_name
from nba_assets.settings import Settings
from nba_assets_tests.torn_reads import torture
from nba_assets_tests.torn_reads.broken import manifest_before_objects
from nba_assets_tests.torn_reads.readers import COPIES, CopyReader, ManifestReader
from nba_assets_tests.torn_reads.transports import Folder

A, B = "latest/daily.json", "latest/players/1628369.json"


@pytest.mark.long
def test_f52_no_reader_sees_two_releases_in_one_whenever_the_publisher_dies(settings: Settings, tmp_path: Path) -> None:
    report = torture.run(settings, tmp_path / "noted", publishes=25, rollbacks=10, reads=5000, each=1, longest=2.0)
    assert report.problems == [] and report.wrong == {}, {name: c.examples for name, c in report.readers.items()}
    assert (report.publishes >= 25, report.rollbacks >= 10, report.reads >= 5000) == (True, True, True)
    assert report.kills.total() >= 4 and report.sequence >= 35
    assert all(counts.releases > 20 for counts in report.readers.values())
    cached = report.readers["documents through a cache"].cache
    assert cached["hit"] > cached["miss"] > 0 and cached["revalidated"] > 0


def test_f52_a_publisher_that_puts_the_manifest_first_is_seen(settings: Settings, tmp_path: Path) -> None:
    report = torture.run(
        settings, tmp_path / "noted", publishes=3, rollbacks=0, reads=200, each=1, prepare=manifest_before_objects
    )
    assert report.wrong["missing"] > 0


def put(root: Path, name: str, data: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(data)


def document(mark: float) -> dict[str, Any]:
    return {"data": {"players": [{"points_mean": mark}]}}


def released(root: Path, sequence: int, *marks: float) -> dict[str, Any]:
    """A release of a document for each mark, its copies too; its manifest."""
    files = {}
    for name, mark in zip((A, B), marks, strict=True):
        data = orjson.dumps(document(mark))
        sha256 = hashlib.sha256(data).hexdigest()
        files[name] = {"sha256": sha256, "bytes": len(data), "status": "complete"}
        put(root, object_name(sha256), data)
        stamp = orjson.dumps({"sequence": sequence, "generated_at": "2024-11-02T16:00:00Z"})
        put(root, f"v1/{name}", stamp[:-1] + b"," + data[1:])
    manifest = {"sequence": sequence, "files": files, "parts": {}}
    for name in (MANIFEST, release_name(sequence)):
        put(root, name, orjson.dumps(manifest))
    return manifest


def seen(root: Path, reader: ManifestReader | CopyReader, reads: int = 20) -> set[str]:
    for _ in range(reads):
        reader.read()
    return set(reader.counts.wrong)


@pytest.fixture
def reader(tmp_path: Path) -> ManifestReader:
    released(tmp_path, 5, 20.0, 20.0)
    found = ManifestReader(Folder(tmp_path), random.Random(7))
    assert seen(tmp_path, found) == set() and found.counts.reads == 20
    return found


def test_a_mixture_is_seen(tmp_path: Path, reader: ManifestReader) -> None:
    released(tmp_path, 6, 20.0, 21.0)
    assert seen(tmp_path, reader) == {"mixtures"}


def test_another_release_is_no_mixture(tmp_path: Path, reader: ManifestReader) -> None:
    released(tmp_path, 6, 21.0, 21.0)
    assert seen(tmp_path, reader) == set() and reader.sequence == 6 and reader.counts.releases == 2


def test_an_object_that_is_not_there_is_seen(tmp_path: Path, reader: ManifestReader) -> None:
    manifest = released(tmp_path, 6, 21.0, 21.0)
    (tmp_path / object_name(manifest["files"][A]["sha256"])).unlink()
    assert seen(tmp_path, reader) == {"missing"}


def test_an_object_that_comes_after_its_manifest_is_seen(tmp_path: Path, reader: ManifestReader) -> None:
    manifest = released(tmp_path, 6, 21.0, 21.0)
    path = tmp_path / object_name(manifest["files"][A]["sha256"])
    data = path.read_bytes()
    path.unlink()
    folder = Folder(tmp_path)
    get, asked = folder.get, []

    def late(name: str, tag: str | None = None) -> Any:
        asked.append(name)
        if asked.count(MANIFEST) == 2:
            path.write_bytes(data)
        return get(name, tag)

    folder.get = late  # type: ignore[method-assign]
    late_reader = ManifestReader(folder, random.Random(7))
    assert seen(tmp_path, late_reader) == {"not at first"}


def test_an_object_that_is_another_is_seen(tmp_path: Path, reader: ManifestReader) -> None:
    manifest = released(tmp_path, 6, 21.0, 21.0)
    put(tmp_path, object_name(manifest["files"][A]["sha256"]), orjson.dumps(document(21.0) | {"more": 1}))
    assert seen(tmp_path, reader) == {"bad hashes"}


def test_a_sequence_that_falls_is_seen_and_ignored(tmp_path: Path, reader: ManifestReader) -> None:
    released(tmp_path, 4, 19.0, 19.0)
    assert seen(tmp_path, reader) == {"falling"} and reader.sequence == 5


def test_half_a_manifest_is_seen(tmp_path: Path, reader: ManifestReader) -> None:
    put(tmp_path, MANIFEST, (tmp_path / MANIFEST).read_bytes()[:50])
    assert seen(tmp_path, reader) == {"broken"}


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CopyReader:
    monkeypatch.setattr("nba_assets_tests.torn_reads.readers.COPIES", (A, B))
    released(tmp_path, 5, 20.0, 20.0)
    found = CopyReader(Folder(tmp_path), random.Random(7), tmp_path)
    found._stamps = dict.fromkeys((*COPIES, A, B), 0)
    assert seen(tmp_path, found) == set() and found.sequence == 5
    return found


def test_half_a_copy_is_seen(tmp_path: Path, copies: CopyReader) -> None:
    put(tmp_path, f"v1/{A}", (tmp_path / f"v1/{A}").read_bytes()[:-10])
    assert seen(tmp_path, copies) == {"broken"}


def test_a_copy_of_two_releases_is_seen(tmp_path: Path, copies: CopyReader) -> None:
    players = document(20.0)["data"]["players"] + document(21.0)["data"]["players"]
    stamped = {"sequence": 5, "generated_at": "2024-11-02T16:00:00Z", "data": {"players": players}}
    put(tmp_path, f"v1/{A}", orjson.dumps(stamped))
    assert seen(tmp_path, copies) == {"mixtures", "false copies"}


def test_a_copy_of_another_release_than_its_stamp_is_seen(tmp_path: Path, copies: CopyReader) -> None:
    stamped = {"sequence": 5, "generated_at": "2024-11-02T16:00:00Z"} | document(30.0)
    put(tmp_path, f"v1/{A}", orjson.dumps(stamped))
    assert seen(tmp_path, copies) == {"false copies"}


def test_a_copy_that_goes_back_is_seen(tmp_path: Path, copies: CopyReader) -> None:
    released(tmp_path, 4, 19.0, 19.0)
    assert seen(tmp_path, copies) == {"falling"}
